// SPDX-License-Identifier: Apache-2.0

//! Reading of a template file, with all its problems.

use super::{
    description::Header,
    json::{is_value, limits, members, Compact, Member},
    parts::{self, Dropped, PluginPart},
    plugin::{self, check_description},
    problem::Problem,
    reading::{Options, Reading},
};
use data_schema::{
    json::{Raw, Reader},
    ViolationKind,
};
use std::collections::BTreeSet;

/// A template without problems.
#[derive(Clone, Debug)]
pub struct Template {
    /// The members beside the plugins.
    pub header: Header,
    /// The plugins, in the order of the file.
    pub plugins: Vec<PluginPart>,
    /// The values that were set aside.
    pub dropped: Vec<Dropped>,
}

impl Template {
    /// Returns the name in the description, or `None`.
    pub fn name(&self) -> Option<String> {
        let text = self.header.description.as_deref()?;
        let parts = members(Raw { text, offset: 0 }).ok()?;
        super::json::string(parts.iter().find(|of| of.name == "name")?.value)
    }
}

/// Reads a template. A byte order mark at its start is ignored.
///
/// # Errors
/// All problems of the file.
pub fn read(text: &[u8], options: &Options) -> Result<Template, Vec<Problem>> {
    let mut of = Reading::new(options);
    let begin = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let raw = Raw { text: text.get(begin..).unwrap_or_default(), offset: begin as u32 };
    let raw = match whole(&mut of, raw) {
        Some(raw) => raw,
        None => return Err(of.problems),
    };
    let Ok(parts) = members(raw) else {
        of.problem(raw.offset as usize, "a template is an object with `description` and `plugins`");
        return Err(of.problems);
    };
    let header = header(&mut of, &parts);
    let plugins = read_plugins(&mut of, &parts, raw.offset as usize);
    for key in options.visibility.keys().filter(|key| !of.used.contains(*key)) {
        let why = format!("--visibility names {}/{}, which the file does not have", key.0, key.1);
        of.problems.push(unplaced(why, raw.offset as usize));
    }
    match of.problems.is_empty() {
        true => Ok(Template { header, plugins, dropped: of.dropped }),
        false => Err(of.problems),
    }
}

fn unplaced(reason: String, offset: usize) -> Problem {
    Problem { plugin: None, property: None, reason, offset, is_about_value: false }
}

/// Reads the whole text once. A duplicate member is a problem, but reading continues; returns
/// `None` if the text is not JSON.
fn whole<'a>(of: &mut Reading<'_>, raw: Raw<'a>) -> Option<Raw<'a>> {
    let read = |unique_keys| {
        let mut reader = Reader::within(raw, limits(unique_keys))?;
        let value = reader.skip_value()?;
        reader.finish().map(|()| value)
    };
    let is_duplicate =
        |violation: &data_schema::Violation| violation.kind == ViolationKind::DuplicateKey;
    match read(true) {
        Ok(raw) => return Some(raw),
        Err(violation) => of.problem(violation.offset as usize, advice(violation.kind)),
    }
    read(false).ok().filter(|_| read(true).is_err_and(|violation| is_duplicate(&violation)))
}

fn advice(kind: ViolationKind) -> &'static str {
    match kind {
        ViolationKind::TooDeep => "arrays and objects nest at most 64 levels deep: flatten them",
        ViolationKind::InvalidJson => "this is not JSON text",
        other => other.advice(),
    }
}

fn header(of: &mut Reading<'_>, parts: &[Member<'_>]) -> Header {
    let compact = |text: &[u8]| Compact::of(text).text;
    let mut header = Header::default();
    for part in parts {
        match part.name.as_str() {
            "description" => header.description = Some(compact(part.value.text)),
            "plugins" => {},
            _ => header.others.push((part.key.clone(), compact(part.value.text))),
        }
    }
    let description = parts.iter().find(|part| part.name == "description");
    if of.problems.is_empty() && !is_value(&header.stored()) {
        let first = parts.iter().find(|part| part.name != "plugins");
        let why = "the twin stores the description and the other members of the file a few levels \
                   deeper, and at most 64 levels in all: flatten them";
        of.problem(first.map_or(0, |part| part.offset as usize), why);
    }
    let most = parts::limits::DESCRIPTION;
    match (description, header.stored().len()) {
        (_, size) if size <= most => {},
        (Some(part), _) if header.others.is_empty() => check_description(of, part.value),
        (_, size) => {
            let first = parts.iter().find(|part| part.name != "plugins");
            let why = format!(
                "the description and the other members of the file have {size} bytes together, \
                 and {most} are the most that a twin stores"
            );
            of.problem(first.map_or(0, |part| part.offset as usize), why);
        },
    }
    header
}

fn read_plugins(of: &mut Reading<'_>, parts: &[Member<'_>], begin: usize) -> Vec<PluginPart> {
    let Some(found) = parts.iter().find(|part| part.name == "plugins") else {
        let why = match parts.iter().any(|part| part.name == "template") {
            true => {
                "`plugins` is missing: this is a plugin document; publish it with twin plugin \
                 publish, or wrap it: {\"description\": ..., \"plugins\": {\"NAME\": ...}}"
            },
            false => "`plugins` is missing",
        };
        of.problem(begin, why);
        return Vec::new();
    };
    let Ok(list) = members(found.value) else {
        of.problem(found.value.offset as usize, "`plugins` is an object of plugins by name");
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let fresh = |member: &&Member<'_>| seen.insert(member.name.clone());
    let list: Vec<_> = list.iter().filter(fresh).collect();
    list.into_iter().filter_map(|member| plugin::read(of, member)).collect()
}
