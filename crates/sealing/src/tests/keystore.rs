// SPDX-License-Identifier: Apache-2.0

use super::*;
use crate::keystore::{
    file::{self, read_password},
    Export, Keystore, KeystoreError, Password, Pin, PinConflict, TrustError, MAX_COST, MIN_COST,
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    thread,
};
use zeroize::Zeroizing;

const ACCOUNT: Account = Account([1; 32]);
const OTHER: Account = Account([2; 32]);
const SIGNER: Account = Account([3; 32]);
const GENESIS: GenesisHash = GenesisHash([8; 32]);

fn password() -> Password {
    Password::new("correct horse battery staple").unwrap()
}

fn reader_of(account: Account, number: u32) -> Reader {
    let public = SecretKey::generate().unwrap().public();
    Reader { account, version: version(number), public }
}

/// Checks the content that the committed keystores of all versions have.
fn assert_committed(keystore: &mut Keystore) {
    let vectors = vectors();
    assert_eq!(keystore.account(), ACCOUNT);
    assert_eq!(keystore.versions(), [1, 2, 3]);
    for (index, pair) in list(&vectors, "key_pairs").iter().enumerate() {
        let public = PublicKey(bytes32(pair, "public_key"));
        let own = keystore.key_of(version(index as u32 + 1), &public).unwrap();
        assert_eq!(own.secret.public(), public);
    }
    assert!(keystore.device_key().is_some());
    let public = PublicKey(bytes32(&list(&vectors, "key_pairs")[0], "public_key"));
    assert_eq!(keystore.pinned(&OTHER), Some(Pin { version: version(3), public }));
}

/// Checks the additional content of the committed keystores of version 2.
fn assert_committed_seeds(keystore: &Keystore) {
    let mut history = history();
    assert_eq!(keystore.genesis(), Some(history.data_set.genesis));
    assert_eq!(keystore.signer(&SIGNER).unwrap().as_str(), "//Alice");
    history.epochs.values_mut().for_each(|record| record.previous = None);
    let opened = open_epochs(&history.data_set, &history.epochs, &[], keystore);
    assert_eq!(opened.keys.len(), history.epochs.len());
}

fn folder(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(of)
}

#[test]
fn committed_keystores_can_always_be_opened() {
    let text = fs::read_to_string(folder("../../client/js/vectors/keystore-1.json")).unwrap();
    let mut first = Keystore::open(&text, &password()).unwrap();
    assert_committed(&mut first);
    assert!(matches!(first.seal(&password(), MIN_COST), Err(KeystoreError::NotBound)));
    first.bind(GENESIS).unwrap();
    let text = first.seal(&password(), MIN_COST).unwrap();
    assert_committed(&mut Keystore::open(&text, &password()).unwrap());

    for path in ["../../client/js/vectors/keystore-2.json", "vectors/keystore-2.json"] {
        let text = fs::read_to_string(folder(path)).unwrap();
        let mut keystore = Keystore::open(&text, &password()).unwrap();
        assert_committed(&mut keystore);
        assert_committed_seeds(&keystore);
    }
}

/// Writes the committed keystore of this version, unless it exists.
#[test]
#[ignore = "it wrote vectors/keystore-2.json, once"]
fn make_the_committed_keystore() {
    let vectors = vectors();
    let history = history();
    let mut keystore = Keystore::new(ACCOUNT, history.data_set.genesis);
    let pairs = list(&vectors, "key_pairs");
    for (number, pair) in (1..).zip(pairs) {
        keystore.import_key(version(number), secret(pair, "secret_key"));
    }
    for (epoch, seed) in &history.seeds {
        keystore.add_seed(&history.data_set, *epoch, &EpochKey::from_seed(seed.clone()));
    }
    keystore.prepare_device_key().unwrap();
    let public = PublicKey(bytes32(&pairs[0], "public_key"));
    keystore.check(&Reader { account: OTHER, version: version(3), public }).unwrap();
    keystore.add_signer(SIGNER, Zeroizing::new("//Alice".into())).unwrap();
    let path = folder("vectors/keystore-2.json");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    file::create(&path, &keystore, &password(), MIN_COST).unwrap();
}

