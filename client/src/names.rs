// SPDX-License-Identifier: Apache-2.0

//! Paths: `0/engine/service/manual` starts at twin 0, follows the links `engine` and `service`, and
//! names the data set `manual`; `c7/manual` is a data set of container 7;
//! `asset:cranes.example/BC250-4711` stands for the twins of an asset.

use crate::{
    api::{self, runtime_types::pallet_digital_twin::types::Target},
    chain::{At, Chain},
    failure::Failure,
};
use unicode_normalization::UnicodeNormalization;

/// The start of a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Root {
    /// A twin, by its id.
    Twin(u64),
    /// A container, by its id.
    Container(u64),
    /// An asset, by its text.
    Asset(String),
}

/// A path as a user writes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Path {
    /// The start.
    pub root: Root,
    /// The names that follow.
    pub steps: Vec<String>,
}

impl Path {
    /// Parses a path. Fails if it does not start with a number, `c` and a number, or `asset:`.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        if let Some(asset) = text.strip_prefix("asset:") {
            let root = Root::Asset(asset.nfc().collect());
            return Ok(Self { root, steps: Vec::new() });
        }
        let mut parts = text.trim_end_matches('/').split('/');
        let first = parts.next().unwrap_or_default();
        let number = |digits: &str| {
            let is_plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u64>().ok().filter(|_| is_plain)
        };
        let root = match first.strip_prefix('c').or(first.strip_prefix('C')) {
            Some(digits) => number(digits).map(Root::Container),
            None => number(first).map(Root::Twin),
        };
        let root = root.ok_or_else(|| {
            Failure::usage(format!("{text} is not a path")).fix(
                "start with a twin's number (0/engine), c and a container's number \
                     (c7/manual), or asset:",
            )
        })?;
        // The chain compares bytes, so names that look the same must be the same.
        let steps: Vec<String> = parts.map(|step| step.nfc().collect()).collect();
        if steps.iter().any(String::is_empty) {
            return Err(Failure::usage(format!("{text} has an empty name between two slashes")));
        }
        Ok(Self { root, steps })
    }
}

/// The target of a path.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// A twin.
    Twin(u64),
    /// A container.
    Container(u64),
    /// A data set of a container.
    DataSet {
        /// The container.
        container: u64,
        /// The name of the data set.
        data_set: String,
    },
    /// An account that is linked.
    Account(subxt::utils::AccountId32),
    /// A hash that is linked.
    Hash(subxt::utils::H256),
}

/// Finds the target of a path. The last step may be a data set.
pub async fn find(at: &At, path: &Path) -> Result<Place, Failure> {
    match &path.root {
        Root::Container(container) => in_container(*container, &path.steps),
        Root::Twin(twin) => from_twin(at, *twin, &path.steps).await,
        Root::Asset(asset) => {
            let twins = twins_of_asset(at, asset).await?;
            match twins.as_slice() {
                [] => Err(Failure::not_found(format!("the asset {asset} has no twin"))),
                [(twin, _)] => Ok(Place::Twin(*twin)),
                several => {
                    let ids: Vec<_> = several.iter().map(|(twin, _)| twin.to_string()).collect();
                    let ids = ids.join(", ");
                    Err(Failure::usage(format!("the asset {asset} has several twins: {ids}"))
                        .fix("use the number of one of them"))
                },
            }
        },
    }
}

fn in_container(container: u64, steps: &[String]) -> Result<Place, Failure> {
    match steps {
        [] => Ok(Place::Container(container)),
        [data_set] => Ok(Place::DataSet { container, data_set: data_set.clone() }),
        [_, more, ..] => {
            Err(Failure::usage(format!("{more} cannot follow a data set: a path ends there")))
        },
    }
}

/// Follows links from a twin. The name after a link to a container is a data set.
async fn from_twin(at: &At, twin: u64, steps: &[String]) -> Result<Place, Failure> {
    let mut here = Place::Twin(twin);
    let mut rest = steps;
    if steps.is_empty() {
        return Ok(here);
    }
    // Resolve one link at a time, because the name of a data set may not be a valid link name.
    while let (Place::Twin(twin), Some((step, after))) = (&here, rest.split_first()) {
        here = match link(at, *twin, step).await? {
            Target::Twin(twin) => Place::Twin(twin),
            Target::Container(container) => return in_container(container, after),
            Target::Account(account) => Place::Account(account),
            Target::Hash(hash) => Place::Hash(hash),
        };
        rest = after;
    }
    match rest.first() {
        None => Ok(here),
        Some(step) => {
            let message = format!("{step} leads nowhere: the target before it is not a twin");
            Err(Failure::not_found(message))
        },
    }
}

async fn link(
    at: &At,
    twin: u64,
    name: &str,
) -> Result<Target<subxt::utils::AccountId32>, Failure> {
    let call = api::runtime_apis().digital_twin_api().resolve(twin, name.into());
    use crate::api::runtime_types::pallet_digital_twin::types::ResolveError;
    at.call(call).await?.map_err(|error| match error {
        ResolveError::TwinNotFound => Failure::not_found(format!("twin {twin} does not exist")),
        ResolveError::Missing { .. } => {
            Failure::not_found(format!("twin {twin} has no link {name}"))
                .fix(format!("twin show {twin} lists its links"))
        },
        _ => Failure::not_found(format!("{name} is not a valid link name")),
    })
}

/// Returns the twins of an asset with their owners.
pub async fn twins_of_asset(
    at: &At,
    asset: &str,
) -> Result<Vec<(u64, subxt::utils::AccountId32)>, Failure> {
    Chain::pages(|after| {
        at.call(api::runtime_apis().digital_twin_api().twins_of_asset(
            asset.into(),
            after,
            crate::chain::PAGE,
        ))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_with_a_twin_a_container_or_an_asset() {
        let path = |root, steps: &[&str]| Path {
            root,
            steps: steps.iter().map(|step| step.to_string()).collect(),
        };
        for (text, expected) in [
            ("0", path(Root::Twin(0), &[])),
            ("0/engine/service/manual", path(Root::Twin(0), &["engine", "service", "manual"])),
            ("c7", path(Root::Container(7), &[])),
            ("c7/manual/", path(Root::Container(7), &["manual"])),
            ("asset:cranes.example/BC250", path(Root::Asset("cranes.example/BC250".into()), &[])),
            ("0/Stu\u{308}ck", path(Root::Twin(0), &["Stück"])),
        ] {
            assert_eq!(Path::parse(text).unwrap(), expected, "{text}");
        }
        for text in
            ["", "/", "engine", "c", "cx", "-1", "+1", "0//a", "99999999999999999999", "c 7"]
        {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }
}
