// SPDX-License-Identifier: Apache-2.0

//! An account's own keys: leaks, and the envelopes of its secret key.

use super::{Error, Event};
use crate::{answers::*, mock::*, pallet::*, types::*};
use frame_support::assert_ok;
use sp_runtime::DispatchResult;
use twinchain_primitives::{assert_noop, Access, ContainerId};

fn for_account(account: AccountId) -> HolderEnvelope<AccountId> {
    let key_version = key_version(account);
    HolderEnvelope::Account { account, key_version, envelope: SEALED_SEED.to_vec() }
}

fn for_key(n: u8) -> HolderEnvelope<AccountId> {
    HolderEnvelope::Key { public: public_key(n), envelope: SEALED_SEED.to_vec() }
}

fn set(version: u32, envelopes: Vec<HolderEnvelope<AccountId>>) -> DispatchResult {
    outcome(DataContainer::set_account_envelopes(signed(C), version, envelopes))
}

fn remove(version: u32, holder: NamedHolder<AccountId>) -> DispatchResult {
    outcome(DataContainer::remove_account_envelope(signed(C), version, holder))
}

fn holders(version: u32) -> Vec<KeyHolder<AccountId>> {
    DataContainer::account_envelopes(C, version).into_iter().map(|found| found.holder).collect()
}

/// Replaces an account's key because it leaked. Returns the new version.
fn replace_leaked(who: AccountId) -> u32 {
    let old = key_version(who);
    next_blocks(600);
    let public = seeded_key((who, old + 1));
    assert_ok!(DataContainer::set_encryption_key(signed(who), SUITE, public, old, true));
    old + 1
}

fn due(id: ContainerId) -> Vec<DueRotation<AccountId>> {
    DataContainer::rotations_due(id, None, None).items
}

#[test]
fn an_account_seals_its_secret_for_accounts_and_keys() {
    run(|| {
        key_version(C);
        System::reset_events();
        assert_ok!(set(1, vec![for_account(S), for_key(9), for_account(X)]));
        let key = KeyHolder::Key(public_key(9).try_into().unwrap());
        let all = [KeyHolder::Account(S, 1), key.clone(), KeyHolder::Account(X, 1)];
        assert_eq!(holders(1), all);
        let told = |holder: &KeyHolder<_>| Event::AccountEnvelopeSet {
            account: C,
            version: 1,
            holder: holder.clone(),
            envelope: hash(&SEALED_SEED),
        };
        assert_eq!(events(), all.iter().map(told).collect::<Vec<_>>());
        // A holder with a new key has one envelope, sealed to that key.
        set_key(S, 2);
        assert_ok!(set(1, vec![for_account(S)]));
        assert_eq!(holders(1), [key.clone(), KeyHolder::Account(X, 1), KeyHolder::Account(S, 2)]);
        System::reset_events();
        assert_ok!(remove(1, NamedHolder::Key(public_key(9))));
        assert_ok!(remove(1, NamedHolder::Account(S)));
        assert_ok!(remove(1, NamedHolder::Account(X)));
        let removed = |holder| Event::AccountEnvelopeRemoved { account: C, version: 1, holder };
        let gone = [key, KeyHolder::Account(S, 2), KeyHolder::Account(X, 1)];
        assert_eq!(events(), gone.map(removed));
        assert!(!AccountKeyEnvelopes::<Test>::contains_key(C, 1));
    });
}

#[test]
fn an_account_can_seal_an_older_version_to_its_newer_key() {
    run(|| {
        set_key(C, 2);
        assert_noop!(set(2, vec![for_account(C)]), Error::SealedToItself);
        assert_ok!(set(1, vec![for_account(C)]));
        assert_eq!(holders(1), [KeyHolder::Account(C, 2)]);
        // The account's next key does not revoke its envelopes.
        replace_leaked(C);
        assert_eq!(holders(1), [KeyHolder::Account(C, 2)]);
    });
}