#[test]
fn keys_are_prepared_once_and_found_by_public_key() {
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    let first = keystore.prepare_key(version(1)).unwrap();
    assert_eq!(keystore.prepare_key(version(1)).unwrap(), first);
    let third = keystore.prepare_key(version(3)).unwrap();
    let error = keystore.prepare_key(version(2)).unwrap_err();
    assert!(matches!(error, KeystoreError::NewerKey { newest: 3, version: 2 }), "{error}");

    // The chain stored the key as version 2, and the keystore adopts that.
    let found = Reader { version: version(2), ..third };
    keystore.check(&found).unwrap();
    assert_eq!(keystore.versions(), [1, 2]);
    let own = keystore.key_of(version(2), &third.public).unwrap();
    assert_eq!((own.version, own.secret.public()), (version(2), third.public));

    // Two keys of one version are both kept, and the most likely one comes first.
    let secret = SecretKey::generate().unwrap();
    keystore.import_key(version(2), secret.clone());
    let publics = |number| {
        let own = keystore.candidates(version(number));
        own.iter().map(|own| own.secret.public()).collect::<Vec<_>>()
    };
    assert_eq!(publics(2), [secret.public(), third.public, first.public]);
    assert_eq!(publics(1)[0], first.public);
    assert_eq!(publics(7).len(), 3);
    assert!(keystore.secret_of(&PublicKey([7; 32])).is_none());
    assert_eq!(keystore.secret_of(&third.public).unwrap().public(), third.public);
}

#[test]
fn check_fails_when_own_key_is_unexpected() {
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    keystore.prepare_key(version(1)).unwrap();
    let found = reader_of(ACCOUNT, 1);
    let error = keystore.check(&found).unwrap_err();
    assert_eq!(error, TrustError::UnexpectedKey { found });
    assert!(error.to_string().contains("someone else can sign"), "{error}");
    // Accepting the key has no effect.
    keystore.accept(&found);
    assert!(keystore.check(&found).is_err());
}

#[test]
fn key_of_another_account_is_pinned() {
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    let (before, after) = (reader_of(OTHER, 1), reader_of(OTHER, 2));
    keystore.check(&before).unwrap();
    keystore.check(&before).unwrap();
    let pinned = Pin { version: before.version, public: before.public };
    for found in
        [after, Reader { version: version(1), ..after }, Reader { version: version(2), ..before }]
    {
        assert_eq!(keystore.check(&found), Err(TrustError::KeyChanged { found, pinned }));
    }
    keystore.accept(&after);
    keystore.check(&after).unwrap();
    let error = keystore.check(&before).unwrap_err().to_string();
    assert!(error.contains("do not trust the node"), "{error}");
}

#[test]
fn sealed_keystore_can_be_opened_again() {
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    keystore.prepare_key(version(1)).unwrap();
    let device = keystore.prepare_device_key().unwrap();
    assert_eq!(keystore.prepare_device_key().unwrap(), device);
    let of = DataSet {
        genesis: GENESIS,
        container: u64::MAX,
        name: DataSetName::from_bytes([0xff, b'"']).unwrap(),
    };
    let key = EpochKey::generate().unwrap();
    keystore.add_seed(&of, version(7), &key);
    keystore.add_signer(SIGNER, Zeroizing::new("a \"phrase\"\n//x///ü".into())).unwrap();
    keystore.check(&reader_of(OTHER, 4)).unwrap();

    let text = keystore.seal(&password(), MIN_COST).unwrap();
    let again = Keystore::open(&text, &password()).unwrap();
    assert_eq!(again.genesis(), Some(GENESIS));
    assert_eq!(again.versions(), [1]);
    assert_eq!(again.device_key().unwrap().public(), device);
    assert_eq!(again.seed(&of, version(7), &key.public).unwrap().expose(), key.seed.expose());
    assert_eq!(again.signer(&SIGNER), keystore.signer(&SIGNER));
    assert!(again.pins().eq(keystore.pins()));
    assert_eq!(again.signer_accounts().collect::<Vec<_>>(), [&SIGNER]);
    assert!(!text.contains("phrase") && !text.contains(&hex_crate::encode(key.seed.expose())));
    let shown = format!("{keystore:?} {:?}", password());
    assert!(!shown.contains("phrase") && !shown.contains("horse"), "{shown}");

    // The same letters as other code points.
    let (one, other) = (Password::new("Zu\u{308}rich").unwrap(), Password::new("Zürich").unwrap());
    let text = keystore.seal(&one, MIN_COST).unwrap();
    assert!(Keystore::open(&text, &other).is_ok());
}

