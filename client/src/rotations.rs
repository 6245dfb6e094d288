// SPDX-License-Identifier: Apache-2.0

//! Calls that create new keys of data sets, and envelopes for their readers.

use crate::{
    api,
    chain::{At, Chain},
    confidential::{self, DataSet},
    failure::Failure,
    keys::Keys,
    submit::Call,
};
use subxt::utils::AccountId32;
use twinchain_sealing::{self as sealing, KeyVersion, Place, PublicKey, Reader, SUITE};

/// The maximum number of envelopes in one call.
const MAX_ENVELOPES: usize = 64;

/// The data set to create or rotate a key for, at a block, with the owner's keystore.
pub struct Rotating<'a> {
    /// The connection.
    pub chain: &'a Chain,
    /// The block to read at.
    pub at: &'a At,
    /// The owner's keystore.
    pub keys: &'a Keys,
    /// The container.
    pub container: u64,
    /// The name of the data set.
    pub name: &'a str,
}

/// The readers of a data set, sorted by whether they get a new key.
#[derive(Debug, Default)]
pub struct Readers {
    /// The encryption keys of the readers, besides the owner, that get it.
    known: Vec<Reader>,
    /// The readers that do not get it, each with the reason.
    pub left_out: Vec<(AccountId32, String)>,
}

impl Readers {
    /// Returns the accounts besides the owner that get the new key.
    pub fn given(&self) -> Vec<AccountId32> {
        self.known.iter().map(|reader| AccountId32(reader.account.0)).collect()
    }
}

impl Rotating<'_> {
    fn data_set(&self) -> Result<sealing::DataSet, Failure> {
        confidential::sealing_data_set(self.chain, self.container, self.name)
    }

    /// Returns the owner's encryption key.
    async fn owner(&self) -> Result<Reader, Failure> {
        confidential::reader(self.at, self.keys, &AccountId32(self.keys.account().0)).await
    }

    /// Returns the call for the first rotation of a data set, which is always a cut, with the place
    /// of the new epoch and its public key.
    pub async fn first(&self) -> Result<(Call, Place, PublicKey), Failure> {
        let of = self.data_set()?;
        let rotation = confidential::rotate(self.keys, &of, None, 0, &self.owner().await?, &[])?;
        let public = rotation.public;
        Ok((self.call(rotation)?, of.epoch(KeyVersion::MIN), public))
    }

    fn call(&self, rotation: confidential::Rotation) -> Result<Call, Failure> {
        let call = api::transactions().data_container().rotate_key(
            self.container,
            self.name.into(),
            rotation.expected_epoch,
            SUITE,
            rotation.public.0.to_vec(),
            rotation.previous,
            rotation.key_version,
            rotation.envelope,
            rotation.envelopes,
        );
        Call::encode(self.at.client(), &call)
    }

    /// Sorts readers by whether the keystore has their keys pinned.
    ///
    /// A lying node could list an account that must not read, with a key of its own. So nothing is
    /// sealed to an unknown key: the owner must share with the account by name or accept its key. A
    /// reader that is left out gets the key later, with `twin key give`.
    pub async fn sort(&self, readers: &[AccountId32]) -> Result<Readers, Failure> {
        let owner = self.keys.account();
        let mut sorted = Readers::default();
        for account in readers.iter().filter(|account| account.0 != owner.0) {
            match confidential::known_reader(self.at, self.keys, account).await? {
                Ok(reader) => sorted.known.push(reader),
                Err(why) => sorted.left_out.push((*account, why)),
            }
        }
        Ok(sorted)
    }

    /// Returns the calls that rotate the key for the owner and these readers. Further calls carry
    /// the envelopes that do not fit into the first. Send all calls in one transaction.
    pub async fn again(
        &self,
        record: &DataSet,
        cut: bool,
        readers: &Readers,
    ) -> Result<Vec<Call>, Failure> {
        let of = self.data_set()?;
        let owner = self.owner().await?;
        let known = &readers.known;
        let expected = record.key.as_ref().map_or(0, |key| key.epoch);
        let (chain, at, keys) = (self.chain, self.at, self.keys);
        let before = match (cut, expected) {
            (_, 0) => None,
            // The node reports the epoch number. Check it, because the keystore stores the next
            // permanently.
            (true, _) => {
                let of = (self.container, self.name, record);
                confidential::prove_epoch(chain, at, keys, of).await?;
                None
            },
            (false, _) => {
                confidential::newest(chain, at, keys, self.container, self.name, record).await?
            },
        };
        let (first, rest) = known.split_at(known.len().min(MAX_ENVELOPES));
        let rotation =
            confidential::rotate(self.keys, &of, before.as_ref(), expected, &owner, first)?;
        let public = rotation.public;
        let mut calls = vec![self.call(rotation)?];
        if !rest.is_empty() {
            let epoch = expected.checked_add(1).and_then(KeyVersion::new);
            let epoch = epoch.ok_or_else(|| Failure::other("no epoch numbers are left"))?;
            let seed = sealing::KeySource::seed(&*self.keys.keystore()?, &of, epoch, &public)
                .ok_or_else(|| Failure::other("the keystore does not have the seed"))?;
            calls.extend(envelopes(self.at, &of, epoch, &seed, rest)?);
        }
        Ok(calls)
    }
}

/// Returns the calls for the first rotations of data sets, each with the place of the new epoch and
/// its public key. All seeds are stored together, because each change of the keystore takes a
/// second.
pub async fn first_keys(
    chain: &Chain,
    at: &At,
    keys: &Keys,
    data_sets: &[(u64, String)],
) -> Result<Vec<(Call, Place, PublicKey)>, Failure> {
    let of =
        |(container, name): &(u64, String)| confidential::sealing_data_set(chain, *container, name);
    let all = data_sets.iter().map(of).collect::<Result<Vec<_>, _>>()?;
    let owner = confidential::reader(at, keys, &AccountId32(keys.account().0)).await?;
    let rotations = confidential::first_rotations(keys, &all, &owner)?;
    let mut made = Vec::new();
    for ((of, (container, name)), rotation) in all.iter().zip(data_sets).zip(rotations) {
        let rotating = Rotating { chain, at, keys, container: *container, name };
        let public = rotation.public;
        made.push((rotating.call(rotation)?, of.epoch(KeyVersion::MIN), public));
    }
    Ok(made)
}

/// Returns the calls that give readers a seed, with at most 64 envelopes each.
pub fn envelopes(
    at: &At,
    of: &sealing::DataSet,
    epoch: KeyVersion,
    seed: &sealing::Seed,
    readers: &[Reader],
) -> Result<Vec<Call>, Failure> {
    let place = of.epoch(epoch);
    let envelope = |reader: &Reader| confidential::reader_envelope(&place, reader, seed);
    readers
        .chunks(MAX_ENVELOPES)
        .map(|page| {
            let list = page.iter().map(envelope).collect::<Result<_, _>>()?;
            let name = of.name.as_bytes().to_vec();
            let call = api::transactions().data_container();
            Call::encode(at.client(), &call.set_envelopes(of.container, name, epoch.get(), list))
        })
        .collect()
}
