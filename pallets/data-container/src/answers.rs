// SPDX-License-Identifier: Apache-2.0

//! The results of the view functions.

use crate::types::*;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::weights::Weight;
use scale_info::{prelude::vec::Vec, TypeInfo};
use sp_runtime::DispatchError;
use twinchain_primitives::{ContainerId, DataSetId, Moment, Name, PluginId, TwinId};

/// The maximum number of warnings about one document.
pub const MAX_WARNINGS: u32 = 64;

/// A plugin with its document.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct PluginInfo<AccountId> {
    /// The stored record.
    pub plugin: Plugin<AccountId>,
    /// Its document, byte for byte as it was published.
    pub document: Vec<u8>,
}

/// A container with its description and roles.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct ContainerInfo<AccountId, BlockNumber> {
    /// The stored record.
    pub container: Container<AccountId, BlockNumber>,
    /// Its description, as JSON text; empty if it has none.
    pub description: Vec<u8>,
    /// Its roles.
    pub roles: Vec<RoleInfo>,
}

/// A role of a container with its number of holders.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct RoleInfo {
    /// Its id and its name.
    pub role: Role,
    /// The number of accounts that hold it.
    pub holders: u32,
}

/// A batch of a list with its number.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct BatchInfo<AccountId, BlockNumber> {
    /// The batch's number.
    pub batch: u32,
    /// The author and the items. An item's address is (batch, position). A removed item is `None`.
    pub stored: Batch<AccountId, BlockNumber>,
}

/// The reason why a value or a document would be rejected.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Refusal {
    /// The error with which the call would fail.
    pub error: DispatchError,
    /// The keyword that is violated or not supported, or another word for the fault.
    pub keyword: Vec<u8>,
    /// The byte offset in the value or the document.
    pub offset: u32,
    /// The JSON Pointer (RFC 6901) of the place in the value or the document.
    pub pointer: Vec<u8>,
    /// A sentence about the fault.
    pub message: Vec<u8>,
}

/// The plugin that a document would define.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct PluginPreview {
    /// The plugin's name.
    pub name: Name,
    /// The earlier plugin that it would replace, if any.
    pub replaces: Option<PluginId>,
    /// Its data sets.
    pub data_sets: Vec<Definition>,
    /// The schema reports of its data sets, in the same order.
    pub reports: Vec<SchemaReport>,
    /// Its roles.
    pub roles: Vec<Name>,
    /// Possible mistakes, at most [`MAX_WARNINGS`].
    pub warnings: Vec<Warning>,
}

/// The data set that a definition would add.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DataSetPreview {
    /// The data set.
    pub data_set: Definition,
    /// The report of its schema.
    pub report: SchemaReport,
    /// Possible mistakes, at most [`MAX_WARNINGS`].
    pub warnings: Vec<Warning>,
}

/// The chain's interpretation of a schema.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct SchemaReport {
    /// The draft of JSON Schema in which it is written, such as `draft 2020-12`.
    pub dialect: Vec<u8>,
    /// The keywords that are checked, in alphabetical order.
    pub checked: Vec<Vec<u8>>,
    /// The members that are not checked, in alphabetical order. They only describe, only a later
    /// draft knows them, or they are beside a `$ref` in a draft that ignores such members.
    pub annotations: Vec<Vec<u8>>,
    /// The members that are not checked because no draft knows them, in alphabetical order.
    pub unknown: Vec<Vec<u8>>,
    /// The maximum number of schemas that can apply to one place of a value. The time of a check
    /// grows with it.
    pub cost: u32,
    /// The bytes of the compiled schema, which every write reads.
    pub program: u32,
    /// The cost of a write.
    pub write: WriteCost,
}

/// The maximum cost of a write in terms of a quota: `fixed`, plus `per_byte` for each byte of the
/// value. It is the weight of the call. Each extrinsic has a base weight in addition.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct WriteCost {
    /// The cost that does not depend on the value.
    pub fixed: Weight,
    /// The cost for each byte of the value.
    pub per_byte: Weight,
}

