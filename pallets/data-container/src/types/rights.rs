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
    /// Its id, below [`MAX_ROLES`]. After a role is removed, its id is free for a new one.
    pub id: RoleId,
    /// Its name.
    pub name: Name,
}

/// The roles of a plugin or a container. Ids and names are unique.
pub type Roles = BoundedVec<Role, ConstU32<MAX_ROLES>>;

/// Returns the id of the role with this name, or `None`.
pub(crate) fn find_role(roles: &Roles, name: &Name) -> Option<RoleId> {
    roles.iter().find(|role| role.name == *name).map(|role| role.id)
}

/// Adds a role with the smallest free id at the end. Returns the id, or `None` if the list is full.
pub(crate) fn add_role(roles: &mut Roles, name: Name) -> Option<RoleId> {
    let used = |id: &RoleId| roles.iter().any(|role| role.id == *id);
    let id = (0..MAX_ROLES.saturated_into()).find(|id| !used(id))?;
    roles.try_push(Role { id, name }).ok()?;
    Some(id)
}

/// The permission of a role on a data set.
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
    /// `WRITE`, `REMOVE` or both. Never `READ`, because reading requires a key.
    pub access: Access,
}

/// The permission of a role on one data set, or the access of grants, as events report them.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DataSetPermission {
    /// The data set's id.
    pub data_set: DataSetId,
    /// The access. It can be empty.
    pub access: Access,
}

/// The rights of other accounts that a handover leaves unchanged, in
/// [`Event::OwnershipTransferred`](crate::Event::OwnershipTransferred).
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct RemainingRights<AccountId> {
    /// The accounts that keep rights, including the former owner if it granted itself any. A
    /// handover examines at most [`MAX_REMAINING`](crate::MAX_REMAINING) accounts. An account
    /// without roles whose grants have all ended is not listed.
    pub accounts: Vec<KeptRights<AccountId>>,
    /// `true` if there are more accounts, which were not examined. The view function `members`
    /// lists all.
    pub more: bool,
}

/// The rights that an account keeps when a container changes owner.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct KeptRights<AccountId> {
    /// The account.
    pub account: AccountId,
    /// Its roles.
    pub roles: Vec<RoleId>,
    /// The access that its grants give at the moment of the handover.
    pub access: Vec<DataSetPermission>,
}

/// The rights of one account in one container, apart from ownership.
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
    /// Its grants, at most one for each data set.
    pub grants: BoundedVec<Grant, ConstU32<MAX_GRANTS>>,
}

/// The access of one account to one data set, given directly. Each bit has its own end.
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
    /// The data set's id.
    pub data_set: DataSetId,
    /// The end of READ, or `None` if READ is not given.
    pub read: Option<Until>,
    /// The end of WRITE, or `None` if WRITE is not given.
    pub write: Option<Until>,
    /// The end of REMOVE, or `None` if REMOVE is not given.
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
    /// No end.
    #[codec(index = 0)]
    Forever,
    /// The last moment at which it is valid, in Unix milliseconds.
    #[codec(index = 1)]
    Moment(Moment),
}

impl Until {
    /// Returns the end that a call names, where `None` means no end.
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

    /// Returns `true` if it has not ended at the moment `now`. It is still valid at its last
    /// moment.
    pub fn holds(self, now: Moment) -> bool {
        self.moment().is_none_or(|until| now <= until)
    }
}

impl Rights {
    /// Returns `true` if there are no roles and no grants. Ended grants count as grants.
    pub fn is_empty(&self) -> bool {
        self.roles.is_empty() && self.grants.is_empty()
    }

    /// Returns the grant on a data set, ended or not.
    pub fn grant(&self, data_set: DataSetId) -> Option<&Grant> {
        self.grants.iter().find(|grant| grant.data_set == data_set)
    }
}

impl Grant {
    /// Returns a grant that gives no access.
    pub fn none(data_set: DataSetId) -> Self {
        Self { data_set, read: None, write: None, remove: None }
    }

    /// Returns the bits with their ends.
    fn parts(&self) -> [(Access, Option<Until>); 3] {
        [(Access::READ, self.read), (Access::WRITE, self.write), (Access::REMOVE, self.remove)]
    }

    /// Sets the end of every bit in `access`. `None` removes the bit.
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

    /// Gives all bits of `access` until `until`, which replaces their earlier ends. Other bits are
    /// unchanged.
    pub fn give(&mut self, access: Access, until: Until) {
        self.set(access, Some(until));
    }

    /// Takes all bits of `access` away.
    pub fn take(&mut self, access: Access) {
        self.set(access, None);
    }

    /// Returns the bits that have not ended at the moment `now`, or all bits for `None`.
    fn access_at(&self, now: Option<Moment>) -> Access {
        let holds = |until: Until| now.is_none_or(|now| until.holds(now));
        let parts = self.parts().into_iter();
        parts.fold(Access::NONE, |access, (bit, until)| match until.is_some_and(holds) {
            true => access | bit,
            false => access,
        })
    }

    /// Returns all bits that it gives, ended or not.
    pub fn access(&self) -> Access {
        self.access_at(None)
    }

    /// Returns the bits that have not ended at the moment `now`.
    pub fn active(&self, now: Moment) -> Access {
        self.access_at(Some(now))
    }
}

/// The basis of an access decision, which operations record.
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
    /// The account owns the container.
    #[codec(index = 0)]
    Owner,
    /// The account holds this role.
    #[codec(index = 1)]
    Role(RoleId),
    /// The account has a grant.
    #[codec(index = 2)]
    Grant,
}
