//! Says for each pair of files `NAME.schema.json` and `NAME.example.json` in a folder whether the
//! example matches, as the crate jsonschema sees it: a line of JSON for each. `scripts/industry.sh`
//! compares this with what a node says.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a tool for tests")]

use serde_json::{json, Value};
use std::{env, fs, path::Path};

fn main() {
    let folder = env::args().nth(1).expect("a folder is named");
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
            serde_json::from_str(&text.expect("both files are there")).expect("it is JSON")
        };
        let schema = jsonschema::options().should_validate_formats(false).build(&read("schema"));
        let valid = schema.expect("it is a schema").is_valid(&read("example"));
        println!("{}", json!({ "name": name, "valid": valid }));
    }
}
