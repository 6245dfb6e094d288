// SPDX-License-Identifier: Apache-2.0

//! A migration in steps runs over many blocks, keeps transactions out of them, and always ends.

use super::{
    chain,
    quotas::{apply, begin_block, create_twin, COUNCILLOR},
    transactions::{remark, signed, validity},
};
use crate::{
    configs::{
        migrations::{running_key, FailedUpgrades, MaxServiceWeight, MigrationsInSteps},
        system::RuntimeBlockWeights,
    },
    presets, Block, BlockNumber, Executive, Header, MultiBlockMigrations, Runtime, RuntimeCall,
    RuntimeEvent, System, UncheckedExtrinsic, HOURS, SLOT_DURATION,
};
use codec::Encode;
use frame_support::{
    hypothetically,
    migrations::{SteppedMigration, SteppedMigrationError, SteppedMigrations},
    parameter_types,
    traits::GetCallMetadata,
    weights::{Weight, WeightMeter},
};
use pallet_migrations::{
    Event::{self, *},
    Historic, MbmIsOngoing, WeightInfo,
};
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_runtime::{
    generic::{Digest, DigestItem},
    traits::Header as _,
    ExtrinsicInclusionMode::{AllExtrinsics, OnlyInherents},
};

/// The block that applies the upgrade: the last one of the previous runtime.
const APPLIED: BlockNumber = 1;
/// The maximum number of steps of [`Counting`].
const MOST_STEPS: u32 = 10;
/// The maximum number of steps that a migration may declare: a day of blocks.
const DAY: u32 = 24 * HOURS;

parameter_types! {
    /// The last step of [`Counting`].
    storage LastStep: u32 = 0;
    /// `true` if the last step fails.
    storage Fails: bool = false;
    /// The number of steps so far, which is what the migration writes.
    storage Counted: u32 = 0;
    /// The weight limit of the latest step.
    storage StepLimit: Weight = Weight::zero();
}

/// A migration in steps that exists only in tests.
pub struct Counting;

impl SteppedMigration for Counting {
    type Cursor = u32;
    type Identifier = [u8; 8];

    fn id() -> Self::Identifier {
        *b"counting"
    }

    fn max_steps() -> Option<u32> {
        Some(MOST_STEPS)
    }

    fn step(
        cursor: Option<Self::Cursor>,
        meter: &mut WeightMeter,
    ) -> Result<Option<Self::Cursor>, SteppedMigrationError> {
        let step = cursor.unwrap_or(0) + 1;
        Counted::set(&step);
        StepLimit::set(&meter.limit());
        match (step < LastStep::get(), Fails::get()) {
            (true, _) => Ok(Some(step)),
            (false, false) => Ok(None),
            (false, true) => Err(SteppedMigrationError::Failed),
        }
    }
}

/// Runs a test on a chain that has just upgraded to a runtime with [`Counting`], which ends with
/// `last_step`.
fn upgraded(last_step: u32, fails: bool, test: impl FnOnce()) {
    chain(presets::DEVELOPMENT).execute_with(|| {
        assert_eq!(begin_block(APPLIED), AllExtrinsics);
        Executive::finalize_block();
        upgrade(last_step, fails);
        test();
    });
}

/// Makes the next block the first one of a new runtime.
fn upgrade(last_step: u32, fails: bool) {
    LastStep::set(&last_step);
    Fails::set(&fails);
    frame_system::LastRuntimeUpgrade::<Runtime>::kill();
}

/// Makes a block without transactions. Returns the events of its migrations.
fn block_of_a_step(number: BlockNumber) -> Vec<Event<Runtime>> {
    assert_eq!(begin_block(number), OnlyInherents, "block {number}");
    Executive::finalize_block();
    let ours = |record: frame_system::EventRecord<RuntimeEvent, _>| match record.event {
        RuntimeEvent::MultiBlockMigrations(event) => Some(event),
        _ => None,
    };
    System::events().into_iter().filter_map(ours).collect()
}

/// Makes a block in which a transaction succeeds.
fn ordinary_block(number: BlockNumber) {
    assert_eq!(begin_block(number), AllExtrinsics, "block {number}");
    assert_eq!(apply(COUNCILLOR, create_twin()), Ok(Ok(())));
    Executive::finalize_block();
}

fn is_running() -> bool {
    sp_io::storage::exists(&running_key())
}

fn is_done() -> bool {
    Historic::<Runtime>::iter_keys().any(|id| id.into_inner() == Counting::id().encode())
}

#[test]
fn a_migration_takes_a_block_for_each_step_before_transactions_resume() {
    upgraded(3, false, || {
        let started = UpgradeStarted { migrations: 1 };
        let advanced = |took| MigrationAdvanced { index: 0, took };
        assert_eq!(block_of_a_step(2), [started, advanced(1)]);
        assert!(is_running() && !is_done());
        assert_eq!(MultiBlockMigrations::ongoing_status(), MbmIsOngoing::Yes);
        assert_eq!(block_of_a_step(3), [advanced(2)]);
        assert_eq!(Counted::get(), 2);
        let completed = MigrationCompleted { index: 0, took: 3 };
        assert_eq!(block_of_a_step(4), [completed, UpgradeCompleted]);
        assert_eq!((Counted::get(), is_running(), is_done()), (3, false, true));
        assert_eq!(FailedUpgrades::get(), 0);
        ordinary_block(5);
    });
}

