// SPDX-License-Identifier: Apache-2.0

//! The committed vectors of `client/js`: this crate must produce the same bytes and open them.

use super::*;
use crate::{hpke, place::label};

#[test]
fn rfc_9180_test_vector_matches() {
    let vector: Value = serde_json::from_str(RFC).unwrap();
    for (seed_of, public) in [("ikmE", "pkEm"), ("ikmR", "pkRm")] {
        let key = EpochKey::from_seed(seed(&vector, seed_of));
        assert_eq!(key.public.0, bytes32(&vector, public));
    }
    let (info, aad) = (bytes(&vector, "info"), bytes(&vector, "aad"));
    let public = PublicKey(bytes32(&vector, "pkRm"));
    let made = hpke::seal_with(seed(&vector, "ikmE"), &public, &info, &aad, &bytes(&vector, "pt"));
    let sealed = [bytes(&vector, "enc"), bytes(&vector, "ct")].concat();
    assert_eq!(made, Ok(sealed.clone()));
    let opened = hpke::open(&secret(&vector, "skRm"), &info, &aad, &sealed).unwrap();
    assert_eq!(*opened, bytes(&vector, "pt"));
}

#[test]
fn key_pairs_are_derived_from_their_seeds() {
    for pair in list(&vectors(), "key_pairs") {
        let key = EpochKey::from_seed(seed(pair, "seed"));
        assert_eq!(key.public.0, bytes32(pair, "public_key"));
        assert_eq!(key.secret.public(), key.public);
        assert_eq!(secret(pair, "secret_key").public(), key.public);
    }
}

/// Seals according to a vector, with its ephemeral seed.
fn seal(vector: &Value, info: &[u8], aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
    assert_eq!(info, bytes(vector, "info"));
    assert_eq!(aad, bytes(vector, "aad"));
    let public = PublicKey(bytes32(vector, "recipient_public_key"));
    hpke::seal_with(seed(vector, "ephemeral_seed"), &public, info, aad, plaintext).unwrap()
}

/// Returns the reader's key of a vector.
fn own(vector: &Value) -> OwnKey {
    OwnKey {
        account: Account(bytes32(vector, "reader")),
        version: number(vector, "key_version"),
        secret: secret(vector, "recipient_secret_key"),
    }
}

fn holder(vector: &Value) -> Holder {
    let of = &vector["holder"];
    let public = PublicKey(bytes32(vector, "recipient_public_key"));
    match of["public"].is_null() {
        true => Holder::Account(Reader {
            account: Account(bytes32(of, "account")),
            version: number(of, "key_version"),
            public,
        }),
        false => Holder::Key(PublicKey(bytes32(of, "public"))),
    }
}

fn holder_key(vector: &Value) -> HolderKey {
    let secret = secret(vector, "recipient_secret_key");
    match holder(vector) {
        Holder::Account(Reader { account, version, .. }) => {
            HolderKey::Account(OwnKey { account, version, secret })
        },
        Holder::Key(_) => HolderKey::Key(secret),
    }
}

fn of_account(vector: &Value) -> Reader {
    Reader {
        account: Account(bytes32(vector, "account")),
        version: number(vector, "version"),
        public: PublicKey(bytes32(vector, "account_public_key")),
    }
}

#[test]
fn envelopes_match_the_vectors() {
    for vector in list(&vectors(), "envelopes") {
        let (place, own) = (place(vector), own(vector));
        let public = PublicKey(bytes32(vector, "epoch_public_key"));
        let opened = open_envelope(&place, &own, &public, &bytes(vector, "sealed")).unwrap();
        assert_eq!(opened.seed.expose(), &bytes32(vector, "plaintext"));
        let aad = crate::envelope::reader_data(own.account, own.version);
        let made = seal(vector, &place.info(label::ENVELOPE), &aad, opened.seed.expose());
        assert_eq!(made, bytes(vector, "sealed"));
    }
}

#[test]
fn links_match_the_vectors() {
    for vector in list(&vectors(), "previous_seeds") {
        let place = place(vector);
        let before = PublicKey(bytes32(vector, "previous_public_key"));
        let secret = secret(vector, "recipient_secret_key");
        let opened = open_previous(&place, &secret, &before, &bytes(vector, "sealed")).unwrap();
        let made = seal(vector, &place.info(label::PREVIOUS), &[], opened.seed.expose());
        assert_eq!(made, bytes(vector, "sealed"));
    }
}

