// SPDX-License-Identifier: Apache-2.0

//! The file that lists the participants of a chain's genesis, in TOML or JSON, and how its
//! fragments are merged.
//!
//! The order of fragments, and of their contents, does not matter. All parts of the genesis state
//! are sorted, so the same fragments always give the same genesis hash.

use pallet_consortium::quota::Rate;
use sc_network::{config::MultiaddrWithPeerId, Multiaddr, PeerId};
use serde::{Deserialize, Deserializer, Serialize};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use std::{collections::BTreeMap, fs, path::Path};
use twinchain_runtime::{AccountId, BlockNumber};
use unicode_normalization::UnicodeNormalization;

/// Returns a name or a label in composed form (NFC, Unicode Standard Annex 15), so that texts that
/// look the same are equal: the chain compares bytes.
pub fn compose(text: &str) -> String {
    text.nfc().collect()
}

/// Deserializes a name or a label, and composes it.
fn composed<'a, D: Deserializer<'a>>(text: D) -> Result<String, D::Error> {
    String::deserialize(text).map(|text| compose(&text))
}

/// A consortium, or a part of one.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GenesisFile {
    /// The chain's display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The chain's id, which names its data directory: lower case letters, digits, `_` and `-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The length of a session, in blocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_length: Option<BlockNumber>,
    /// The companies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organisations: Vec<Organisation>,
}

/// A company's contribution to the genesis.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// Its name.
    #[serde(deserialize_with = "composed")]
    pub name: String,
    /// Maximum number of members. Default: 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_members: Option<u32>,
    /// Maximum number of nodes. Default: 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_nodes: Option<u32>,
    /// Maximum of a member's quota, in microseconds of execution. Default: ten seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub burst: Option<u64>,
    /// Amount by which each block replenishes a member's quota, in microseconds of execution.
    /// Default: a tenth of a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_block: Option<u64>,
    /// Maximum of the organisation's quota of time, which its members share, in microseconds of
    /// execution. Default: ten seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_burst: Option<u64>,
    /// Amount by which each block replenishes the organisation's quota of time, in microseconds of
    /// execution. Default: a tenth of a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_per_block: Option<u64>,
    /// Maximum of the organisation's quota of bytes: those that its members send and add to the
    /// state. Default: 64 MiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_burst: Option<u64>,
    /// Bytes by which each block replenishes the organisation's quota. Default: 512 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_per_block: Option<u64>,
    /// Its councillors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub councillors: Vec<AccountId>,
    /// Its administrators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub admins: Vec<Member>,
    /// Its other members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Its validators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validators: Vec<Validator>,
    /// Its nodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<Node>,
}

/// A member of an organisation.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The account.
    pub account: AccountId,
    /// The organisation's name for it. Public.
    #[serde(default, deserialize_with = "composed", skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// A validator, and the keys of its node.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Validator {
    /// The account that owns the validator and changes its keys.
    pub account: AccountId,
    /// The key that signs blocks.
    pub aura: AuraId,
    /// The key that signs finality votes.
    pub grandpa: GrandpaId,
}

/// A node that may connect.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    /// Its peer id.
    pub peer_id: PeerId,
    /// The organisation's name for it. Public.
    #[serde(default, deserialize_with = "composed", skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The address at which newcomers can reach it. It makes the node a boot node.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Multiaddr>,
}

