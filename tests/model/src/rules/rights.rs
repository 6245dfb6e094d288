// SPDX-License-Identifier: Apache-2.0

//! Rights: giving and taking.

use super::{
    keys::{current_envelope, may_hold},
    lookup::*,
};
use crate::{chain::ContainerCall, old_faults::*, world::*};
use twinchain_primitives::Moment;

impl World {
    pub(super) fn rights(
        &mut self,
        who: &Who,
        call: &ContainerCall,
        why: &mut Reasons,
    ) -> Option<()> {
        use pallet_data_container::Call::*;
        let now = self.now;
        match call {
            set_role { container, role, permissions } => {
                let container = self.defined(who, *container, why)?;
                check_list(permissions.len(), why);
                let owner = role.as_slice() == b"0";
                why.when(!is_name(role) || owner, "InvalidName");
                let role = String::from_utf8_lossy(role).into_owned();
                let role = role_of(container, &role, why);
                for new in permissions {
                    let bits = new.access.bits();
                    why.when(bits > ALL, "InvalidAccess");
                    why.when(bits & READ != 0, "RolesCannotRead");
                    if let Some(set) = active(container, &new.data_set, why) {
                        set.permissions.remove(&role);
                        if bits != 0 {
                            set.permissions.insert(role, bits);
                        }
                    }
                }
            },
            assign_role { container, account, role } => {
                let container = self.shared(who, *container, why)?;
                let role = known_role(container, role, why)?;
                let rights = container.rights.entry(account.clone()).or_default();
                why.when(rights.roles.contains(&role), "RoleHeld");
                rights.roles.push(role);
            },
            unassign_role { container, account, role } => {
                let container = self.shared(who, *container, why)?;
                let role = known_role(container, role, why)?;
                let rights = container.rights.entry(account.clone()).or_default();
                why.when(!rights.roles.contains(&role), "RoleNotHeld");
                rights.roles.retain(|held| *held != role);
                container.tidy(account);
            },
            share { container, account, access, until, envelopes } => {
                check_list(access.len(), why);
                why.when(envelopes.len() > 64, "TooManyEnvelopes");
                why.when(until.is_some_and(|until| until < now), "InvalidExpiry");
                let version = self.version(account);
                let container = self.shared(who, *container, why)?;
                for new in access {
                    let bits = new.access.bits();
                    why.when(bits == 0 || bits > ALL, "InvalidAccess");
                    give(container, account, &new.data_set, bits, *until, now, why);
                }
                for new in envelopes {
                    let Some(id) = active(container, &new.data_set, why).map(|set| set.id) else {
                        continue;
                    };
                    let until = may_hold(container, account, id, now, why)?;
                    let until = until.filter(|_| !makes(OldFault::ShareBeside));
                    let sealed = (new.epoch, new.key_version, new.envelope.as_slice());
                    let set = named(container, &new.data_set, why)?;
                    current_envelope(set, (account, until), version.as_ref(), sealed, now, why);
                }
                container.tidy(account);
            },
            unshare { container, account, access } => {
                check_list(access.len(), why);
                let container = self.shared(who, *container, why)?;
                for new in access {
                    let bits = new.access.bits();
                    why.when(bits == 0 || bits > ALL, "InvalidAccess");
                    take(container, account, &new.data_set, bits, now, why);
                }
                container.tidy(account);
            },
            leave { container } => {
                let container = self.container(*container, why)?;
                let rights = why.need(container.rights.remove(who), "NothingToDo")?;
                let offered = container.offer.as_ref().is_some_and(|offer| offer.to == *who);
                let stays = offered || container.owner == *who;
                let closed = container.closed;
                for set in container.data_sets.values_mut().filter(|_| !stays) {
                    let grant = rights.grants.get(&set.id);
                    if grant.is_some_and(|grant| grant.access() & READ != 0) {
                        set.forget(who);
                    }
                    // Of a data set that is retired or in a closed container, no rotation is due.
                    let open = !closed && set.retired.is_none();
                    let read = open && grant.is_some_and(|grant| grant.active(now) & READ != 0);
                    if let Some(key) = set.key.as_mut().filter(|_| read) {
                        key.left.push((who.clone(), now));
                    }
                }
            },
            rename_role { container, role, new_name } => {
                let container = self.defined(who, *container, why)?;
                let role = known_role(container, role, why);
                why.when(!is_name(new_name) || new_name.as_slice() == b"0", "InvalidName");
                let new_name = String::from_utf8_lossy(new_name).into_owned();
                why.when(container.roles.iter().any(|(_, name)| *name == new_name), "RoleExists");
                let role = role?;
                for (_, name) in container.roles.iter_mut().filter(|(id, _)| *id == role) {
                    name.clone_from(&new_name);
                }
            },
            remove_role { container, role } => {
                let container = self.defined(who, *container, why)?;
                let role = known_role(container, role, why)?;
                let held = container.rights.values().any(|rights| rights.roles.contains(&role));
                why.when(held, "RoleInUse");
                container.roles.retain(|(id, _)| *id != role);
                for set in container.data_sets.values_mut() {
                    set.permissions.remove(&role);
                }
            },
            clear_expired { container, account } => {
                let container = self.container(*container, why)?;
                why.when(container.offer.is_some(), "OfferPending");
                let rights = container.rights.entry(account.clone()).or_default();
                why.when(!rights.grants.values().any(|grant| grant.expired(now)), "NothingToDo");
                let mut unread = vec![];
                rights.grants.retain(|id, grant| {
                    let active = grant.active(now);
                    if grant.access() & !active & READ != 0 {
                        unread.push(*id);
                    }
                    grant.0.retain(|bit, _| active & bit != 0);
                    active != 0
                });
                let owner = container.owner == *account;
                for set in container.data_sets.values_mut() {
                    if unread.contains(&set.id) && !owner {
                        set.forget(account);
                    }
                }
                container.tidy(account);
            },
            _ => why.when(true, "no such call"),
        }
        Some(())
    }
}

