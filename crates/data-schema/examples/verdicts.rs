//! Prints for each pair of files `NAME.schema.json` and `NAME.example.json` in a folder whether the
//! example matches, according to the crate jsonschema, as one line of JSON. `scripts/industry.sh`
//! compares this with the verdicts of a node.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a tool for tests")]

use serde_json::{json, Value};
use std::{env, fs, path::Path};

fn main() {
    let folder = env::args().nth(1).expect("the first argument is a folder");
    let folder = Path::new(&folder);
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder can be read")
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".schema.json").map(Into::into)
        })
        .collect();
    names.sort();
    for name in names {
        let read = |kind: &str| -> Value {
            let text = fs::read_to_string(folder.join(format!("{name}.{kind}.json")));
            serde_json::from_str(&text.expect("both files exist")).expect("the file is JSON")
        };
        let schema = jsonschema::options().should_validate_formats(false).build(&read("schema"));
        let valid = schema.expect("the file is a schema").is_valid(&read("example"));
        println!("{}", json!({ "name": name, "valid": valid }));
    }
}