#[test]
fn account_envelopes_match_the_vectors() {
    for vector in list(&vectors(), "account_envelopes") {
        let genesis = GenesisHash(bytes32(vector, "genesis_hash"));
        let (of, own) = (of_account(vector), holder_key(vector));
        assert_eq!(own.holder(), holder(vector));
        let sealed = bytes(vector, "sealed");
        let opened = open_account_envelope(genesis, &of, &own, &sealed).unwrap();
        assert_eq!(opened.secret.public(), of.public);
        // A secret key has two forms that open the same (RFC 7748). Compare with the form in the
        // vector.
        let info = crate::place::account_info(genesis, of.account, of.version);
        assert_eq!(
            seal(vector, &info, &bytes(vector, "aad"), opened.secret.expose()),
            bytes(vector, "sealed")
        );
        let again = seal_account_envelope(genesis, &opened, &holder(vector)).unwrap();
        assert!(open_account_envelope(genesis, &of, &own, &again).is_ok());
        let itself = Holder::Key(of.public);
        assert_eq!(seal_account_envelope(genesis, &opened, &itself), Err(Error::SealedToItself));
    }
}

#[test]
fn values_match_the_vectors() {
    for vector in list(&vectors(), "values") {
        let (place, author) = (place(vector), Account(bytes32(vector, "author")));
        let (secret, sealed) = (secret(vector, "recipient_secret_key"), bytes(vector, "sealed"));
        let opened = open_value(&place, &secret, &author, &sealed).unwrap();
        assert_eq!(*opened, bytes(vector, "value"));
        let made = seal(vector, &place.info(label::VALUE), &author.0, &pad(&opened));
        assert_eq!(made, sealed);
    }
}

/// Checks the committed file of data sealed by this crate with its own randomness. The tests of
/// `client/js` open it. `SNAPSHOTS=overwrite` writes the file again.
#[test]
fn committed_data_sealed_by_this_crate_opens() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/sealed.json");
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        let text = serde_json::to_string_pretty(&sealed_again()).unwrap();
        std::fs::write(path, text + "\n").unwrap();
    }
    let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for (kind, vectors) in sealed_again().as_object().unwrap() {
        let of_file = list(&committed, kind);
        assert_eq!(of_file.len(), vectors.as_array().unwrap().len(), "{kind}");
        for vector in of_file.iter().chain(list(&sealed_again(), kind)) {
            assert_eq!(opened(kind, vector), bytes(vector, "plaintext"), "{kind}");
        }
    }
}

/// Opens a vector of a given kind. Returns the plaintext.
fn opened(kind: &str, vector: &Value) -> Vec<u8> {
    let sealed = bytes(vector, "sealed");
    let secret = || secret(vector, "recipient_secret_key");
    match kind {
        "envelopes" => {
            let public = PublicKey(bytes32(vector, "epoch_public_key"));
            let key = open_envelope(&place(vector), &own(vector), &public, &sealed).unwrap();
            key.seed.expose().to_vec()
        },
        "previous_seeds" => {
            let before = PublicKey(bytes32(vector, "previous_public_key"));
            let key = open_previous(&place(vector), &secret(), &before, &sealed).unwrap();
            key.seed.expose().to_vec()
        },
        "account_envelopes" => {
            let genesis = GenesisHash(bytes32(vector, "genesis_hash"));
            let (of, own) = (of_account(vector), holder_key(vector));
            let key = open_account_envelope(genesis, &of, &own, &sealed).unwrap();
            key.secret.expose().to_vec()
        },
        "values" => {
            let author = Account(bytes32(vector, "author"));
            pad(&open_value(&place(vector), &secret(), &author, &sealed).unwrap()).to_vec()
        },
        kind => panic!("{kind}"),
    }
}

/// Seals the plaintexts of the committed vectors again. Returns the result as JSON.
fn sealed_again() -> Value {
    let vectors = vectors();
    let seed = |vector: &Value| seed(vector, "plaintext");
    let public = |vector: &Value| PublicKey(bytes32(vector, "recipient_public_key"));
    let again = |kind: &str, seal: &dyn Fn(&Value) -> Vec<u8>| {
        let anew = |vector: &Value| {
            let mut copy = vector.clone();
            copy.as_object_mut().unwrap().remove("ephemeral_seed");
            let sealed = seal(vector);
            assert_ne!(sealed, bytes(vector, "sealed"), "it has a new ephemeral key");
            copy["sealed"] = hex_crate::encode(sealed).into();
            copy
        };
        list(&vectors, kind).iter().map(anew).collect::<Vec<_>>()
    };
    serde_json::json!({
        "envelopes": again("envelopes", &|vector| {
            let own = own(vector);
            let reader =
                Reader { account: own.account, version: own.version, public: public(vector) };
            seal_envelope(&place(vector), &reader, &seed(vector)).unwrap().to_vec()
        }),
        "previous_seeds": again("previous_seeds", &|vector| {
            seal_previous(&place(vector), &public(vector), &seed(vector)).unwrap().to_vec()
        }),
        "account_envelopes": again("account_envelopes", &|vector| {
            let genesis = GenesisHash(bytes32(vector, "genesis_hash"));
            let of = of_account(vector);
            let secret = secret(vector, "plaintext");
            let own = OwnKey { account: of.account, version: of.version, secret };
            seal_account_envelope(genesis, &own, &holder(vector)).unwrap().to_vec()
        }),
        "values": again("values", &|vector| {
            let author = Account(bytes32(vector, "author"));
            let value = bytes(vector, "value");
            seal_value(&place(vector), &public(vector), &author, &value).unwrap()
        }),
    })
}

