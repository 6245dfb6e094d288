// SPDX-License-Identifier: Apache-2.0

//! # The Twinchain runtime
//!
//! The state transition function of Twinchain, a permissioned chain for digital twins. It wires
//! pallets together and holds no rules of its own:
//!
//! | index | pallet | purpose |
//! |---|---|---|
//! | 0 | System | blocks, accounts, nonces, runtime upgrades |
//! | 1 | Timestamp | the time with which expiries are compared |
//! | 2 | Aura | the author of the block of each slot |
//! | 3 | Grandpa | finality |
//! | 4 | Session | the validators and their keys |
//! | 5 | Balances | a currency, because Session requires one; it has no calls |
//! | 6 | Authorship | the author of the block, for reports of an offence |
//! | 7 | Historical | the validators of past sessions, for proofs of an offence |
//! | 8 | Offences | the validators that voted twice on finality |
//! | 9 | MultiBlockMigrations | changes of the state that take many blocks; it has no calls |
//! | 10 | DataContainer | plugins, containers and their data |
//! | 11 | DigitalTwin | twins and their links |
//! | 12 | Consortium | organisations, members, nodes and validators |
//! | 13 | Council | motions and votes |
//! | 14 | Councillors | the members of the council |
//! | 20 | Utility | many calls in one transaction |
//! | 21 | Proxy | accounts of companies, for which several people act |
//! | 22 | Multisig | accounts for which several people must agree |
//!
//! An index is part of the encoding of calls, events and errors, so a retired index is never used
//! again. There are no fees and no token: the transaction payment APIs return zero fees and the
//! actual weight.
//!
//! [`configs`] configures the pallets, [`apis`] implements the runtime APIs, [`presets`] holds the
//! built-in genesis states, and [`weights`] holds the measured weights. `signing`, which is not
//! part of the WebAssembly, signs transactions for clients in Rust.

#![cfg_attr(not(feature = "std"), no_std)]
// `#[frame_support::runtime]` nests one macro call for each pallet.
#![recursion_limit = "256"]
#![allow(
    clippy::as_conversions,
    missing_docs,
    reason = "`#[frame_support::runtime]` writes into the crate's root; the modules warn again"
)]

extern crate alloc;

#[deny(clippy::as_conversions)]
pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
#[deny(clippy::as_conversions)]
#[allow(clippy::expect_used, reason = "it measures, and is in no chain")]
mod benchmarks;
#[deny(clippy::as_conversions)]
#[warn(missing_docs)]
pub mod configs;
#[deny(clippy::as_conversions)]
#[warn(missing_docs)]
pub mod opaque;
#[deny(clippy::as_conversions)]
#[warn(missing_docs)]
pub mod presets;
#[cfg(feature = "std")]
#[deny(clippy::as_conversions)]
#[warn(missing_docs)]
pub mod signing;
#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::as_conversions)]
mod tests;
#[deny(clippy::as_conversions)]
#[warn(missing_docs)]
pub mod weights;

/// The output of the build script: the runtime as WebAssembly, or `None` if the build skipped it.
#[cfg(feature = "std")]
mod wasm {
    include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));
}
#[cfg(feature = "std")]
pub use wasm::{WASM_BINARY, WASM_BINARY_BLOATY, WASM_BINARY_PATH};

pub use apis::RuntimeApi;
pub use configs::consensus::SessionKeys;

use alloc::{borrow::Cow, vec::Vec};
use sp_runtime::{
    generic,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
    MultiAddress, MultiSignature,
};
use sp_version::RuntimeVersion;

/// A block number.
pub type BlockNumber = u32;
/// The number of transactions of an account.
pub type Nonce = u32;
/// A hash of a block, of a node of the state or of a stored value: Blake2b, 256 bits.
pub type Hash = sp_core::H256;
/// The balance type of pallet-balances. Every balance is zero.
pub type Balance = u128;
/// A signature by any of the signature schemes that accounts may use.
pub type Signature = MultiSignature;
/// An account: a public key, its hash, or an identifier that a pallet derived.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// The form in which a transaction names an account.
pub type Address = MultiAddress<AccountId, ()>;

/// A block's header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// A block.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
/// An extrinsic as it arrives from outside.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
/// The payload that the signer of a transaction signs.
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// The checks of every transaction, in this order.
///
/// Clients encode the data that these add to a transaction and to the signed payload. Polkadot.js
/// knows each of them by name. It accepts an unknown extension only if that adds no data.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckMortality<Runtime>,
    // Before the nonce, so that an account that is not a member gets that error.
    pallet_consortium::CheckMember<Runtime>,
    pallet_consortium::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// The executor of blocks, which [`apis`] calls for most of its work.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// The duration of a slot, in milliseconds. Fixed at genesis: a new value would change the slot
/// numbers, and time would appear to jump.
pub const SLOT_DURATION: u64 = 3_000;
/// The number of blocks in an hour, if every slot has one.
pub const HOURS: BlockNumber = 1_200;

/// The prefix of addresses: 42, for chains without a registered prefix.
pub const SS58_PREFIX: u16 = 42;
/// The symbol that wallets show after amounts. There is no token, but wallets require a symbol.
pub const TOKEN_SYMBOL: &str = "UNIT";
/// The position of the decimal point in wallets.
pub const TOKEN_DECIMALS: u8 = 12;

/// The version of this runtime.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: Cow::Borrowed("twinchain"),
    impl_name: Cow::Borrowed("twinchain"),
    authoring_version: 1,
    // Increases with every runtime to which a chain upgrades.
    spec_version: 1,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    // Increases when the encoding of an existing call or of the transaction extensions changes.
    transaction_version: 1,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    /// The runtime.
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;

    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;

    #[runtime::pallet_index(2)]
    pub type Aura = pallet_aura;

    #[runtime::pallet_index(3)]
    pub type Grandpa = pallet_grandpa;

    // Before Session, whose genesis reads the validators from it.
    #[runtime::pallet_index(12)]
    pub type Consortium = pallet_consortium;

    #[runtime::pallet_index(4)]
    pub type Session = pallet_session;

    // Without calls: nothing can be transferred. So no account can lose its last unit and be
    // removed, after which its old transactions could be replayed.
    #[runtime::pallet_index(5)]
    #[runtime::disable_call]
    pub type Balances = pallet_balances;

    #[runtime::pallet_index(6)]
    pub type Authorship = pallet_authorship;

    #[runtime::pallet_index(7)]
    pub type Historical = pallet_session::historical;

    #[runtime::pallet_index(8)]
    pub type Offences = pallet_offences;

    // Without calls: they require root, and blocks accept none of them while steps run.
    #[runtime::pallet_index(9)]
    #[runtime::disable_call]
    pub type MultiBlockMigrations = pallet_migrations;

    #[runtime::pallet_index(10)]
    pub type DataContainer = pallet_data_container;

    #[runtime::pallet_index(11)]
    pub type DigitalTwin = pallet_digital_twin;

    #[runtime::pallet_index(13)]
    pub type Council = pallet_collective<Instance1>;

    #[runtime::pallet_index(14)]
    pub type Councillors = pallet_membership<Instance1>;

    #[runtime::pallet_index(20)]
    pub type Utility = pallet_utility;

    #[runtime::pallet_index(21)]
    pub type Proxy = pallet_proxy;

    #[runtime::pallet_index(22)]
    pub type Multisig = pallet_multisig;
}