#[test]
fn set_account_envelopes_fails_when_an_argument_is_invalid() {
    run(|| {
        assert_noop!(set(1, vec![for_key(9)]), Error::KeyNotFound);
        key_version(C);
        for version in [0, 2, u32::MAX] {
            assert_noop!(set(version, vec![for_key(9)]), Error::KeyNotFound);
        }
        assert_noop!(set(1, vec![]), Error::NothingToDo);
        assert_noop!(set(1, vec![for_key(9); 17]), Error::TooManyEnvelopes);
        let sealed = || SEALED_SEED.to_vec();
        let stranger = HolderEnvelope::Account { account: 99, key_version: 1, envelope: sealed() };
        assert_noop!(set(1, vec![stranger]), Error::NoEncryptionKey);
        key_version(S);
        for key_version in [0, 2] {
            let stale = HolderEnvelope::Account { account: S, key_version, envelope: sealed() };
            assert_noop!(set(1, vec![for_key(9), stale]), Error::StaleKeyVersion);
        }
        let key = |public, envelope| vec![HolderEnvelope::Key { public, envelope }];
        for length in [0, 31, 33, 1_216, 9_999] {
            assert_noop!(set(1, key(vec![9; length], sealed())), Error::InvalidPublicKey);
        }
        assert_noop!(set(1, key(vec![0; 32], sealed())), Error::WeakKey);
        assert_noop!(set(1, key(vec![0xff; 32], sealed())), Error::NonCanonicalKey);
        for length in [0, 79, 81, 1_168, 9_999] {
            let odd = key(public_key(9), vec![7; length]);
            assert_noop!(set(1, odd), Error::InvalidSealedSeed);
        }
        let own = KeyVersions::<Test>::get(C, 1).unwrap().public;
        assert_noop!(set(1, key(own.into(), sealed())), Error::SealedToItself);
        // An older key of the account is rejected as well, because it may have leaked.
        set_key(C, 2);
        let old = KeyVersions::<Test>::get(C, 1).unwrap().public;
        assert_noop!(set(2, key(old.into(), sealed())), Error::SealedToItself);
        assert_ok!(set(1, (1..=16).map(|n| for_key(n + 8)).collect()));
        assert_noop!(set(1, vec![for_key(99)]), Error::TooManyHolders);
        // The envelope of an existing holder is replaced.
        assert_ok!(set(1, vec![for_key(9)]));
    });
}

#[test]
fn remove_account_envelope_fails_when_the_holder_has_none() {
    run(|| {
        let none = || NamedHolder::Account(S);
        assert_noop!(remove(1, none()), Error::HolderNotFound);
        set_key(C, 2);
        assert_ok!(set(1, vec![for_account(X), for_key(9)]));
        assert_noop!(remove(1, none()), Error::HolderNotFound);
        assert_noop!(remove(2, NamedHolder::Account(X)), Error::HolderNotFound);
        for bytes in [vec![], public_key(8), vec![9; 9_999]] {
            assert_noop!(remove(1, NamedHolder::Key(bytes)), Error::HolderNotFound);
        }
        // Only the account itself can remove its envelopes.
        let others = DataContainer::remove_account_envelope(signed(M), 1, NamedHolder::Account(X));
        assert_noop!(others, Error::HolderNotFound);
    });
}

#[test]
fn a_leaked_key_makes_rotations_due_until_the_owner_rotates() {
    run(|| {
        let id = service();
        for set in ["price", "offers"] {
            assert_ok!(share(id, C, set, Access::READ, None));
            rotate(id, set, &[C]);
        }
        assert_eq!(due(id), []);
        replace_leaked(C);
        let since = Timestamp::get();
        let leaked = |set| DueRotation {
            data_set: name(set),
            end: Some(SealingEnd { account: C, reason: EndReason::KeyLeaked, since }),
        };
        assert_eq!(due(id), [leaked("price"), leaked("offers")]);
        // Sealing continues: an account that reports a leak must not silence sensors.
        assert_ok!(set_sealed(M, id, "price", 1));
        // Sealing the same seed to the new key does not make the seed secret again.
        let envelope = |who, set: &str| {
            let (set, seed) = (set.as_bytes().to_vec(), SEALED_SEED.to_vec());
            DataContainer::set_envelope(signed(who), id, set, C, 1, 2, seed)
        };
        assert_ok!(envelope(C, "price"));
        assert_ok!(envelope(M, "offers"));
        let again = vec![offered_with(id, "price", C)];
        let read = vec![access("price", Access::READ)];
        assert_ok!(DataContainer::share(signed(M), id, C, read, None, again));
        assert_eq!(due(id), [leaked("price"), leaked("offers")]);
        let page = DataContainer::readers(id, b"price".to_vec(), None, 99);
        let reader = |who| page.items.iter().find(|reader| reader.account == who).unwrap();
        assert_eq!((reader(C).leaked, reader(M).leaked), (Some(since), None));
        assert_eq!(reader(C).envelope, EnvelopeState::Current);
        rotate(id, "price", &[C]);
        assert_eq!(due(id), [leaked("offers")]);
        rotate(id, "offers", &[]);
        assert_eq!(due(id), []);
    });
}