/// Returns the single bits of an access.
fn bits_of(bits: u8) -> impl Iterator<Item = u8> {
    [READ, WRITE, REMOVE].into_iter().filter(move |bit| bits & bit != 0)
}

/// Adds access to one grant of an account.
fn give(
    container: &mut Container,
    account: &Who,
    data_set: &[u8],
    bits: u8,
    until: Option<Moment>,
    now: Moment,
    why: &mut Reasons,
) -> Option<()> {
    let set = active(container, data_set, why)?;
    why.when(bits & READ != 0 && set.public, "ReadIsPublic");
    let id = set.id;
    let grants = &mut container.rights.entry(account.clone()).or_default().grants;
    let grant = grants.entry(id).or_default();
    for bit in bits_of(bits) {
        grant.0.insert(bit, until);
    }
    let owner = container.owner == *account;
    if bits & READ != 0 && !owner {
        named(container, data_set, why)?.end_with_read(account, until, now);
    }
    Some(())
}

/// Removes access from one grant of an account.
fn take(
    container: &mut Container,
    account: &Who,
    data_set: &[u8],
    bits: u8,
    now: Moment,
    why: &mut Reasons,
) -> Option<()> {
    let id = named(container, data_set, why)?.id;
    let owner = container.owner == *account;
    let grants = &mut container.rights.entry(account.clone()).or_default().grants;
    let grant = grants.get_mut(&id).filter(|grant| grant.access() & bits != 0);
    let grant = why.need(grant, "NotShared")?;
    let reads = grant.access() & READ != 0 && bits & READ != 0;
    let held = grant.active(now) & READ != 0;
    grant.0.retain(|bit, _| bits & bit == 0);
    if grant.0.is_empty() {
        grants.remove(&id);
    }
    let set = named(container, data_set, why)?;
    if reads && !owner {
        set.forget(account);
        if held {
            set.end_now(account, End::Taken, now);
        }
    }
    Some(())
}

fn known_role(container: &Container, role: &[u8], why: &mut Reasons) -> Option<u8> {
    why.when(!is_name(role), "InvalidName");
    let known = container.roles.iter().find(|(_, name)| name.as_bytes() == role);
    why.need(known.map(|(id, _)| *id), "RoleNotFound")
}

pub(super) fn check_list(length: usize, why: &mut Reasons) {
    why.when(length == 0, "NothingToDo");
    why.when(length > 64, "TooManyItems");
}
