// SPDX-License-Identifier: Apache-2.0

//! How an upgrade changes the state: in its first block, or in steps over many blocks.

use super::limits::RuntimeBlockWeights;
use crate::{Runtime, RuntimeEvent};
use frame_support::{
    migrations::{FailedMigrationHandler, FailedMigrationHandling, ForceUnstuckOnFailedMigration},
    parameter_types,
    traits::ConstU32,
    weights::Weight,
};

/// What happens to the state once, when a chain upgrades to this runtime.
///
/// Named here, since the order matters; a migration goes when every chain has passed it.
pub type Migrations = ();

/// The migrations in steps, of which one block runs one step, from the first block of this runtime
/// on. Blocks hold no transactions until the last step has run.
///
/// Each names its most steps, since no transaction can end it. The code reads the old form and the
/// new one, since a failed migration leaves both: `docs/decisions/0029-migrations-in-steps.md`.
pub type MigrationsInSteps = ();

parameter_types! {
    /// The most that a step may weigh: a quarter of a block. An author does not interrupt a step,
    /// the others execute it again before their slot, and most of what it reads is in no cache.
    pub MaxServiceWeight: Weight = RuntimeBlockWeights::get().max_block.saturating_div(4);
    /// How many upgrades of this chain failed in a step. Nodes read it for their operators.
    pub storage FailedUpgrades: u32 = 0;
}

/// Counts a failed migration, and lets the chain go on.
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
    // In bytes; a test of the SDK compares both with what the migrations need.
    type CursorMaxLen = ConstU32<65_536>;
    type IdentifierMaxLen = ConstU32<256>;
    type MigrationStatusHandler = ();
    type FailedMigrationHandler = CountAndGoOn;
    type MaxServiceWeight = MaxServiceWeight;
    // The SDK's, which were measured with these two lengths. They matter only while steps run.
    type WeightInfo = pallet_migrations::weights::SubstrateWeight<Self>;
}

/// Returns the key in the state under which there is a value as long as a migration runs.
pub fn running_key() -> [u8; 32] {
    pallet_migrations::Cursor::<Runtime>::hashed_key()
}