#[test]
fn wrong_passwords_and_altered_files_are_refused() {
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    keystore.prepare_key(version(1)).unwrap();
    let text = keystore.seal(&password(), MIN_COST).unwrap();
    let open = |text: &str| Keystore::open(text, &password());
    let wrong = Password::new("wrong").unwrap();
    assert!(matches!(Keystore::open(&text, &wrong), Err(KeystoreError::WrongPassword)));
    assert!(matches!(Password::new(""), Err(KeystoreError::NoPassword)));

    let file: Value = serde_json::from_str(&text).unwrap();
    let altered = |change: &dyn Fn(&mut Value)| {
        let mut file = file.clone();
        change(&mut file);
        open(&file.to_string())
    };
    // The order of members has no meaning.
    assert!(altered(&|_| {}).is_ok());
    for (member, value) in [
        ("account", Value::from(OTHER.to_string())),
        ("genesisHash", Value::from(GenesisHash([9; 32]).to_string())),
        ("sealed", Value::from("0x00")),
        ("sealed", Value::from("0x")),
    ] {
        let result = altered(&|file| file[member] = value.clone());
        assert!(matches!(result, Err(KeystoreError::WrongPassword)), "{member}: {result:?}");
    }
    type Change<'a> = (&'a str, &'a dyn Fn(&mut Value));
    let invalid: [Change<'_>; 14] = [
        ("format", &|file| file["format"] = "other".into()),
        ("version", &|file| file["version"] = 3.into()),
        ("version 1", &|file| file["version"] = 1.into()),
        ("unknown", &|file| file["more"] = 1.into()),
        ("kdf", &|file| file["kdf"]["name"] = "pbkdf2".into()),
        ("kdf unknown", &|file| file["kdf"]["more"] = 1.into()),
        ("n", &|file| file["kdf"]["n"] = (MAX_COST * 2).into()),
        ("n odd", &|file| file["kdf"]["n"] = (MIN_COST + 1).into()),
        ("n negative", &|file| file["kdf"]["n"] = (-1).into()),
        ("r", &|file| file["kdf"]["r"] = 9.into()),
        ("cipher", &|file| file["cipher"]["name"] = "AES-128-GCM".into()),
        ("salt", &|file| file["kdf"]["salt"] = "0x00".into()),
        ("sealed", &|file| file["sealed"] = "hello".into()),
        ("account", &|file| file["account"] = Value::Null),
    ];
    for (name, change) in invalid {
        let result = altered(change);
        assert!(matches!(result, Err(KeystoreError::Invalid(_))), "{name}: {result:?}");
    }
    for text in ["", "{", "[]", "null", "{}", &text[..text.len() / 2], &format!("{text}x")] {
        assert!(matches!(open(text), Err(KeystoreError::Invalid(_))), "{text}");
    }
    for cost in [0, 1, MIN_COST / 2, MIN_COST + 1, MAX_COST * 2] {
        let result = keystore.seal(&password(), cost);
        assert!(matches!(result, Err(KeystoreError::InvalidCost(_))), "{cost}");
    }
}

#[test]
fn keystore_belongs_to_one_chain() {
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    keystore.bind(GENESIS).unwrap();
    let chain = GenesisHash([9; 32]);
    let error = keystore.bind(chain).unwrap_err();
    let expected = matches!(
        error,
        KeystoreError::WrongChain { keystore, chain: other }
            if keystore == GENESIS && other == chain
    );
    assert!(expected, "{error}");
}

