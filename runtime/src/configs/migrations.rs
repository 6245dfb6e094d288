// SPDX-License-Identifier: Apache-2.0

//! Changes of the state by an upgrade: in its first block, or in steps over many blocks.

use super::limits::RuntimeBlockWeights;
use crate::{Runtime, RuntimeEvent};
use frame_support::{
    migrations::{FailedMigrationHandler, FailedMigrationHandling, ForceUnstuckOnFailedMigration},
    parameter_types,
    traits::ConstU32,
    weights::Weight,
};

/// The migrations that run once, in the first block after a chain upgrades to this runtime.
///
/// The order matters. A migration can be removed when every chain has run it.
pub type Migrations = ();

/// The migrations in steps. From the first block of this runtime on, each block runs one step.
/// Blocks hold no transactions until the last step has run.
///
/// Each migration declares a maximum number of steps, since no transaction can end it. The code
/// reads the old and the new form, since a failed migration leaves both:
/// `docs/decisions/0029-migrations-in-steps.md`.
pub type MigrationsInSteps = ();

parameter_types! {
    /// The maximum weight of a step: a quarter of a block. An author does not interrupt a step, the
    /// other validators execute it again before their slot, and most of what it reads is not
    /// cached.
    pub MaxServiceWeight: Weight = RuntimeBlockWeights::get().max_block.saturating_div(4);
    /// The number of this chain's upgrades that failed in a step. Nodes report it to their
    /// operators.
    pub storage FailedUpgrades: u32 = 0;
}

/// Counts a failed migration and lets the chain continue.
pub struct CountAndGoOn;

impl FailedMigrationHandler for CountAndGoOn {
    fn failed(migration: Option<u32>) -> FailedMigrationHandling {
        FailedUpgrades::set(&FailedUpgrades::get().saturating_add(1));
        ForceUnstuckOnFailedMigration::failed(migration)
    }
}

impl pallet_migrations::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    #[cfg(not(any(test, feature = "runtime-benchmarks")))]
    type Migrations = MigrationsInSteps;
    #[cfg(all(test, not(feature = "runtime-benchmarks")))]
    type Migrations = (MigrationsInSteps, crate::tests::migrations::Counting);
    #[cfg(feature = "runtime-benchmarks")]
    type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
    // In bytes. A test of the SDK compares both with what the migrations need.
    type CursorMaxLen = ConstU32<65_536>;
    type IdentifierMaxLen = ConstU32<256>;
    type MigrationStatusHandler = ();
    type FailedMigrationHandler = CountAndGoOn;
    type MaxServiceWeight = MaxServiceWeight;
    // The SDK's weights, measured with these two lengths. They matter only while steps run.
    type WeightInfo = pallet_migrations::weights::SubstrateWeight<Self>;
}

/// Returns the state key that has a value while a migration runs.
pub fn running_key() -> [u8; 32] {
    pallet_migrations::Cursor::<Runtime>::hashed_key()
}
