// SPDX-License-Identifier: Apache-2.0

//! Who belongs to which organisation.

use super::types::FullClient;
use pallet_consortium::{runtime_api::ConsortiumApi, OrganisationId, Status};
use sp_api::{ApiError, ProvideRuntimeApi};
use std::sync::Arc;
use twinchain_runtime::{opaque::Block, AccountId, Hash};

/// Organisations that are asked for at a time.
const PAGE: u32 = 100;

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
