// SPDX-License-Identifier: Apache-2.0

//! Data: writes and removals.

use super::lookup::*;
use crate::{chain::ContainerCall, samples, world::*};
use twinchain_primitives::ContainerId;

/// The content of a write.
#[derive(Clone, Copy)]
enum Form {
    Public,
    Sealed(u32),
    Nothing,
}

/// The target and the requirements of a write.
struct Access<'a> {
    container: ContainerId,
    data_set: &'a [u8],
    list: bool,
    wanted: u8,
    form: Form,
    expected: Option<u32>,
}

impl World {
    pub(super) fn data(
        &mut self,
        who: &Who,
        call: &ContainerCall,
        why: &mut Reasons,
    ) -> Option<()> {
        use pallet_data_container::Call::*;
        match call {
            set_entry { container, data_set, value, expected_revision } => {
                self.set(who, *container, data_set, value, *expected_revision, why)?;
            },
            store { container, values } => {
                why.when(values.is_empty(), "NothingToDo");
                why.when(values.len() > 64, "TooManyItems");
                let size: usize = values.iter().map(|new| new.value.len()).sum();
                why.when(size > 65_584, "PayloadTooLong");
                self.container(*container, why)?;
                for new in values {
                    let expected = new.expected_revision;
                    self.set(who, *container, &new.data_set, &new.value, expected, why);
                }
            },
            set_sealed_entry { container, data_set, epoch, ciphertext, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: false,
                    wanted: WRITE,
                    form: Form::Sealed(*epoch),
                    expected: *expected_revision,
                };
                why.when(!is_sealed(ciphertext), "InvalidCiphertext");
                let set = self.open(who, access, why)?;
                why.when(set.write_once && set.revision > 1, "WriteOnce");
                set.entry = Some(sealed(who, *epoch, ciphertext));
            },
            clear_entry { container, data_set, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: false,
                    wanted: REMOVE,
                    form: Form::Nothing,
                    expected: *expected_revision,
                };
                let set = self.open(who, access, why)?;
                why.when(set.write_once, "WriteOnce");
                why.need(set.entry.take(), "ItemNotFound")?;
            },
            append { container, data_set, items, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: true,
                    wanted: WRITE,
                    form: Form::Public,
                    expected: *expected_revision,
                };
                check_items(items, why);
                let set = self.open(who, access, why)?;
                for item in items {
                    samples::check_value(&set.schema, item, why);
                }
                let stored = items.iter().map(|item| Some(public(item))).collect();
                set.batches.push(stored);
            },
            append_sealed { container, data_set, epoch, items, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: true,
                    wanted: WRITE,
                    form: Form::Sealed(*epoch),
                    expected: *expected_revision,
                };
                check_items(items, why);
                why.when(items.iter().any(|item| !is_sealed(item)), "InvalidCiphertext");
                let set = self.open(who, access, why)?;
                let stored = items.iter().map(|item| Some(sealed(who, *epoch, item))).collect();
                set.batches.push(stored);
            },
            remove_item { container, data_set, batch, position, expected_revision } => {
                let access = Access {
                    container: *container,
                    data_set,
                    list: true,
                    wanted: REMOVE,
                    form: Form::Nothing,
                    expected: *expected_revision,
                };
                let set = self.open(who, access, why)?;
                why.when(set.write_once, "WriteOnce");
                let batch = set.batches.get_mut(*batch as usize);
                let item = batch.and_then(|batch| batch.get_mut(*position as usize));
                why.need(item.and_then(Option::take), "ItemNotFound")?;
            },
            _ => why.when(true, "no such call"),
        }
        Some(())
    }

    /// Returns the data set of a write, after checks and with the revision and the author updated.
    fn open(&mut self, who: &Who, access: Access<'_>, why: &mut Reasons) -> Option<&mut DataSet> {
        let now = self.now;
        let container = self.container(access.container, why)?;
        why.when(container.closed, "ContainerClosed");
        let removes = access.wanted & REMOVE != 0;
        why.when(removes && container.offer.is_some(), "OfferPending");
        let rewrites = access.wanted & WRITE != 0 && !access.list && container.owner == *who;
        why.when(rewrites && container.offer.is_some(), "OfferPending");
        let lapsed = container.offer.as_ref().is_some_and(|offer| now > offer.deadline);
        let set = active(container, access.data_set, why)?.clone();
        let right = container.right(who, &set, access.wanted, now);
        why.when(right.is_none(), "NotPermitted");
        why.when(set.list != access.list, "WrongKind");
        match access.form {
            Form::Public => why.when(!set.public, "Confidential"),
            Form::Nothing => {},
            Form::Sealed(epoch) => {
                why.when(set.public, "NotConfidential");
                why.when(lapsed, "OfferLapsed");
                if let Some(key) = why.need(set.key.as_ref(), "NoKey") {
                    why.when(key.epoch != epoch, "StaleEpoch");
                    why.when(now > key.valid_until, "RotationDue");
                }
            },
        }
        why.when(access.expected.is_some_and(|revision| revision != set.revision), "StaleRevision");
        let set = named(container, access.data_set, why)?;
        set.revision += 1;
        set.last = right.map(|right| (who.clone(), right));
        Some(set)
    }

    fn set(
        &mut self,
        who: &Who,
        container: ContainerId,
        data_set: &[u8],
        value: &[u8],
        expected: Option<u32>,
        why: &mut Reasons,
    ) -> Option<()> {
        let (wanted, form) = (WRITE, Form::Public);
        let access = Access { container, data_set, list: false, wanted, form, expected };
        let set = self.open(who, access, why)?;
        why.when(set.write_once && set.revision > 1, "WriteOnce");
        samples::check_value(&set.schema, value, why);
        set.entry = Some(public(value));
        Some(())
    }
}

fn check_items(items: &[Bytes], why: &mut Reasons) {
    why.when(items.is_empty(), "NothingToDo");
    why.when(items.len() > 256, "TooManyItems");
    why.when(items.iter().map(Vec::len).sum::<usize>() > 65_584, "PayloadTooLong");
}

pub(super) fn public(value: &[u8]) -> Value {
    Value::Public(value.into())
}

fn sealed(author: &Who, epoch: u32, bytes: &[u8]) -> Value {
    Value::Sealed { epoch, author: author.clone(), bytes: bytes.into() }
}

/// Returns `true` for the length of a ciphertext: 48 bytes more than the padded value, which has a
/// positive multiple of 64 bytes, at most 65,536.
fn is_sealed(bytes: &[u8]) -> bool {
    (112..=65_584).contains(&bytes.len()) && (bytes.len() - 48).is_multiple_of(64)
}
