// SPDX-License-Identifier: Apache-2.0

//! A validator that votes twice is dismissed, even if it has registered other keys meanwhile.
//! Restarted finality uses the keys of every session.

use super::{
    chain,
    quotas::{apply, begin_block},
};
use crate::{
    configs::{
        consensus::{KnownSessions, SessionLength},
        key_ownership::KeyOwnership,
    },
    presets, AccountId, BlockNumber, Consortium, Executive, Grandpa, Hash, Historical, Runtime,
    RuntimeEvent, RuntimeOrigin, Session, SessionKeys, System, UncheckedExtrinsic,
};
use codec::{Decode, Encode};
use frame_support::{assert_noop, assert_ok, traits::KeyOwnerProofSystem};
use sp_consensus_grandpa::{
    localized_payload, runtime_decl_for_grandpa_api::GrandpaApiV3, EquivocationProof, SetId,
    KEY_TYPE,
};
use sp_core::{proof_of_possession::ProofOfPossessionGenerator, Pair};
use sp_keyring::{
    Ed25519Keyring,
    Sr25519Keyring::{self, Alice, Bob, Charlie, Dave, Eve, Ferdie},
};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidity},
    StateVersion,
};
use sp_session::MembershipProof;

/// The key with which Dave votes initially.
const OLD: Ed25519Keyring = Ed25519Keyring::Dave;
/// The key that Dave registers.
const NEW: Ed25519Keyring = Ed25519Keyring::One;

/// A double vote, and the proof of the key's owner.
type Report = (EquivocationProof<Hash, BlockNumber>, MembershipProof);

/// Runs a test in the first block of a chain with four validators.
fn in_first_block(test: impl FnOnce()) {
    chain(presets::LOCAL).execute_with(|| {
        begin_block(1);
        test();
    });
}

/// Runs a test in the second block of a session that the genesis does not plan.
fn in_session(test: impl FnOnce()) {
    in_first_block(|| {
        go_to(2 * SessionLength::get() + 1);
        test();
    });
}

fn go_to(block: BlockNumber) {
    while System::block_number() < block {
        let next = System::block_number() + 1;
        Executive::finalize_block();
        begin_block(next);
    }
}

fn next_session() {
    go_to(System::block_number() + SessionLength::get());
}

/// Registers keys, with a proof that the account holds their secrets.
fn set_keys(who: Sr25519Keyring, aura: Sr25519Keyring, grandpa: Ed25519Keyring) {
    let owner = who.to_account_id().encode();
    let proof = (
        aura.pair().generate_proof_of_possession(&owner),
        grandpa.pair().generate_proof_of_possession(&owner),
    );
    let keys = SessionKeys { aura: aura.public().into(), grandpa: grandpa.public().into() };
    let call = pallet_session::Call::set_keys { keys, proof: proof.encode() };
    assert_eq!(apply(who, call.into()), Ok(Ok(())));
}

fn replace_keys_of_dave() {
    set_keys(Dave, Sr25519Keyring::One, NEW);
}

fn votes(key: Ed25519Keyring) -> bool {
    Grandpa::grandpa_authorities().iter().any(|(authority, _)| *authority == key.public().into())
}

/// Returns two votes for different blocks in the same round.
fn double_vote(key: Ed25519Keyring, set: SetId) -> EquivocationProof<Hash, BlockNumber> {
    const PREVOTE: u8 = 0;
    let round = 7u64;
    let vote = |block: u8| {
        let target = (Hash::repeat_byte(block), BlockNumber::from(block));
        (target, key.pair().sign(&localized_payload(round, set, &(PREVOTE, target))))
    };
    let encoded = (set, PREVOTE, round, key.public(), vote(1), vote(2)).encode();
    Decode::decode(&mut &encoded[..]).unwrap()
}