#[test]
fn merge_keeps_everything_and_reports_different_pins() {
    let (mut one, mut other) = (Keystore::new(ACCOUNT, GENESIS), Keystore::new(ACCOUNT, GENESIS));
    let shared = one.prepare_key(version(1)).unwrap();
    other.import_key(version(1), one.secret_of(&shared.public).unwrap());
    let own = one.prepare_key(version(2)).unwrap();
    let theirs = other.prepare_key(version(2)).unwrap();
    let key = EpochKey::generate().unwrap();
    let of = history().data_set;
    other.add_seed(&of, version(1), &key);
    other.add_signer(SIGNER, Zeroizing::new("//Bob".into())).unwrap();
    other.prepare_device_key().unwrap();
    let (pin, another) = (reader_of(OTHER, 1), reader_of(OTHER, 2));
    one.check(&pin).unwrap();
    other.check(&another).unwrap();

    let conflicts = one.merge(&other).unwrap();
    let as_pin = |reader: Reader| Pin { version: reader.version, public: reader.public };
    let conflict = PinConflict { account: OTHER, own: as_pin(pin), other: as_pin(another) };
    assert_eq!(conflicts, [conflict]);
    assert_eq!(one.pinned(&OTHER), Some(as_pin(pin)));
    assert_eq!(one.versions(), [1, 2, 2]);
    for public in [shared.public, own.public, theirs.public] {
        assert!(one.secret_of(&public).is_some());
    }
    assert!(one.seed(&of, version(1), &key.public).is_some() && one.signer(&SIGNER).is_some());
    assert!(one.device_key().is_none(), "the device key belongs to one machine");
    assert_eq!(one.merge(&other).unwrap().len(), 1);
    assert_eq!((one.versions().len(), one.seed_count()), (3, 1));

    let stranger = Keystore::new(OTHER, GENESIS);
    assert!(matches!(one.merge(&stranger), Err(KeystoreError::OtherAccount { .. })));
    let mut twice = Keystore::new(ACCOUNT, GENESIS);
    twice.add_signer(SIGNER, Zeroizing::new("//Bob".into())).unwrap();
    twice.add_signer(SIGNER, Zeroizing::new("//Bob".into())).unwrap();
    let error = twice.add_signer(SIGNER, Zeroizing::new("//Eve".into())).unwrap_err();
    assert!(
        matches!(error, KeystoreError::OtherSigner(SIGNER)) && !error.to_string().contains("Eve")
    );
    assert!(twice.remove_signer(&SIGNER) && !twice.remove_signer(&SIGNER));
    let elsewhere = Keystore::new(ACCOUNT, GenesisHash([9; 32]));
    assert!(matches!(one.merge(&elsewhere), Err(KeystoreError::WrongChain { .. })));
}

#[test]
fn export_includes_only_the_requested_parts() {
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    keystore.prepare_key(version(1)).unwrap();
    keystore.add_signer(SIGNER, Zeroizing::new("//Bob".into())).unwrap();
    let mut of = history().data_set;
    let keys = [1, 2].map(|container| {
        of.container = container;
        let key = EpochKey::generate().unwrap();
        keystore.add_seed(&of, version(1), &key);
        key
    });
    let all = keystore.export(&Export::default());
    assert_eq!((all.versions().len(), all.seed_count()), (1, 2));
    assert!(all.signer(&SIGNER).is_none());
    let containers = Some(BTreeSet::from([2]));
    let some = keystore.export(&Export { containers, keys: false, signers: true });
    assert_eq!((some.versions().len(), some.seed_count()), (0, 1));
    assert!(some.seed(&of, version(1), &keys[1].public).is_some());
    assert!(some.signer(&SIGNER).is_some());
    // A seed belongs to one epoch of one data set, and is not returned for another one.
    assert!(some.seed(&of, version(2), &keys[1].public).is_none());
    of.container = 1;
    assert!(some.seed(&of, version(1), &keys[1].public).is_none());
    of = DataSet { container: 2, name: DataSetName::from_bytes("other").unwrap(), ..of };
    assert!(some.seed(&of, version(1), &keys[1].public).is_none());
}

#[test]
fn false_seed_does_not_hide_a_correct_one() {
    let of = history().data_set;
    let key = EpochKey::generate().unwrap();
    let lie = EpochKey { seed: Seed::generate().unwrap(), ..key.clone() };
    for order in [[&lie, &key], [&key, &lie]] {
        let mut keystore = Keystore::new(ACCOUNT, GENESIS);
        order.iter().for_each(|key| keystore.add_seed(&of, version(1), key));
        assert_eq!(keystore.seed_count(), 1);
        assert_eq!(
            keystore.seed(&of, version(1), &key.public).unwrap().expose(),
            key.seed.expose()
        );
    }
}

#[test]
fn seed_under_a_false_place_does_not_exclude_the_correct_one() {
    let of = history().data_set;
    let elsewhere = DataSet { container: of.container + 1, ..of.clone() };
    let key = EpochKey::generate().unwrap();
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    keystore.add_seed(&elsewhere, version(1), &key);
    keystore.add_seed(&of, version(2), &key);
    keystore.add_seed(&of, version(1), &key);
    let back = Keystore::open(&keystore.seal(&password(), MIN_COST).unwrap(), &password()).unwrap();
    for (place, epoch) in [(&elsewhere, 1), (&of, 2), (&of, 1)] {
        assert!(back.seed(place, version(epoch), &key.public).is_some());
    }
    assert!(back.seed(&elsewhere, version(2), &key.public).is_none());
    assert_eq!((back.seed_count(), back.data_sets().len()), (3, 2));
}

