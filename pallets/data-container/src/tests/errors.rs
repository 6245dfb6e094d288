// SPDX-License-Identifier: Apache-2.0

//! Every error has a test: those of the pallet, and those that the documentation of a call names.

use super::Error;
use crate::{mock::*, pallet::*};
use frame_support::{assert_ok, dispatch::DispatchResultWithPostInfo};
use scale_info::{TypeDef, TypeInfo};
use sp_runtime::TryRuntimeError;
use std::collections::{BTreeMap, BTreeSet};
use twinchain_primitives::{assert_noop, Access, ContainerId, PublicKey};

/// The source of the tests.
const TESTS: [&str; 24] = [
    include_str!("account_keys.rs"),
    include_str!("clone.rs"),
    include_str!("containers.rs"),
    include_str!("data.rs"),
    include_str!("data_sets.rs"),
    include_str!("errors.rs"),
    include_str!("examples.rs"),
    include_str!("handover.rs"),
    include_str!("history.rs"),
    include_str!("keys.rs"),
    include_str!("leave.rs"),
    include_str!("lists.rs"),
    include_str!("plugins.rs"),
    include_str!("properties.rs"),
    include_str!("rights.rs"),
    include_str!("roles.rs"),
    include_str!("scenarios.rs"),
    include_str!("schemas.rs"),
    include_str!("sealed.rs"),
    include_str!("segments.rs"),
    include_str!("sharing.rs"),
    include_str!("sizes.rs"),
    include_str!("state.rs"),
    include_str!("views.rs"),
];

/// Errors that the documentation of a call names and the call cannot return, with the reason.
const UNREACHABLE: [(&str, &str, &str); 2] = [
    ("publish_plugin", "CorruptSchema", "its schemas are compiled in the same call"),
    ("add_data_set", "CorruptSchema", "its schema is compiled in the same call"),
];

fn variants() -> Vec<(String, u8)> {
    match Error::type_info().type_def {
        TypeDef::Variant(errors) => errors
            .variants
            .iter()
            .filter(|variant| !variant.name.starts_with("__"))
            .map(|variant| (variant.name.to_string(), variant.index))
            .collect(),
        _ => panic!("errors are an enum"),
    }
}

/// Returns the word that follows each `before` in a text.
fn words<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).map(|rest| {
        let rest = rest.trim_start();
        let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Returns the errors that a part of the tests asserts.
fn asserted(source: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = words(source, "Error::").map(Into::into).collect();
    found.extend(words(source, "refused!(").map(String::from));
    found
}

#[test]
fn every_error_is_asserted_by_a_test() {
    let found: BTreeSet<_> = TESTS.iter().flat_map(|source| asserted(source)).collect();
    let missing: Vec<_> =
        variants().into_iter().filter(|(name, _)| !found.contains(name)).collect();
    assert!(missing.is_empty(), "no test asserts {missing:?}");
}

/// Returns the calls with the errors that their documentation names.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let source = include_str!("../calls.rs");
    let all = variants();
    let from = |first: &str, last: &str| -> Vec<String> {
        let at = |wanted| all.iter().find(|(name, _)| name == wanted).unwrap().1;
        let chosen = all.iter().filter(|(_, index)| (at(first)..=at(last)).contains(index));
        chosen.map(|(name, _)| name.clone()).collect()
    };
    let mut calls = BTreeMap::new();
    for part in source.split("/// # Errors").skip(1) {
        let (text, rest) = part.split_once("/// # Events").unwrap();
        let text = text.replace("///", " ").split_whitespace().collect::<Vec<_>>().join(" ");
        let call = rest.split("pub fn ").nth(1).unwrap().split('(').next().unwrap().to_string();
        let mut errors: BTreeSet<String> = text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| all.iter().any(|(name, _)| name == word))
            .map(Into::into)
            .collect();
        let mut ranges = vec![
            ("NotASchema", "SchemaTooComplex"),
            ("UnknownDialect", "PatternTooComplex"),
            ("InvalidJson", "FalseSchema"),
            ("PatternMismatch", "DependentSchemasMismatch"),
        ];
        ranges.retain(|(first, last)| text.contains(&format!("from `{first}` to `{last}`")));
        if text.contains("those of `publish_plugin`") {
            ranges.push(("InvalidMember", "FalseSchema"));
            ranges.push(("UnknownDialect", "DependentSchemasMismatch"));
        }
        for (first, last) in ranges {
            errors.extend(from(first, last));
        }
        if text.contains("those of `set_entry`") {
            let entry: BTreeSet<String> = BTreeMap::get(&calls, "set_entry").cloned().unwrap();
            errors.extend(entry);
        }
        calls.insert(call, errors);
    }
    calls
}

