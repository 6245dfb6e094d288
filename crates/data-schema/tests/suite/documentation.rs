//! The table of keywords in `docs/plugins.md` matches the compiler.

use data_schema::{keywords, Dialect, KeywordRole};
use std::{env, fs, path::Path};

/// Returns the rows of the table.
fn table() -> String {
    let dialects =
        [Dialect::Draft4, Dialect::Draft6, Dialect::Draft7, Dialect::Draft2019, Dialect::Draft2020];
    let mut rows = String::new();
    for (name, _) in keywords(Dialect::Draft2020) {
        let signs = dialects.map(|dialect| {
            let mut all = keywords(dialect);
            match all.find(|(known, _)| *known == name).unwrap().1 {
                Some(KeywordRole::Checked) => "✓",
                Some(KeywordRole::Annotation) => "·",
                Some(KeywordRole::Later) => "-",
                Some(role) => panic!("{role:?}"),
                None => "✗",
            }
        });
        rows.push_str(&format!("| `{name}` | {} |\n", signs.join(" | ")));
    }
    rows
}

#[test]
fn the_table_of_keywords_matches_the_compiler() {
    let package = env::var("CARGO_MANIFEST_DIR").unwrap();
    let page = fs::read_to_string(Path::new(&package).join("../../docs/plugins.md")).unwrap();
    let rows = table();
    assert!(page.contains(&rows), "docs/plugins.md should have these rows:\n{rows}");
}
