// SPDX-License-Identifier: Apache-2.0

//! Reading of a property: the definition of one data set.

use super::{
    json::{self, members, Compact, Member},
    names::fault,
    parts::{limits, Kind, Property, Valued, Visibility, IN_INSTANCE, MARK},
    reading::Reading,
    schema,
};
use data_schema::{json::Raw, Schema};

/// The role that stands for the owner.
const OWNER_ROLE: &str = "0";

/// Reads a property. Returns it with its text in the document to publish, or `None` if it has
/// problems. All problems are added to `of`.
pub fn read(of: &mut Reading<'_>, member: &Member<'_>) -> Option<(Property, Vec<u8>)> {
    let start = member.offset as usize;
    if let Some(why) = fault(&member.name) {
        of.problem(start, format!("the chain does not accept this name: {why}"));
    }
    let Ok(members) = members(member.value) else {
        of.problem(member.value.offset as usize, "a property is an object");
        return None;
    };
    let find = |name: &str| members.iter().find(|member| member.name == name);
    let kind = kind(of, find("type"), start);
    if let Some(permissions) = find("permissions") {
        check_permissions(of, permissions);
    }
    if let Some(member) =
        find("writeOnce").filter(|of| !matches!(of.value.text, b"true" | b"false"))
    {
        of.problem(member.value.offset as usize, "`writeOnce` is true or false");
    }
    let visibility = visibility(of, find("visibility"));
    let Some(source) = find("dataSchema") else {
        of.problem(start, "`dataSchema` is missing: `true` accepts any value");
        return None;
    };
    let kind = kind?;
    let schema = match schema::compile(source.value, kind) {
        Ok(schema) => Some(schema),
        Err(faults) => {
            faults.into_iter().for_each(|(offset, why)| of.problem(offset, why));
            None
        },
    };
    let value = value(of, kind, visibility, (find("value"), find(MARK)), schema.as_ref());
    let text = rewritten(&members, visibility, &value);
    Some((Property { name: member.name.clone(), kind, visibility, value }, text))
}

fn kind(of: &mut Reading<'_>, member: Option<&Member<'_>>, start: usize) -> Option<Kind> {
    let (offset, named) = match member {
        Some(member) => (member.value.offset as usize, json::string(member.value)),
        None => (start, None),
    };
    match (named.as_deref(), member) {
        (Some("entry"), _) => return Some(Kind::Entry),
        (Some("list"), _) => return Some(Kind::List),
        (_, None) => of.problem(offset, "`type` is missing: write \"entry\" or \"list\""),
        _ => of.problem(offset, "`type` is \"entry\" or \"list\""),
    }
    None
}

/// Returns the visibility: an override for the property, what the property says, or the default for
/// the template.
fn visibility(of: &mut Reading<'_>, member: Option<&Member<'_>>) -> Visibility {
    let stated = member.map(|member| {
        let named = json::string(member.value).as_deref().and_then(Visibility::named);
        if named.is_none() {
            let offset = member.value.offset as usize;
            of.problem(offset, "`visibility` is \"public\" or \"confidential\"");
        }
        named.unwrap_or(Visibility::Confidential)
    });
    let general = match of.options.public {
        true => Visibility::Public,
        false => Visibility::Confidential,
    };
    of.visibility_override().or(stated).unwrap_or(general)
}

