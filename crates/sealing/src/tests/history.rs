// SPDX-License-Identifier: Apache-2.0

use super::*;

const READER: Account = Account([5; 32]);

fn opened_numbers(opened: &Opened) -> Vec<u32> {
    opened.keys.keys().map(|number| number.get()).collect()
}

/// Returns an envelope of an epoch for the reader, and the key that opens it.
fn envelope(of: &History, epoch: u32, key_version: u32) -> (EnvelopeRecord, OwnKey) {
    let secret = SecretKey::generate().unwrap();
    let (epoch, key_version) = (version(epoch), version(key_version));
    let reader = Reader { account: READER, version: key_version, public: secret.public() };
    let place = of.data_set.epoch(epoch);
    let sealed = seal_envelope(&place, &reader, &of.seeds[&epoch]).unwrap();
    let own = OwnKey { account: READER, version: key_version, secret };
    (EnvelopeRecord { epoch, key_version, sealed }, own)
}

#[test]
fn newest_envelope_opens_all_older_epochs() {
    let history = history();
    let (record, own) = envelope(&history, 3, 2);
    let source = Known { keys: vec![own], ..Known::default() };
    let opened = open_epochs(&history.data_set, &history.epochs, &[record], &source);
    assert_eq!((opened_numbers(&opened), opened.faults), (vec![1, 2, 3], vec![]));
    for (number, key) in &opened.keys {
        assert_eq!(key.seed.expose(), history.seeds[number].expose());
    }
}

#[test]
fn envelope_opens_with_a_key_stored_under_another_version() {
    let history = history();
    let (record, own) = envelope(&history, 3, 2);
    let (_, other) = envelope(&history, 3, 2);
    let own = OwnKey { version: version(9), ..own };
    let source = Known { keys: vec![other, own], ..Known::default() };
    let opened = open_epochs(&history.data_set, &history.epochs, &[record], &source);
    assert_eq!((opened_numbers(&opened), opened.faults), (vec![1, 2, 3], vec![]));
}

#[test]
fn known_seeds_need_neither_envelopes_nor_links() {
    let mut history = history();
    history.epochs.values_mut().for_each(|record| record.previous = None);
    let seeds = history.seeds.values().cloned().collect();
    let source = Known { seeds, ..Known::default() };
    let opened = open_epochs(&history.data_set, &history.epochs, &[], &source);
    assert_eq!((opened_numbers(&opened), opened.faults), (vec![1, 2, 3], vec![]));
}

#[test]
fn false_envelope_does_not_affect_other_epochs() {
    let history = history();
    let (first, own) = envelope(&history, 1, 1);
    let (false_one, _) = envelope(&history, 3, 1);
    let source = Known { keys: vec![own.clone()], ..Known::default() };
    let envelopes = [false_one, first.clone()];
    let opened = open_epochs(&history.data_set, &history.epochs, &envelopes, &source);
    assert_eq!(opened_numbers(&opened), [1]);
    assert_eq!(opened.faults, [Error::MissingKey { version: 1 }]);

    // The envelope opens, but contains another seed.
    let reader = Reader { account: READER, version: version(1), public: own.secret.public() };
    let other = Seed::generate().unwrap();
    let place = history.data_set.epoch(version(3));
    let sealed = seal_envelope(&place, &reader, &other).unwrap();
    let lie = EnvelopeRecord { epoch: version(3), key_version: version(1), sealed };
    let opened = open_epochs(&history.data_set, &history.epochs, &[lie, first], &source);
    assert_eq!(opened_numbers(&opened), [1]);
    assert_eq!(opened.faults, [Error::FalseEnvelope { epoch: 3 }]);
}

#[test]
fn false_link_is_reported_and_not_followed() {
    let mut history = history();
    let newest = history.seeds[&version(3)].clone();
    let source = Known { seeds: vec![newest.clone()], ..Known::default() };
    let key = EpochKey::from_seed(newest);
    let place = history.data_set.epoch(version(3));
    let other = Seed::generate().unwrap();
    let mut faults = |previous| {
        history.epochs.get_mut(&version(3)).unwrap().previous = Some(previous);
        let opened = open_epochs(&history.data_set, &history.epochs, &[], &source);
        assert_eq!(opened_numbers(&opened), [3]);
        opened.faults
    };
    let false_link = seal_previous(&place, &key.public, &other).unwrap();
    assert_eq!(faults(false_link), [Error::FalseLink { epoch: 3 }]);
    assert_eq!(faults([7; SEALED_SEED]), [Error::CannotOpen]);
    history.epochs.remove(&version(2));
    let opened = open_epochs(&history.data_set, &history.epochs, &[], &source);
    assert_eq!(opened.faults, [Error::MissingEpoch(2)]);
}

#[test]
fn unknown_suite_is_reported() {
    let mut history = history();
    let (record, own) = envelope(&history, 3, 1);
    history.epochs.get_mut(&version(3)).unwrap().suite = 2;
    let source = Known { keys: vec![own], ..Known::default() };
    let envelopes = [record.clone()];
    let opened = open_epochs(&history.data_set, &history.epochs, &envelopes, &source);
    assert_eq!(opened.faults, [Error::UnknownSuite(2)]);
    let missing = EnvelopeRecord { epoch: version(9), ..record };
    let opened = open_epochs(&history.data_set, &history.epochs, &[missing], &source);
    assert_eq!(opened.faults, [Error::MissingEpoch(9)]);
}

#[test]
fn lying_source_opens_nothing() {
    struct Liar;
    impl KeySource for Liar {
        fn seed(&self, _: &DataSet, _: EpochNumber, _: &PublicKey) -> Option<Seed> {
            Seed::generate().ok()
        }

        fn candidates(&self, _: KeyVersion) -> Vec<OwnKey> {
            Vec::new()
        }
    }
    let history = history();
    let opened = open_epochs(&history.data_set, &history.epochs, &[], &Liar);
    assert!(opened.keys.is_empty() && opened.faults.is_empty());
}
