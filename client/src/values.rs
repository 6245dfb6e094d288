// SPDX-License-Identifier: Apache-2.0

//! Checks of values with the chain's own compiled schema, before sealing and after opening, without
//! a request to a node.

use crate::{
    api,
    chain::At,
    confidential::DataSet,
    failure::{Failure, Kind},
};
use codec::{Decode, Encode};
use data_schema::{Schema, Violation};

type Compiled = api::runtime_types::pallet_data_container::types::CompiledSchema;

async fn compiled(at: &At, record: &DataSet) -> Result<Compiled, Failure> {
    let address = api::storage().data_container().schemas();
    let found = at.client().storage().try_fetch(address, (record.schema,)).await?;
    let found = found.ok_or_else(|| Failure::not_found("the chain does not have the schema"))?;
    Ok(found.decode()?)
}

/// Returns the source of a data set's schema: the `dataSchema` of its definition.
pub async fn source_of(at: &At, record: &DataSet) -> Result<Vec<u8>, Failure> {
    let compiled = compiled(at, record).await?;
    let address = api::storage().data_container().documents();
    let found = at.client().storage().try_fetch(address, (compiled.document,)).await?;
    let found = found.ok_or_else(|| Failure::not_found("the chain does not have the document"))?;
    let document = found.decode()?.0;
    let start = compiled.root.offset as usize;
    let source = document.get(start..start.saturating_add(compiled.root.length as usize));
    let missing =
        || Failure::new(Kind::VerificationFailed, "false-place", "the document has no such schema");
    source.map(<[u8]>::to_vec).ok_or_else(missing)
}

/// Returns the compiled schema of a data set.
pub async fn schema_of(at: &At, record: &DataSet) -> Result<Schema, Failure> {
    let program = compiled(at, record).await?.program;
    Schema::decode(&mut program.0 .0.encode().as_slice())
        .map_err(|_| Failure::other("the schema was compiled for another version of this program"))
}

/// Checks a value. Fails with the first location that does not match.
pub fn check(schema: &Schema, name: &str, value: &[u8]) -> Result<(), Failure> {
    schema.check(value).map(|_| ()).map_err(|violation| failure(&violation, name, value))
}

/// Returns the failure for a violation, with its location in the value.
pub fn failure(violation: &Violation, name: &str, value: &[u8]) -> Failure {
    let code = format!("DataContainer.{:?}", violation.kind);
    let offset = usize::try_from(violation.offset).unwrap_or(usize::MAX);
    let failure =
        Failure::new(Kind::Refused, code, violation.kind.advice()).at(name, value, offset);
    let path = std::str::from_utf8(value).ok().filter(|text| text.len() < 256);
    match path.filter(|path| std::path::Path::new(path).is_file()) {
        Some(path) => failure.fix(format!("a file with this name exists: write @{path}")),
        None => failure,
    }
}
