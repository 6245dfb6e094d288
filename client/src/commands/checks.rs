// SPDX-License-Identifier: Apache-2.0

//! Checks against the chain before a call is made: whether the acting account has access, and in a
//! dry run whether the chain would accept a value.

use super::plugins::refused;
use crate::{
    context::Context,
    words::{access_words, WRITE},
};
use twinchain_client::{
    api::{
        self,
        runtime_types::{
            pallet_data_container::{answers::WriteCall, types::Kind as DataSetKind},
            twinchain_primitives::access::Access,
        },
    },
    chain::At,
    confidential::DataSet,
    reads, AccountId32, Failure, Kind,
};

/// Fails in a dry run if the acting account does not have this access to a data set.
pub async fn access(
    context: &mut Context,
    at: &At,
    of: (u64, &str),
    access: u8,
) -> Result<(), Failure> {
    match context.named_account() {
        Ok(account) if context.options.dry_run => may(context, at, of, &account, access).await,
        _ => Ok(()),
    }
}

/// Fails if an account does not have this access to a data set.
pub async fn may(
    context: &mut Context,
    at: &At,
    (container, name): (u64, &str),
    account: &AccountId32,
    access: u8,
) -> Result<(), Failure> {
    context.are_rights_checked = true;
    let call = api::runtime_apis().data_container_api();
    let may = at.call(call.can(container, name.into(), *account, Access(access))).await?;
    if may {
        return Ok(());
    }
    let container_info = reads::info(at, container).await?.container;
    if container_info.owner != *account {
        let word = access_words(access);
        let message = format!("{account} may not {word} c{container}/{name}");
        return Err(Failure::not_permitted("DataContainer.NotPermitted", message).fix(format!(
            "ask the owner for access; twin container show c{container} lists the roles, and twin \
             why explains an account's access"
        )));
    }
    match container_info.offer {
        Some(offer) => {
            let message = format!("c{container} is on offer to {} and cannot be changed", offer.to);
            Err(Failure::new(Kind::Refused, "DataContainer.OfferPending", message).fix(format!(
                "wait for the reply, or cancel the offer: twin cancel-offer c{container}"
            )))
        },
        // The call itself then fails with the exact reason, such as a closed container.
        None => Ok(()),
    }
}

/// In a dry run, fails if the chain would refuse public values, or if the acting account may not
/// write them. Confidential values are never shown to the node.
pub async fn public_write(
    context: &mut Context,
    at: &At,
    (container, name, record): (u64, &str, &DataSet),
    items: &[(String, Vec<u8>)],
) -> Result<(), Failure> {
    if !context.options.dry_run {
        return Ok(());
    }
    for (source, value) in items {
        let write = match &record.kind {
            DataSetKind::Entry => WriteCall::SetEntry,
            DataSetKind::List => WriteCall::Append,
        };
        let call = api::runtime_apis().data_container_api();
        let call = call.check_value(container, name.into(), write, value.clone());
        at.call(call).await?.map_err(|refusal| refused(at, &refusal, source, value))?;
    }
    access(context, at, (container, name), WRITE).await
}

/// Fails if the acting account is known and does not own a container. Runs before anything is
/// sealed, pinned or stored for a call that the chain would refuse.
pub async fn owner_of_container(
    context: &mut Context,
    at: &At,
    container: u64,
) -> Result<(), Failure> {
    let owner = reads::info(at, container).await?.container.owner;
    context.check_owner(&format!("c{container}"), "DataContainer.NotOwner", &owner)
}

/// Fails in a dry run if the acting account does not own a twin.
pub async fn owner_of_twin(context: &mut Context, at: &At, twin: u64) -> Result<(), Failure> {
    if !context.options.dry_run {
        return Ok(());
    }
    let info = at.call(api::runtime_apis().digital_twin_api().twin(twin)).await?;
    let info = info.ok_or_else(|| Failure::not_found(format!("twin {twin} does not exist")))?;
    context.check_owner(&format!("twin {twin}"), "DigitalTwin.NotOwner", &info.twin.owner)
}
