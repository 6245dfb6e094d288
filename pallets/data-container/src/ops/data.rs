// SPDX-License-Identifier: Apache-2.0

//! Setting, clearing, appending and removing data. Every call that changes data goes through
//! [`Writer`], and every change through [`Pallet::record_operation`].

use super::{error_mapping::value_error, lookup::len_u32};
use crate::{
    access::{authority, Standing, Subject},
    growth::{self, Written},
    operation::{self, items_hash, value_hash, Operation, OperationStamp},
    pallet::*,
    suite,
    types::*,
    weights::Work,
};
use alloc::vec::Vec;
use data_schema::Schema;
use frame_support::{dispatch::DispatchResult, ensure, traits::Time};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{DispatchError, SaturatedConversion};
use twinchain_primitives::{Access, ContainerId, Name};

/// An account that changes data of one container. Its rights are read once per call, for any number
/// of data sets.
struct Writer<T: Config> {
    container: ContainerId,
    who: T::AccountId,
    /// Its rights, or `None` for the owner.
    rights: Option<Rights>,
    /// The container, which does not change during the call.
    state: Container<T::AccountId, BlockNumberFor<T>>,
}

/// The form of the value in a write, which the visibility of the data set must allow.
#[derive(Clone, Copy)]
enum ValueForm {
    /// JSON text.
    Public,
    /// A ciphertext, sealed to the key of this epoch.
    Sealed(u32),
    /// No value: allowed for either visibility.
    Either,
}

/// A data set that the writer may change.
struct WritableDataSet<T: Config> {
    name: Name,
    data_set: DataSetOf<T>,
    authority: Authority,
}

impl<T: Config> Writer<T> {
    fn new(who: T::AccountId, id: ContainerId) -> Result<Self, DispatchError> {
        let state = Containers::<T>::get(id).ok_or(Error::<T>::ContainerNotFound)?;
        ensure!(state.status == Status::Active, Error::<T>::ContainerClosed);
        let rights = rights_unless_owner::<T>(id, &state, &who);
        Ok(Self { container: id, who, rights, state })
    }

    /// Returns the data set with this name. Fails unless the writer has the access `wanted`, and
    /// the kind, the form of the value and the revision match.
    fn open(
        &self,
        name: Vec<u8>,
        kind: Kind,
        wanted: Access,
        form: ValueForm,
        expected_revision: Option<u32>,
    ) -> Result<WritableDataSet<T>, DispatchError> {
        let (name, data_set) = Pallet::<T>::active_data_set(self.container, name)?;
        let authority = decide::<T>(self.rights.as_ref(), &self.state, &data_set, wanted)
            .ok_or(Error::<T>::NotPermitted)?;
        ensure!(data_set.kind == kind, Error::<T>::WrongKind);
        match form {
            ValueForm::Public => {
                ensure!(data_set.visibility == Visibility::Public, Error::<T>::Confidential);
            },
            ValueForm::Sealed(epoch) => Pallet::<T>::check_sealing(&self.state, &data_set, epoch)?,
            ValueForm::Either => {},
        }
        ensure!(
            expected_revision.is_none_or(|expected| expected == data_set.revision),
            Error::<T>::StaleRevision
        );
        Ok(WritableDataSet { name, data_set, authority })
    }

    /// Fails if the container is on offer, because nothing of it can be removed then.
    fn check_removal(&self) -> Result<(), Error<T>> {
        ensure!(self.state.offer.is_none(), Error::OfferPending);
        Ok(())
    }

    /// Fails if the container is on offer and the writer is its owner: an owner must not rewrite
    /// what it offers.
    fn check_setting(&self) -> Result<(), Error<T>> {
        ensure!(self.rights.is_some() || self.state.offer.is_none(), Error::OfferPending);
        Ok(())
    }