/// Returns the report of a node if this key votes twice now, or `None` if no validator uses it.
fn caught(key: Ed25519Keyring) -> Option<Report> {
    let set = Grandpa::current_set_id();
    let proof = Runtime::generate_key_ownership_proof(set, key.public().into())?;
    Some((double_vote(key, set), proof.decode().unwrap()))
}

fn transaction((equivocation_proof, key_owner_proof): Report) -> UncheckedExtrinsic {
    let equivocation_proof = Box::new(equivocation_proof);
    UncheckedExtrinsic::new_bare(
        pallet_grandpa::Call::report_equivocation_unsigned { equivocation_proof, key_owner_proof }
            .into(),
    )
}

fn validity(report: &Report) -> TransactionValidity {
    let transaction = transaction(report.clone());
    Executive::validate_transaction(TransactionSource::Local, transaction, Hash::zero())
}

#[track_caller]
fn assert_refused(report: &Report) {
    assert_eq!(validity(report), Err(InvalidTransaction::BadProof.into()));
    let applied = Executive::apply_extrinsic(transaction(report.clone()));
    assert_eq!(applied, Err(InvalidTransaction::BadProof.into()));
}

/// Reports a double vote and checks that only this validator is dismissed.
#[track_caller]
fn assert_dismisses(report: Report, who: Sr25519Keyring) {
    let mut expected = Consortium::validators();
    expected.retain(|validator| *validator != who.to_account_id());
    assert!(validity(&report).is_ok(), "{:?}", validity(&report));
    assert_eq!(Executive::apply_extrinsic(transaction(report)), Ok(Ok(())));
    let (account, offence) = (who.to_account_id(), true);
    let dismissed = pallet_consortium::Event::ValidatorRemoved { account, offence };
    System::assert_has_event(RuntimeEvent::Consortium(dismissed));
    assert_eq!(Consortium::validators(), expected);
}

#[test]
fn a_double_vote_is_punished_in_every_session_including_the_first() {
    for session in 0..4 {
        in_first_block(|| {
            go_to(session * SessionLength::get() + 1);
            assert_dismisses(caught(OLD).unwrap(), Dave);
            // It counts only once.
            let report = caught(OLD).unwrap();
            assert_eq!(validity(&report), Err(InvalidTransaction::Stale.into()));
        });
    }
}

#[test]
fn a_double_vote_with_a_replaced_key_is_punished_in_the_same_session() {
    in_session(|| {
        replace_keys_of_dave();
        assert_dismisses(caught(OLD).unwrap(), Dave);
    });
}

#[test]
fn a_double_vote_with_a_replaced_key_is_punished_in_the_next_session() {
    in_session(|| {
        replace_keys_of_dave();
        next_session();
        assert!(votes(OLD));
        assert_dismisses(caught(OLD).unwrap(), Dave);
    });
}

#[test]
fn a_double_vote_with_a_replaced_key_is_punished_after_it_stopped_voting() {
    for sessions in [0, 1] {
        in_session(|| {
            replace_keys_of_dave();
            (0..sessions).for_each(|_| next_session());
            let report = caught(OLD).unwrap();
            (sessions..2).for_each(|_| next_session());
            assert!(votes(NEW) && !votes(OLD));
            assert!(caught(OLD).is_none());
            assert_dismisses(report, Dave);
        });
    }
}

#[test]
fn a_double_vote_is_punished_while_its_session_is_known() {
    in_session(|| {
        let report = caught(OLD).unwrap();
        (0..KnownSessions::get()).for_each(|_| Session::rotate_session());
        assert!(validity(&report).is_ok());
        Session::rotate_session();
        assert_refused(&report);
    });
}