/// Returns the errors that the tests named after a call assert.
fn tested(call: &str) -> BTreeSet<String> {
    let mut errors = BTreeSet::new();
    let begin = format!("fn {call}_fails_when");
    for test in TESTS.iter().flat_map(|source| source.split("#[test]")) {
        if !test.trim_start().starts_with(&begin) {
            continue;
        }
        errors.extend(asserted(test));
        // The tests of several calls use the tables of rejected schemas and values.
        let table = include_str!("schemas.rs");
        for name in ["refused_values()", "refused_schemas()"] {
            if test.contains(name) {
                let rest = table.split(&format!("fn {name}")).nth(1).unwrap();
                errors.extend(asserted(rest.split("\n}").next().unwrap()));
            }
        }
    }
    errors
}

#[test]
fn every_error_that_a_call_names_is_asserted_for_that_call() {
    let documented = documented();
    assert_eq!(documented.len(), 36);
    for (call, errors) in documented {
        let tested = tested(&call);
        let missing: Vec<_> = errors
            .iter()
            .filter(|error| !tested.contains(*error))
            .filter(|error| !UNREACHABLE.iter().any(|(of, what, _)| *of == call && what == error))
            .collect();
        assert!(missing.is_empty(), "no test named after {call} asserts {missing:?}");
    }
}

#[test]
fn errors_keep_their_indices() {
    let all = variants();
    let expected = [
        ("PluginNotFound", 0),
        ("NotPermitted", 11),
        ("Corrupt", 28),
        ("InvalidMember", 29),
        ("SchemaTooComplex", 39),
        ("InvalidJson", 40),
        ("CorruptSchema", 46),
        ("TypeMismatch", 47),
        ("FalseSchema", 67),
        ("UnknownDialect", 110),
        ("UniqueItemsMismatch", 119),
        ("ContainsMismatch", 120),
        ("MinContainsMismatch", 121),
        ("MaxContainsMismatch", 122),
        ("IfMismatch", 123),
        ("DependentRequiredMismatch", 124),
        ("DependentSchemasMismatch", 125),
        ("RoleNotFound", 68),
        ("OfferNotFound", 86),
        ("MissingEnvelope", 93),
        ("InvalidSealedSeed", 95),
        ("KeyUsed", 100),
        ("SealedToItself", 107),
    ];
    for (name, index) in expected {
        assert!(all.contains(&(name.into(), index)), "{name}");
    }
    // The indices have no gaps, so clients can look up an error by its position.
    let indices = all.iter().map(|(_, index)| *index);
    assert!(indices.eq(0..126));
}

/// Checks that a call fails on a damaged state without changing it, and that the invariants find
/// the damage.
fn damaged(
    damage: impl Fn(),
    call: impl Fn(ContainerId) -> DispatchResultWithPostInfo,
    error: Error,
) {
    ExtBuilder.build().execute_with(|| {
        let id = service();
        assert_ok!(set(M, id, "hours", b"1"));
        assert_ok!(DataContainer::do_try_state());
        damage();
        assert!(DataContainer::do_try_state().is_err());
        assert_noop!(call(id), error);
    });
}

fn lose_schema() {
    Schemas::<Test>::remove(integer_key());
}

/// Returns the key of the schema of the data set `hours`.
fn integer_key() -> sp_core::H256 {
    let hours = |definition: &&crate::Definition| definition.name == name("hours");
    Plugins::<Test>::get(0).unwrap().data_sets.iter().find(hours).unwrap().schema
}

/// Replaces a schema with bytes that no compiler wrote.
fn garble_schema(program: &[u8]) {
    let stored = Schemas::<Test>::get(integer_key()).unwrap();
    let program = codec::Decode::decode(&mut &codec::Encode::encode(&program.to_vec())[..]);
    let garbled = crate::CompiledSchema { program: program.unwrap(), ..stored };
    Schemas::<Test>::insert(integer_key(), garbled);
}

#[test]
fn instantiate_fails_when_the_document_is_lost() {
    let lose = || Documents::<Test>::remove(hash(SERVICE.as_bytes()));
    damaged(lose, |_| DataContainer::instantiate(signed(M), 0, vec![]), Error::Corrupt);
}