#[test]
fn account_envelope_restores_a_lost_keystore() {
    let mut keystore = Keystore::new(ACCOUNT, GENESIS);
    let own =
        OwnKey { account: ACCOUNT, version: version(4), secret: SecretKey::generate().unwrap() };
    let public = own.secret.public();
    keystore.restore(own.clone()).unwrap();
    keystore.check(&Reader { account: ACCOUNT, version: version(4), public }).unwrap();
    let stranger = OwnKey { account: OTHER, ..own };
    assert!(matches!(keystore.restore(stranger), Err(KeystoreError::OtherAccount { .. })));
}

#[test]
fn file_is_created_once_and_replaced_atomically() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let keystore = Keystore::new(ACCOUNT, GENESIS);
    file::create(&path, &keystore, &password(), MIN_COST).unwrap();
    let again = file::create(&path, &keystore, &password(), MIN_COST);
    assert!(matches!(again, Err(KeystoreError::Exists(_))), "{again:?}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let prepare = |keystore: &mut Keystore| keystore.prepare_key(version(1));
    let key = file::update(&path, &password(), MIN_COST, prepare).unwrap();
    assert_eq!(file::read(&path, &password()).unwrap().versions(), [1]);

    // A failing change writes nothing.
    let before = fs::read(&path).unwrap();
    let failing = file::update(&path, &password(), MIN_COST, |keystore| {
        keystore.prepare_key(version(2))?;
        Err::<(), _>(KeystoreError::NotBound)
    });
    assert!(failing.is_err());
    assert_eq!(fs::read(&path).unwrap(), before);

    let new = Password::new("another").unwrap();
    file::change_password(&path, &password(), &new, MIN_COST).unwrap();
    assert!(matches!(file::read(&path, &password()), Err(KeystoreError::WrongPassword)));
    assert!(file::read(&path, &new).unwrap().secret_of(&key.public).is_some());
    // No drafts or locks are left behind.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let missing = file::read(&folder.path().join("none"), &password());
    assert!(matches!(missing, Err(KeystoreError::File { .. })));
}

#[test]
fn concurrent_writers_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.json");
    let keystore = Keystore::new(ACCOUNT, GENESIS);
    file::create(&path, &keystore, &password(), MIN_COST).unwrap();
    thread::scope(|scope| {
        for container in 1..=4 {
            let path = &path;
            scope.spawn(move || {
                let mut of = history().data_set;
                of.container = container;
                let key = EpochKey::generate().unwrap();
                file::update(path, &password(), MIN_COST, |keystore| {
                    keystore.add_seed(&of, version(1), &key);
                    Ok::<_, KeystoreError>(())
                })
                .unwrap();
            });
        }
    });
    assert_eq!(file::read(&path, &password()).unwrap().seed_count(), 4);
}

#[cfg(unix)]
#[test]
fn symbolic_link_to_a_keystore_stays_a_link() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("keys.json"), folder.path().join("link.json"));
    file::create(&path, &Keystore::new(ACCOUNT, GENESIS), &password(), MIN_COST).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let change = |through: &Path| {
        file::update(through, &password(), MIN_COST, |keystore| keystore.new_key(version(1)))
    };
    change(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().file_type().is_symlink());
    assert_eq!(file::read(&path, &password()).unwrap().versions().len(), 1);
    // A program that uses the link waits for one that uses the path.
    fs::write(folder.path().join("keys.json.lock"), "").unwrap();
    let waiting = thread::spawn({
        let lock = folder.path().join("keys.json.lock");
        move || {
            thread::sleep(std::time::Duration::from_millis(300));
            fs::remove_file(lock).unwrap();
        }
    });
    change(&link).unwrap();
    assert!(waiting.is_finished(), "it waited for the lock");
}

#[test]
fn password_is_read_from_a_file_without_the_line_break() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    let text = Keystore::new(ACCOUNT, GENESIS).seal(&password(), MIN_COST).unwrap();
    for end in ["", "\n", "\r\n"] {
        fs::write(&path, format!("correct horse battery staple{end}")).unwrap();
        assert!(Keystore::open(&text, &read_password(&path).unwrap()).is_ok());
    }
    fs::write(&path, "\n").unwrap();
    assert!(matches!(read_password(&path), Err(KeystoreError::NoPassword)));
}
