// SPDX-License-Identifier: Apache-2.0

//! Histories from a source in memory, which can be altered.

use super::*;
use std::collections::BTreeMap;

const GENESIS: H256 = H256([7; 32]);

/// A source with a history of a data set, as an archive node would have it.
#[derive(Clone, Default)]
struct Archive {
    states: BTreeMap<u64, State>,
    changes: BTreeMap<u64, Vec<Change>>,
}

impl Source for Archive {
    async fn state(&self, block: u64) -> Result<Option<State>, Failure> {
        Ok(self.states.range(..=block).next_back().map(|(_, state)| *state))
    }

    async fn changes(&self, block: u64) -> Result<Vec<Change>, Failure> {
        Ok(self.changes.get(&block).cloned().unwrap_or_default())
    }
}

fn subject() -> Subject {
    Subject::DataSet(5, "manual".into(), 2)
}

fn change(revision: u64, block: u64) -> Change {
    Change {
        revision,
        kind: "Set".into(),
        author: AccountId32([1; 32]),
        authority: Some(Authority::Owner),
        block,
        time: 1_700_000_000_000 + block,
        batch: None,
        position: None,
        payload: Some(H256([revision as u8; 32])),
        fields: serde_json::Value::Null,
        encoded: (0u8, revision as u32, block).encode(),
    }
}

/// Returns an archive with these numbers of changes in blocks.
fn archive(blocks: &[(u64, u64)]) -> Archive {
    let mut archive = Archive::default();
    let (mut head, mut revision) = (subject().first_head(&GENESIS), 0);
    archive.states.insert(1, State { revision, head, changed: 1 });
    for (block, count) in blocks {
        let list = archive.changes.entry(*block).or_default();
        for _ in 0..*count {
            revision += 1;
            let change = change(revision, *block);
            head = blake2_256(&[head.0.as_slice(), &change.encoded].concat());
            list.push(change);
        }
        archive.states.insert(*block, State { revision, head, changed: *block });
    }
    archive
}

fn read(archive: &Archive) -> Result<H256, Failure> {
    let history = futures::executor::block_on(walk(archive, 100, |_| {}))?;
    verify(&history, subject().first_head(&GENESIS))
}

#[test]
fn heads_follow_their_definition() {
    let mut bytes = b"twinchain/head/2".to_vec();
    bytes.extend([7; 32]);
    bytes.extend(5u64.to_le_bytes());
    bytes.extend(2u16.to_le_bytes());
    assert_eq!(subject().first_head(&GENESIS), blake2_256(&bytes));
    let first = Subject::Twin(258).first_head(&GENESIS);
    let mut bytes = b"twinchain/twin/1".to_vec();
    bytes.extend([7; 32]);
    bytes.extend(258u64.to_le_bytes());
    assert_eq!(first, blake2_256(&bytes));
    assert_ne!(first, Subject::Container(258).first_head(&GENESIS));
}

#[test]
fn history_is_read_back_in_order_and_verified() {
    for blocks in [&[][..], &[(3, 1)], &[(3, 2), (4, 1), (9, 3)], &[(2, 1), (3, 1), (50, 1)]] {
        let archive = archive(blocks);
        let history = futures::executor::block_on(walk(&archive, 100, |_| {})).unwrap();
        let revisions: Vec<_> = history.changes.iter().map(|change| change.revision).collect();
        let count = blocks.iter().map(|(_, count)| count).sum();
        assert_eq!(revisions, (1..=count).collect::<Vec<_>>());
        let head = verify(&history, subject().first_head(&GENESIS)).unwrap();
        assert_eq!(head, archive.states.values().last().unwrap().head);
    }
}

#[test]
fn altered_history_is_found() {
    let whole = archive(&[(3, 2), (4, 1), (9, 3)]);
    read(&whole).unwrap();
    let altered = |change: &dyn Fn(&mut Archive)| {
        let mut archive = whole.clone();
        change(&mut archive);
        read(&archive).unwrap_err()
    };
    let in_block = |block: u64, change: &dyn Fn(&mut Vec<Change>)| {
        altered(&|archive| change(archive.changes.get_mut(&block).unwrap()))
    };
    // A change is left out, repeated, moved, or of another block.
    for failure in [
        in_block(9, &|list| drop(list.remove(1))),
        in_block(9, &|list| drop(list.pop())),
        in_block(9, &|list| drop(list.remove(0))),
        in_block(4, &Vec::clear),
        in_block(9, &|list| list.push(list[2].clone())),
        in_block(9, &|list| list.swap(0, 1)),
        in_block(4, &|list| list[0].block = 5),
        altered(&|archive| assert!(archive.states.remove(&4).is_some())),
    ] {
        assert_eq!(failure.code, "missing-change", "{failure:?}");
    }
    // A change is altered, or the records are.
    for failure in [
        in_block(9, &|list| list[1].encoded[0] ^= 1),
        in_block(3, &|list| list[0].encoded.push(0)),
        altered(&|archive| archive.states.get_mut(&4).unwrap().head = H256([1; 32])),
        altered(&|archive| archive.states.get_mut(&9).unwrap().head = H256([1; 32])),
    ] {
        assert_eq!(failure.code, "false-history", "{failure:?}");
    }
    let failure = in_block(4, &|list| list[0].encoded[0] ^= 1);
    assert!(failure.message.contains("revisions 3 to 3"), "{failure}");
    // The same history on another chain.
    let history = futures::executor::block_on(walk(&whole, 100, |_| {})).unwrap();
    assert!(verify(&history, subject().first_head(&H256([8; 32]))).is_err());
}

#[test]
fn record_that_leads_in_a_circle_fails() {
    let mut archive = archive(&[(3, 1), (9, 1)]);
    archive.states.get_mut(&3).unwrap().changed = 9;
    assert_eq!(read(&archive).unwrap_err().code, "missing-change");
}