/// A part of a document that is accepted, but may be a mistake. The chain ignores it. It is one of
/// these: a member of a schema that no draft of JSON Schema knows, or only a later one; a member
/// beside a `$ref` in a draft that ignores such members; a member of the document whose name is
/// similar to a known one, such as `visibilty`.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Warning {
    /// The member's name.
    pub keyword: Vec<u8>,
    /// Its byte offset in the document.
    pub offset: u32,
    /// Its JSON Pointer (RFC 6901) in the document.
    pub pointer: Vec<u8>,
    /// A sentence about the possible mistake.
    pub message: Vec<u8>,
}

/// The call for which `check_value` checks a value.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum WriteCall {
    /// `set_entry` or `store`: the value of a public entry.
    #[codec(index = 0)]
    SetEntry,
    /// `append`: an item of a public list.
    #[codec(index = 1)]
    Append,
    /// `set_sealed_entry`: the value of a confidential entry, before it is sealed.
    #[codec(index = 2)]
    SetSealedEntry,
    /// `append_sealed`: an item of a confidential list, before it is sealed.
    #[codec(index = 3)]
    AppendSealed,
}

/// The author of a value, and when it was written.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Authorship<AccountId, BlockNumber> {
    /// The account that wrote it.
    pub author: AccountId,
    /// The block in which it was written.
    pub block: BlockNumber,
    /// The time of that block, in Unix milliseconds.
    pub time: Moment,
}

/// A container that is on offer.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OfferInfo<AccountId> {
    /// The container.
    pub container: ContainerId,
    /// The account that offers it.
    pub owner: AccountId,
    /// The offer.
    pub offer: Offer<AccountId>,
    /// The twin together with which it must be handed over, if any.
    pub twin: Option<TwinId>,
}

/// A reader of a confidential data set.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct ReaderInfo<AccountId> {
    /// The account.
    pub account: AccountId,
    /// The last moment of its READ, in Unix milliseconds, or `None` if it has no end. `None` for
    /// the owner.
    pub until: Option<Moment>,
    /// Whether it can open the newest values.
    pub envelope: EnvelopeState,
    /// The moment since which its seed of the current epoch counts as known to others, in Unix
    /// milliseconds. `None` if no key to which the seed was sealed has leaked.
    pub leaked: Option<Moment>,
}

/// Whether a reader can open a data set's newest values.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum EnvelopeState {
    /// It has the current epoch's seed, sealed to its current key.
    #[codec(index = 0)]
    Current,
    /// It has the current epoch's seed, sealed to an older key of its own.
    #[codec(index = 1)]
    OldKey,
    /// It has only the seed of an older epoch.
    #[codec(index = 2)]
    OldEpoch,
    /// It has no envelope.
    #[codec(index = 3)]
    Missing,
}

/// Whether a confidential data set accepts sealed values.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum Sealing<AccountId> {
    /// Sealed writes are accepted, until `end` if there is one.
    #[codec(index = 0)]
    Open {
        /// The time when sealing to the current key will end, and the reason.
        end: Option<SealingEnd<AccountId>>,
    },
    /// Rejected: it has no key before the first rotation.
    #[codec(index = 1)]
    NoKey,
    /// Rejected until the owner rotates the key.
    #[codec(index = 2)]
    RotationDue(SealingEnd<AccountId>),
    /// Rejected because the offer of the container has lapsed. Any account can cancel it, the
    /// offeree can decline it, and the owner can renew it.
    #[codec(index = 3)]
    OfferLapsed {
        /// The offeree, which holds the seeds and can no longer accept.
        to: AccountId,
        /// The deadline of the offer, in Unix milliseconds.
        since: Moment,
    },
    /// Rejected: the data set is retired, or its container is closed.
    #[codec(index = 4)]
    Ended,
}

/// A confidential data set that is due for rotation.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DueRotation<AccountId> {
    /// The data set's name.
    pub data_set: Name,
    /// The reason and its time, or `None` if it has no key yet.
    pub end: Option<SealingEnd<AccountId>>,
}

/// The position at which a page of due rotations ended.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct RotationCursor<AccountId> {
    /// The data set whose readers were being examined.
    pub data_set: DataSetId,
    /// The last reader that was examined, if any.
    pub reader: Option<AccountId>,
}
