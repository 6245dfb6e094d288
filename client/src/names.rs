// SPDX-License-Identifier: Apache-2.0

//! Names of things: `0/engine/service/manual` is what one reaches from twin 0 by the links `engine`
//! and `service`, then the data set `manual`; `c7/manual` is a data set of container 7;
//! `asset:cranes.example/BC250-4711` is the twins of an asset.

use crate::{
    api::{self, runtime_types::pallet_digital_twin::types::Target},
    chain::{At, Chain},
    failure::Failure,
};
use unicode_normalization::UnicodeNormalization;

/// What a path begins with.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Root {
    /// A twin, by its id.
    Twin(u64),
    /// A container, by its id.
    Container(u64),
    /// An asset, by its text.
    Asset(String),
}

/// A path as a person writes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Path {
    /// Where it begins.
    pub root: Root,
    /// The names that follow.
    pub steps: Vec<String>,
}

impl Path {
    /// Reads a path. Fails if it begins with neither a number, `c` and a number, nor `asset:`.
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
            Failure::usage(format!("{text} names nothing")).fix(
                "begin with a twin's number (0/engine), c and a container's number \
                     (c7/manual), or asset:",
            )
        })?;
        // What looks the same is the same name: the chain compares bytes.
        let steps: Vec<String> = parts.map(|step| step.nfc().collect()).collect();
        if steps.iter().any(String::is_empty) {
            return Err(Failure::usage(format!("{text} has an empty name between two slashes")));
        }
        Ok(Self { root, steps })
    }
}

/// What a path leads to.
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

/// Finds what a path leads to. The last step may be a data set.
pub async fn find(at: &At, path: &Path) -> Result<Place, Failure> {
    match &path.root {
        Root::Container(container) => in_container(*container, &path.steps),
        Root::Twin(twin) => from_twin(at, *twin, &path.steps).await,
        Root::Asset(asset) => {
            let twins = twins_of_asset(at, asset).await?;
            match twins.as_slice() {
                [] => Err(Failure::not_found(format!("there is no twin of the asset {asset}"))),
                [(twin, _)] => Ok(Place::Twin(*twin)),
                several => {
                    let ids: Vec<_> = several.iter().map(|(twin, _)| twin.to_string()).collect();
                    let ids = ids.join(", ");
                    Err(Failure::usage(format!("the asset {asset} has several twins: {ids}"))
                        .fix("name one of them by its number"))
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
            Err(Failure::usage(format!("a data set has nothing below it, such as {more}")))
        },
    }
}

/// Walks links from a twin. What follows the link to a container is a data set.
async fn from_twin(at: &At, twin: u64, steps: &[String]) -> Result<Place, Failure> {
    let mut here = Place::Twin(twin);
    let mut rest = steps;
    if steps.is_empty() {
        return Ok(here);
    }
    // One step at a time, since a data set's name may not be a link's.
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
            let message = format!("{step} leads nowhere: what is before it is not a twin");
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
        ResolveError::TwinNotFound => Failure::not_found(format!("there is no twin {twin}")),
        ResolveError::Missing { .. } => {
            Failure::not_found(format!("twin {twin} has no link {name}"))
                .fix(format!("twin show {twin} lists its links"))
        },
        _ => Failure::not_found(format!("{name} is not a name that a link can have")),
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
    fn paths_begin_with_what_they_name() {
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