#[test]
fn transactions_stay_valid_while_a_migration_runs() {
    upgraded(3, false, || {
        block_of_a_step(2);
        assert!(hypothetically!(validity(signed(COUNCILLOR, create_twin()))).is_ok());
    });
}

#[test]
#[should_panic = "Only inherents are allowed in this block"]
fn a_block_with_transactions_is_rejected_while_a_migration_runs() {
    upgraded(3, false, || {
        block_of_a_step(2);
        let logs = vec![DigestItem::PreRuntime(AURA_ENGINE_ID, Slot::from(3).encode())];
        let parent = System::block_hash(2);
        let none = Default::default();
        let header = Header::new(3, none, none, parent, Digest { logs });
        let now = 3 * SLOT_DURATION;
        let time = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
        let extrinsics = vec![time, signed(COUNCILLOR, remark())];
        Executive::execute_block(Block { header, extrinsics }.into());
    });
}

#[test]
fn a_failed_migration_is_counted_and_the_chain_continues() {
    upgraded(3, true, || {
        block_of_a_step(2);
        block_of_a_step(3);
        let failed = MigrationFailed { index: 0, took: 3 };
        assert_eq!(block_of_a_step(4), [failed, UpgradeFailed]);
        // The earlier steps stay; the failed one is reverted.
        assert_eq!((Counted::get(), is_running(), is_done()), (2, false, false));
        assert_eq!(FailedUpgrades::get(), 1);
        ordinary_block(5);
    });
}

#[test]
fn the_next_runtime_runs_a_failed_migration_again_from_its_first_step() {
    upgraded(2, true, || {
        block_of_a_step(2);
        block_of_a_step(3);
        ordinary_block(4);
        upgrade(2, false);
        let advanced = MigrationAdvanced { index: 0, took: 1 };
        assert_eq!(block_of_a_step(5), [UpgradeStarted { migrations: 1 }, advanced]);
        assert_eq!(Counted::get(), 1);
        block_of_a_step(6);
        assert!(is_done());
        assert_eq!(FailedUpgrades::get(), 1);
        ordinary_block(7);
    });
}

#[test]
fn a_completed_migration_does_not_run_again() {
    upgraded(1, false, || {
        block_of_a_step(2);
        assert!(is_done());
        upgrade(1, true);
        let started = UpgradeStarted { migrations: 1 };
        let skipped = MigrationSkipped { index: 0 };
        assert_eq!(block_of_a_step(3), [started, skipped, UpgradeCompleted]);
        assert_eq!(FailedUpgrades::get(), 0);
        ordinary_block(4);
    });
}

#[test]
fn an_endless_migration_fails_after_its_maximum_number_of_steps() {
    upgraded(u32::MAX, false, || {
        let failing = APPLIED + MOST_STEPS + 1;
        for number in APPLIED + 1..failing {
            let events = block_of_a_step(number);
            assert!(events.contains(&MigrationAdvanced { index: 0, took: number - APPLIED }));
        }
        assert!(block_of_a_step(failing).contains(&UpgradeFailed));
        assert_eq!((FailedUpgrades::get(), is_running()), (1, false));
        ordinary_block(failing + 1);
    });
}

#[test]
fn a_step_can_use_a_quarter_of_a_block() {
    let quarter = MaxServiceWeight::get();
    assert_eq!(quarter, RuntimeBlockWeights::get().max_block.saturating_div(4));
    type Weights = <Runtime as pallet_migrations::Config>::WeightInfo;
    let overhead = MultiBlockMigrations::exec_migration_max_weight()
        .saturating_add(Weights::progress_mbms_none());
    assert!(overhead.saturating_mul(100).all_lte(quarter), "most of it is the migration's");
    upgraded(2, false, || {
        block_of_a_step(2);
        assert_eq!(StepLimit::get(), quarter);
    });
}

/// Returns the migrations that declare no maximum number of steps, or one above [`DAY`].
fn endless<Migrations: SteppedMigrations>() -> Vec<u32> {
    let ends = |most: Option<u32>| most.is_some_and(|most| most <= DAY);
    (0..Migrations::len()).filter(|n| !ends(Migrations::nth_max_steps(*n).flatten())).collect()
}

#[test]
fn every_migration_in_steps_ends_within_a_day() {
    /// Declares no maximum number of steps.
    struct Endless;

    impl SteppedMigration for Endless {
        type Cursor = ();
        type Identifier = ();

        fn id() -> Self::Identifier {}

        fn step(_: Option<()>, _: &mut WeightMeter) -> Result<Option<()>, SteppedMigrationError> {
            Ok(None)
        }
    }

    assert_eq!(endless::<(Counting, Endless)>(), [1]);
    assert_eq!(endless::<MigrationsInSteps>(), [0; 0]);
}

#[test]
fn migrations_have_no_calls() {
    assert!(!RuntimeCall::get_module_names().contains(&"MultiBlockMigrations"));
}
