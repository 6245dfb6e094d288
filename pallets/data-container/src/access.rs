// SPDX-License-Identifier: Apache-2.0

//! Access decisions: the one function that every write and every read of access uses.

use crate::types::{Authority, Grant, Permissions, Rights, Until};
use twinchain_primitives::{Access, DataSetId, Moment, RoleId};

/// The relation to the container of the account whose access is decided.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'a> {
    /// Its owner.
    Owner,
    /// Another account, with these rights.
    Other(&'a Rights),
}

/// The data set that an access decision is about, with its current state and that of its container.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The data set's id.
    pub data_set: DataSetId,
    /// `true` if it is an entry, so that a write replaces its value.
    pub entry: bool,
    /// The permissions of roles on it.
    pub permissions: &'a Permissions,
    /// `true` if it is retired.
    pub retired: bool,
    /// `true` if its container is closed.
    pub closed: bool,
    /// `true` if its container is on offer.
    pub on_offer: bool,
}

/// Returns the authority that gives all of `wanted` on a data set, or `None`. Calls `now` only if
/// the decision depends on the time.
///
/// 1. A retired data set or a closed container does not change. While the container is on offer,
///    nothing is removed, and its owner cannot set entries.
/// 2. The owner has all other access.
/// 3. Other accounts have no access to a retired data set.
/// 4. Another account has access through the first of its roles to which the data set gives all of
///    `wanted`.
/// 5. Otherwise it has access through its grant on the data set. Each bit of a grant is valid up to
///    and including its end.
///
/// A single role or grant must give all of `wanted`. The limits on roles and grants bound the work.
pub fn authority(
    standing: Standing<'_>,
    subject: Subject<'_>,
    wanted: Access,
    now: impl FnOnce() -> Moment,
) -> Option<Authority> {
    let changes = wanted.intersects(Access::WRITE | Access::REMOVE);
    let ended = subject.retired || subject.closed;
    if (changes && ended) || (wanted.intersects(Access::REMOVE) && subject.on_offer) {
        return None;
    }
    let replaces = subject.entry && wanted.intersects(Access::WRITE);
    let rights = match standing {
        Standing::Owner if replaces && subject.on_offer => return None,
        Standing::Owner => return Some(Authority::Owner),
        Standing::Other(rights) => rights,
    };
    if subject.retired {
        return None;
    }
    let permits = |role: &RoleId| {
        let mut entries = subject.permissions.iter();
        entries.any(|entry| entry.role == *role && entry.access.contains(wanted))
    };
    if let Some(role) = rights.roles.iter().copied().find(permits) {
        return Some(Authority::Role(role));
    }
    if rights.grants.is_empty() {
        return None;
    }
    let grant = rights.grant(subject.data_set)?;
    grant.active(now()).contains(wanted).then_some(Authority::Grant)
}

/// Returns the end of an account's READ on a confidential data set, or `None` if its grant does not
/// give READ at the moment `now`.
pub fn reads_until(rights: &Rights, data_set: DataSetId, now: Moment) -> Option<Until> {
    let grant = rights.grant(data_set)?;
    grant.read.filter(|until| until.holds(now))
}

