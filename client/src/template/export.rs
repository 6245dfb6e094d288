// SPDX-License-Identifier: Apache-2.0

//! The template of an existing twin: plugin documents, with the values of the instances in place of
//! the marks.

use super::{
    description::Header,
    json::{self, member, members, object, pretty, quoted, Compact, Member},
    parts::{IN_INSTANCE, MARK},
};
use data_schema::{json::Raw, Violation};
use std::collections::BTreeMap;

/// Returns the names of the properties of a document whose values are in the instances.
pub fn marked(document: &[u8]) -> Result<Vec<String>, Violation> {
    let whole = Raw { text: document, offset: 0 };
    let Some(template) = member(whole, "template")? else { return Ok(Vec::new()) };
    let Some(properties) = member(template, "properties")? else { return Ok(Vec::new()) };
    let mut marked = Vec::new();
    for property in members(properties)? {
        if members(property.value)?.iter().any(is_mark) {
            marked.push(property.name);
        }
    }
    Ok(marked)
}

fn is_mark(member: &Member<'_>) -> bool {
    member.name == MARK && member.value.text == IN_INSTANCE
}

/// Returns a document with the values of its marked properties, each as JSON text by the name of
/// the property. A property without such a value keeps its mark, and so does one whose value is not
/// JSON: accounts that can write may seal any bytes.
pub fn with_values(
    document: &[u8],
    values: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<u8>, Violation> {
    let whole = Raw { text: document, offset: 0 };
    replaced(whole, "template", |template| {
        replaced(template, "properties", |properties| {
            let mut all = Vec::new();
            for property in members(properties)? {
                let text = match values.get(&property.name) {
                    Some(value) if json::is_value(value) => with_value(property.value, value)?,
                    _ => property.value.text.to_vec(),
                };
                all.push((property.key, text));
            }
            Ok(object(all.iter().map(|(key, text)| (&**key, &**text))))
        })
    })
}

/// Returns an object with another value of one member.
fn replaced(
    raw: Raw<'_>,
    name: &str,
    value: impl Fn(Raw<'_>) -> Result<Vec<u8>, Violation>,
) -> Result<Vec<u8>, Violation> {
    let mut all = Vec::new();
    for member in members(raw)? {
        let text = match member.name == name {
            true => value(member.value)?,
            false => member.value.text.to_vec(),
        };
        all.push((member.key, text));
    }
    Ok(object(all.iter().map(|(key, text)| (&**key, &**text))))
}

/// Returns a property with a value in place of its mark.
fn with_value(property: Raw<'_>, value: &[u8]) -> Result<Vec<u8>, Violation> {
    let all = members(property)?;
    let key = quoted("value");
    let pairs = all.iter().map(|member| match is_mark(member) {
        true => (&*key, value),
        false => (&*member.key, member.value.text),
    });
    Ok(object(pairs))
}

/// Returns the text of the template: the header of a twin, and the documents by the names of the
/// links.
pub fn template(header: &Header, plugins: &[(String, Vec<u8>)]) -> Vec<u8> {
    let named: Vec<_> = plugins.iter().map(|(link, text)| (quoted(link), text)).collect();
    let all = object(named.iter().map(|(key, text)| (&**key, text.as_slice())));
    let (description, list) = (quoted("description"), quoted("plugins"));
    let mut pairs: Vec<(&[u8], &[u8])> = Vec::new();
    if let Some(text) = &header.description {
        pairs.push((&description, text));
    }
    pairs.extend(header.others.iter().map(|(key, value)| (&**key, &**value)));
    pairs.push((&list, &all));
    let mut text = pretty(&Compact::of(&object(pairs)).text);
    text.push(b'\n');
    text
}

/// Returns the items of a list as a JSON array, or the value of an entry. Returns `None` if one of
/// them is not JSON.
pub fn value_text(is_list: bool, values: &[Vec<u8>]) -> Option<Vec<u8>> {
    if !values.iter().all(|value| json::is_value(value)) {
        return None;
    }
    match is_list {
        true => Some(json::array(values.iter().map(Vec::as_slice))),
        false => values.first().cloned(),
    }
}
