// SPDX-License-Identifier: Apache-2.0

//! Accounts of companies, for which several people act, and many calls in one transaction.
//!
//! Nothing is deposited, since there is no token: the signer pays with its quota.

use super::growth::Growing;
use crate::{
    AccountId, Balances, BlockNumber, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, System,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::{ConstU128, ConstU32, InstanceFilter};
use pallet_consortium::PendingMultisigs;
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

/// The calls that a proxy may make for an account.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    TypeInfo,
)]
pub enum ProxyType {
    /// Every call. The default: pallet-proxy lets only this type remove all proxies or the account.
    #[codec(index = 0)]
    #[default]
    Any,
    /// Set, append, clear and remove data.
    #[codec(index = 1)]
    Data,
    /// Give and take access: roles, shares and keys. Only `Any` gives up the account's own access.
    #[codec(index = 2)]
    Share,
    /// Daily work: twins, links, containers and their data. Excludes final calls (deactivating,
    /// closing, adding data sets, retiring, purging), and calls about access, keys and handover. A
    /// write to a write-once data set is final with any type that writes data.
    #[codec(index = 3)]
    Twins,
}

/// Returns `true` if a call sets, appends, clears or removes data.
fn is_about_data(call: &pallet_data_container::Call<Runtime>) -> bool {
    use pallet_data_container::Call::*;
    matches!(
        call,
        set_entry { .. }
            | set_sealed_entry { .. }
            | clear_entry { .. }
            | append { .. }
            | append_sealed { .. }
            | remove_item { .. }
            | store { .. }
    )
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        use pallet_data_container::Call::*;
        use pallet_digital_twin::Call as Twin;
        // The filter also sees each call of a batch separately.
        let batch = matches!(call, RuntimeCall::Utility(_));
        match (self, call) {
            (Self::Any, _) => true,
            (Self::Data, RuntimeCall::DataContainer(call)) => is_about_data(call),
            (Self::Twins, RuntimeCall::DataContainer(call)) => {
                is_about_data(call)
                    || matches!(
                        call,
                        create_container { .. }
                            | instantiate { .. }
                            | clone_container { .. }
                            | set_description { .. }
                    )
            },
            (Self::Twins, RuntimeCall::DigitalTwin(call)) => matches!(
                call,
                Twin::create_twin { .. }
                    | Twin::set_description { .. }
                    | Twin::set_link { .. }
                    | Twin::remove_link { .. }
            ),
            (Self::Share, RuntimeCall::DataContainer(call)) => matches!(
                call,
                set_role { .. }
                    | assign_role { .. }
                    | unassign_role { .. }
                    | rename_role { .. }
                    | remove_role { .. }
                    | share { .. }
                    | unshare { .. }
                    | clear_expired { .. }
                    | set_encryption_key { .. }
                    | set_account_envelopes { .. }
                    | remove_account_envelope { .. }
                    | rotate_key { .. }
                    | set_envelope { .. }
                    | set_envelopes { .. }
            ),
            (Self::Data | Self::Share | Self::Twins, _) => batch,
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        self == other || *self == Self::Any || (*self == Self::Twins && *other == Self::Data)
    }
}

/// The deposit is zero. The benchmarks of deposits require one.
const DEPOSIT: u128 = if cfg!(feature = "runtime-benchmarks") { 1 } else { 0 };

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ConstU128<DEPOSIT>;
    type ProxyDepositFactor = ConstU128<DEPOSIT>;
    type MaxProxies = ConstU32<32>;
    type WeightInfo = Growing<crate::weights::pallet_proxy::WeightInfo<Self>>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = ConstU128<DEPOSIT>;
    type AnnouncementDepositFactor = ConstU128<DEPOSIT>;
    type BlockNumberProvider = System;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = ConstU128<DEPOSIT>;
    type DepositFactor = ConstU128<DEPOSIT>;
    type MaxSignatories = ConstU32<32>;
    type WeightInfo = Growing<crate::weights::pallet_multisig::WeightInfo<Self>>;
    type BlockNumberProvider = System;
}

/// The pending multisig operations.
pub struct Operations;

impl PendingMultisigs<AccountId, BlockNumber> for Operations {
    fn began(account: &AccountId, call_hash: [u8; 32]) -> Option<BlockNumber> {
        pallet_multisig::Multisigs::<Runtime>::get(account, call_hash)
            .map(|operation| operation.when.height)
    }

    fn forget(account: &AccountId, call_hash: [u8; 32]) {
        // No deposit needs to be returned.
        pallet_multisig::Multisigs::<Runtime>::remove(account, call_hash);
    }
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = crate::weights::pallet_utility::WeightInfo<Self>;
}
