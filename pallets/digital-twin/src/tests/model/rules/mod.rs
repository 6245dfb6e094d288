// SPDX-License-Identifier: Apache-2.0

//! What each call on data containers does to the model, and every reason to refuse it.

mod data;
mod definitions;
mod handover;
mod keys;
mod rights;

pub use handover::hand_over;

use super::{samples, world::*};
use crate::mock::Test;
use data::public;
use keys::{current_envelope, may_hold};
pub use keys::{makes, repeat_old_fault, OldFault};
use pallet_data_container::{HolderEnvelope, NamedHolder, PreviousSeed};
use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};
use twinchain_primitives::{ContainerId, Moment, SharedEnvelope, TwinId};

pub type ContainerCall = pallet_data_container::Call<Test>;

impl World {
    pub fn container(&mut self, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        why.need(self.containers.get_mut(&id), "ContainerNotFound").map(Rc::make_mut)
    }

    fn owned(&mut self, who: &Who, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        let container = self.container(id, why)?;
        why.when(container.owner != *who, "NotOwner");
        Some(container)
    }

    /// What sharing, roles and keys need: the owner, and no offer.
    fn shared(&mut self, who: &Who, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        let container = self.owned(who, id, why)?;
        why.when(container.offer.is_some(), "OfferPending");
        Some(container)
    }

    /// What changing definitions needs: the owner, not closed, and no offer.
    fn defined(&mut self, who: &Who, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        let container = self.shared(who, id, why)?;
        why.when(container.closed, "ContainerClosed");
        Some(container)
    }

    /// Makes the call, or tells why not: then the model is no longer worth anything.
    pub fn container_call(
        &mut self,
        who: &Who,
        call: &ContainerCall,
        why: &mut Reasons,
    ) -> Option<()> {
        use pallet_data_container::Call::*;
        match call {
            publish_plugin { .. }
            | retire_plugin { .. }
            | create_container { .. }
            | instantiate { .. }
            | clone_container { .. }
            | set_description { .. }
            | add_data_set { .. }
            | retire_data_set { .. }
            | purge { .. }
            | close_container { .. } => self.definitions(who, call, why),
            offer_ownership { .. } | accept_ownership { .. } | cancel_offer { .. } => {
                self.handover(who, call, why)
            },
            set_entry { .. }
            | store { .. }
            | set_sealed_entry { .. }
            | clear_entry { .. }
            | append { .. }
            | append_sealed { .. }
            | remove_item { .. } => self.data(who, call, why),
            set_role { .. }
            | assign_role { .. }
            | unassign_role { .. }
            | share { .. }
            | unshare { .. }
            | clear_expired { .. } => self.rights(who, call, why),
            set_encryption_key { .. }
            | set_account_envelopes { .. }
            | remove_account_envelope { .. }
            | rotate_key { .. }
            | set_envelope { .. }
            | set_envelopes { .. } => self.keys(who, call, why),
            _ => why.need(None, "the model has no such call"),
        }
    }
}

pub fn named<'a>(
    container: &'a mut Container,
    name: &[u8],
    why: &mut Reasons,
) -> Option<&'a mut DataSet> {
    why.when(!is_name(name), "InvalidName");
    why.need(container.data_sets.get_mut(name), "DataSetNotFound")
}

fn active<'a>(
    container: &'a mut Container,
    name: &[u8],
    why: &mut Reasons,
) -> Option<&'a mut DataSet> {
    let set = named(container, name, why)?;
    why.when(set.retired.is_some(), "DataSetRetired");
    Some(set)
}

/// The position of a role, which is added if there is none of this name.
fn role_of(container: &mut Container, role: &str, why: &mut Reasons) -> u8 {
    let known = container.roles.iter().position(|known| known == role);
    known.unwrap_or_else(|| {
        why.when(container.roles.len() >= 16, "TooManyRoles");
        container.roles.push(role.into());
        container.roles.len() - 1
    }) as u8
}