#[test]
fn set_entry_fails_when_the_schema_is_lost_or_damaged() {
    let set = |id| DataContainer::set_entry(signed(M), id, b"hours".to_vec(), b"7".to_vec(), None);
    damaged(lose_schema, set, Error::Corrupt);
    for program in [&[][..], &[0xff], &[0xff; 64], &[0; 64], &[1, 2, 3]] {
        let error = Error::CorruptSchema { index: 0, offset: 0 };
        damaged(|| garble_schema(program), set, error);
    }
}

#[test]
fn append_fails_when_the_schema_is_lost_or_damaged() {
    let append = |id| DataContainer::append(signed(M), id, b"stamps".to_vec(), texts(&["1"]), None);
    damaged(lose_schema, append, Error::Corrupt);
    let error = Error::CorruptSchema { index: 0, offset: 0 };
    damaged(|| garble_schema(&[0xff]), append, error);
}

#[test]
fn store_fails_when_a_schema_is_lost_or_damaged() {
    let values = || vec![new_value("manual", r#""m""#), new_value("hours", "7")];
    let store = |id| DataContainer::store(signed(M), id, values());
    damaged(lose_schema, store, Error::Corrupt);
    let error = Error::CorruptSchema { index: 1, offset: 0 };
    damaged(|| garble_schema(&[0xff]), store, error);
}

#[test]
fn a_damaged_state_is_found() {
    let found = |message: &'static str, damage: fn(u64)| {
        ExtBuilder.build().execute_with(|| {
            let id = service();
            assert_ok!(set(M, id, "hours", b"1"));
            assert_ok!(append(M, id, "stamps", &["1", "2"]));
            assign(id, S, TECHNICIAN);
            assert_ok!(DataContainer::do_try_state());
            damage(id);
            let found = DataContainer::do_try_state().unwrap_err();
            assert_eq!(found, TryRuntimeError::Other(message));
        });
    };
    fn hours(id: u64, change: impl FnOnce(&mut crate::DataSet<AccountId, u64>)) {
        DataSets::<Test>::mutate(id, name("hours"), |set| change(set.as_mut().unwrap()));
    }
    found("a plugin has an unassigned id", |_| NextPluginId::<Test>::put(0));
    found("a container has an unassigned id", |_| NextContainerId::<Test>::put(0));
    found("a data set has no container", Containers::<Test>::remove);
    found("the plugin of a container does not exist", |_| Plugins::<Test>::remove(0));
    found("a plugin has no schema", |_| lose_schema());
    found("a schema has no document", |_| {
        Schemas::<Test>::mutate(integer_key(), |schema| {
            schema.as_mut().unwrap().document = hash(b"none")
        })
    });
    found("a schema has no source in its document", |_| {
        Schemas::<Test>::mutate(integer_key(), |schema| {
            schema.as_mut().unwrap().root.offset = u32::MAX
        })
    });
    found("a schema differs from its compiled source", |_| garble_schema(b"x"));
    found("a schema is stored under a wrong key", |_| {
        let schema = Schemas::<Test>::get(integer_key()).unwrap();
        Schemas::<Test>::insert(hash(b"another"), schema)
    });
    found("a document is stored under a wrong hash", |_| {
        Documents::<Test>::insert(hash(b"a"), sp_runtime::BoundedVec::default())
    });
    found("an entry has no value", |id| hours(id, |set| set.value = None));
    found("an entry miscounts its value", |id| hours(id, |set| set.count = 0));
    found("a short value is not in the record of its data set", |id| {
        let entry = DataContainer::entry(id, b"hours".to_vec()).unwrap();
        hours(id, |set| set.value = None);
        LongEntries::<Test>::insert(id, HOURS, entry);
    });
    found("a short value is not in the record of its data set", |id| {
        let mut entry = DataContainer::entry(id, b"hours".to_vec()).unwrap();
        entry.value = crate::StoredValue::Public(vec![b' '; 513].try_into().unwrap());
        LongEntries::<Test>::insert(id, HOURS, entry);
    });
    found("a list miscounts its items", |id| Batches::<Test>::remove((id, 4, 0)));
    found("an account holds an unknown role", RoleNames::<Test>::remove);
    found("a data set has a permission for an unknown role", |id| {
        AccountRights::<Test>::remove(id, S);
        ContainersSharedWith::<Test>::remove(S, id);
        RoleNames::<Test>::remove(id);
    });
    found("a container miscounts the holders of a role", |id| {
        RoleHolders::<Test>::insert(id, TECHNICIAN, 2);
    });
    found("a container has a duplicate role", |id| {
        RoleNames::<Test>::mutate(id, |roles| roles[0].name = roles[1].name.clone());
    });
    found("a plugin is not in the index of its publisher", |_| {
        PluginsOfPublisher::<Test>::remove(M, 0);
    });
    found("a plugin is not in the index of its name", |_| {
        PluginsOfName::<Test>::remove(name("service"), 0);
    });
    found("a plugin is not in the index of its predecessor", |_| {
        let next = r#"{"replaces":0,"template":{"type":"a","properties":{}}}"#;
        publish(M, next);
        SuccessorsOf::<Test>::remove(0, 1);
    });
    found("an instance is not in the index of its plugin", |id| InstancesOf::<Test>::remove(0, id));
    found("a plugin is in the index of another publisher", |_| {
        PluginsOfPublisher::<Test>::insert(X, 0, ())
    });
    found("a plugin is in the index of another name", |_| {
        PluginsOfName::<Test>::insert(name("other"), 0, ());
    });
    found("a plugin is in the index of one that it does not replace", |_| {
        SuccessorsOf::<Test>::insert(7, 0, ());
    });
    found("a container is in the index of a plugin of which it is not an instance", |id| {
        InstancesOf::<Test>::insert(7, id, ());
    });
    found("a clone is older than its source", |id| {
        Containers::<Test>::mutate_extant(id, |found| found.cloned_from = Some(id));
    });
    found("a description is not a value in its document", |_| {
        Plugins::<Test>::mutate_extant(0, |plugin| {
            plugin.description.as_mut().unwrap().length -= 1;
        });
    });
    found("a default is not a value in its document", |_| {
        Plugins::<Test>::mutate_extant(0, |plugin| {
            plugin.data_sets[0].default.as_mut().unwrap().length += 1;
        });
    });
    found("a container miscounts its data sets", |id| DataSets::<Test>::remove(id, name("serial")));
    found("a container is not in the index of its owner", |id| {
        ContainersOfOwner::<Test>::remove(M, id)
    });
    found("a container is in the index of another owner", |id| {
        ContainersOfOwner::<Test>::insert(X, id, ())
    });
    found("an account has a grant on an unknown data set", |id| {
        grant(id, X, 99, Access::WRITE, None)
    });
    found("an account holds an unknown role", |id| assign(id, X, 9));
    found("an account has empty rights", |id| {
        AccountRights::<Test>::insert(id, X, crate::Rights::default());
        ContainersSharedWith::<Test>::insert(X, id, ());
    });
    found("a stored value does not match its schema", |id| {
        hours(id, |set| {
            let text = b"\"no number\"".to_vec().try_into().unwrap();
            set.value.as_mut().unwrap().value = crate::ShortValue::Public(text);
        });
    });
    let change = |message: &'static str, change: fn(&mut crate::DataSet<AccountId, u64>)| {
        ExtBuilder.build().execute_with(|| {
            let id = service();
            DataSets::<Test>::mutate(id, name("hours"), |set| change(set.as_mut().unwrap()));
            let found = DataContainer::do_try_state().unwrap_err();
            assert_eq!(found, TryRuntimeError::Other(message));
        });
    };
    change("a data set's head and revision do not match", |set| set.id = 1);
    change("a data set without changes has data", |set| set.count = 1);
    change("an entry has batches", |set| set.batches = 1);
    change("a data set's head and revision do not match", |set| set.revision = 1);
    change("a data set was changed in the future", |set| set.changed = 99);
    change("a data set's head and revision do not match", |set| set.head = Default::default());
    change("an entry was written more than once", |set| {
        (set.write_once, set.revision, set.head) = (true, 2, Default::default());
    });
    change("a data set without changes is retired", |set| set.retired = Some(0));
    change("a container miscounts its confidential data sets", |set| {
        set.visibility = crate::Visibility::Confidential
    });
}

