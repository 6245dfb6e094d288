// SPDX-License-Identifier: Apache-2.0

//! Roles and grants.

use super::limits::{MAX_GRANTS, MAX_HELD_ROLES, MAX_ROLES};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::{prelude::vec::Vec, TypeInfo};
use sp_runtime::SaturatedConversion;
use twinchain_primitives::{Access, DataSetId, Moment, Name, RoleId};

/// A role of a plugin or a container.
#[derive(
    Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Role {
    /// Its id, below [`MAX_ROLES`]. Once a role is removed, its id is free for a new one.
    pub id: RoleId,
    /// Its name.
    pub name: Name,
}

/// The roles of a plugin or a container, each id and each name at most once.
pub type Roles = BoundedVec<Role, ConstU32<MAX_ROLES>>;

/// Returns the id of the role of a name, if there is one.
pub(crate) fn find_role(roles: &Roles, name: &Name) -> Option<RoleId> {
    roles.iter().find(|role| role.name == *name).map(|role| role.id)
}

/// Adds a role with the smallest free id, at the end. Returns the id, or `None` if there is no
/// room.
pub(crate) fn add_role(roles: &mut Roles, name: Name) -> Option<RoleId> {
    let used = |id: &RoleId| roles.iter().any(|role| role.id == *id);
    let id = (0..MAX_ROLES.saturated_into()).find(|id| !used(id))?;
    roles.try_push(Role { id, name }).ok()?;
    Some(id)
}

/// What a role may do with a data set.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct RoleAccess {
    /// The role.
    pub role: RoleId,
    /// `WRITE`, `REMOVE` or both; never `READ`, which is a matter of keys.
    pub access: Access,
}

/// What a role may do with one data set, as [`Event::RoleSet`](crate::Event::RoleSet) says it.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DataSetPermission {
    /// The data set's id.
    pub data_set: DataSetId,
    /// `WRITE`, `REMOVE`, both or nothing.
    pub access: Access,
}

/// The rights of others that a handover leaves as they are, in
/// [`Event::OwnershipTransferred`](crate::Event::OwnershipTransferred).
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct RemainingRights<AccountId> {
    /// The accounts that keep rights, the former owner included where it granted itself some. At
    /// most [`MAX_REMAINING`](crate::MAX_REMAINING) are looked at; one whose grants have all ended
    /// is not listed.
    pub accounts: Vec<KeptRights<AccountId>>,
    /// Whether there are more accounts that were not looked at; the view `members` lists all.
    pub more: bool,
}

/// The rights that an account keeps when a container changes hands.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct KeptRights<AccountId> {
    /// The account.
    pub account: AccountId,
    /// Its roles.
    pub roles: Vec<RoleId>,
    /// What its grants give at the moment of the handover.
    pub access: Vec<DataSetPermission>,
}

/// What one account may do in one container, besides what it owns.
#[derive(
    Clone,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct Rights {
    /// The roles that it holds.
    pub roles: BoundedVec<RoleId, ConstU32<MAX_HELD_ROLES>>,
    /// What it may do with single data sets.
    pub grants: BoundedVec<Grant, ConstU32<MAX_GRANTS>>,
}

/// Access of one account to one data set. Each thing that it may do has an end of its own.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub struct Grant {
    /// The data set.
    pub data_set: DataSetId,
    /// Until when the account may read it; `None`: it may not.
    pub read: Option<Until>,
    /// Until when it may write.
    pub write: Option<Until>,
    /// Until when it may remove.
    pub remove: Option<Until>,
}

/// The end of a part of a grant.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub enum Until {
    /// None.
    #[codec(index = 0)]
    Forever,
    /// The last moment at which it holds, Unix milliseconds.
    #[codec(index = 1)]
    Moment(Moment),
}

impl Until {
    /// Returns the end that a call names: `None` stands for no end.
    pub fn from_call(until: Option<Moment>) -> Self {
        until.map_or(Self::Forever, Self::Moment)
    }

    /// Returns the last moment, or `None` if there is no end.
    pub fn moment(self) -> Option<Moment> {
        match self {
            Self::Forever => None,
            Self::Moment(until) => Some(until),
        }
    }

    /// Returns whether it has not ended: it still holds at the very moment.
    pub fn holds(self, now: Moment) -> bool {
        self.moment().is_none_or(|until| now <= until)
    }
}

impl Rights {
    /// Returns whether there are none, ended ones included.
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.grants.is_empty()
    }

    /// Returns the grant on a data set, ended or not.
    pub fn grant(&self, data_set: DataSetId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.data_set == data_set)
    }
}

impl Grant {
    /// Returns a grant of nothing.
    pub fn none(data_set: DataSetId) -> Self {
        Self { data_set, read: None, write: None, remove: None }
    }

    /// Returns its parts: what they give, and until when.
    fn parts(&self) -> [(Access, Option<Until>); 3] {
        [(Access::READ, self.read), (Access::WRITE, self.write), (Access::REMOVE, self.remove)]
    }

    /// Sets the end of every part that `access` names; `None` takes the part away.
    fn set(&mut self, access: Access, until: Option<Until>) {
        let parts = [
            (Access::READ, &mut self.read),
            (Access::WRITE, &mut self.write),
            (Access::REMOVE, &mut self.remove),
        ];
        for (bit, part) in parts {
            if access.contains(bit) {
                *part = until;
            }
        }
    }

    /// Gives all of `access` until an end, which replaces an earlier one. The other parts stay.
    pub fn give(&mut self, access: Access, until: Until) {
        self.set(access, Some(until));
    }

    /// Takes all of `access` away.
    pub fn take(&mut self, access: Access) {
        self.set(access, None);
    }

    /// Returns what it gives at a moment, or ever if there is none to compare with.
    fn access_at(&self, now: Option<Moment>) -> Access {
        let holds = |until: Until| now.is_none_or(|now| until.holds(now));
        let parts = self.parts().into_iter();
        parts.fold(Access::NONE, |access, (bit, until)| match until.is_some_and(holds) {
            true => access | bit,
            false => access,
        })
    }

    /// Returns all that it gives, ended or not.
    pub fn access(&self) -> Access {
        self.access_at(None)
    }

    /// Returns what it gives at the moment `now`.
    pub fn active(&self, now: Moment) -> Access {
        self.access_at(Some(now))
    }
}

/// The authority by which an account acted.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    TypeInfo,
)]
pub enum Authority {
    /// As the container's owner.
    #[codec(index = 0)]
    Owner,
    /// Through a role.
    #[codec(index = 1)]
    Role(RoleId),
    /// Through a grant.
    #[codec(index = 2)]
    Grant,
}
