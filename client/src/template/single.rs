// SPDX-License-Identifier: Apache-2.0

//! Plugins from single JSON Schemas.

use super::{
    json::{members, object, quoted, string, Compact},
    parts::{limits, Kind, Visibility},
    problem::Problem,
};
use data_schema::json::Raw;

/// The choices for a plugin with one data set.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The name of the plugin.
    pub plugin: String,
    /// The name of the data set.
    pub data_set: String,
    /// The kind of the data set.
    pub kind: Kind,
    /// The visibility of the data set.
    pub visibility: Visibility,
}

/// Returns the document of a plugin with one data set of this schema, which is JSON text.
pub fn document(schema: &[u8], choices: &Choices) -> Vec<u8> {
    let schema = Compact::of(schema).text;
    let described = members(Raw { text: &schema, offset: 0 }).unwrap_or_default();
    let text =
        |name: &str| described.iter().find(|of| of.name == name && string(of.value).is_some());
    let name = quoted(&choices.plugin);
    let mut description = vec![(quoted("name"), name.clone())];
    for name in ["title", "description"] {
        description.extend(text(name).map(|of| (quoted(name), of.value.text.to_vec())));
    }
    let mut property = vec![(quoted("type"), quoted(choices.kind.name()))];
    if choices.visibility == Visibility::Public {
        property.push((quoted("visibility"), quoted(choices.visibility.name())));
    }
    property.push((quoted("dataSchema"), schema.clone()));
    let properties = of(&[(quoted(&choices.data_set), of(&property))]);
    let template = of(&[(quoted("type"), name), (quoted("properties"), properties)]);
    // A long description of the schema stays in the schema.
    let mut description_text = of(&description);
    while description_text.len() > limits::DESCRIPTION && description.len() > 1 {
        description.pop();
        description_text = of(&description);
    }
    of(&[(quoted("description"), description_text), (quoted("template"), template)])
}

/// Checks the names, and the schema as the chain compiles it.
///
/// # Errors
/// All problems, at their places in the text of the schema.
pub fn check(schema: &[u8], choices: &Choices) -> Result<(), Vec<Problem>> {
    let problem = |offset, reason| Problem {
        plugin: Some(choices.plugin.clone()),
        property: Some(choices.data_set.clone()),
        reason,
        offset,
        is_about_value: false,
    };
    let mut all = Vec::new();
    for (what, name) in [("--name", &choices.plugin), ("--data-set", &choices.data_set)] {
        let why = super::names::fault(name);
        all.extend(why.map(|why| {
            problem(0, format!("{name} is not a valid name: {why}; {what} chooses another"))
        }));
    }
    let skipped = schema.len() - schema.trim_ascii_start().len();
    let raw = Raw { text: schema.trim_ascii(), offset: u32::try_from(skipped).unwrap_or(u32::MAX) };
    if let Err(faults) = super::schema::compile(raw, choices.kind) {
        all.extend(faults.into_iter().map(|(offset, why)| problem(offset, why)));
    }
    match all.is_empty() {
        true => Ok(()),
        false => Err(all),
    }
}

fn of(members: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    object(members.iter().map(|(key, value)| (&**key, &**value)))
}

/// Returns the names of a plugin and its data set for a file with a schema. For
/// `io.catenax.batch-3.0.1-Batch.schema.json` they are `io.catenax.batch-3.0.1-Batch` and `batch`.
/// A name that is too long loses its first parts.
pub fn names_for(file: &str) -> (String, String) {
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let stem = stem.strip_suffix(".schema").unwrap_or(stem);
    let mut name = stem;
    while name.len() > 64 {
        let Some((_, rest)) = name.split_once(['.', '-', '_']) else { break };
        name = rest;
    }
    let last = stem.rsplit('-').next().unwrap_or(stem);
    let mut letters = last.chars();
    let data_set = letters.next().map(|first| first.to_lowercase().chain(letters).collect());
    (name.to_string(), data_set.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugin_is_made_from_a_schema() {
        let (plugin, data_set) = names_for("io.catenax.batch-3.0.1-Batch.schema.json");
        assert_eq!((plugin.as_str(), data_set.as_str()), ("io.catenax.batch-3.0.1-Batch", "batch"));
        let long = "io.catenax.manufactured_parts_quality_information-2.1.0-\
                    ManufacturedPartsQualityInformation.schema.json";
        let (long, _) = names_for(long);
        assert!(
            long.len() <= 64 && long.ends_with("-ManufacturedPartsQualityInformation"),
            "{long}"
        );
        let (kind, visibility) = (Kind::Entry, Visibility::Public);
        let choices = Choices { plugin, data_set, kind, visibility };
        let schema = br#"{ "title": "B", "type": "object", "maxProperties": 1.0 }"#;
        let expected = r#"{"description":{"name":"io.catenax.batch-3.0.1-Batch","title":"B"},"#
            .to_string()
            + r#""template":{"type":"io.catenax.batch-3.0.1-Batch","properties":{"batch":{"#
            + r#""type":"entry","visibility":"public","dataSchema":"#
            + r#"{"title":"B","type":"object","maxProperties":1.0}}}}}"#;
        assert_eq!(String::from_utf8_lossy(&document(schema, &choices)), expected);
    }
}
