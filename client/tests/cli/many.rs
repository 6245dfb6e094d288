// SPDX-License-Identifier: Apache-2.0

//! A data set with more readers than one call has room for envelopes.

use crate::{node::service, Twin};
use std::{sync::Arc, time::Duration};
use twinchain_client::{
    api::{
        self,
        runtime_types::{
            pallet_data_container::types::arguments::DataSetAccess,
            twinchain_primitives::access::Access,
        },
    },
    confidential,
    keys::Keys,
    signer::Signer,
    submit::{self, Call, Submission, Wait},
    Chain, Failure,
};
use twinchain_sealing::{keystore::Password, Account, KeyVersion, Reader, SecretKey, SUITE};
use zeroize::Zeroizing;

const READERS: usize = 70;
const READ: u8 = 1;

fn submitted(of: &Twin, call: &Call) {
    of.ok(&["submit", &format!("0x{}", hex::encode(call.bytes()))]);
}

/// Admits accounts, sets a key for each, and shares a data set with all of them.
async fn share_with_many(alice: &Twin, container: u64, name: &str) -> Result<(), Failure> {
    let chain = Chain::connect(&alice.url, None).await?;
    let at = chain.at_best().await?;
    let signer =
        |index: usize| Signer::from_uri(&Zeroizing::new(format!("//Reader/{container}/{index}")));
    let signers: Vec<_> = (0..READERS).map(signer).collect::<Result<_, _>>()?;
    let consortium = api::transactions().consortium();
    let admit = signers.iter().map(|signer| {
        Call::encode(at.client(), &consortium.add_member(0, signer.account(), Vec::new()))
    });
    submitted(alice, &Call::all(at.client(), admit.collect::<Result<_, _>>()?)?);

    let mut readers = Vec::new();
    for signer in &signers {
        let public = SecretKey::generate()?.public();
        let set = api::transactions().data_container();
        let set = set.set_encryption_key(SUITE, public.0.to_vec(), 0, false);
        let call = Call::encode(at.client(), &set)?;
        let patience = Duration::from_secs(60);
        let submission = Submission { wait: Wait::None, patience, turn: None, observer: &|_| {} };
        submit::submit(&chain, &call, signer, submission).await?;
        let account = Account(signer.account().0);
        readers.push(Reader { account, version: KeyVersion::MIN, public });
    }
    let last = signers.last().map(Signer::account).ok_or_else(|| Failure::other("no readers"))?;
    while confidential::encryption_key(&chain.at_best().await?, &last).await?.is_none() {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }

    // Simulates that alice shared with each by name, so that their keys are known.
    let own = Signer::developer("alice")?.account();
    let path = alice.home.path().join("keys.json");
    let ask = Arc::new(|_| Ok(Password::new("a password")?));
    let keys = Keys::new(path, &own, chain.genesis(), ask);
    keys.update(|keystore| {
        readers.iter().try_for_each(|reader| keystore.check(reader))?;
        Ok(())
    })?;
    let at = chain.at_best().await?;
    let record = confidential::data_set(&at, container, name).await?;
    let of = confidential::sealing_data_set(&chain, container, name)?;
    let newest = confidential::newest(&chain, &at, &keys, container, name, &record).await?;
    let newest = newest.ok_or_else(|| Failure::other("the data set has no key"))?;
    let share = |reader: &Reader| {
        let access = DataSetAccess { data_set: name.into(), access: Access(READ) };
        let envelope = confidential::envelope_for(&of, &newest, reader)?;
        let to = twinchain_client::AccountId32(reader.account.0);
        let call = api::transactions().data_container();
        let call = call.share(container, to, vec![access], None, vec![envelope]);
        Call::encode(at.client(), &call)
    };
    let calls = readers.iter().map(share).collect::<Result<Vec<_>, _>>()?;
    submitted(alice, &Call::all(at.client(), calls)?);
    Ok(())
}

#[test]
fn many_readers_get_a_new_key_in_one_transaction() {
    let alice = Twin::with_key("alice");
    let of = service(&alice);
    let manual = format!("{of}/manual");
    alice.ok(&["key", "rotate", &manual]);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(share_with_many(&alice, of[1..].parse().unwrap(), "manual")).unwrap();
    let listed = alice.json(&["readers", &manual])["readers"].as_array().unwrap().len();
    assert!(listed >= READERS, "{listed}");
    // One call has room for 64 envelopes.
    let printed = alice.json(&["--print-call", "key", "rotate", &manual]);
    let calls = printed["calls"].as_array().unwrap().len();
    assert_eq!(calls, 2, "{}", printed["calls"]);
    let rotated = alice.json(&["key", "rotate", &manual]);
    assert_eq!(rotated["leftOut"].as_array().unwrap().len(), 0, "{rotated}");
    let states = alice.json(&["readers", &manual])["readers"].clone();
    for reader in states.as_array().unwrap() {
        assert_eq!(reader["envelope"], "has the newest key", "{reader}");
    }
}
