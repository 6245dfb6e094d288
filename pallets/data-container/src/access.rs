// SPDX-License-Identifier: Apache-2.0

//! Who may do what with a data set: the one decision, used by every write and every question.

use crate::types::{Authority, Grant, Permissions, Rights, Until};
use twinchain_primitives::{Access, DataSetId, Moment, RoleId};

/// Who asks, in relation to the container.
#[derive(Clone, Copy, Debug)]
pub enum Standing<'a> {
    /// Its owner.
    Owner,
    /// Somebody else, with these rights.
    Other(&'a Rights),
}

/// What is asked about: a data set as its container and itself are now.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its id.
    pub data_set: DataSetId,
    /// Whether it holds one value, which a write replaces.
    pub entry: bool,
    /// What roles may do with it.
    pub permissions: &'a Permissions,
    /// Whether it was retired.
    pub retired: bool,
    /// Whether its container was closed.
    pub closed: bool,
    /// Whether its container is on offer.
    pub on_offer: bool,
}

/// By what right, if any, somebody has all of `wanted` on a data set at the moment `now`, which is
/// asked for only if it depends on it.
///
/// 1. What was retired or closed changes no more. While it is on offer nothing is removed, and its
///    owner replaces nothing: it appends to lists only.
/// 2. The owner may do everything else.
/// 3. Others may do nothing with what was retired.
/// 4. Others have it through the first of their roles that the data set permits it,
/// 5. or else through a grant. Each part of it is valid up to and including its end.
///
/// A single right has to give all of `wanted`. The work is bounded by the limits on roles and
/// grants.
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

/// Returns until when an account reads a confidential data set through its grant, if it does at the
/// moment `now`.
pub fn reads_until(rights: &Rights, data_set: DataSetId, now: Moment) -> Option<Until> {
    let grant = rights.grant(data_set)?;
    grant.read.filter(|until| until.holds(now))
}

/// Whether somebody has any access to a container at the moment `now`: a role, or a grant that has
/// not ended on one of the data sets that are `in_use`. Those are looked up only if it depends on
/// them.
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

    /// The log, in use.
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
    fn the_owner_may_do_everything() {
        let none = permissions(&[]);
        for wanted in [Access::READ, Access::WRITE, Access::REMOVE] {
            let decision = authority(Standing::Owner, log(&none), wanted, || 0);
            assert_eq!(decision, Some(Authority::Owner));
        }
    }

    #[test]
    fn what_ended_or_is_on_offer_changes_for_no_one() {
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
    fn a_stranger_may_do_nothing() {
        let all = permissions(&[(0, Access::WRITE | Access::REMOVE)]);
        for wanted in [Access::READ, Access::WRITE, Access::REMOVE] {
            assert_eq!(decide(&Rights::default(), &all, wanted), None);
        }
    }

    #[test]
    fn a_role_gives_what_the_data_set_permits_it() {
        let permitted = permissions(&[(1, Access::WRITE), (2, Access::REMOVE)]);
        let holder = rights(&[5, 1], &[]);
        assert_eq!(decide(&holder, &permitted, Access::WRITE), Some(Authority::Role(1)));
        assert_eq!(decide(&holder, &permitted, Access::REMOVE), None);
        assert_eq!(decide(&rights(&[5], &[]), &permitted, Access::WRITE), None);
    }

    #[test]
    fn one_right_must_give_all_that_is_wanted() {
        let permitted = permissions(&[(1, Access::WRITE), (2, Access::REMOVE)]);
        let both = Access::WRITE | Access::REMOVE;
        assert_eq!(decide(&rights(&[1, 2], &[]), &permitted, both), None);
    }

    #[test]
    fn a_grant_is_for_its_data_set_and_its_access() {
        let none = permissions(&[]);
        let holder = rights(&[], &[(LOG, Access::WRITE, None), (4, Access::REMOVE, None)]);
        assert_eq!(decide(&holder, &none, Access::WRITE), Some(Authority::Grant));
        assert_eq!(decide(&holder, &none, Access::REMOVE), None);
    }

    #[test]
    fn a_grant_holds_until_its_end_and_not_after() {
        let none = permissions(&[]);
        for (until, wanted) in [(999, None), (1_000, Some(Authority::Grant))] {
            let holder = rights(&[], &[(LOG, Access::WRITE, Some(until))]);
            assert_eq!(decide(&holder, &none, Access::WRITE), wanted);
        }
    }

    #[test]
    fn each_part_of_a_grant_has_its_own_end() {
        let none = permissions(&[]);
        let mut holder = rights(&[], &[(LOG, Access::READ | Access::WRITE, Some(999))]);
        holder.grants[0].give(Access::WRITE, Until::Forever);
        assert_eq!(decide(&holder, &none, Access::WRITE), Some(Authority::Grant));
        assert_eq!(decide(&holder, &none, Access::READ), None, "it goes on ending");
        assert_eq!(decide(&holder, &none, Access::READ | Access::WRITE), None);
        assert_eq!(reads_until(&holder, LOG, 999), Some(Until::Moment(999)));
        assert_eq!(reads_until(&holder, LOG, 1_000), None);
        holder.grants[0].take(Access::WRITE);
        assert_eq!(holder.grants[0].access(), Access::READ, "what ended is there until cleared");
        assert!(holder.grants[0].active(1_000).is_empty());
    }

    #[test]
    fn any_access_is_a_role_or_a_grant_that_has_not_ended() {
        let any = |rights: &Rights, now| has_any_access(rights, [1, 2].into_iter(), now);
        assert!(!any(&Rights::default(), 0));
        assert!(any(&rights(&[3], &[]), u64::MAX));
        let ends = rights(&[], &[(1, Access::READ, Some(9)), (2, Access::READ, Some(10))]);
        assert!(any(&ends, 10) && !any(&ends, 11));
        assert!(any(&rights(&[], &[(1, Access::READ, None)]), u64::MAX));
        assert!(!any(&rights(&[], &[(3, Access::READ, None)]), 0), "not in use");
    }

    #[test]
    fn a_role_comes_before_a_grant() {
        let permitted = permissions(&[(1, Access::WRITE)]);
        let holder = rights(&[1], &[(LOG, Access::WRITE, None)]);
        assert_eq!(decide(&holder, &permitted, Access::WRITE), Some(Authority::Role(1)));
    }
}
