// SPDX-License-Identifier: Apache-2.0

//! What the rules look up before anything else, with the reasons that it is refused.

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

    /// What sharing, roles and keys need: the owner, and no offer.
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

    /// What changing definitions needs: the owner, not closed, and no offer.
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

/// The id of a role, which is added with the smallest free id if there is none of this name.
pub(super) fn role_of(container: &mut Container, role: &str, why: &mut Reasons) -> u8 {
    if let Some((id, _)) = container.roles.iter().find(|(_, name)| name == role) {
        return *id;
    }
    why.when(container.roles.len() >= 16, "TooManyRoles");
    let free = |id: &u8| container.roles.iter().all(|(used, _)| used != id);
    let id = (0..=u8::MAX).find(free).expect("there are few");
    container.roles.push((id, role.into()));
    id
}
