// SPDX-License-Identifier: Apache-2.0

//! The description of a twin that is created from a template. It stores what has no other place on
//! the chain: the other members of the file, and that a description is missing or not an object.

use super::json::{members, object, quoted, Compact};
use data_schema::json::Raw;

/// The member of a twin's description that stores what else the template has.
pub const REST: &str = "twinchain:template";

/// The members of a template beside its plugins.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Header {
    /// The description, as JSON text without white space, or `None`.
    pub description: Option<Vec<u8>>,
    /// The other members: names with quotes, and values.
    pub others: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Header {
    /// Returns the text that the twin stores as its description.
    ///
    /// A description that is an object is stored as it is. If the template has other members, or
    /// its description is missing or not an object, the member [`REST`] is added with `members` and
    /// `description`: the other members, and the description that is not an object, or `null` if
    /// there is none.
    pub fn stored(&self) -> Vec<u8> {
        let whole = |text: &'_ [u8]| Raw { text, offset: 0 }.text.to_vec();
        let own = self.description.as_deref().map(|text| members(Raw { text, offset: 0 }));
        let is_reserved = |own: &[super::json::Member<'_>]| own.iter().any(|of| of.name == REST);
        let own = match own {
            Some(Ok(own)) if !is_reserved(&own) => Some(own),
            _ => None,
        };
        if let (Some(_), true, Some(text)) = (&own, self.others.is_empty(), &self.description) {
            return whole(text);
        }
        let mut rest = Vec::new();
        if own.is_none() {
            let text =
                self.description.clone().map(|text| object([(b"\"is\"".as_slice(), &*text)]));
            rest.push((quoted("description"), text.unwrap_or_else(|| b"null".to_vec())));
        }
        if !self.others.is_empty() {
            let pairs = self.others.iter().map(|(key, value)| (&**key, &**value));
            rest.push((quoted("members"), object(pairs)));
        }
        let rest = object(rest.iter().map(|(key, value)| (&**key, &**value)));
        let own = own.unwrap_or_default();
        let key = quoted(REST);
        let pairs = own.iter().map(|of| (&*of.key, of.value.text));
        object(pairs.chain([(&*key, &*rest)]))
    }

    /// Reads the text that a twin stores as its description.
    pub fn read(stored: &[u8]) -> Self {
        let stored = Compact::of(stored).text;
        let plain = || Self { description: Some(stored.clone()), others: Vec::new() };
        let Ok(all) = members(Raw { text: &stored, offset: 0 }) else { return plain() };
        let Some(rest) = all.iter().find(|of| of.name == REST) else { return plain() };
        let Ok(parts) = members(rest.value) else { return plain() };
        let find = |name: &str| parts.iter().find(|of| of.name == name).map(|of| of.value);
        let description = match find("description") {
            None => {
                let own = all.iter().filter(|of| of.name != REST);
                Some(object(own.map(|of| (&*of.key, of.value.text))))
            },
            Some(wrapped) => members(wrapped)
                .ok()
                .and_then(|of| Some(of.into_iter().next()?.value.text.to_vec())),
        };
        let others = find("members").and_then(|of| members(of).ok()).unwrap_or_default();
        let others = others.into_iter().map(|of| (of.key, of.value.text.to_vec())).collect();
        Self { description, others }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_beside_the_plugins_survives() {
        let other = |key: &str, value: &str| (key.as_bytes().to_vec(), value.as_bytes().to_vec());
        for (description, others, stored) in [
            (Some(r#"{"name":"a"}"#), vec![], r#"{"name":"a"}"#),
            (Some("{}"), vec![], "{}"),
            (None, vec![], r#"{"twinchain:template":{"description":null}}"#),
            (Some("null"), vec![], r#"{"twinchain:template":{"description":{"is":null}}}"#),
            (
                Some(r#"{"name":"a"}"#),
                vec![other(r#""x-\u0061""#, "1.0")],
                r#"{"name":"a","twinchain:template":{"members":{"x-\u0061":1.0}}}"#,
            ),
            (
                Some(r#"{"twinchain:template":7}"#),
                vec![],
                r#"{"twinchain:template":{"description":{"is":{"twinchain:template":7}}}}"#,
            ),
            (
                None,
                vec![other(r#""a""#, "[]")],
                r#"{"twinchain:template":{"description":null,"members":{"a":[]}}}"#,
            ),
        ] {
            let description = description.map(|text| text.as_bytes().to_vec());
            let header = Header { description, others };
            let text = header.stored();
            assert_eq!(String::from_utf8_lossy(&text), stored);
            assert_eq!(Header::read(&text), header, "{stored}");
        }
        // A twin that no template created has its description as it is.
        let plain = Header::read(br#" "Crane" "#);
        assert_eq!(plain.description.as_deref(), Some(br#""Crane""#.as_slice()));
    }
}
