// SPDX-License-Identifier: Apache-2.0

//! Which organisations an author leaves out of the rest of its block.
//!
//! A company whose quota is used up may have filled the pool with what it cannot pay for. Trying
//! all of that would shorten everybody's blocks. So after some failures an organisation is left out
//! until the next block:
//!
//! | a transaction failed, and | counts as |
//! |---|---|
//! | it is an official's, or has no signer | nothing |
//! | it was invalid before the block began, as those of a removed member are | doubtful |
//! | its signer got others into this block, and may have used up its own quota | doubtful |
//! | its signer or organisation could not pay before the block began | doubtful |
//! | it was valid before: others used up the quota, or the block is full | clear |
//!
//! [`CLEAR_FAILURES`] or [`DOUBTFUL_FAILURES`] are enough.
//!
//! So one member with a used-up quota does not keep out its colleagues, and the number of attempts
//! in vain is at most organisations x (clear + doubtful), whatever the pool holds. Nothing is asked
//! before the first failure.

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

/// Clear failures after which an organisation is left out: the number of attempts after which the
/// SDK's proposer takes a block for full. Each costs about as much as validating.
pub const CLEAR_FAILURES: usize = 8;

/// Doubtful failures after which an organisation is left out all the same, so that a company with
/// many members beyond their quotas does not shorten the blocks of others.
pub const DOUBTFUL_FAILURES: usize = 32;

/// Signers whose organisation is looked up for one block, at most. Those of others are tried.
pub const MAX_SIGNERS: usize = 4_096;

/// What is asked about the state before the block.
pub trait Parent: Send {
    /// Returns the organisation of a member.
    fn organisation(&self, account: &AccountId) -> Result<Option<OrganisationId>, String>;

    /// Returns whether a transaction would be valid as the first one of the block.
    fn validity(&self, extrinsic: Arc<UncheckedExtrinsic>) -> Result<TransactionValidity, String>;
}

/// The state of a block, asked through its runtime.
pub struct ParentState {
    /// Who belongs to which organisation.
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
        // Not `InBlock`, for which a used-up quota is an invalid transaction.
        let source = TransactionSource::External;
        self.validation
            .validate_transaction_blocking(self.hash, source, extrinsic)
            .map_err(|error| error.to_string())
    }
}

/// Failures of one organisation in this block. Each is another signer's, since what depends on a
/// failed transaction is not tried.
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

/// The organisations of those whose transactions come up for one block. `None` is the one of
/// signers that are no members.
pub struct Organisations<P> {
    parent: P,
    /// Signers that got a transaction into the block.
    included: HashSet<AccountId>,
    known: HashMap<AccountId, Option<OrganisationId>>,
    failures: HashMap<Option<OrganisationId>, Failures>,
    left_out: HashSet<Option<OrganisationId>>,
}

impl<P: Parent> Organisations<P> {
    /// Begins a block upon `parent`.
    pub fn new(parent: P) -> Self {
        Self {
            parent,
            included: HashSet::new(),
            known: HashMap::new(),
            failures: HashMap::new(),
            left_out: HashSet::new(),
        }
    }

    /// Notes that a transaction of `signer` got into the block.
    pub fn included(&mut self, signer: AccountId) {
        self.included.insert(signer);
    }

    /// Returns whether a transaction is left out, since enough of its organisation's failed.
    pub fn leave_out(&mut self, signer: &AccountId, priority: TransactionPriority) -> bool {
        if self.left_out.is_empty() || priority >= OFFICIAL_PRIORITY {
            return false;
        }
        let organisation = self.organisation(signer);
        organisation.is_some_and(|organisation| self.left_out.contains(&organisation))
    }

    /// Notes that a transaction of `signer` failed.
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

    /// Returns whether a failure is due to what others did in this block.
    fn is_clear(&self, signer: &AccountId, extrinsic: Arc<UncheckedExtrinsic>) -> bool {
        if self.included.contains(signer) {
            return false;
        }
        self.parent.validity(extrinsic).map_or_else(
            |error| {
                debug!(target: LOG_TARGET, "A failed transaction cannot be validated: {error}");
                false
            },
            |validity| validity.is_ok(),
        )
    }