/// Returns `true` if the account has any access to a container at the moment `now`: a role, or a
/// grant that has not ended on one of the data sets `in_use`. Iterates `in_use` only if the result
/// depends on it.
pub fn has_any_access(
    rights: &Rights,
    mut in_use: impl Iterator<Item = DataSetId>,
    now: Moment,
) -> bool {
    let active = |grant: &Grant| !grant.active(now).is_empty();
    let granted = |id| rights.grants.iter().any(|grant| grant.data_set == id && active(grant));
    !rights.roles.is_empty() || (!rights.grants.is_empty() && in_use.any(granted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::RoleAccess;
    use frame_support::BoundedVec;

    const LOG: DataSetId = 3;

    fn permissions(list: &[(u8, Access)]) -> Permissions {
        let entries = list.iter().map(|(role, access)| RoleAccess { role: *role, access: *access });
        Permissions::truncate_from(entries.collect())
    }

    fn grant((data_set, access, until): &(DataSetId, Access, Option<Moment>)) -> Grant {
        let mut grant = Grant::none(*data_set);
        grant.give(*access, Until::from_call(*until));
        grant
    }

    fn rights(roles: &[u8], grants: &[(DataSetId, Access, Option<Moment>)]) -> Rights {
        Rights {
            roles: BoundedVec::truncate_from(roles.to_vec()),
            grants: BoundedVec::truncate_from(grants.iter().map(grant).collect()),
        }
    }

    /// Returns the subject for a list that is in use.
    fn log(permissions: &Permissions) -> Subject<'_> {
        Subject {
            data_set: LOG,
            entry: false,
            permissions,
            retired: false,
            closed: false,
            on_offer: false,
        }
    }

    fn decide(rights: &Rights, permissions: &Permissions, wanted: Access) -> Option<Authority> {
        authority(Standing::Other(rights), log(permissions), wanted, || 1_000)
    }

    #[test]
    fn owner_has_all_access() {
        let none = permissions(&[]);
        for wanted in [Access::READ, Access::WRITE, Access::REMOVE] {
            let decision = authority(Standing::Owner, log(&none), wanted, || 0);
            assert_eq!(decision, Some(Authority::Owner));
        }
    }

    #[test]
    fn retirement_closing_and_offers_limit_access() {
        let all = permissions(&[(1, Access::WRITE | Access::REMOVE)]);
        let holder = rights(&[1], &[(LOG, Access::READ, None)]);
        let (closed, retired, on_offer) = (
            Subject { closed: true, ..log(&all) },
            Subject { retired: true, ..log(&all) },
            Subject { on_offer: true, ..log(&all) },
        );
        let entry_on_offer = Subject { entry: true, ..on_offer };
        let owner = |subject, wanted| authority(Standing::Owner, subject, wanted, || 0).is_some();
        let other =
            |subject, wanted| authority(Standing::Other(&holder), subject, wanted, || 0).is_some();
        for (subject, wanted, owners, others) in [
            (closed, Access::READ, true, true),
            (closed, Access::WRITE, false, false),
            (closed, Access::REMOVE, false, false),
            (retired, Access::READ, true, false),
            (retired, Access::WRITE, false, false),
            (retired, Access::REMOVE, false, false),
            (on_offer, Access::READ, true, true),
            (on_offer, Access::WRITE, true, true),
            (on_offer, Access::REMOVE, false, false),
            (on_offer, Access::WRITE | Access::REMOVE, false, false),
            (entry_on_offer, Access::READ, true, true),
            (entry_on_offer, Access::WRITE, false, true),
            (entry_on_offer, Access::REMOVE, false, false),
        ] {
            assert_eq!(owner(subject, wanted), owners, "{subject:?} {wanted:?}");
            assert_eq!(other(subject, wanted), others, "{subject:?} {wanted:?}");
        }
    }

    #[test]
    fn account_without_rights_has_no_access() {
        let all = permissions(&[(0, Access::WRITE | Access::REMOVE)]);
        for wanted in [Access::READ, Access::WRITE, Access::REMOVE] {
            assert_eq!(decide(&Rights::default(), &all, wanted), None);
        }
    }

    #[test]
    fn role_gives_its_permission_on_the_data_set() {
        let permitted = permissions(&[(1, Access::WRITE), (2, Access::REMOVE)]);
        let holder = rights(&[5, 1], &[]);
        assert_eq!(decide(&holder, &permitted, Access::WRITE), Some(Authority::Role(1)));
        assert_eq!(decide(&holder, &permitted, Access::REMOVE), None);
        assert_eq!(decide(&rights(&[5], &[]), &permitted, Access::WRITE), None);
    }

    #[test]
    fn single_right_must_give_all_requested_access() {
        let permitted = permissions(&[(1, Access::WRITE), (2, Access::REMOVE)]);
        let both = Access::WRITE | Access::REMOVE;
        assert_eq!(decide(&rights(&[1, 2], &[]), &permitted, both), None);
    }

    #[test]
    fn grant_applies_only_to_its_data_set_and_access() {
        let none = permissions(&[]);
        let holder = rights(&[], &[(LOG, Access::WRITE, None), (4, Access::REMOVE, None)]);
        assert_eq!(decide(&holder, &none, Access::WRITE), Some(Authority::Grant));
        assert_eq!(decide(&holder, &none, Access::REMOVE), None);
    }

    #[test]
    fn grant_is_valid_up_to_its_end() {
        let none = permissions(&[]);
        for (until, wanted) in [(999, None), (1_000, Some(Authority::Grant))] {
            let holder = rights(&[], &[(LOG, Access::WRITE, Some(until))]);
            assert_eq!(decide(&holder, &none, Access::WRITE), wanted);
        }
    }

    #[test]
    fn each_bit_of_a_grant_has_its_own_end() {
        let none = permissions(&[]);
        let mut holder = rights(&[], &[(LOG, Access::READ | Access::WRITE, Some(999))]);
        holder.grants[0].give(Access::WRITE, Until::Forever);
        assert_eq!(decide(&holder, &none, Access::WRITE), Some(Authority::Grant));
        assert_eq!(decide(&holder, &none, Access::READ), None, "READ has ended");
        assert_eq!(decide(&holder, &none, Access::READ | Access::WRITE), None);
        assert_eq!(reads_until(&holder, LOG, 999), Some(Until::Moment(999)));
        assert_eq!(reads_until(&holder, LOG, 1_000), None);
        holder.grants[0].take(Access::WRITE);
        assert_eq!(holder.grants[0].access(), Access::READ, "an ended bit stays until cleared");
        assert!(holder.grants[0].active(1_000).is_empty());
    }

    #[test]
    fn any_access_requires_a_role_or_an_active_grant() {
        let any = |rights: &Rights, now| has_any_access(rights, [1, 2].into_iter(), now);
        assert!(!any(&Rights::default(), 0));
        assert!(any(&rights(&[3], &[]), u64::MAX));
        let ends = rights(&[], &[(1, Access::READ, Some(9)), (2, Access::READ, Some(10))]);
        assert!(any(&ends, 10) && !any(&ends, 11));
        assert!(any(&rights(&[], &[(1, Access::READ, None)]), u64::MAX));
        assert!(!any(&rights(&[], &[(3, Access::READ, None)]), 0), "not in use");
    }

    #[test]
    fn role_takes_precedence_over_a_grant() {
        let permitted = permissions(&[(1, Access::WRITE)]);
        let holder = rights(&[1], &[(LOG, Access::WRITE, None)]);
        assert_eq!(decide(&holder, &permitted, Access::WRITE), Some(Authority::Role(1)));
    }
}
