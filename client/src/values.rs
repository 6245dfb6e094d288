// SPDX-License-Identifier: Apache-2.0

//! Values, checked with the chain's own compiled schema before they are sealed and after they were
//! opened, without asking a node.

use crate::{
    api,
    chain::At,
    confidential::DataSet,
    failure::{Failure, Kind},
};
use codec::{Decode, Encode};
use data_schema::{Schema, Violation};

/// Returns the schema of a data set as the chain compiled it.
pub async fn schema_of(at: &At, record: &DataSet) -> Result<Schema, Failure> {
    let address = api::storage().data_container().schemas();
    let found = at.client().storage().try_fetch(address, (record.schema,)).await?;
    let found = found.ok_or_else(|| Failure::not_found("the chain has no such schema"))?;
    let program = found.decode()?.program;
    Schema::decode(&mut program.0 .0.encode().as_slice())
        .map_err(|_| Failure::other("the schema was compiled for another version of this program"))
}

/// Checks a value. Fails with the place in it that does not match.
pub fn check(schema: &Schema, name: &str, value: &[u8]) -> Result<(), Failure> {
    schema.check(value).map(|_| ()).map_err(|violation| failure(&violation, name, value))
}

/// Returns what is wrong with a value, in words.
pub fn failure(violation: &Violation, name: &str, value: &[u8]) -> Failure {
    let code = format!("DataContainer.{:?}", violation.kind);
    let offset = usize::try_from(violation.offset).unwrap_or(usize::MAX);
    Failure::new(Kind::Refused, code, violation.kind.advice()).at(name, value, offset)
}