    /// Returns the organisation of `signer`, or `None` if the runtime does not answer, or was asked
    /// often enough: the author looks at its time only between transactions that it tries.
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
            .inspect_err(|error| debug!(target: LOG_TARGET, "Whose is {signer}? {error}"))
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

    /// The organisations of a block, and what was asked.
    fn begin(parent: FakeParent) -> (Organisations<FakeParent>, Arc<Asked>) {
        let asked = parent.asked.clone();
        (Organisations::new(parent), asked)
    }

    /// Lets the first transactions of the members `from..to` of an organisation fail.
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
    fn nothing_is_asked_before_the_first_failure() {
        let (mut organisations, asked) = begin(FakeParent::default());
        for member in 0..100 {
            assert!(!organisations.leave_out(&account(1, member), 0));
            organisations.included(account(1, member));
        }
        assert_eq!((asked.organisations(), asked.validities()), (0, 0));
    }

    #[test]
    fn an_organisation_whose_quota_is_used_up_is_left_out_and_no_other() {
        let (mut organisations, _) = begin(FakeParent::default());
        fail(&mut organisations, 1, 0, CLEAR_FAILURES as u8 - 1);
        assert!(!left_out(&mut organisations, 1));
        fail(&mut organisations, 1, 100, 101);
        assert!(left_out(&mut organisations, 1));
        assert!(!left_out(&mut organisations, 2));
    }

    #[test]
    fn a_signer_is_looked_up_once() {
        let (mut organisations, asked) = begin(FakeParent::default());
        fail(&mut organisations, 1, 0, CLEAR_FAILURES as u8);
        for _ in 0..10 {
            assert!(left_out(&mut organisations, 1));
        }
        assert_eq!(asked.organisations(), CLEAR_FAILURES + 1);
    }

    #[test]
    fn who_could_not_pay_before_the_block_keeps_out_colleagues_only_in_numbers() {
        let (mut organisations, _) = begin(FakeParent::answering(Ok(Err(SPENT))));
        fail(&mut organisations, 1, 0, DOUBTFUL_FAILURES as u8 - 1);
        assert!(!left_out(&mut organisations, 1));
        fail(&mut organisations, 1, 100, 101);
        assert!(left_out(&mut organisations, 1));
    }

    #[test]
    fn who_is_in_the_block_already_may_have_used_up_its_own_quota() {
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
    fn what_was_invalid_before_is_not_tried_without_end() {
        let stale = Ok(Err(InvalidTransaction::Stale.into()));
        let (mut organisations, _) = begin(FakeParent::answering(stale));
        fail(&mut organisations, 1, 0, DOUBTFUL_FAILURES as u8 - 1);
        assert!(!left_out(&mut organisations, 1));
        fail(&mut organisations, 1, 100, 101);
        assert!(left_out(&mut organisations, 1));
        // Those of members that were removed meanwhile belong to no organisation any more.
        fail(&mut organisations, 0, 0, DOUBTFUL_FAILURES as u8);
        assert!(left_out(&mut organisations, 0));
    }

    #[test]
    fn not_all_signers_of_a_full_pool_are_looked_up_for_one_block() {
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
    fn a_runtime_that_does_not_validate_makes_failures_doubtful() {
        let (mut organisations, _) = begin(FakeParent::answering(Err("no such function".into())));
        fail(&mut organisations, 1, 0, CLEAR_FAILURES as u8);
        assert!(!left_out(&mut organisations, 1));
        fail(&mut organisations, 1, 100, 100 + DOUBTFUL_FAILURES as u8);
        assert!(left_out(&mut organisations, 1));
    }

    #[test]
    fn a_runtime_that_knows_no_members_leaves_out_no_one() {
        let parent = FakeParent { no_members: true, ..FakeParent::default() };
        let (mut organisations, _) = begin(parent);
        fail(&mut organisations, 1, 0, 200);
        assert!(!left_out(&mut organisations, 1));
    }

    #[test]
    fn officials_neither_count_nor_are_left_out() {
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
    fn signers_without_an_organisation_are_bounded_as_one() {
        let (mut organisations, _) = begin(FakeParent::default());
        // The fake runtime has no organisation 0.
        fail(&mut organisations, 0, 0, CLEAR_FAILURES as u8);
        assert!(left_out(&mut organisations, 0));
        assert!(!left_out(&mut organisations, 1));
    }
}
