// SPDX-License-Identifier: Apache-2.0

//! Reading of a plugin of a template.

use super::{
    json::{self, members, Compact, Member},
    names::fault,
    parts::{limits, PluginPart, Property},
    property,
    reading::Reading,
};
use data_schema::json::Raw;

/// Reads a plugin. Returns `None` if it has problems, which are added to `of`.
pub fn read(of: &mut Reading<'_>, member: &Member<'_>) -> Option<PluginPart> {
    of.begin_plugin(&member.name);
    let (start, before) = (member.offset as usize, of.problems.len());
    if let Some(why) = fault(&member.name) {
        of.problem(start, format!("the chain does not accept this name of a link: {why}"));
    }
    let Ok(parts) = members(member.value) else {
        of.problem(member.value.offset as usize, "a plugin is an object");
        return None;
    };
    let find = |name: &str| parts.iter().find(|part| part.name == name);
    if let Some(replaces) = find("replaces") {
        let digits = std::str::from_utf8(replaces.value.text).ok();
        if digits.and_then(|digits| digits.parse::<u64>().ok()).is_none() {
            of.problem(replaces.value.offset as usize, "`replaces` is the number of a plugin");
        }
    }
    let described = find("description").and_then(|part| description(of, part.value));
    let Some(template) = find("template") else {
        of.problem(start, "`template` is missing");
        return None;
    };
    let (named, properties, text) = read_template(of, template)?;
    let name = match described.or(named) {
        Some(name) => name,
        None => {
            of.problem(
                template.offset as usize,
                "the plugin has no name: add `template.type`, or `name` to its description",
            );
            return None;
        },
    };
    let pairs = parts.iter().map(|part| match part.name.as_str() {
        "template" => (part.key.as_slice(), text.as_slice()),
        _ => (part.key.as_slice(), part.value.text),
    });
    let document = Compact::of(&json::object(pairs)).text;
    if document.len() > limits::DOCUMENT {
        let (size, longest) = (document.len(), limits::DOCUMENT);
        let why = format!(
            "the plugin has {size} bytes without white space and values of instances, and \
             {longest} are the most: make two plugins of it"
        );
        of.problem(start, why);
    }
    if of.problems.len() > before {
        return None;
    }
    Some(PluginPart { link: member.name.clone(), name, document, properties, offset: start })
}

/// Checks a plugin's description, and returns the name in it.
fn description(of: &mut Reading<'_>, raw: Raw<'_>) -> Option<String> {
    check_description(of, raw);
    let parts = members(raw).ok()?;
    let member = parts.into_iter().find(|member| member.name == "name")?;
    valid_name(of, &member, "description.name")
}

/// Adds a problem if a description is longer than the chain accepts.
pub fn check_description(of: &mut Reading<'_>, raw: Raw<'_>) {
    let size = Compact::of(raw.text).text.len();
    if size > limits::DESCRIPTION {
        let longest = limits::DESCRIPTION;
        let why = format!(
            "the description has {size} bytes, and {longest} are the most: shorten it, or move a \
             picture into a property"
        );
        of.problem(raw.offset as usize, why);
    }
}

/// Returns the string of a member that names the plugin. Adds a problem if it is not a valid name.
/// An invalid name still counts as a name, so that there is one problem and not two.
fn valid_name(of: &mut Reading<'_>, member: &Member<'_>, what: &str) -> Option<String> {
    let offset = member.value.offset as usize;
    let Some(name) = json::string(member.value) else {
        of.problem(offset, format!("`{what}` is text: the plugin's name"));
        return Some(String::new());
    };
    if let Some(why) = fault(&name) {
        let why = format!("the chain does not accept the plugin's name in `{what}`: {why}");
        of.problem(offset, why);
    }
    Some(name)
}

/// The name that `type` gives, the properties, and the text of the template to publish.
type ReadTemplate = (Option<String>, Vec<Property>, Vec<u8>);

fn read_template(of: &mut Reading<'_>, template: &Member<'_>) -> Option<ReadTemplate> {
    let Ok(parts) = members(template.value) else {
        of.problem(template.value.offset as usize, "`template` is an object");
        return None;
    };
    let find = |name: &str| parts.iter().find(|part| part.name == name);
    let named = find("type").and_then(|part| valid_name(of, part, "template.type"));
    let Some(found) = find("properties") else {
        of.problem(template.offset as usize, "`template.properties` is missing");
        return None;
    };
    let Ok(list) = members(found.value) else {
        of.problem(found.value.offset as usize, "`template.properties` is an object");
        return None;
    };
    if let Some(first) = list.get(limits::DATA_SETS) {
        let (most, count) = (limits::DATA_SETS, list.len());
        let why = format!(
            "a plugin has at most {most} properties, and this one has {count}: make two of it"
        );
        of.problem(first.offset as usize, why);
    }
    let (mut properties, mut texts) = (Vec::new(), Vec::new());
    for member in &list {
        of.begin_property(&member.name);
        if let Some((property, text)) = property::read(of, member) {
            properties.push(property);
            texts.push((member.key.clone(), text));
        }
    }
    of.end_property();
    let all = json::object(texts.iter().map(|(key, text)| (key.as_slice(), text.as_slice())));
    let pairs = parts.iter().map(|part| match part.name.as_str() {
        "properties" => (part.key.as_slice(), all.as_slice()),
        _ => (part.key.as_slice(), part.value.text),
    });
    Some((named, properties, json::object(pairs)))
}
