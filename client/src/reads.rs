// SPDX-License-Identifier: Apache-2.0

//! Reads of commands from the chain: complete lists instead of pages.

use crate::{
    api::{
        self,
        runtime_types::{
            pallet_data_container::{
                answers::{BatchInfo, ContainerInfo, DueRotation, ReaderInfo},
                types::{
                    keys::KeyHolder,
                    values::{Entry, ShortValue, StoredValue},
                },
            },
            pallet_digital_twin::types::{Target, TwinInfo},
        },
    },
    chain::{At, Chain, PAGE},
    confidential::DataSet,
    failure::Failure,
};
use subxt::utils::AccountId32;
use twinchain_sealing::{self as sealing, KeyVersion, PublicKey, Reader};

/// A container as the runtime API returns it.
pub type Info = ContainerInfo<AccountId32, u32>;

/// Returns a container. Fails with [`Kind::NotFound`](crate::Kind::NotFound) if it does not exist.
pub async fn info(at: &At, container: u64) -> Result<Info, Failure> {
    let info = at.call(api::runtime_apis().data_container_api().container(container)).await?;
    info.ok_or_else(|| Failure::not_found(format!("container c{container} does not exist")))
}

/// Returns a twin. Fails with [`Kind::NotFound`](crate::Kind::NotFound) if it does not exist.
pub async fn twin(at: &At, twin: u64) -> Result<TwinInfo<AccountId32, u32>, Failure> {
    let info = at.call(api::runtime_apis().digital_twin_api().twin(twin)).await?;
    info.ok_or_else(|| Failure::not_found(format!("twin {twin} does not exist")))
}

/// Returns the data sets of a container with their names.
pub async fn data_sets(at: &At, container: u64) -> Result<Vec<(String, DataSet)>, Failure> {
    let sets = at.call(api::runtime_apis().data_container_api().data_sets(container)).await?;
    let name = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_default();
    Ok(sets.into_iter().map(|(of, set)| (name(of.0 .0), set)).collect())
}

/// Returns the readers of a data set.
pub async fn readers_of(
    at: &At,
    container: u64,
    name: &str,
) -> Result<Vec<ReaderInfo<AccountId32>>, Failure> {
    Chain::pages(|after| {
        let call = api::runtime_apis().data_container_api();
        at.call(call.readers(container, name.into(), after, PAGE))
    })
    .await
}

/// Returns the batches of a list.
pub async fn batches(
    at: &At,
    container: u64,
    name: &str,
) -> Result<Vec<BatchInfo<AccountId32, u32>>, Failure> {
    Chain::pages(|from: Option<u32>| {
        let call = api::runtime_apis().data_container_api();
        at.call(call.batches(container, name.into(), from.unwrap_or(0), PAGE))
    })
    .await
}

/// Returns the value of an entry, or `None`.
pub async fn entry(
    at: &At,
    container: u64,
    name: &str,
) -> Result<Option<Entry<AccountId32, u32, StoredValue>>, Failure> {
    at.call(api::runtime_apis().data_container_api().entry(container, name.into())).await
}

/// Returns the links of a twin, sorted by name.
pub async fn links_of(at: &At, twin: u64) -> Result<Vec<(Vec<u8>, Target<AccountId32>)>, Failure> {
    let links = Chain::pages(|after| {
        at.call(api::runtime_apis().digital_twin_api().links(twin, after, PAGE))
    });
    let mut links: Vec<_> =
        links.await?.into_iter().map(|(name, target)| (name.0 .0, target)).collect();
    links.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(links)
}

/// Returns the data sets of a container that are due for rotation.
pub async fn due_in(at: &At, container: u64) -> Result<Vec<DueRotation<AccountId32>>, Failure> {
    Chain::pages(|after| {
        let call = api::runtime_apis().data_container_api();
        at.call(call.rotations_due(container, None, after))
    })
    .await
}

/// Returns the holders of a version of an account's secret key, with their envelopes.
pub async fn account_envelopes(
    at: &At,
    account: &AccountId32,
    version: u32,
) -> Result<Vec<(KeyHolder<AccountId32>, Vec<u8>)>, Failure> {
    let call = api::runtime_apis().data_container_api();
    let found = at.call(call.account_envelopes(*account, version)).await?;
    Ok(found.into_iter().map(|of| (of.holder, of.sealed.0)).collect())
}

/// Returns a version of an account's key, or `None`.
pub async fn version_of(
    at: &At,
    account: &AccountId32,
    version: KeyVersion,
) -> Result<Option<Reader>, Failure> {
    let address = api::storage().data_container().key_versions();
    let found = at.client().storage().try_fetch(address, (*account, version.get())).await?;
    let Some(found) = found else { return Ok(None) };
    let public = found.decode()?.public.0.as_slice().try_into().ok().map(PublicKey);
    let account = sealing::Account(account.0);
    Ok(public.map(|public| Reader { account, version, public }))
}

/// A sealed value as the chain stores it.
pub struct SealedValue {
    /// `entry`, or the item's address.
    pub what: String,
    /// The account that wrote it.
    pub author: AccountId32,
    /// The epoch to whose key it is sealed.
    pub epoch: u32,
    /// The ciphertext.
    pub ciphertext: Vec<u8>,
}

/// Returns all sealed values of a data set from the chain's storage directly, regardless of what
/// the runtime APIs return.
pub async fn sealed_values(
    at: &At,
    container: u64,
    record: &DataSet,
) -> Result<Vec<SealedValue>, Failure> {
    let (storage, pallet) = (at.client().storage(), api::storage().data_container());
    let mut all = Vec::new();
    let mut add = |what: String, author: AccountId32, epoch: u32, ciphertext: Vec<u8>| {
        all.push(SealedValue { what, author, epoch, ciphertext });
    };
    if let Some(Entry { author, value: ShortValue::Sealed { epoch, ciphertext, .. }, .. }) =
        &record.value
    {
        add("entry".into(), *author, *epoch, ciphertext.0.clone());
    }
    let long = storage.try_fetch(pallet.long_entries(), (container, record.id)).await?;
    if let Some(entry) = long.map(|entry| entry.decode()).transpose()? {
        if let StoredValue::Sealed { epoch, ciphertext, .. } = entry.value {
            add("entry".into(), entry.author, epoch, ciphertext.0);
        }
    }
    for number in 0..record.batches {
        let batch = storage.try_fetch(pallet.batches(), (container, record.id, number)).await?;
        let Some(batch) = batch.map(|batch| batch.decode()).transpose()? else { continue };
        for (position, item) in batch.items.0.into_iter().enumerate() {
            if let Some(StoredValue::Sealed { epoch, ciphertext, .. }) = item {
                add(format!("{number}.{position}"), batch.author, epoch, ciphertext.0);
            }
        }
    }
    Ok(all)
}
