// SPDX-License-Identifier: Apache-2.0

//! Who belongs to which organisation.

use super::{lock, types::FullClient};
use pallet_consortium::{runtime_api::ConsortiumApi, OrganisationId, Status};
use sp_api::{ApiError, ProvideRuntimeApi};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use twinchain_runtime::{opaque::Block, AccountId, Hash};

/// Organisations that are asked for at a time.
const PAGE: u32 = 100;

/// How long it is remembered whose member an account is.
const MAX_AGE: Duration = Duration::from_secs(60);

/// How many members are remembered at most.
const MAX_KNOWN: usize = 65_536;

/// Who belongs together, in the state of a block.
pub trait Membership: Send + Sync {
    /// Returns the organisation of an account, or `None` if it is not a member.
    fn organisation(&self, at: Hash, account: &AccountId)
        -> Result<Option<OrganisationId>, String>;

    /// Returns how many organisations there are that were not removed.
    fn organisations(&self, at: Hash) -> Result<usize, String>;
}

/// The state, asked through the runtime.
pub struct StateMembership(pub Arc<FullClient>);

impl Membership for StateMembership {
    fn organisation(
        &self,
        at: Hash,
        account: &AccountId,
    ) -> Result<Option<OrganisationId>, String> {
        let api = self.0.runtime_api();
        let member = ConsortiumApi::<Block, AccountId>::member(&*api, at, account.clone());
        Ok(member.map_err(in_words)?.map(|(organisation, _)| organisation))
    }

    fn organisations(&self, at: Hash) -> Result<usize, String> {
        let api = self.0.runtime_api();
        let (mut count, mut after) = (0_usize, None);
        loop {
            let page = ConsortiumApi::<Block, AccountId>::organisations(&*api, at, after, PAGE)
                .map_err(in_words)?;
            let there = page.items.iter().filter(|it| it.organisation.status != Status::Removed);
            count = count.saturating_add(there.count());
            after = page.next;
            if after.is_none() {
                return Ok(count);
            }
        }
    }
}

fn in_words(error: ApiError) -> String {
    error.to_string()
}

/// Remembers whose member an account is. Those that are not members are not remembered: anyone can
/// make up as many as the memory holds.
pub struct KnownMembers<M = StateMembership> {
    asked: M,
    known: Mutex<HashMap<AccountId, (OrganisationId, Instant)>>,
}

impl<M> KnownMembers<M> {
    /// Remembers what it asks.
    pub fn new(asked: M) -> Self {
        Self { asked, known: Mutex::default() }
    }
}

impl<M: Membership> Membership for KnownMembers<M> {
    fn organisation(
        &self,
        at: Hash,
        account: &AccountId,
    ) -> Result<Option<OrganisationId>, String> {
        let known = lock(&self.known).get(account).copied();
        if let Some((organisation, _)) = known.filter(|(_, since)| since.elapsed() < MAX_AGE) {
            return Ok(Some(organisation));
        }
        // Without the lock, since it takes a while.
        let organisation = self.asked.organisation(at, account)?;
        if let Some(organisation) = organisation {
            let mut known = lock(&self.known);
            if known.len() >= MAX_KNOWN {
                known.clear();
            }
            known.insert(account.clone(), (organisation, Instant::now()));
        }
        Ok(organisation)
    }

    fn organisations(&self, at: Hash) -> Result<usize, String> {
        self.asked.organisations(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::testing::{account, FakeMembers};

    #[test]
    fn a_member_is_asked_for_once_and_a_stranger_each_time() {
        let members = KnownMembers::new(FakeMembers::default());
        for _ in 0..3 {
            assert_eq!(members.organisation(Hash::zero(), &account(4, 0)), Ok(Some(4)));
            assert_eq!(members.organisation(Hash::zero(), &account(0, 0)), Ok(None));
        }
        assert_eq!(members.asked.asked(), 4);
        assert_eq!(lock(&members.known).len(), 1);
    }

    #[test]
    fn what_is_old_is_asked_again() {
        let members = KnownMembers::new(FakeMembers::default());
        let old = Instant::now().checked_sub(MAX_AGE).unwrap();
        lock(&members.known).insert(account(4, 0), (9, old));
        assert_eq!(members.organisation(Hash::zero(), &account(4, 0)), Ok(Some(4)));
    }
}