    /// Sets an entry. Adds the work of validating the value to `work`.
    fn set(
        &self,
        index: u8,
        data_set: Vec<u8>,
        value: Vec<u8>,
        expected_revision: Option<u32>,
        work: &mut Work,
    ) -> DispatchResult {
        let (write, form) = (Access::WRITE, ValueForm::Public);
        let mut target = self.open(data_set, Kind::Entry, write, form, expected_revision)?;
        check_write_once::<T>(&target.data_set)?;
        let schema = read_schema::<T>(&target.data_set, work)?;
        check_value::<T>(&schema, index, &value, work)?;
        let value = public_value::<T>(index, value)?;
        let WritableDataSet { name, authority, data_set } = &mut target;
        Pallet::<T>::put_entry(self.container, name, data_set, &self.who, *authority, value)?;
        target.store(self.container);
        Ok(())
    }
}

impl<T: Config> WritableDataSet<T> {
    /// Returns the suite of the data set's key, or 0 if it has no key.
    fn suite(&self) -> u8 {
        self.data_set.key.map_or(0, |key| key.suite)
    }

    fn store(self, container: ContainerId) {
        DataSets::<T>::insert(container, self.name, self.data_set);
    }
}

/// Returns an account's rights in a container, or `None` for the owner, whose rights are not read.
fn rights_unless_owner<T: Config>(
    id: ContainerId,
    container: &Container<T::AccountId, BlockNumberFor<T>>,
    who: &T::AccountId,
) -> Option<Rights> {
    (container.owner != *who).then(|| AccountRights::<T>::get(id, who).unwrap_or_default())
}

/// Returns the authority that gives the access `wanted` now, or `None`. `rights` is `None` for the
/// owner.
fn decide<T: Config>(
    rights: Option<&Rights>,
    container: &Container<T::AccountId, BlockNumberFor<T>>,
    data_set: &DataSetOf<T>,
    wanted: Access,
) -> Option<Authority> {
    let standing = rights.map_or(Standing::Owner, Standing::Other);
    let subject = Subject {
        data_set: data_set.id,
        entry: data_set.kind == Kind::Entry,
        permissions: &data_set.permissions,
        retired: !data_set.is_active(),
        closed: container.status == Status::Closed,
        on_offer: container.offer.is_some(),
    };
    authority(standing, subject, wanted, T::Time::now)
}

/// Returns JSON text as a value to store. Fails if it is too long. The caller validates it.
pub(super) fn public_value<T: Config>(index: u8, value: Vec<u8>) -> Result<StoredValue, Error<T>> {
    let too_long = |_| Error::ValueTooLong { index, offset: u16::MAX };
    Value::try_from(value).map(StoredValue::Public).map_err(too_long)
}

/// Returns a ciphertext as a value to store. Fails if it does not have the length of one.
fn sealed_value<T: Config>(
    index: u8,
    suite: u8,
    epoch: u32,
    ciphertext: Vec<u8>,
) -> Result<StoredValue, Error<T>> {
    let fits = suite::is_sealed_length(suite, ciphertext.len());
    ensure!(fits, Error::InvalidCiphertext { index });
    let ciphertext =
        Ciphertext::try_from(ciphertext).map_err(|_| Error::InvalidCiphertext { index })?;
    Ok(StoredValue::Sealed { suite, epoch, ciphertext })
}

/// Returns the compiled schema of a data set.
pub(crate) fn schema_of<T: Config>(data_set: &DataSetOf<T>) -> Result<Schema, Error<T>> {
    let schema = Schemas::<T>::get(data_set.schema).ok_or(Error::Corrupt)?;
    Ok(schema.program)
}

/// Returns the compiled schema of a data set. Adds the work of reading it to `work`.
fn read_schema<T: Config>(data_set: &DataSetOf<T>, work: &mut Work) -> Result<Schema, Error<T>> {
    let schema = schema_of::<T>(data_set)?;
    work.add_schema(&schema);
    Ok(schema)
}

/// Fails if the data set is a write-once entry that was set.
pub(crate) fn check_write_once<T: Config>(data_set: &DataSetOf<T>) -> Result<(), Error<T>> {
    let written = data_set.kind == Kind::Entry && data_set.revision > 0;
    ensure!(!(data_set.write_once && written), Error::WriteOnce);
    Ok(())
}