#[test]
fn a_key_change_without_a_leak_makes_no_rotation_due() {
    run(|| {
        let id = service();
        assert_ok!(share(id, C, "price", Access::READ, None));
        rotate(id, "price", &[C]);
        rotate(id, "offers", &[]);
        next_blocks(600);
        let key = seeded_key("next");
        assert_ok!(DataContainer::set_encryption_key(signed(C), SUITE, key, 1, false));
        assert_eq!(due(id), []);
        // Version 2 leaked, so the older version 1 counts as leaked, too.
        replace_leaked(C);
        assert_eq!(due(id).len(), 1);
        let leaked = DataContainer::encryption_key(C).unwrap().leaked.unwrap();
        assert_eq!(leaked.up_to, 2);
        // The leak stays recorded when the key changes again.
        next_blocks(600);
        let key = seeded_key("last");
        assert_ok!(DataContainer::set_encryption_key(signed(C), SUITE, key, 3, false));
        assert_eq!(DataContainer::encryption_key(C).unwrap().leaked, Some(leaked));
    });
}

#[test]
fn a_leaked_key_of_the_owner_is_reported() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        rotate(id, "offers", &[]);
        replace_leaked(M);
        assert_eq!(due(id).len(), 2);
        assert!(due(id).iter().all(|due| due.end.as_ref().unwrap().account == M));
    });
}

#[test]
fn many_readers_are_examined_in_pages() {
    run(|| {
        let id = service();
        rotate(id, "price", &[]);
        rotate(id, "offers", &[]);
        for who in 1_000..3_500 {
            set_key(who, 1);
            grant(id, who, PRICE, Access::READ, None);
            let envelope = Envelopes::<Test>::get((id, PRICE, 1, M)).unwrap();
            Envelopes::<Test>::insert((id, PRICE, 1, who), envelope);
        }
        let count = |leaked: Option<AccountId>| {
            if let Some(who) = leaked {
                set_key(who, 2);
                EncryptionKeys::<Test>::mutate(who, |key| {
                    let leaked = LeakedKeys { up_to: 1, since: START };
                    key.as_mut().unwrap().leaked = Some(leaked);
                });
            }
            let (mut found, mut pages, mut after) = (vec![], 0, None);
            loop {
                let page = DataContainer::rotations_due(id, None, after);
                found.extend(page.items);
                pages += 1;
                after = page.next;
                if after.is_none() {
                    return (found, pages);
                }
            }
        };
        assert_eq!(count(None), (vec![], 3));
        // A leak is found once, at any position, and the data set is not examined further.
        for who in [1_000, 1_700, 3_499] {
            let (found, pages) = count(Some(who));
            assert!(pages <= 3);
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].end.as_ref().unwrap().account, who);
            EncryptionKeys::<Test>::mutate(who, |key| key.as_mut().unwrap().leaked = None);
        }
    });
}

/// An employee reads through the company's account and leaves. It can read nothing that is sealed
/// after the company's next key and the next rotation.
#[test]
fn a_company_excludes_an_employee_with_one_key_change() {
    run(|| {
        let id = service();
        let employees = [S, X, 9];
        assert_ok!(share(id, C, "price", Access::READ, None));
        rotate(id, "price", &[C]);
        rotate(id, "offers", &[]);
        assert_ok!(set(1, employees.map(for_account).to_vec()));
        // X leaves.
        let version = replace_leaked(C);
        assert_ok!(set(version, vec![for_account(S), for_account(9)]));
        let end = due(id)[0].end.clone().unwrap();
        assert_eq!((end.account, end.reason), (C, EndReason::KeyLeaked));
        rotate(id, "price", &[C]);
        assert_eq!(due(id), []);
        // The new epoch is sealed to the version that X does not hold.
        let found = DataContainer::envelopes(id, b"price".to_vec(), C);
        assert_eq!(found[0].1.key_version, version);
        assert!(!holders(version).contains(&KeyHolder::Account(X, 1)));
        // All three can still open what was sealed before.
        assert_eq!(holders(1).len(), 3);
    });
}
