// SPDX-License-Identifier: Apache-2.0

//! The consortium in the genesis block. An invalid configuration panics, because no chain exists
//! yet.

use crate::{
    pallet::*,
    quota::{Bucket, Rate},
    types::*,
    Manager,
};
use alloc::string::String;
use frame_support::BoundedVec;

impl<T: Config> Pallet<T> {
    pub(crate) fn build_genesis(config: &GenesisConfig<T>) {
        for organisation in &config.organisations {
            let name = &organisation.name;
            if let Err(error) = Self::build_organisation(organisation) {
                panic!("the organisation `{name}` cannot be in the genesis: {error}");
            }
        }
        let validators = BoundedVec::try_from(config.validators.clone());
        let validators = validators.unwrap_or_else(|_| panic!("there are too many validators"));
        for (at, account) in validators.iter().enumerate() {
            let earlier = validators.iter().take(at);
            assert!(
                !earlier.into_iter().any(|other| other == account),
                "a validator is listed twice"
            );
            Self::ensure_provider(account);
        }
        Validators::<T>::put(validators);
        if let Some(length) = config.session_length {
            let least = MIN_SESSION_LENGTH;
            assert!(length >= least.into(), "a session must have at least {least} blocks");
            SessionLength::<T>::put(length);
        }
    }

    fn build_organisation(new: &GenesisOrganisation<T::AccountId>) -> Result<(), String> {
        let told = |error: Error<T>| alloc::format!("{error:?}");
        let quota = Rate { burst: new.burst, per_block: new.per_block };
        let limits = Limits {
            members: new.max_members,
            nodes: new.max_nodes,
            quota,
            time: new.time.into(),
            bytes: new.bytes.into(),
        };
        let id = Self::new_organisation(new.name.clone().into_bytes(), limits).map_err(told)?;
        for (admin, (account, label)) in new
            .admins
            .iter()
            .map(|member| (true, member))
            .chain(new.members.iter().map(|member| (false, member)))
        {
            let organisation = Self::ensure_not_removed(id).map_err(told)?;
            let label = Self::check_label(label.clone().into_bytes()).map_err(told)?;
            // Unlike later members, those of the genesis begin with a full quota.
            let bucket = Bucket::default();
            Self::put_member(id, organisation, account.clone(), label, bucket).map_err(told)?;
            if admin {
                let made = Self::do_set_admin(Manager::Council, account.clone(), true);
                made.map_err(|error| alloc::format!("{error:?}"))?;
            }
        }
        for (peer, label) in &new.nodes {
            let (peer, label) = (peer.0.clone(), label.clone().into_bytes());
            let added = Self::do_add_node(Manager::Council, id, peer, label);
            added.map_err(|error| alloc::format!("{error:?}"))?;
        }
        Ok(())
    }
}