/// Validates a value. `index` is its position in the call. Adds the work to `work`.
fn check_value<T: Config>(
    schema: &Schema,
    index: u8,
    value: &[u8],
    work: &mut Work,
) -> Result<(), Error<T>> {
    let (stats, verdict) = schema.metered(value);
    work.add(stats);
    verdict.map_err(|failed| value_error(index, failed))
}

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_entry(
        who: T::AccountId,
        container: ContainerId,
        data_set: Vec<u8>,
        value: Vec<u8>,
        expected_revision: Option<u32>,
        work: &mut Work,
    ) -> DispatchResult {
        let writer = Writer::<T>::new(who, container)?;
        writer.check_setting()?;
        writer.set(0, data_set, value, expected_revision, work)
    }

    /// Sets several entries of one container. Adds the work of validating them to `work`.
    pub(crate) fn do_store(
        who: T::AccountId,
        container: ContainerId,
        values: Vec<NewValue>,
        work: &mut Work,
    ) -> DispatchResult {
        ensure!(!values.is_empty(), Error::<T>::NothingToDo);
        ensure!(len_u32(&values) <= MAX_DATA_SETS, Error::<T>::TooManyItems);
        Self::check_payload(values.iter().map(|new| new.value.as_slice()))?;
        let writer = Writer::<T>::new(who, container)?;
        writer.check_setting()?;
        for (index, new) in (0u8..).zip(values) {
            writer.set(index, new.data_set, new.value, new.expected_revision, work)?;
        }
        Ok(())
    }

    /// Sets a confidential entry to a sealed value.
    pub(crate) fn do_set_sealed_entry(
        who: T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        epoch: u32,
        ciphertext: Vec<u8>,
        expected_revision: Option<u32>,
    ) -> DispatchResult {
        let writer = Writer::<T>::new(who, id)?;
        writer.check_setting()?;
        let (write, form) = (Access::WRITE, ValueForm::Sealed(epoch));
        let mut target = writer.open(data_set, Kind::Entry, write, form, expected_revision)?;
        check_write_once::<T>(&target.data_set)?;
        let value = sealed_value::<T>(0, target.suite(), epoch, ciphertext)?;
        let WritableDataSet { name, authority, data_set } = &mut target;
        Self::put_entry(id, name, data_set, &writer.who, *authority, value)?;
        target.store(id);
        Ok(())
    }

    pub(crate) fn do_clear_entry(
        who: T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        expected_revision: Option<u32>,
    ) -> DispatchResult {
        let writer = Writer::<T>::new(who, id)?;
        writer.check_removal()?;
        let (remove, form) = (Access::REMOVE, ValueForm::Either);
        let mut target = writer.open(data_set, Kind::Entry, remove, form, expected_revision)?;
        ensure!(!target.data_set.write_once, Error::<T>::WriteOnce);
        ensure!(target.data_set.count > 0, Error::<T>::ItemNotFound);
        let WritableDataSet { name, authority, data_set } = &mut target;
        let stamp = Self::next_stamp(data_set)?;
        Self::take_value(id, data_set);
        let (author, authority) = (writer.who.clone(), *authority);
        Self::record_operation(id, name, data_set, stamp, |stamp| {
            let OperationStamp { revision, block, time } = stamp;
            Operation::Clear { revision, author, authority, block, time }
        });
        target.store(id);
        Ok(())
    }

    /// Appends items as one batch. Adds the work of validating them to `work`.
    pub(crate) fn do_append(
        who: T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        items: Vec<Vec<u8>>,
        expected_revision: Option<u32>,
        work: &mut Work,
    ) -> DispatchResult {
        Self::check_items(&items)?;
        let writer = Writer::<T>::new(who, id)?;
        let (write, form) = (Access::WRITE, ValueForm::Public);
        let mut target = writer.open(data_set, Kind::List, write, form, expected_revision)?;
        let schema = read_schema::<T>(&target.data_set, work)?;
        let WritableDataSet { name, authority, data_set } = &mut target;
        Self::put_batch(
            id,
            name,
            data_set,
            &writer.who,
            *authority,
            items,
            None,
            |index, item| {
                check_value::<T>(&schema, index, &item, work)?;
                public_value(index, item)
            },
        )?;
        target.store(id);
        Ok(())
    }

    /// Appends sealed items to a confidential list as one batch.
    pub(crate) fn do_append_sealed(
        who: T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        epoch: u32,
        items: Vec<Vec<u8>>,
        expected_revision: Option<u32>,
    ) -> DispatchResult {
        Self::check_items(&items)?;
        let writer = Writer::<T>::new(who, id)?;
        let (write, form) = (Access::WRITE, ValueForm::Sealed(epoch));
        let mut target = writer.open(data_set, Kind::List, write, form, expected_revision)?;
        let suite = target.suite();
        let WritableDataSet { name, authority, data_set } = &mut target;
        Self::put_batch(
            id,
            name,
            data_set,
            &writer.who,
            *authority,
            items,
            Some((suite, epoch)),
            |index, item| sealed_value(index, suite, epoch, item),
        )?;
        target.store(id);
        Ok(())
    }

    /// Removes an item of a list. Returns the number of bytes written, which include the whole
    /// batch.
    pub(crate) fn do_remove_item(
        who: T::AccountId,
        id: ContainerId,
        data_set: Vec<u8>,
        batch: u32,
        position: u32,
        expected_revision: Option<u32>,
    ) -> Result<u64, DispatchError> {
        let writer = Writer::<T>::new(who, id)?;
        writer.check_removal()?;
        let (remove, form) = (Access::REMOVE, ValueForm::Either);
        let mut target = writer.open(data_set, Kind::List, remove, form, expected_revision)?;
        ensure!(!target.data_set.write_once, Error::<T>::WriteOnce);
        let WritableDataSet { name, authority, data_set } = &mut target;
        let stamp = Self::next_stamp(data_set)?;
        let mut written = Written::default();
        Batches::<T>::try_mutate((id, data_set.id, batch), |stored| {
            let batch = stored.as_mut().ok_or(Error::<T>::ItemNotFound)?;
            let item = batch.items.get_mut(position.saturated_into::<usize>());
            item.and_then(Option::take).ok_or(Error::<T>::ItemNotFound)?;
            written.record(growth::BATCH_KEY, batch);
            Ok::<_, Error<T>>(())
        })?;
        data_set.count = data_set.count.saturating_sub(1);
        let (author, authority) = (writer.who.clone(), *authority);
        Self::record_operation(id, name, data_set, stamp, |stamp| {
            let OperationStamp { revision, block, time } = stamp;
            Operation::Remove { revision, author, authority, block, time, batch, position }
        });
        written.record(growth::data_set_key(name.as_ref()), data_set);
        target.store(id);
        Ok(written.bytes())
    }

    /// Writes a validated value of an entry. The caller stores the data set.
    pub(crate) fn put_entry(
        id: ContainerId,
        name: &Name,
        data_set: &mut DataSetOf<T>,
        author: &T::AccountId,
        authority: Authority,
        value: StoredValue,
    ) -> DispatchResult {
        let stamp = Self::next_stamp(data_set)?;
        let OperationStamp { block, time, .. } = stamp;
        let payload_hash = value_hash(&value);
        let author = author.clone();
        Self::take_value(id, data_set);
        match ShortValue::try_from(value) {
            Ok(value) => {
                data_set.value = Some(Entry { author: author.clone(), block, time, value });
            },
            Err(value) => {
                let entry = Entry { author: author.clone(), block, time, value };
                LongEntries::<T>::insert(id, data_set.id, entry);
            },
        }
        data_set.count = 1;
        Self::record_operation(id, name, data_set, stamp, |stamp| {
            let OperationStamp { revision, block, time } = stamp;
            Operation::Set { revision, author, authority, block, time, payload_hash }
        });
        Ok(())
    }

    /// Removes the value of an entry from the data set or from `LongEntries`. The caller stores the
    /// data set.
    pub(crate) fn take_value(id: ContainerId, data_set: &mut DataSetOf<T>) {
        if data_set.value.take().is_none() && data_set.count > 0 {
            LongEntries::<T>::remove(id, data_set.id);
        }
        data_set.count = 0;
    }

    /// Returns the value of an entry, from the data set or from `LongEntries`.
    pub(crate) fn value_of(
        id: ContainerId,
        data_set: &DataSetOf<T>,
    ) -> Option<Entry<T::AccountId, BlockNumberFor<T>>> {
        match data_set.value.clone() {
            Some(short) => Some(short.into()),
            None => LongEntries::<T>::get(id, data_set.id),
        }
    }

    /// Writes items as the next batch of a list. Converts each item with `convert`. `sealed` is the
    /// suite and the epoch of sealed items, or `None` for public ones. The caller stores the data
    /// set.
    pub(crate) fn put_batch(
        id: ContainerId,
        name: &Name,
        data_set: &mut DataSetOf<T>,
        author: &T::AccountId,
        authority: Authority,
        items: Vec<Vec<u8>>,
        sealed: Option<(u8, u32)>,
        mut convert: impl FnMut(u8, Vec<u8>) -> Result<StoredValue, Error<T>>,
    ) -> DispatchResult {
        let payload_hash = items_hash(&items, sealed);
        let batch = data_set.batches;
        let added = len_u32(&items);
        let mut stored = Items::default();
        for (index, item) in (0u8..=u8::MAX).zip(items) {
            let item = convert(index, item)?;
            stored.try_push(Some(item)).map_err(|_| Error::<T>::TooManyItems)?;
        }
        let stamp = Self::next_stamp(data_set)?;
        let OperationStamp { block, time, .. } = stamp;
        let batches = batch.checked_add(1).ok_or(Error::<T>::IdsExhausted)?;
        let count = data_set.count.checked_add(added).ok_or(Error::<T>::IdsExhausted)?;
        let author = author.clone();
        let appended = Batch { author: author.clone(), block, time, items: stored };
        Batches::<T>::insert((id, data_set.id, batch), appended);
        data_set.batches = batches;
        data_set.count = count;
        Self::record_operation(id, name, data_set, stamp, |stamp| {
            let OperationStamp { revision, block, time } = stamp;
            Operation::Append { revision, author, authority, block, time, batch, payload_hash }
        });
        Ok(())
    }

    /// Returns the stamp of the next change of a data set. Fails if no revision is left.
    pub(crate) fn next_stamp(
        data_set: &DataSetOf<T>,
    ) -> Result<OperationStamp<BlockNumberFor<T>>, Error<T>> {
        let revision = data_set.revision.checked_add(1).ok_or(Error::IdsExhausted)?;
        let block = frame_system::Pallet::<T>::block_number();
        Ok(OperationStamp { revision, block, time: T::Time::now() })
    }

    /// Counts a change of a data set, chains it into the head, and deposits its event. The caller
    /// stores the data set.
    pub(crate) fn record_operation(
        container: ContainerId,
        name: &Name,
        data_set: &mut DataSetOf<T>,
        stamp: OperationStamp<BlockNumberFor<T>>,
        operation: impl FnOnce(
            OperationStamp<BlockNumberFor<T>>,
        ) -> Operation<T::AccountId, BlockNumberFor<T>>,
    ) {
        data_set.revision = stamp.revision;
        data_set.changed = stamp.block;
        let operation = operation(stamp);
        data_set.head = operation::next_head(&data_set.head, &operation);
        Self::deposit_event(Event::DataSetChanged {
            container,
            data_set: data_set.id,
            name: name.clone(),
            operation,
        });
    }

    /// Returns the authority that gives an account access to a data set, or `None`.
    pub(crate) fn find_authority(
        id: ContainerId,
        container: &Container<T::AccountId, BlockNumberFor<T>>,
        data_set: &DataSetOf<T>,
        who: &T::AccountId,
        wanted: Access,
    ) -> Option<Authority> {
        let rights = rights_unless_owner::<T>(id, container, who);
        decide::<T>(rights.as_ref(), container, data_set, wanted)
    }

    fn check_items(items: &[Vec<u8>]) -> Result<(), Error<T>> {
        ensure!(!items.is_empty(), Error::NothingToDo);
        ensure!(len_u32(items) <= MAX_ITEMS, Error::TooManyItems);
        Self::check_payload(items.iter().map(Vec::as_slice))
    }

    fn check_payload<'a>(values: impl Iterator<Item = &'a [u8]>) -> Result<(), Error<T>> {
        let total =
            values.fold(0u32, |total, value| total.saturating_add(value.len().saturated_into()));
        ensure!(total <= MAX_PAYLOAD, Error::<T>::PayloadTooLong);
        Ok(())
    }
}
