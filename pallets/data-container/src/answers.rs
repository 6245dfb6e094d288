// SPDX-License-Identifier: Apache-2.0

//! What the pallet answers.

use crate::types::*;
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::weights::Weight;
use scale_info::{prelude::vec::Vec, TypeInfo};
use sp_runtime::DispatchError;
use twinchain_primitives::{ContainerId, DataSetId, Moment, Name, PluginId, TwinId};

/// The most warnings about one document.
pub const MAX_WARNINGS: u32 = 64;

/// A plugin as a reader sees it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct PluginInfo<AccountId> {
    /// What the chain keeps of it.
    pub plugin: Plugin<AccountId>,
    /// Its document, byte for byte as it was published.
    pub document: Vec<u8>,
}

/// A container as a reader sees it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct ContainerInfo<AccountId, BlockNumber> {
    /// What the chain keeps of it.
    pub container: Container<AccountId, BlockNumber>,
    /// Its description, JSON text; empty if it has none.
    pub description: Vec<u8>,
    /// Its roles.
    pub roles: Vec<RoleInfo>,
}

/// A role of a container as a reader sees it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct RoleInfo {
    /// Its id and its name.
    pub role: Role,
    /// How many accounts hold it.
    pub holders: u32,
}

/// A batch of a list as a reader sees it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct BatchInfo<AccountId, BlockNumber> {
    /// The batch's number.
    pub batch: u32,
    /// Who appended it, and its items: an item's address is (batch, position). A removed one is
    /// nothing.
    pub stored: Batch<AccountId, BlockNumber>,
}

/// Why a value or a document would be refused.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Refusal {
    /// The error with which the call would fail.
    pub error: DispatchError,
    /// The keyword that is violated or not supported, or a word for what else is wrong.
    pub keyword: Vec<u8>,
    /// The byte offset in the value or the document.
    pub offset: u32,
    /// The JSON Pointer (RFC 6901) of the place in the value or the document.
    pub pointer: Vec<u8>,
    /// What is wrong, in words.
    pub message: Vec<u8>,
}

/// What publishing a document would make.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct PluginPreview {
    /// The plugin's name.
    pub name: Name,
    /// The plugin that it would replace.
    pub replaces: Option<PluginId>,
    /// Its data sets.
    pub data_sets: Vec<Definition>,
    /// What is checked of each, in their order.
    pub reports: Vec<SchemaReport>,
    /// Its roles.
    pub roles: Vec<Name>,
    /// What may be a mistake, at most [`MAX_WARNINGS`].
    pub warnings: Vec<Warning>,
}

/// What adding a data set would make.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DataSetPreview {
    /// The data set.
    pub data_set: Definition,
    /// What is checked of it.
    pub report: SchemaReport,
    /// What may be a mistake, at most [`MAX_WARNINGS`].
    pub warnings: Vec<Warning>,
}

/// What a schema means to the chain.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct SchemaReport {
    /// The draft of JSON Schema that it is written in, such as `draft 2020-12`.
    pub dialect: Vec<u8>,
    /// The keywords that are checked, in alphabetical order.
    pub checked: Vec<Vec<u8>>,
    /// The members that are not checked, because they describe, only a later draft knows them, or
    /// they stand beside a `$ref` which stands alone; in alphabetical order.
    pub annotations: Vec<Vec<u8>>,
    /// The members that are not checked because no draft knows them, in alphabetical order.
    pub unknown: Vec<Vec<u8>>,
    /// The most schemas that can apply to one place of a value. Time grows with it.
    pub cost: u32,
    /// The bytes of the compiled schema, which every write reads.
    pub program: u32,
    /// What a write takes of a quota.
    pub write: WriteCost,
}

/// What a write takes of a quota at most: `fixed` and, for each byte of the value, `per_byte`. It
/// is the weight of the call, to which that of any extrinsic comes.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct WriteCost {
    /// Whatever the value is.
    pub fixed: Weight,
    /// For each byte of the value.
    pub per_byte: Weight,
}

/// Something in a document that is accepted and may be a mistake: a member of a schema that no
/// draft of JSON Schema knows, or only a later one, or that stands beside a `$ref` which stands
/// alone; or a member of the document that is written much like another one, such as `visibilty`.
/// None of them means anything to the chain.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Warning {
    /// The member's name.
    pub keyword: Vec<u8>,
    /// Its byte offset in the document.
    pub offset: u32,
    /// Its JSON Pointer (RFC 6901) in the document.
    pub pointer: Vec<u8>,
    /// What may be wrong, in words.
    pub message: Vec<u8>,
}

/// A call whose value `check_value` checks.
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

/// Who wrote a value, and when.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Authorship<AccountId, BlockNumber> {
    /// The account that wrote it.
    pub author: AccountId,
    /// The block in which it was written.
    pub block: BlockNumber,
    /// The time of that block, Unix milliseconds.
    pub time: Moment,
}

/// A container that is on offer to somebody.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct OfferInfo<AccountId> {
    /// The container.
    pub container: ContainerId,
    /// Who offers it.
    pub owner: AccountId,
    /// The offer.
    pub offer: Offer<AccountId>,
    /// The twin with which alone it changes hands.
    pub twin: Option<TwinId>,
}

/// A reader of a confidential data set.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct ReaderInfo<AccountId> {
    /// Who.
    pub account: AccountId,
    /// The last moment of its grant. Nothing: for ever, or the owner.
    pub until: Option<Moment>,
    /// Whether it can open the newest values.
    pub envelope: EnvelopeState,
    /// Since when the seed that it has of the current epoch counts as known to others, because its
    /// key leaked, Unix milliseconds. `None`: it does not.
    pub leaked: Option<Moment>,
}

/// Whether a reader has what opens a data set's newest values.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum EnvelopeState {
    /// It has the current epoch's seed, sealed to its current key.
    #[codec(index = 0)]
    Current,
    /// It has the current epoch's seed, sealed to an older key of its own.
    #[codec(index = 1)]
    OldKey,
    /// It has an older epoch's seed.
    #[codec(index = 2)]
    OldEpoch,
    /// It has none.
    #[codec(index = 3)]
    Missing,
}

/// Whether a confidential data set takes sealed values.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub enum Sealing<AccountId> {
    /// Sealed writes are accepted, until `end` if it is set.
    #[codec(index = 0)]
    Open {
        /// When and why sealing to the current key will end.
        end: Option<SealingEnd<AccountId>>,
    },
    /// Refused: it has no key before the first rotation.
    #[codec(index = 1)]
    NoKey,
    /// Refused until the owner rotates the key.
    #[codec(index = 2)]
    RotationDue(SealingEnd<AccountId>),
    /// Refused until the offer of the container, which lapsed, is cancelled by any account,
    /// declined by the offeree, or renewed by the owner.
    #[codec(index = 3)]
    OfferLapsed {
        /// The account that holds the seeds and can no longer accept.
        to: AccountId,
        /// The deadline of the offer, Unix milliseconds.
        since: Moment,
    },
    /// Refused: it was retired, or its container was closed.
    #[codec(index = 4)]
    Ended,
}

/// A confidential data set whose key is to be rotated.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct DueRotation<AccountId> {
    /// The data set's name.
    pub data_set: Name,
    /// Since when and why. `None`: it has no key yet.
    pub end: Option<SealingEnd<AccountId>>,
}

/// Where a page of due rotations ended.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct RotationCursor<AccountId> {
    /// The data set whose readers were being examined.
    pub data_set: DataSetId,
    /// The last of them that was.
    pub reader: Option<AccountId>,
}
