// SPDX-License-Identifier: Apache-2.0

//! The documentation of types, read from the sources. The metadata does not include it, because it
//! would be larger for every client. The parser relies on the layout that rustfmt produces.

use crate::{book::CRATES, text::sentences, ROOT};
use std::collections::BTreeMap;

/// The documentation of a type and of its fields and variants.
#[derive(Default)]
pub struct Docs {
    item: Vec<String>,
    /// By `field`, `Variant` and `Variant.field`.
    parts: BTreeMap<String, String>,
}

impl Docs {
    /// Reads the documentation of the type with this path.
    pub fn of(path: &[String]) -> Self {
        let (name, modules) = path.split_last().expect("a type has a name");
        Self::parse(&source_of(modules), name)
    }

    /// Returns the documentation of the type, without examples, which are in Rust.
    pub fn item(&self) -> String {
        let end = |line: &&String| !line.starts_with("```") && !line.starts_with('#');
        let lines: Vec<&str> = self.item.iter().take_while(end).map(String::as_str).collect();
        plain(lines.join("\n").trim_end())
    }

    /// Returns the documentation of a field or a variant.
    pub fn part(&self, name: &str) -> &str {
        self.parts.get(name).unwrap_or_else(|| panic!("{name} has no documentation"))
    }

    fn parse(source: &str, name: &str) -> Self {
        let mut docs = Self::default();
        let (mut pending, mut variant) = (Vec::new(), String::new());
        let (mut is_inside, mut is_attribute, mut depth) = (false, false, 0);
        for line in source.lines().map(str::trim) {
            if let Some(text) = line.strip_prefix("///") {
                pending.push(text.strip_prefix(' ').unwrap_or(text).to_string());
            } else if is_attribute || line.starts_with("#[") {
                is_attribute = !line.ends_with(']');
            } else if !is_inside {
                let text = std::mem::take(&mut pending);
                if is_item(line, name) {
                    (docs.item, is_inside) = (text, true);
                }
            } else if let Some(part) = part_of(line) {
                let text = std::mem::take(&mut pending);
                // A part at depth 1 is a field or a variant, a deeper one a variant's field.
                if depth == 1 {
                    variant = part.into();
                }
                let key: String =
                    if depth == 1 { part.into() } else { format!("{variant}.{part}") };
                if !text.is_empty() {
                    docs.parts.insert(key, plain(&sentences(text.iter().map(String::as_str))));
                }
            }
            if is_inside && !line.starts_with("//") && !is_attribute {
                depth += line.matches('{').count() as i32 - line.matches('}').count() as i32;
                if depth == 0 && line.ends_with(['}', ';']) {
                    break;
                }
            }
        }
        assert!(!docs.item.is_empty(), "{name} has no documentation");
        docs
    }
}

/// Returns the source of a module: of the crate's root, or of the file or folder of this name.
fn source_of(modules: &[String]) -> String {
    let (first, rest) = modules.split_first().expect("a path begins with a crate");
    let folder = CRATES.iter().find(|(name, _)| name == first).expect("the crate is ours").1;
    let module = rest.join("/");
    let files = match module.is_empty() {
        true => vec!["lib.rs".to_string()],
        false => vec![format!("{module}.rs"), format!("{module}/mod.rs")],
    };
    let mut sources = files.iter().map(|file| format!("{ROOT}/{folder}/src/{file}"));
    let source = sources.find_map(|file| std::fs::read_to_string(file).ok());
    source.unwrap_or_else(|| panic!("{first} has no module {module}"))
}

/// Returns `true` if a line begins the definition of the type with this name.
fn is_item(line: &str, name: &str) -> bool {
    let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
    let rest = rest.and_then(|rest| rest.strip_prefix(name));
    rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
}

/// Returns the name of the field or variant that a line begins, or `None`.
fn part_of(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let end = line.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
    Some(&line[..end.unwrap_or(line.len())]).filter(|name| !name.is_empty())
}

/// Returns text without the links of rustdoc, but with their names.
fn plain(text: &str) -> String {
    let mut parts = text.split("[`");
    let mut out = String::from(parts.next().unwrap_or_default());
    for part in parts {
        out.push('`');
        let (name, rest) = part.split_once("`]").expect("a link ends");
        let target = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        out.push_str(name);
        out.push('`');
        out.push_str(target.map_or(rest, |(_, rest)| rest));
    }
    out
}
