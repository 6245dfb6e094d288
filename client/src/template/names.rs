// SPDX-License-Identifier: Apache-2.0

//! The names that the chain accepts.

/// The maximum length of a name, in bytes.
const MAX_NAME: usize = 64;
/// The maximum length of the name of an asset, in bytes.
const MAX_ASSET: usize = 128;

/// The ranges of code points that are invisible or that change the direction of text, as the chain
/// defines them: `docs/plugins.md` lists them.
const HIDDEN: [(char, char); 20] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{fff9}', '\u{fffb}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e007f}'),
    ('\u{e0080}', '\u{e0fff}'),
];

/// Returns why the chain does not accept a name, or `None` if it does.
pub fn fault(name: &str) -> Option<String> {
    match name.contains('/') {
        true => Some("it contains a slash".into()),
        false => fault_of_text(name, MAX_NAME),
    }
}

/// Returns why the chain does not accept the name of an asset, or `None` if it does.
pub fn asset_fault(asset: &str) -> Option<String> {
    fault_of_text(asset, MAX_ASSET)
}

fn fault_of_text(text: &str, longest: usize) -> Option<String> {
    let hidden = |it: &char| HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(it));
    let no_end = |it: char| it.is_whitespace() || matches!(it, '\u{200c}' | '\u{200d}');
    let why = if text.is_empty() {
        "it is empty".into()
    } else if text.len() > longest {
        format!("it has {} bytes, and {longest} are the most", text.len())
    } else if let Some(letter) = text.chars().find(|it| it.is_control() || hidden(it)) {
        format!("it contains the invisible character U+{:04X}", u32::from(letter))
    } else if text.starts_with(no_end) || text.ends_with(no_end) {
        "it has white space at an end".into()
    } else {
        return None;
    };
    Some(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_the_chain() {
        for name in ["a", "Maße & Gewichte", "64", &"a".repeat(64), "\u{645}\u{200c}\u{645}"] {
            assert_eq!(fault(name), None, "{name:?}");
        }
        for name in ["", "a/b", " a", "a\u{a0}", "a\nb", "a\u{200b}b", &"é".repeat(33)] {
            assert!(fault(name).is_some(), "{name:?}");
        }
        assert_eq!(asset_fault("cranes.example/BC250-4711"), None);
        assert!(asset_fault("").is_some() && asset_fault(&"a".repeat(129)).is_some());
    }

    /// The crate with the chain's list depends on the whole of FRAME, which a client does without.
    #[test]
    fn hidden_code_points_are_those_of_the_chain() {
        let ranges = |text: &str| {
            let (_, list) = text.split_once("const HIDDEN: [(char, char); 20] = [").unwrap();
            list.split_once("];").unwrap().0.to_string()
        };
        let of_the_chain = ranges(include_str!("../../../primitives/src/text.rs"));
        assert_eq!(ranges(include_str!("names.rs")), of_the_chain);
    }
}
