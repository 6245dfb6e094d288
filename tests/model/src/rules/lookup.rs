// SPDX-License-Identifier: Apache-2.0

//! Lookups at the beginning of rules, with the reasons for rejection.

use crate::world::*;
use std::rc::Rc;
use twinchain_primitives::ContainerId;

impl World {
    pub fn container(&mut self, id: ContainerId, why: &mut Reasons) -> Option<&mut Container> {
        why.need(self.containers.get_mut(&id), "ContainerNotFound").map(Rc::make_mut)
    }

    pub(super) fn owned(
        &mut self,
        who: &Who,
        id: ContainerId,
        why: &mut Reasons,
    ) -> Option<&mut Container> {
        let container = self.container(id, why)?;
        why.when(container.owner != *who, "NotOwner");
        Some(container)
    }

    /// Returns the container, and checks the conditions for sharing, roles and keys: the account is
    /// the owner, and no offer exists.
    pub(super) fn shared(
        &mut self,
        who: &Who,
        id: ContainerId,
        why: &mut Reasons,
    ) -> Option<&mut Container> {
        let container = self.owned(who, id, why)?;
        why.when(container.offer.is_some(), "OfferPending");
        Some(container)
    }

    /// Returns the container, and checks the conditions for changes of definitions: the account is
    /// the owner, the container is not closed, and no offer exists.
    pub(super) fn defined(
        &mut self,
        who: &Who,
        id: ContainerId,
        why: &mut Reasons,
    ) -> Option<&mut Container> {
        let container = self.shared(who, id, why)?;
        why.when(container.closed, "ContainerClosed");
        Some(container)
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

pub(super) fn active<'a>(
    container: &'a mut Container,
    name: &[u8],
    why: &mut Reasons,
) -> Option<&'a mut DataSet> {
    let set = named(container, name, why)?;
    why.when(set.retired.is_some(), "DataSetRetired");
    Some(set)
}

/// Returns the id of a role. Adds the role with the smallest free id if none has this name.
pub(super) fn role_of(container: &mut Container, role: &str, why: &mut Reasons) -> u8 {
    if let Some((id, _)) = container.roles.iter().find(|(_, name)| name == role) {
        return *id;
    }
    why.when(container.roles.len() >= 16, "TooManyRoles");
    let free = |id: &u8| container.roles.iter().all(|(used, _)| used != id);
    let id = (0..=u8::MAX).find(free).expect("at most 16 roles exist");
    container.roles.push((id, role.into()));
    id
}