#[test]
fn a_key_that_is_not_yet_in_use_has_no_valid_proof() {
    in_session(|| {
        replace_keys_of_dave();
        for _ in 0..2 {
            assert!(!votes(NEW));
            assert!(caught(NEW).is_none());
            let registered = Historical::prove((KEY_TYPE, NEW.public())).unwrap();
            let current = Session::current_index();
            // The next session is already planned, possibly with this key.
            for session in [current - 1, current, current + 1, u32::MAX] {
                let proof = MembershipProof { session, ..registered.clone() };
                assert_refused(&(double_vote(NEW, Grandpa::current_set_id()), proof));
            }
            next_session();
        }
        assert_dismisses(caught(NEW).unwrap(), Dave);
    });
}

#[test]
fn a_key_of_another_account_has_no_valid_proof() {
    in_session(|| {
        set_keys(Ferdie, Ferdie, Ed25519Keyring::Ferdie);
        next_session();
        next_session();
        assert!(caught(Ed25519Keyring::Ferdie).is_none());
        assert!(caught(Ed25519Keyring::Two).is_none());
    });
}

#[test]
fn the_former_owner_of_a_replaced_key_is_dismissed_after_another_account_registers_it() {
    in_session(|| {
        replace_keys_of_dave();
        set_keys(Ferdie, Dave, OLD);
        assert_dismisses(caught(OLD).unwrap(), Dave);
    });
}

#[test]
fn keys_of_validators_that_continue_without_successors_are_known() {
    in_session(|| {
        let root = RuntimeOrigin::root;
        assert_ok!(Consortium::add_validator(root(), Ferdie.to_account_id()));
        for who in [Alice, Bob, Charlie, Dave] {
            assert_ok!(Consortium::remove_validator(root(), who.to_account_id()));
        }
        replace_keys_of_dave();
        next_session();
        next_session();
        assert!(votes(NEW));
        assert_ok!(Consortium::add_validator(root(), Dave.to_account_id()));
        assert_dismisses(caught(NEW).unwrap(), Dave);
    });
}

#[test]
fn a_proof_of_another_key_is_rejected() {
    in_session(|| {
        let (vote, _) = caught(OLD).unwrap();
        let (other_vote, other_proof) = caught(Ed25519Keyring::Charlie).unwrap();
        assert_refused(&(vote, other_proof.clone()));
        assert_dismisses((other_vote, other_proof), Charlie);
    });
}

#[test]
fn a_forged_proof_is_rejected() {
    in_session(|| {
        let (vote, proof) = caught(OLD).unwrap();
        let (owner, other) = (Dave.to_account_id().encode(), Charlie.to_account_id().encode());
        let mut forged = proof.clone();
        let node = forged.trie_nodes.iter_mut().find_map(|node| {
            let at = node.windows(owner.len()).position(|bytes| bytes == owner)?;
            Some((node, at))
        });
        let (node, at) = node.expect("the proof contains the owner");
        node[at..at + other.len()].copy_from_slice(&other);
        let mut longer = proof.clone();
        longer.trie_nodes.push(vec![0]);
        let mut shorter = proof.clone();
        shorter.trie_nodes.pop();
        let empty = MembershipProof { trie_nodes: vec![], ..proof.clone() };
        let count = MembershipProof { validator_count: 3, ..proof };
        for wrong in [forged, longer, shorter, empty, count] {
            assert_refused(&(vote.clone(), wrong));
        }
    });
}

#[test]
fn the_keys_of_a_session_are_known_while_finality_is_restarted() {
    in_session(|| {
        replace_keys_of_dave();
        next_session();
        assert_ok!(restart(SessionLength::get() / 2));
        next_session();
        assert!(Grandpa::pending_change().is_some() && votes(OLD));
        assert!(caught(OLD).is_none());
        assert_dismisses(caught(NEW).unwrap(), Dave);
    });
}

#[test]
fn proofs_leave_the_state_unchanged() {
    in_session(|| {
        replace_keys_of_dave();
        let root = || sp_io::storage::root(StateVersion::V1);
        let before = root();
        let (_, proof) = caught(OLD).unwrap();
        let key = (KEY_TYPE, OLD.public().into());
        assert_eq!(KeyOwnership::check_proof(key, proof), Some((Dave.to_account_id(), ())));
        assert_eq!(root(), before);
    });
}

