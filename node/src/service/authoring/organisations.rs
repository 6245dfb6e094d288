// SPDX-License-Identifier: Apache-2.0

//! Decides which organisations the block author leaves out of the rest of its block.
//!
//! An organisation whose quota is used up may have filled the pool with transactions that it cannot
//! pay for. Trying all of them would leave less room for others. So after some failures an
//! organisation is left out until the next block:
//!
//! | A transaction failed, and | Counts as |
//! |---|---|
//! | it is an official's, or has no signer | nothing |
//! | it was invalid before the block began, like those of a removed member | doubtful |
//! | its signer has others in this block, and may have used up its own quota | doubtful |
//! | its signer or organisation could not pay before the block began | doubtful |
//! | it was valid before: others used up the quota, or the block is full | clear |
//!
//! [`CLEAR_FAILURES`] or [`DOUBTFUL_FAILURES`] exclude an organisation.
//!
//! So one member with a used-up quota does not exclude its colleagues. The number of failed
//! attempts is at most organisations x (clear + doubtful), for any number of transactions in the
//! pool. Nothing is looked up before the first failure.

use super::LOG_TARGET;
use crate::service::{
    membership::{KnownMembers, Membership},
    types::Validation,
};
use log::debug;
use pallet_consortium::{extension::OFFICIAL_PRIORITY, OrganisationId};
use sc_transaction_pool::ChainApi;
use sp_runtime::transaction_validity::{
    TransactionPriority, TransactionSource, TransactionValidity,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use twinchain_runtime::{opaque::UncheckedExtrinsic, AccountId, Hash};

/// Number of clear failures that exclude an organisation: the number of attempts after which the
/// SDK's proposer considers a block full. Each costs about as much as a validation.
pub const CLEAR_FAILURES: usize = 8;

/// Number of doubtful failures that exclude an organisation, so that a company with many members
/// beyond their quotas does not shorten the blocks of others.
pub const DOUBTFUL_FAILURES: usize = 32;

/// Maximum number of signers whose organisations are looked up for one block. Transactions of
/// further signers are tried.
pub const MAX_SIGNERS: usize = 4_096;

/// Queries to the state before the block.
pub trait Parent: Send {
    /// Returns the organisation of a member.
    fn organisation(&self, account: &AccountId) -> Result<Option<OrganisationId>, String>;

    /// Returns the validity of a transaction as the first one of the block.
    fn validity(&self, extrinsic: Arc<UncheckedExtrinsic>) -> Result<TransactionValidity, String>;
}

/// The state of a block, queried through its runtime.
pub struct ParentState {
    /// The organisations of members.
    pub members: Arc<KnownMembers>,
    /// Validates transactions.
    pub validation: Arc<Validation>,
    /// The block.
    pub hash: Hash,
}

impl Parent for ParentState {
    fn organisation(&self, account: &AccountId) -> Result<Option<OrganisationId>, String> {
        self.members.organisation(self.hash, account)
    }

    fn validity(&self, extrinsic: Arc<UncheckedExtrinsic>) -> Result<TransactionValidity, String> {
        // Not `InBlock`, with which a used-up quota is an invalid transaction.
        let source = TransactionSource::External;
        self.validation
            .validate_transaction_blocking(self.hash, source, extrinsic)
            .map_err(|error| error.to_string())
    }
}

/// The failures of one organisation in this block. Each has a different signer, because
/// transactions that depend on a failed one are not tried.
#[derive(Default)]
struct Failures {
    clear: usize,
    doubtful: usize,
}

impl Failures {
    fn are_enough(&self) -> bool {
        self.clear >= CLEAR_FAILURES || self.doubtful >= DOUBTFUL_FAILURES
    }
}

/// The organisations whose transactions are tried for one block. `None` stands for signers that are
/// not members.
pub struct Organisations<P> {
    parent: P,
    /// The signers that have a transaction in the block.
    included: HashSet<AccountId>,
    known: HashMap<AccountId, Option<OrganisationId>>,
    failures: HashMap<Option<OrganisationId>, Failures>,
    left_out: HashSet<Option<OrganisationId>>,
}

impl<P: Parent> Organisations<P> {
    /// Begins a block on top of `parent`.
    pub fn new(parent: P) -> Self {
        Self {
            parent,
            included: HashSet::new(),
            known: HashMap::new(),
            failures: HashMap::new(),
            left_out: HashSet::new(),
        }
    }

    /// Records that a transaction of `signer` is in the block.
    pub fn included(&mut self, signer: AccountId) {
        self.included.insert(signer);
    }

    /// Returns `true` if a transaction is left out, because too many of its organisation's failed.
    pub fn leave_out(&mut self, signer: &AccountId, priority: TransactionPriority) -> bool {
        if self.left_out.is_empty() || priority >= OFFICIAL_PRIORITY {
            return false;
        }
        let organisation = self.organisation(signer);
        organisation.is_some_and(|organisation| self.left_out.contains(&organisation))
    }

    /// Records that a transaction of `signer` failed.
    pub fn failed(
        &mut self,
        signer: &AccountId,
        priority: TransactionPriority,
        extrinsic: Arc<UncheckedExtrinsic>,
    ) {
        if priority >= OFFICIAL_PRIORITY {
            return;
        }
        let clear = self.is_clear(signer, extrinsic);
        let Some(organisation) = self.organisation(signer) else { return };
        let failures = self.failures.entry(organisation).or_default();
        let count = if clear { &mut failures.clear } else { &mut failures.doubtful };
        *count = count.saturating_add(1);
        if failures.are_enough() && self.left_out.insert(organisation) {
            debug!(
                target: LOG_TARGET,
                "Organisation {organisation:?} is left out of the rest of this block: {} of its \
                 transactions failed, and {} more that may exceed their signers' quotas.",
                failures.clear,
                failures.doubtful,
            );
        }
    }

    /// Returns `true` if a failure is due to other transactions in this block.
    fn is_clear(&self, signer: &AccountId, extrinsic: Arc<UncheckedExtrinsic>) -> bool {
        if self.included.contains(signer) {
            return false;
        }
        self.parent.validity(extrinsic).map_or_else(
            |error| {
                debug!(target: LOG_TARGET, "Cannot validate a failed transaction: {error}");
                false
            },
            |validity| validity.is_ok(),
        )
    }

    /// Returns the organisation of `signer`. The outer `None` means that the lookup failed, or that
    /// too many were made: the block author checks its time only between transactions that it
    /// tries.
    fn organisation(&mut self, signer: &AccountId) -> Option<Option<OrganisationId>> {
        if let Some(known) = self.known.get(signer) {
            return Some(*known);
        }
        if self.known.len() >= MAX_SIGNERS {
            return None;
        }
        let organisation = self
            .parent
            .organisation(signer)
            .inspect_err(|error| debug!(target: LOG_TARGET, "Cannot look up {signer}: {error}"))
            .ok()?;
        self.known.insert(signer.clone(), organisation);
        Some(organisation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::testing::{account, extrinsic, Asked, FakeParent};
    use sp_runtime::transaction_validity::{
        InvalidTransaction, TransactionValidityError, UnknownTransaction,
    };

    const SPENT: TransactionValidityError =
        TransactionValidityError::Unknown(UnknownTransaction::Custom(103));

    /// Returns the organisations of a block, and the counters of the queries.
    fn begin(parent: FakeParent) -> (Organisations<FakeParent>, Arc<Asked>) {
        let asked = parent.asked.clone();
        (Organisations::new(parent), asked)
    }

    /// Makes the first transactions of the members `from..to` of an organisation fail.
    fn fail(organisations: &mut Organisations<FakeParent>, organisation: u8, from: u8, to: u8) {
        for member in from..to {
            let signer = account(organisation, member);
            organisations.failed(&signer, 0, extrinsic(organisation, member, 0));
        }
    }

    fn left_out(organisations: &mut Organisations<FakeParent>, organisation: u8) -> bool {
        organisations.leave_out(&account(organisation, 255), 0)
    }

    #[test]
    fn nothing_is_looked_up_before_the_first_failure() {
        let (mut organisations, asked) = begin(FakeParent::default());
        for member in 0..100 {
            assert!(!organisations.leave_out(&account(1, member), 0));
            organisations.included(account(1, member));
        }
        assert_eq!((asked.organisations(), asked.validities()), (0, 0));
    }

    #[test]
    fn only_the_organisation_beyond_its_quota_is_left_out() {
        let (mut organisations, _) = begin(FakeParent::default());
        fail(&mut organisations, 1, 0, CLEAR_FAILURES as u8 - 1);
        assert!(!left_out(&mut organisations, 1));
        fail(&mut organisations, 1, 100, 101);
        assert!(left_out(&mut organisations, 1));
        assert!(!left_out(&mut organisations, 2));
    }

    #[test]
    fn signer_is_looked_up_once() {
        let (mut organisations, asked) = begin(FakeParent::default());
        fail(&mut organisations, 1, 0, CLEAR_FAILURES as u8);
        for _ in 0..10 {
            assert!(left_out(&mut organisations, 1));
        }
        assert_eq!(asked.organisations(), CLEAR_FAILURES + 1);
    }

    #[test]
    fn only_many_signers_that_cannot_pay_exclude_colleagues() {
        let (mut organisations, _) = begin(FakeParent::answering(Ok(Err(SPENT))));
        fail(&mut organisations, 1, 0, DOUBTFUL_FAILURES as u8 - 1);
        assert!(!left_out(&mut organisations, 1));
        fail(&mut organisations, 1, 100, 101);
        assert!(left_out(&mut organisations, 1));
    }

    #[test]
    fn failure_of_an_included_signer_is_doubtful() {
        let (mut organisations, asked) = begin(FakeParent::default());
        for member in 0..DOUBTFUL_FAILURES as u8 {
            organisations.included(account(1, member));
        }
        fail(&mut organisations, 1, 0, DOUBTFUL_FAILURES as u8 - 1);
        assert!(!left_out(&mut organisations, 1));
        assert_eq!(asked.validities(), 0);
        let last = DOUBTFUL_FAILURES as u8 - 1;
        fail(&mut organisations, 1, last, last + 1);
        assert!(left_out(&mut organisations, 1));
    }

    #[test]
    fn attempts_with_invalid_transactions_are_bounded() {
        let stale = Ok(Err(InvalidTransaction::Stale.into()));
        let (mut organisations, _) = begin(FakeParent::answering(stale));
        fail(&mut organisations, 1, 0, DOUBTFUL_FAILURES as u8 - 1);
        assert!(!left_out(&mut organisations, 1));
        fail(&mut organisations, 1, 100, 101);
        assert!(left_out(&mut organisations, 1));
        // Members that were removed meanwhile no longer belong to an organisation.
        fail(&mut organisations, 0, 0, DOUBTFUL_FAILURES as u8);
        assert!(left_out(&mut organisations, 0));
    }

    #[test]
    fn lookups_per_block_are_limited() {
        let (mut organisations, asked) = begin(FakeParent::default());
        fail(&mut organisations, 1, 0, CLEAR_FAILURES as u8);
        let left_out = |number: usize| {
            let mut bytes = [7; 32];
            bytes[..3].copy_from_slice(&[1, (number / 256) as u8, (number % 256) as u8]);
            organisations.leave_out(&AccountId::new(bytes), 0)
        };
        let count = (0..2 * MAX_SIGNERS).map(left_out).filter(|left_out| *left_out).count();
        assert_eq!(asked.organisations(), MAX_SIGNERS);
        assert_eq!(count, MAX_SIGNERS);
    }

    #[test]
    fn failed_validation_makes_failures_doubtful() {
        let (mut organisations, _) = begin(FakeParent::answering(Err("no such function".into())));
        fail(&mut organisations, 1, 0, CLEAR_FAILURES as u8);
        assert!(!left_out(&mut organisations, 1));
        fail(&mut organisations, 1, 100, 100 + DOUBTFUL_FAILURES as u8);
        assert!(left_out(&mut organisations, 1));
    }

    #[test]
    fn no_one_is_left_out_if_lookups_fail() {
        let parent = FakeParent { no_members: true, ..FakeParent::default() };
        let (mut organisations, _) = begin(parent);
        fail(&mut organisations, 1, 0, 200);
        assert!(!left_out(&mut organisations, 1));
    }

    #[test]
    fn officials_do_not_count_and_are_not_left_out() {
        let (mut organisations, asked) = begin(FakeParent::default());
        for member in 0..100 {
            let signer = account(1, member);
            organisations.failed(&signer, OFFICIAL_PRIORITY, extrinsic(1, member, 0));
        }
        assert_eq!((asked.organisations(), asked.validities()), (0, 0));
        fail(&mut organisations, 1, 0, CLEAR_FAILURES as u8);
        assert!(left_out(&mut organisations, 1));
        assert!(!organisations.leave_out(&account(1, 255), OFFICIAL_PRIORITY));
    }

    #[test]
    fn signers_without_an_organisation_count_as_one() {
        let (mut organisations, _) = begin(FakeParent::default());
        // The fake runtime has no organisation 0.
        fail(&mut organisations, 0, 0, CLEAR_FAILURES as u8);
        assert!(left_out(&mut organisations, 0));
        assert!(!left_out(&mut organisations, 1));
    }
}
