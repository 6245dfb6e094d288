// SPDX-License-Identifier: Apache-2.0

//! Shared parts of the tests of the pool and the block author: transactions whose signers encode
//! their organisations.

use super::{authoring::Parent, membership::Membership};
use codec::Encode;
use pallet_consortium::OrganisationId;
use sc_transaction_pool_api::{InPoolTransaction, ReadyTransactions};
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    transaction_validity::{
        TransactionLongevity, TransactionPriority, TransactionTag, TransactionValidity,
        ValidTransaction,
    },
};
use std::{
    collections::{HashSet, VecDeque},
    sync::{
        atomic::{AtomicUsize, Ordering},
        Arc,
    },
};
use twinchain_runtime::{opaque::UncheckedExtrinsic, AccountId, Address, Hash};

/// Returns an account of an organisation. Organisation 0 means no organisation.
pub fn account(organisation: u8, member: u8) -> AccountId {
    let mut bytes = [7; 32];
    bytes[..2].copy_from_slice(&[organisation, member]);
    AccountId::new(bytes)
}

/// Returns the organisation of an [`account`].
pub fn organisation_of(account: &AccountId) -> Option<OrganisationId> {
    let bytes: &[u8] = account.as_ref();
    (bytes[0] != 0).then(|| bytes[0].into())
}

/// Returns a signed extrinsic, with only the parts that the code under test reads.
pub fn extrinsic(organisation: u8, member: u8, nonce: u8) -> Arc<UncheckedExtrinsic> {
    let address = Address::Id(account(organisation, member)).encode();
    let bytes = [&[0x84], &address[..], &[nonce]].concat();
    Arc::new(UncheckedExtrinsic::from_blob(bytes))
}

/// A transaction in the pool. It depends on those of its signer that precede it.
#[derive(Debug)]
pub struct FakeTransaction {
    pub organisation: u8,
    pub member: u8,
    pub nonce: u8,
    pub hash: Hash,
    pub priority: TransactionPriority,
    pub data: Arc<UncheckedExtrinsic>,
}

/// Returns a signed transaction.
pub fn transaction(organisation: u8, member: u8, nonce: u8) -> FakeTransaction {
    let data = extrinsic(organisation, member, nonce);
    let hash = data.using_encoded(BlakeTwo256::hash);
    FakeTransaction { organisation, member, nonce, hash, priority: 0, data }
}

/// Returns a bare transaction.
pub fn bare(number: u8) -> FakeTransaction {
    let data = Arc::new(UncheckedExtrinsic::from_blob(vec![0x04, number]));
    let hash = data.using_encoded(BlakeTwo256::hash);
    FakeTransaction { organisation: 0, member: number, nonce: 0, hash, priority: 0, data }
}

impl InPoolTransaction for FakeTransaction {
    type Transaction = Arc<UncheckedExtrinsic>;
    type Hash = Hash;

    fn data(&self) -> &Arc<UncheckedExtrinsic> {
        &self.data
    }

    fn hash(&self) -> &Hash {
        &self.hash
    }

    fn priority(&self) -> &TransactionPriority {
        &self.priority
    }

    fn longevity(&self) -> &TransactionLongevity {
        &TransactionLongevity::MAX
    }

    fn requires(&self) -> &[TransactionTag] {
        &[]
    }

    fn provides(&self) -> &[TransactionTag] {
        &[]
    }

    fn is_propagable(&self) -> bool {
        true
    }
}

/// Returns transactions one after the other, without those that depend on reported ones.
pub struct FakeReady {
    left: VecDeque<Arc<FakeTransaction>>,
    reported: HashSet<(u8, u8)>,
}

impl FakeReady {
    pub fn new(all: Vec<FakeTransaction>) -> Self {
        Self { left: all.into_iter().map(Arc::new).collect(), reported: HashSet::new() }
    }
}

impl Iterator for FakeReady {
    type Item = Arc<FakeTransaction>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let next = self.left.pop_front()?;
            if !self.reported.contains(&(next.organisation, next.member)) {
                return Some(next);
            }
        }
    }
}

impl ReadyTransactions for FakeReady {
    fn report_invalid(&mut self, transaction: &Self::Item) {
        self.reported.insert((transaction.organisation, transaction.member));
    }
}

/// A membership of the [`account`]s in four organisations, which counts the queries.
#[derive(Default)]
pub struct FakeMembers {
    asked: AtomicUsize,
    silent: bool,
}

impl FakeMembers {
    /// Returns a membership whose runtime does not respond.
    pub fn silent() -> Self {
        Self { silent: true, ..Self::default() }
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

impl Membership for FakeMembers {
    fn organisation(&self, _: Hash, account: &AccountId) -> Result<Option<OrganisationId>, String> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(organisation_of(account))
    }

    fn organisations(&self, _: Hash) -> Result<usize, String> {
        match self.silent {
            true => Err("no such function".into()),
            false => Ok(4),
        }
    }
}

/// The number of queries to a [`FakeParent`].
#[derive(Default)]
pub struct Asked {
    organisations: AtomicUsize,
    validities: AtomicUsize,
}

impl Asked {
    pub fn organisations(&self) -> usize {
        self.organisations.load(Ordering::Relaxed)
    }

    pub fn validities(&self) -> usize {
        self.validities.load(Ordering::Relaxed)
    }
}

/// A state in which [`account`]s are members, and all transactions have the same validity.
pub struct FakeParent {
    pub no_members: bool,
    pub asked: Arc<Asked>,
    pub validity: Result<TransactionValidity, String>,
}

impl FakeParent {
    /// Returns a state that gives this validity to each transaction.
    pub fn answering(validity: Result<TransactionValidity, String>) -> Self {
        Self { no_members: false, asked: Arc::default(), validity }
    }
}

impl Default for FakeParent {
    fn default() -> Self {
        Self::answering(Ok(Ok(ValidTransaction::default())))
    }
}

impl Parent for FakeParent {
    fn organisation(&self, account: &AccountId) -> Result<Option<OrganisationId>, String> {
        self.asked.organisations.fetch_add(1, Ordering::Relaxed);
        if self.no_members {
            return Err("no such function".into());
        }
        Ok(organisation_of(account))
    }

    fn validity(&self, _: Arc<UncheckedExtrinsic>) -> Result<TransactionValidity, String> {
        self.asked.validities.fetch_add(1, Ordering::Relaxed);
        self.validity.clone()
    }
}