impl GenesisFile {
    /// Reads a file: JSON if its name ends in `.json`, otherwise TOML.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        text.and_then(|text| if is_json { Self::from_json(&text) } else { Self::from_toml(&text) })
            .map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Parses TOML.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }

    /// Parses JSON.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Formats the file as TOML.
    pub fn to_toml(&self) -> Result<String, String> {
        toml::to_string_pretty(self).map_err(|error| error.to_string())
    }

    /// Merges fragments. Those of the same organisation, from several of its machines, become one;
    /// repeated items count once. Fails if two fragments disagree on a value.
    pub fn merge(fragments: impl IntoIterator<Item = Self>) -> Result<Self, String> {
        let mut whole = Self::default();
        let mut organisations = BTreeMap::<String, Organisation>::new();
        for fragment in fragments {
            agree("the chain", "name", &mut whole.name, fragment.name)?;
            agree("the chain", "id", &mut whole.id, fragment.id)?;
            agree(
                "the chain",
                "session_length",
                &mut whole.session_length,
                fragment.session_length,
            )?;
            for organisation in fragment.organisations {
                let name = organisation.name.clone();
                let known = organisations
                    .entry(name.clone())
                    .or_insert_with(|| Organisation { name, ..Organisation::default() });
                known.unite(organisation)?;
            }
        }
        whole.organisations = organisations.into_values().collect();
        Ok(whole)
    }

    /// Returns the councillors, sorted.
    pub fn councillors(&self) -> Vec<AccountId> {
        let mut all: Vec<_> = self.all(|organisation| &organisation.councillors).cloned().collect();
        all.sort();
        all
    }

    /// Returns the validators, by organisation.
    pub fn validators(&self) -> impl Iterator<Item = &Validator> {
        self.all(|organisation| &organisation.validators)
    }

    /// Returns the nodes, by organisation.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.all(|organisation| &organisation.nodes)
    }

    /// Returns the nodes with an address, which newcomers connect to.
    pub fn boot_nodes(&self) -> Vec<MultiaddrWithPeerId> {
        self.nodes()
            .filter_map(|node| {
                let multiaddr = node.address.clone()?;
                Some(MultiaddrWithPeerId { multiaddr, peer_id: node.peer_id })
            })
            .collect()
    }

    fn all<'a, T: 'a>(
        &'a self,
        of: impl Fn(&'a Organisation) -> &'a Vec<T>,
    ) -> impl Iterator<Item = &'a T> {
        self.organisations.iter().flat_map(of)
    }
}

impl Organisation {
    /// Returns the maximum number of members.
    pub fn max_members(&self) -> u32 {
        self.max_members.unwrap_or(100)
    }

    /// Returns the maximum number of nodes.
    pub fn max_nodes(&self) -> u32 {
        self.max_nodes.unwrap_or(10)
    }

    /// Returns the quota of each member, in microseconds of execution.
    pub fn quota(&self) -> Rate {
        Rate {
            burst: self.burst.unwrap_or(10_000_000),
            per_block: self.per_block.unwrap_or(100_000),
        }
    }

    /// Returns the quota of all members together, in microseconds of execution.
    pub fn time(&self) -> Rate {
        Rate {
            burst: self.time_burst.unwrap_or(10_000_000),
            per_block: self.time_per_block.unwrap_or(100_000),
        }
    }

    /// Returns the quota of all members together, in bytes.
    pub fn bytes(&self) -> Rate {
        Rate {
            burst: self.bytes_burst.unwrap_or(64 << 20),
            per_block: self.bytes_per_block.unwrap_or(512 << 10),
        }
    }

    /// Merges another fragment of the same organisation into this one. Fails if they disagree on a
    /// value.
    fn unite(&mut self, other: Self) -> Result<(), String> {
        let who = format!("the organisation `{}`", self.name);
        agree(&who, "max_members", &mut self.max_members, other.max_members)?;
        agree(&who, "max_nodes", &mut self.max_nodes, other.max_nodes)?;
        agree(&who, "burst", &mut self.burst, other.burst)?;
        agree(&who, "per_block", &mut self.per_block, other.per_block)?;
        agree(&who, "time_burst", &mut self.time_burst, other.time_burst)?;
        agree(&who, "time_per_block", &mut self.time_per_block, other.time_per_block)?;
        agree(&who, "bytes_burst", &mut self.bytes_burst, other.bytes_burst)?;
        agree(&who, "bytes_per_block", &mut self.bytes_per_block, other.bytes_per_block)?;
        unite(&mut self.councillors, other.councillors);
        unite(&mut self.admins, other.admins);
        unite(&mut self.members, other.members);
        unite(&mut self.validators, other.validators);
        unite(&mut self.nodes, other.nodes);
        Ok(())
    }
}

/// Stores a value that a fragment gives. Fails if another fragment gave a different one.
fn agree<T: PartialEq>(
    who: &str,
    what: &str,
    known: &mut Option<T>,
    said: Option<T>,
) -> Result<(), String> {
    match (&known, said) {
        (Some(known), Some(said)) if *known != said => {
            Err(format!("two fragments have different values for {who}: {what}"))
        },
        (None, said) => {
            *known = said;
            Ok(())
        },
        (Some(_), _) => Ok(()),
    }
}

fn unite<T: Ord>(known: &mut Vec<T>, more: Vec<T>) {
    known.extend(more);
    known.sort();
    known.dedup();
}
