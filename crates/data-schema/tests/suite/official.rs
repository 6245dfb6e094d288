//! Runs the official test suite of JSON Schema from the folder in `TWINCHAIN_JSON_SCHEMA_SUITE`,
//! which has the folders `draft4` to `draft2020-12`. The suite is published as
//! `json-schema-org/JSON-Schema-Test-Suite`, and the sources of several libraries contain it.

use data_schema::{CompileErrorKind, Dialect, Schema, ValidationError, ViolationKind};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

/// The folders of the suite, with the dialects that they test.
const FOLDERS: [(&str, Dialect, &str); 5] = [
    ("draft4", Dialect::Draft4, "http://json-schema.org/draft-04/schema#"),
    ("draft6", Dialect::Draft6, "http://json-schema.org/draft-06/schema#"),
    ("draft7", Dialect::Draft7, "http://json-schema.org/draft-07/schema#"),
    ("draft2019-09", Dialect::Draft2019, "https://json-schema.org/draft/2019-09/schema"),
    ("draft2020-12", Dialect::Draft2020, "https://json-schema.org/draft/2020-12/schema"),
];

/// Files about features that this crate deliberately ignores.
const LEFT_OUT: [&str; 2] = [
    // `format` annotates.
    "format-assertion.json",
    // `contentEncoding` and `contentMediaType` annotate too.
    "optional/content.json",
];

/// The results of the cases.
#[derive(Default)]
struct Outcome {
    compared: u32,
    valid: u32,
    /// The number of rejected schemas by reason.
    refused: BTreeMap<String, u32>,
    wrong: Vec<String>,
}

/// Returns the files of a folder and of its folder `optional`, except [`LEFT_OUT`].
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = [folder.to_owned(), folder.join("optional")]
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("the folder can be read"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter(|path| !LEFT_OUT.iter().any(|left_out| path.ends_with(left_out)))
        .collect();
    files.sort();
    files
}

/// Returns a schema of the suite, with the dialect of its folder unless it names one.
fn with_dialect(mut schema: Value, uri: &str) -> Value {
    if let Value::Object(members) = &mut schema {
        members.entry("$schema").or_insert_with(|| uri.into());
    }
    schema
}

/// Returns `true` if the text exceeds a limit of this crate.
fn is_about_text(error: &ValidationError) -> bool {
    use ViolationKind::{NumberOutOfBounds, TooDeep, TooLong};
    matches!(error.kind, NumberOutOfBounds | TooDeep | TooLong)
}

impl Outcome {
    fn run(&mut self, name: &str, group: &Value, dialect: (Dialect, &str)) {
        let (dialect, uri) = dialect;
        let description = group["description"].as_str().unwrap();
        let source = with_dialect(group["schema"].clone(), uri).to_string();
        let schema = match Schema::compile(source.as_bytes()) {
            Ok(schema) => schema,
            Err(error) => {
                let keyword = error.keyword.unwrap_or_default();
                let reason = format!("{:?} {keyword}", error.kind);
                *self.refused.entry(reason.trim().to_owned()).or_default() += 1;
                if error.kind != CompileErrorKind::UnsupportedKeyword {
                    println!("refused: {name}: {description}: {error}");
                }
                return;
            },
        };
        if group["schema"].is_object() && schema.dialect() != dialect {
            println!("another dialect: {name}: {description}");
        }
        for test in group["tests"].as_array().unwrap() {
            let expected = test["valid"].as_bool().unwrap();
            let verdict = schema.validate(test["data"].to_string().as_bytes());
            if verdict.as_ref().is_err_and(is_about_text) {
                continue;
            }
            self.compared += 1;
            self.valid += u32::from(expected);
            if verdict.is_ok() != expected {
                let test = test["description"].as_str().unwrap();
                self.wrong.push(format!("{name}: {description}: {test}: {verdict:?}"));
            }
        }
    }
}

#[test]
fn the_official_suite_passes() {
    let Some(folder) = env::var_os("TWINCHAIN_JSON_SCHEMA_SUITE").map(PathBuf::from) else {
        return println!(
            "SKIPPED: official: TWINCHAIN_JSON_SCHEMA_SUITE is not set to a folder of the suite"
        );
    };
    let mut wrong = Vec::new();
    for (draft, dialect, uri) in FOLDERS {
        let mut outcome = Outcome::default();
        for path in files(&folder.join(draft)) {
            let groups: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let name = path.strip_prefix(&folder).unwrap().display().to_string();
            for group in groups.as_array().unwrap() {
                outcome.run(&name, group, (dialect, uri));
            }
        }
        println!(
            "counted: {draft}: {} cases compared, {} of them valid; schemas refused: {:?}",
            outcome.compared, outcome.valid, outcome.refused
        );
        assert!(outcome.compared > 300, "{draft} has too few cases");
        wrong.extend(outcome.wrong);
    }
    assert!(wrong.is_empty(), "wrong verdicts:\n{}", wrong.join("\n"));
}