#[test]
fn opening_fails_with_the_reason() {
    let vectors = vectors();
    let mut seen = 0;
    let mut check = |kind: &str, open: &dyn Fn(&Value) -> Option<Error>| {
        for vector in list(&vectors["cannot_open"], kind) {
            let error = match open(vector).unwrap() {
                Error::CannotOpen => "CannotOpen",
                Error::BadPadding => "BadPadding",
                Error::FalseEnvelope { .. } | Error::FalseAccountEnvelope { .. } => "FalseEnvelope",
                Error::FalseLink { .. } => "FalseLink",
                error => panic!("{error:?}"),
            };
            assert_eq!(error, text(vector, "error"), "{}", text(vector, "name"));
            seen += 1;
        }
    };
    let sealed = |vector: &Value| bytes(vector, "sealed");
    check("envelopes", &|vector| {
        let public = PublicKey(bytes32(vector, "epoch_public_key"));
        open_envelope(&place(vector), &own(vector), &public, &sealed(vector)).err()
    });
    check("previous_seeds", &|vector| {
        let before = PublicKey(bytes32(vector, "previous_public_key"));
        let secret = secret(vector, "recipient_secret_key");
        open_previous(&place(vector), &secret, &before, &sealed(vector)).err()
    });
    check("account_envelopes", &|vector| {
        let genesis = GenesisHash(bytes32(vector, "genesis_hash"));
        let (of, own) = (of_account(vector), holder_key(vector));
        open_account_envelope(genesis, &of, &own, &sealed(vector)).err()
    });
    check("values", &|vector| {
        let author = Account(bytes32(vector, "author"));
        let secret = secret(vector, "recipient_secret_key");
        open_value(&place(vector), &secret, &author, &sealed(vector)).err()
    });
    assert!(seen >= 10, "only {seen} negative vectors");
}

#[test]
fn sealing_fails_for_a_key_of_low_order() {
    for key in list(&vectors(), "low_order") {
        let hex = key.as_str().or(key["public_key"].as_str()).unwrap();
        let public = PublicKey(hex_crate::decode(hex).unwrap().try_into().unwrap());
        let place = place(&vectors()["history"]);
        let author = Account([1; 32]);
        assert_eq!(seal_value(&place, &public, &author, b"1"), Err(Error::WeakKey));
    }
}

#[test]
fn values_and_names_have_a_maximum_length() {
    let place = place(&vectors()["history"]);
    let key = EpochKey::generate().unwrap();
    let author = Account([1; 32]);
    let longest = vec![b' '; MAX_PLAINTEXT];
    let sealed = seal_value(&place, &key.public, &author, &longest).unwrap();
    assert_eq!(sealed.len(), MAX_CIPHERTEXT);
    assert_eq!(*open_value(&place, &key.secret, &author, &sealed).unwrap(), longest);
    let longer = vec![b' '; MAX_PLAINTEXT + 1];
    assert_eq!(
        seal_value(&place, &key.public, &author, &longer),
        Err(Error::ValueTooLong(MAX_PLAINTEXT + 1))
    );
    for length in [0, 47, 48, 80, 111, MAX_CIPHERTEXT + 64] {
        let opened = open_value(&place, &key.secret, &author, &vec![0; length]);
        assert_eq!(opened, Err(Error::CannotOpen), "{length}");
    }
    assert_eq!(DataSetName::from_text(""), Err(Error::InvalidName(0)));
    assert_eq!(DataSetName::from_text(&"n".repeat(65)), Err(Error::InvalidName(65)));
    // The same text in another normalization form.
    let (composed, decomposed) = ("Stückliste", "Stu\u{308}ckliste");
    assert_eq!(DataSetName::from_text(composed), DataSetName::from_text(decomposed));
    assert_ne!(DataSetName::from_bytes(composed), DataSetName::from_bytes(decomposed));
}

#[test]
fn secrets_are_not_shown() {
    let key = EpochKey::generate().unwrap();
    let shown = format!("{key:?}");
    assert!(shown.contains("Seed(secret)") && shown.contains("SecretKey(secret)"), "{shown}");
    assert!(!shown.contains(&hex_crate::encode(key.seed.expose())[..8]));
    assert!(!shown.contains(&hex_crate::encode(key.secret.expose())[..8]));
    let error = SecretKey::from_hex("0x1234").unwrap_err().to_string();
    assert!(!error.contains("1234"), "{error}");
    let hex = key.seed.expose_hex();
    assert_eq!(Seed::from_hex(&hex).unwrap().expose(), key.seed.expose());
    for wrong in ["", "0x", &hex[2..], &hex[..64], &format!("{}00", *hex), "0xzz"] {
        assert!(Seed::from_hex(wrong).is_err(), "{}", wrong.len());
    }
}