fn check_permissions(of: &mut Reading<'_>, permissions: &Member<'_>) {
    let Ok(roles) = members(permissions.value) else {
        let example = "`permissions` is an object, such as {\"technician\": [\"set\", \"remove\"]}";
        return of.problem(permissions.value.offset as usize, example);
    };
    for role in roles {
        let access = json::items(role.value).unwrap_or_default();
        let is_known = |item: &Raw<'_>| matches!(item.text, b"\"set\"" | b"\"remove\"");
        let is_list = role.value.text.starts_with(b"[");
        if let Some(wrong) = access.iter().find(|item| !is_known(item)) {
            of.problem(wrong.offset as usize, "a permission is \"set\" or \"remove\"");
        } else if !is_list {
            let offset = role.value.offset as usize;
            of.problem(offset, "the permissions of a role are an array of \"set\" and \"remove\"");
        }
        if role.name == OWNER_ROLE {
            continue;
        }
        if let Some(why) = fault(&role.name) {
            let why = format!("the chain does not accept the name of this role: {why}");
            of.problem(role.offset as usize, why);
        }
        if of.roles.insert(role.name) && of.roles.len() == limits::ROLES + 1 {
            let why = format!("a plugin has at most {} roles besides the owner", limits::ROLES);
            of.problem(role.offset as usize, why);
        }
    }
}

/// Checks the value of a property, and returns its location.
fn value(
    of: &mut Reading<'_>,
    kind: Kind,
    visibility: Visibility,
    (member, mark): (Option<&Member<'_>>, Option<&Member<'_>>),
    schema: Option<&Schema>,
) -> Valued {
    if let Some(mark) = mark {
        if member.is_some() || mark.value.text != IN_INSTANCE {
            let why = format!("`{MARK}` is reserved: an export writes it in place of a value");
            of.problem(mark.offset as usize, why);
        }
        return Valued::Elsewhere;
    }
    let Some(member) = member else { return Valued::No };
    let Some(values) = values_of(of, kind, member.value) else { return Valued::No };
    // The chain ignores an empty default of a list.
    if values.is_empty() {
        return Valued::InDocument;
    }
    let Some(schema) = schema else { return Valued::No };
    let longest = match visibility {
        Visibility::Public => limits::VALUE,
        Visibility::Confidential => limits::VALUE - 1,
    };
    let mut checked = Vec::new();
    for value in values {
        let compact = Compact::of(value.text);
        let start = value.offset as usize;
        if compact.text.len() > longest {
            let size = compact.text.len();
            let why = format!("the value has {size} bytes, and {longest} are the most");
            of.problem_of_value(start, why);
        } else if let Err(violation) = schema.check(&compact.text) {
            let offset = start + compact.origin(violation.offset as usize);
            of.problem_of_value(offset, format!("value: {}", violation.kind.advice()));
        }
        checked.push(compact.text);
    }
    if of.drops_value() {
        return Valued::No;
    }
    match visibility {
        Visibility::Public if checked.len() <= limits::ITEMS && of.has_room(member.value.text) => {
            Valued::InDocument
        },
        _ => Valued::InInstance(checked),
    }
}

/// Returns the values of a property: one for an entry, the items for a list.
fn values_of<'a>(of: &mut Reading<'_>, kind: Kind, raw: Raw<'a>) -> Option<Vec<Raw<'a>>> {
    match kind {
        Kind::Entry => Some(vec![raw]),
        Kind::List => match json::items(raw) {
            Ok(items) => Some(items),
            Err(_) => {
                of.problem_of_value(
                    raw.offset as usize,
                    "the value of a list is an array of items",
                );
                None
            },
        },
    }
}

/// Returns the text of a property in the document to publish.
pub fn rewritten(members: &[Member<'_>], visibility: Visibility, value: &Valued) -> Vec<u8> {
    let named = json::quoted(visibility.name());
    let (visible, mark) = (json::quoted("visibility"), json::quoted(MARK));
    let mut pairs: Vec<(&[u8], &[u8])> = Vec::new();
    let is_stated = members.iter().any(|member| member.name == "visibility");
    for member in members {
        let pair = (member.key.as_slice(), member.value.text);
        match (member.name.as_str(), value) {
            ("visibility", _) => pairs.push((&member.key, &named)),
            ("value", Valued::No) => {},
            ("value", Valued::InInstance(_)) => pairs.push((&mark, IN_INSTANCE)),
            _ => pairs.push(pair),
        }
    }
    if !is_stated && visibility == Visibility::Public {
        pairs.push((&visible, &named));
    }
    json::object(pairs)
}
