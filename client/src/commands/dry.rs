// SPDX-License-Identifier: Apache-2.0

//! What a dry run asks of the chain besides what a command checks anyway: the chain's own views say
//! whether it would take a value, and whether the account that acts has the right. Without
//! `--dry-run` nothing is asked: the chain answers when the call is made.

use super::plugins::refused;
use crate::{
    context::Context,
    words::{access_words, WRITE},
};
use twinchain_client::{
    api::{
        self,
        runtime_types::{
            pallet_data_container::{
                answers::WriteCall,
                types::{Kind as DataSetKind, Visibility},
            },
            twinchain_primitives::access::Access,
        },
    },
    chain::At,
    confidential::DataSet,
    reads, Failure,
};

/// Checks that the account that acts may do something with a data set.
pub async fn access(
    context: &mut Context,
    at: &At,
    (container, name): (u64, &str),
    access: u8,
) -> Result<(), Failure> {
    let Some(account) = context.dry_runner() else { return Ok(()) };
    let call = api::runtime_apis().data_container_api();
    let may = at.call(call.can(container, name.into(), account, Access(access))).await?;
    match may {
        true => Ok(()),
        false => {
            let word = access_words(access);
            let message = format!("{account} may not {word} c{container}/{name}");
            Err(Failure::not_permitted("DataContainer.NotPermitted", message)
                .fix("ask the owner for it; twin role list and twin readers show who may"))
        },
    }
}

/// Checks that the chain would take values, and that the account that acts may write them.
pub async fn write(
    context: &mut Context,
    at: &At,
    (container, name, record): (u64, &str, &DataSet),
    items: &[(String, Vec<u8>)],
) -> Result<(), Failure> {
    if !context.options.dry_run {
        return Ok(());
    }
    for (source, value) in items {
        let write = match (&record.kind, &record.visibility) {
            (DataSetKind::Entry, Visibility::Public) => WriteCall::SetEntry,
            (DataSetKind::Entry, Visibility::Confidential) => WriteCall::SetSealedEntry,
            (DataSetKind::List, Visibility::Public) => WriteCall::Append,
            (DataSetKind::List, Visibility::Confidential) => WriteCall::AppendSealed,
        };
        let call = api::runtime_apis().data_container_api();
        let call = call.check_value(container, name.into(), write, value.clone());
        at.call(call).await?.map_err(|refusal| refused(at, &refusal, source, value))?;
    }
    access(context, at, (container, name), WRITE).await
}

/// Checks that the account that acts owns a container.
pub async fn owner_of_container(
    context: &mut Context,
    at: &At,
    container: u64,
) -> Result<(), Failure> {
    if !context.options.dry_run {
        return Ok(());
    }
    let owner = reads::info(at, container).await?.container.owner;
    context.check_owner(&format!("c{container}"), &owner)
}

/// Checks that the account that acts owns a twin.
pub async fn owner_of_twin(context: &mut Context, at: &At, twin: u64) -> Result<(), Failure> {
    if !context.options.dry_run {
        return Ok(());
    }
    let info = at.call(api::runtime_apis().digital_twin_api().twin(twin)).await?;
    let info = info.ok_or_else(|| Failure::not_found(format!("there is no twin {twin}")))?;
    context.check_owner(&format!("twin {twin}"), &info.twin.owner)
}