fn restart(delay: BlockNumber) -> frame_support::dispatch::DispatchResult {
    Consortium::restart_finality(RuntimeOrigin::root(), delay, 1)
}

fn add(who: Sr25519Keyring, grandpa: Ed25519Keyring) {
    assert_ok!(Consortium::add_validator(RuntimeOrigin::root(), who.to_account_id()));
    set_keys(who, who, grandpa);
}

/// Returns the keys of GRANDPA's authorities and those of the session's validators.
fn voters_and_keys() -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    let voters = Grandpa::grandpa_authorities();
    let keys = |who: AccountId| pallet_session::NextKeys::<Runtime>::get(who).unwrap().grandpa;
    (
        voters.into_iter().map(|(key, _)| key.encode()).collect(),
        Session::validators().into_iter().map(|who| keys(who).encode()).collect(),
    )
}

/// Restarts finality and changes validators, in blocks of one session and of the next.
fn restart_amid_changes(
    delay: BlockNumber,
    restarted: BlockNumber,
    changed: [BlockNumber; 2],
    again: bool,
) {
    let case = format!("delay {delay}, restart {restarted}, changes {changed:?}, again {again}");
    let length = SessionLength::get();
    let start = 3 * length;
    // In the previous session, so that the block that restarts finality also has its own change.
    add(Eve, Ed25519Keyring::Eve);
    for block in 1..length {
        go_to(start + block);
        if block == restarted {
            assert_ok!(restart(delay));
        }
        if block == changed[0] {
            add(Ferdie, Ed25519Keyring::Ferdie);
        }
    }
    for block in 1..length {
        go_to(start + length + block);
        if block < delay {
            let refused = pallet_consortium::Error::<Runtime>::FinalityChanging;
            assert_noop!(restart(delay), refused);
        }
        if block == changed[1] {
            let charlie = Charlie.to_account_id();
            assert_ok!(Consortium::remove_validator(RuntimeOrigin::root(), charlie));
            add(Sr25519Keyring::AliceStash, Ed25519Keyring::AliceStash);
        }
    }
    let (voters, keys) = voters_and_keys();
    assert_eq!(voters, keys, "{case}: the first");
    if again {
        assert_ok!(restart(delay));
    }
    for session in 5..8 {
        go_to((session + 1) * length - 1);
        let (voters, keys) = voters_and_keys();
        assert_eq!(voters, keys, "{case}: session {session}");
        assert_eq!(Grandpa::stalled(), None, "{case}");
    }
    let expected = [Alice, Bob, Dave, Eve, Ferdie, Sr25519Keyring::AliceStash];
    assert_eq!(Session::validators(), expected.map(|who| who.to_account_id()), "{case}");
}

/// The reason that a delay is at most a session.
#[test]
fn a_change_during_a_longer_restart_would_be_lost() {
    in_session(|| {
        add(Eve, Ed25519Keyring::Eve);
        assert_ok!(Grandpa::note_stalled(RuntimeOrigin::root(), SessionLength::get() + 1, 1));
        go_to(5 * SessionLength::get() - 1);
        let (voters, keys) = voters_and_keys();
        assert_eq!((voters.len(), keys.len()), (4, 5));
    });
}

#[test]
fn a_restart_of_finality_loses_no_change_of_validators() {
    in_first_block(|| {
        let half = SessionLength::get() / 2;
        let too_long = pallet_consortium::Error::<Runtime>::InvalidDelay;
        assert_noop!(restart(half + 1), too_long);
    });
    let last = 9;
    for delay in [1, 5] {
        for restarted in [1, 4, last] {
            for changed in [[1, 1], [1, last], [4, 4], [last, 1], [last, last]] {
                for again in [false, true] {
                    in_session(|| restart_amid_changes(delay, restarted, changed, again));
                }
            }
        }
    }
}
