// SPDX-License-Identifier: Apache-2.0

//! Looks up the organisations of accounts.

use super::{lock, types::FullClient};
use pallet_consortium::{runtime_api::ConsortiumApi, OrganisationId, Status};
use sp_api::{ApiError, ProvideRuntimeApi};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use twinchain_runtime::{opaque::Block, AccountId, Hash};

/// Number of organisations read per runtime call.
const PAGE: u32 = 100;

/// Maximum age of a remembered membership.
const MAX_AGE: Duration = Duration::from_secs(60);

/// Maximum number of remembered members.
const MAX_KNOWN: usize = 65_536;

/// The members and organisations in the state of a block.
pub trait Membership: Send + Sync {
    /// Returns the organisation of an account, or `None` if it is not a member.
    fn organisation(&self, at: Hash, account: &AccountId)
        -> Result<Option<OrganisationId>, String>;

    /// Returns the number of organisations that were not removed.
    fn organisations(&self, at: Hash) -> Result<usize, String>;
}

/// The state, queried through the runtime API.
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

/// Caches the organisations of members. Accounts that are not members are not cached: anyone could
/// fill the memory with invented accounts.
pub struct KnownMembers<M = StateMembership> {
    asked: M,
    known: Mutex<HashMap<AccountId, (OrganisationId, Instant)>>,
}

impl<M> KnownMembers<M> {
    /// Creates an empty cache of `asked`.
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
        // Without the lock, because the call takes a while.
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
    fn members_are_cached_and_strangers_are_not() {
        let members = KnownMembers::new(FakeMembers::default());
        for _ in 0..3 {
            assert_eq!(members.organisation(Hash::zero(), &account(4, 0)), Ok(Some(4)));
            assert_eq!(members.organisation(Hash::zero(), &account(0, 0)), Ok(None));
        }
        assert_eq!(members.asked.asked(), 4);
        assert_eq!(lock(&members.known).len(), 1);
    }

    #[test]
    fn old_entries_are_queried_again() {
        let members = KnownMembers::new(FakeMembers::default());
        let old = Instant::now().checked_sub(MAX_AGE).unwrap();
        lock(&members.known).insert(account(4, 0), (9, old));
        assert_eq!(members.organisation(Hash::zero(), &account(4, 0)), Ok(Some(4)));
    }
}