#[test]
fn damaged_rights_keys_and_offers_are_found() {
    // S can read the price until an end, and the container is on offer to C.
    let found = |message: &'static str, damage: fn(ContainerId)| {
        ExtBuilder.build().execute_with(|| {
            let id = service();
            assert_ok!(share(id, S, "price", Access::READ, Some(START + SLOT)));
            rotate(id, "price", &[S]);
            assert_ok!(set_sealed(M, id, "price", 1));
            assign(id, X, TECHNICIAN);
            offer(id);
            assert_ok!(DataContainer::do_try_state());
            damage(id);
            let found = DataContainer::do_try_state().unwrap_err();
            assert_eq!(found, TryRuntimeError::Other(message));
        });
    };
    fn left(id: ContainerId, data_set: u16, since: u64) {
        let end = crate::SealingEnd { account: S, reason: crate::EndReason::ReaderLeft, since };
        SeedsLeft::<Test>::insert(id, data_set, end);
    }
    fn rights(id: ContainerId, who: AccountId, change: fn(&mut crate::Rights)) {
        AccountRights::<Test>::mutate(id, who, |rights| change(rights.as_mut().unwrap()));
    }
    fn price(id: ContainerId, change: fn(&mut crate::DataSet<AccountId, u64>)) {
        DataSets::<Test>::mutate(id, name("price"), |set| change(set.as_mut().unwrap()));
    }
    found("an account without rights is in the index", |id| AccountRights::<Test>::remove(id, S));
    found("an account with rights is not in the index", |id| {
        ContainersSharedWith::<Test>::remove(S, id)
    });
    found("an account holds a role twice", |id| {
        rights(id, X, |held| held.roles.try_push(TECHNICIAN).unwrap());
    });
    found("an account has two grants on a data set", |id| {
        rights(id, S, |held| held.grants.try_push(held.grants[0]).unwrap());
    });
    found("an account has an empty grant", |id| grant(id, X, HOURS, Access::READ, None));
    found("a permission has invalid access", |id| {
        price(id, |set| set.permissions[0].access = Access::READ);
    });
    found("a data set has two permissions for one role", |id| {
        price(id, |set| set.permissions.try_push(set.permissions[0]).unwrap());
    });
    found("an offer is not in the index", |id| OffersTo::<Test>::remove(C, id));
    found("the index has an offer that does not exist", |id| OffersTo::<Test>::insert(X, id, ()));
    found("a container is offered to its owner", |id| {
        Containers::<Test>::mutate_extant(id, |found| found.offer.as_mut().unwrap().to = M);
    });
    found("a twin offers an unknown container", |_| OfferedWith::<Test>::insert(99, 0));
    found("a container with a twin's offer is not on offer", |_| {
        OfferedWith::<Test>::insert(service(), 0)
    });
    found("a value is sealed for an unknown epoch", |id| price(id, |set| set.key = None));
    found("an epoch is missing", |id| Epochs::<Test>::remove((id, PRICE, 1)));
    found("an epoch does not match its key", |id| {
        price(id, |set| set.key.as_mut().unwrap().segment = 2);
    });
    found("an epoch has a wrong number", |id| {
        let epoch = Epochs::<Test>::get((id, PRICE, 1)).unwrap();
        Epochs::<Test>::insert((id, PRICE, 2), epoch);
    });
    fn epoch(id: u64, change: impl FnOnce(&mut crate::Epoch)) {
        Epochs::<Test>::mutate((id, PRICE, 1), |epoch| change(epoch.as_mut().unwrap()));
    }
    fn weak() -> PublicKey {
        vec![0; 32].try_into().unwrap()
    }
    found("an epoch has an invalid key", |id| epoch(id, |epoch| epoch.public = weak()));
    found("the key of an epoch is not in the index of used keys", |id| {
        epoch(id, |epoch| epoch.public = public_key(1).try_into().unwrap());
    });
    found("a link leads into another segment", |id| {
        epoch(id, |epoch| epoch.previous = Some(sealed_seed()));
    });
    found("a cut does not start the next segment", |id| {
        price(id, |set| set.key.as_mut().unwrap().segment = 2);
        epoch(id, |epoch| epoch.segment = 2);
    });
    found("an envelope is not for an epoch of its segment", |id| {
        let envelope = Envelopes::<Test>::take((id, PRICE, 1, S)).unwrap();
        Envelopes::<Test>::insert((id, PRICE, 2, S), envelope);
    });
    fn envelope(id: u64, change: impl FnOnce(&mut crate::Envelope)) {
        Envelopes::<Test>::mutate((id, PRICE, 1, S), |stored| change(stored.as_mut().unwrap()));
    }
    found("an envelope has a wrong oldest key version", |id| {
        envelope(id, |envelope| envelope.oldest_key_version = 2);
    });
    found("an envelope is for an unknown key", |id| {
        envelope(id, |envelope| envelope.key_version = 2)
    });
    found("an envelope has a wrong length", |id| {
        envelope(id, |envelope| envelope.sealed = vec![7; 79].try_into().unwrap());
    });
    found("an account that may not read has an envelope", |id| {
        let envelope = Envelopes::<Test>::get((id, PRICE, 1, S)).unwrap();
        key_version(X);
        Envelopes::<Test>::insert((id, PRICE, 1, X), envelope);
    });
    found("a value can be sealed after READ ends", |id| {
        price(id, |set| set.key.as_mut().unwrap().valid_until = u64::MAX);
    });
    found("an account has an invalid key", |_| {
        KeyVersions::<Test>::mutate(S, 1, |key| key.as_mut().unwrap().public = weak());
        EncryptionKeys::<Test>::mutate(S, |key| key.as_mut().unwrap().key.public = weak());
    });
    found("the newest key does not match its version", |_| {
        EncryptionKeys::<Test>::mutate(S, |key| key.as_mut().unwrap().key.public = weak());
    });
    found("the newest key of an account leaked", |_| {
        let leaked = Some(crate::LeakedKeys { up_to: 1, since: 0 });
        EncryptionKeys::<Test>::mutate(S, |key| key.as_mut().unwrap().leaked = leaked);
    });
    found("a key has a wrong version", |_| {
        let key = KeyVersions::<Test>::get(S, 1).unwrap();
        KeyVersions::<Test>::insert(S, 2, key);
    });
    fn holder(version: u32, count: usize) {
        let envelope = crate::AccountEnvelope {
            holder: crate::KeyHolder::Account(S, version),
            sealed: sealed_seed(),
        };
        let envelopes: crate::AccountEnvelopes<u64> = vec![envelope; count].try_into().unwrap();
        AccountKeyEnvelopes::<Test>::insert(S, 1, envelopes);
    }
    found("a key has an empty list of holders", |_| holder(1, 0));
    found("a holder has two envelopes of a key", |_| holder(1, 2));
    found("a holder has no key", |_| holder(2, 1));
    found("an account envelope has a wrong length", |_| {
        holder(1, 1);
        AccountKeyEnvelopes::<Test>::mutate(S, 1, |all| {
            all[0].sealed = vec![7; 79].try_into().unwrap();
        });
    });
    found("a key is missing", |_| {
        set_key(9, 2);
        KeyVersions::<Test>::remove(9, 1);
    });
    found("the key of an account is not in the index of used keys", |_| {
        let key = KeyVersions::<Test>::get(S, 1).unwrap();
        UsedKeys::<Test>::remove(Some(S), hash(&key.public));
    });
    found("a container has a wrong history", |id| {
        Containers::<Test>::mutate(id, |container| {
            container.as_mut().unwrap().history.revision = 0;
        });
    });
    found("sealing ends without a reason", |id| SealingEnds::<Test>::remove(id, PRICE));
    found("sealing ends at a different moment", |id| {
        SealingEnds::<Test>::mutate(id, PRICE, |end| end.as_mut().unwrap().since += 1);
    });
    found("a reader left an unknown data set", |id| left(id, 63, START));
    found("a reader left a data set without a key", |id| left(id, OFFERS, START));
    found("a reader left in the future", |id| left(id, PRICE, u64::MAX));
    found("a reader left for a wrong reason", |id| {
        left(id, PRICE, START);
        SeedsLeft::<Test>::mutate(id, PRICE, |end| {
            end.as_mut().unwrap().reason = crate::EndReason::ReadTaken;
        });
    });
    found("an end of sealing has a wrong reason", |id| {
        SealingEnds::<Test>::mutate(id, PRICE, |end| {
            end.as_mut().unwrap().reason = crate::EndReason::KeyLeaked;
        });
    });
    found("an account envelope is for an unknown key", |_| {
        holder(1, 1);
        let envelopes = AccountKeyEnvelopes::<Test>::take(S, 1);
        AccountKeyEnvelopes::<Test>::insert(S, 2, envelopes);
    });
    found("a public value is sealed", |id| {
        let sealed = data_set(id, "price").value;
        assert_ok!(set(X, id, "hours", b"1"));
        DataSets::<Test>::mutate(id, name("hours"), |set| set.as_mut().unwrap().value = sealed);
    });
}
