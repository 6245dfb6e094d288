// SPDX-License-Identifier: Apache-2.0

//! Failures: a message, advice on what to do, and an exit code for programs.

use miette::{Diagnostic, LabeledSpan, SourceCode};
use serde_json::{json, Value};
use std::{error::Error, fmt};

/// The kind of a failure. Its number is the exit code of `twin`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Anything else, such as a file that cannot be read.
    Other = 1,
    /// The command was used wrongly.
    Usage = 2,
    /// The chain refused the call.
    Refused = 3,
    /// The account lacks a right, or a key is missing.
    NotPermitted = 4,
    /// The requested thing does not exist.
    NotFound = 5,
    /// The node does not respond.
    Unreachable = 6,
    /// A transaction was sent, and its outcome is unknown.
    OutcomeUnknown = 7,
    /// Data from the node or another account is false or unproven.
    VerificationFailed = 8,
}

impl Kind {
    /// Returns the exit code.
    pub fn exit_code(self) -> u8 {
        self as u8
    }
}

/// A failure. `Display` shows the message; the other fields say where it occurred and what to do.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The kind.
    pub kind: Kind,
    /// A short, stable name, such as `DataContainer.StaleRevision`.
    pub code: String,
    /// The description of the failure.
    pub message: String,
    /// The location in a JSON text, as a JSON Pointer (RFC 6901).
    pub pointer: Option<String>,
    /// Advice on what to do.
    pub fix: Option<String>,
    /// The source text and the offset of the failure in it, in bytes.
    pub place: Option<Box<(Text, usize)>>,
    /// Parts that few failures have. Boxed, because failures are returned everywhere.
    more: Option<Box<More>>,
}

/// The parts of a failure that few have.
#[derive(Clone, Debug, Default)]
struct More {
    /// The hashes of the command's earlier transactions, if it sends several.
    done: Vec<String>,
    /// The problems of a file with several.
    problems: Option<Problems>,
}

/// All problems of a file.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// Each problem as JSON, for programs.
    pub list: Vec<Value>,
    /// Each problem as one line of text.
    pub words: Vec<String>,
}

/// A source text, to show a location in it.
#[derive(Clone, Debug)]
pub struct Text {
    /// The name of the text, such as a file name.
    pub name: String,
    /// The text.
    pub text: String,
}

impl Failure {
    /// Returns a failure without location or advice.
    pub fn new(kind: Kind, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.into(),
            message: message.into(),
            pointer: None,
            fix: None,
            place: None,
            more: None,
        }
    }

    /// Returns the failure of a command that was used wrongly.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, "usage", message)
    }

    /// Returns the failure for a thing that does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, "not-found", message)
    }

    /// Returns the failure of an account that lacks a right or a key.
    pub fn not_permitted(code: &str, message: impl Into<String>) -> Self {
        Self::new(Kind::NotPermitted, code, message)
    }

    /// Returns the failure of anything else on this machine.
    pub fn other(message: impl Into<String>) -> Self {
        Self::new(Kind::Other, "other", message)
    }

    /// Adds the hashes of earlier transactions. If there are any, the kind becomes
    /// [`Kind::OutcomeUnknown`], because a part is done.
    pub fn after(mut self, done: Vec<String>) -> Self {
        if !done.is_empty() {
            self.kind = Kind::OutcomeUnknown;
            self.more.get_or_insert_default().done = done;
        }
        self
    }

    /// Returns the hashes of the command's earlier transactions.
    pub fn done(&self) -> &[String] {
        self.more.as_ref().map_or(&[], |more| &more.done)
    }

    /// Adds the problems of a file, as JSON and as text.
    pub fn with_problems(mut self, list: Vec<Value>, words: Vec<String>) -> Self {
        self.more.get_or_insert_default().problems = Some(Problems { list, words });
        self
    }

    /// Returns the problems of a file, if there are several.
    pub fn problems(&self) -> Option<&Problems> {
        self.more.as_ref()?.problems.as_ref()
    }

    /// Adds advice on what to do.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Adds the location in a JSON text.
    pub fn at(mut self, name: &str, text: &[u8], offset: usize) -> Self {
        let place = u32::try_from(offset).unwrap_or(u32::MAX);
        self.pointer = Some(data_schema::json::pointer(text, place));
        // Replacement characters can be longer than the original bytes, so the offset is
        // recomputed.
        let before = printable(&String::from_utf8_lossy(text.get(..offset).unwrap_or(text)));
        let text = printable(&String::from_utf8_lossy(text));
        let offset = (0..=before.len().min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        self.place = Some(Box::new((Text { name: name.into(), text }, offset.unwrap_or(0))));
        self
    }

    /// Returns the failure without characters that control a terminal.
    pub fn for_terminal(mut self) -> Self {
        let clean = |text: &mut String| *text = printable(text);
        clean(&mut self.message);
        clean(&mut self.code);
        self.pointer.iter_mut().chain(&mut self.fix).for_each(clean);
        if let Some(place) = &mut self.place {
            clean(&mut place.0.name);
        }
        self
    }

    /// Returns the failure in the form for `--json`.
    pub fn to_json(&self) -> Value {
        let mut json = json!({
            "code": self.code,
            "exit": self.kind.exit_code(),
            "message": self.message,
            "pointer": self.pointer,
            "fix": self.fix,
            "done": self.done(),
        });
        if let (Some(problems), Some(members)) = (self.problems(), json.as_object_mut()) {
            members.insert("problems".into(), problems.list.clone().into());
        }
        json
    }
}

/// Escapes in JSON the characters that [`printable`] replaces. JSON contains them only in strings.
pub fn escaped_json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for letter in json.chars() {
        match is_hidden(letter) {
            true => escaped.push_str(&format!("\\u{:04x}", u32::from(letter))),
            false => escaped.push(letter),
        }
    }
    escaped
}

fn is_hidden(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        // Direction marks, embeddings and isolates; separators; the byte order mark.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' => true,
        '\u{2066}'..='\u{2069}' | '\u{feff}' => true,
        _ => letter.is_control(),
    }
}

/// Replaces characters that control a terminal or change the displayed order of text. Keeps line
/// breaks and tabs.
pub fn printable(text: &str) -> String {
    text.replace(is_hidden, "\u{fffd}")
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}

impl Diagnostic for Failure {
    fn code(&self) -> Option<Box<dyn fmt::Display + '_>> {
        Some(Box::new(&self.code))
    }

    fn help(&self) -> Option<Box<dyn fmt::Display + '_>> {
        self.fix.as_ref().map(|fix| Box::new(fix) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_ref().map(|place| &place.0.text as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, offset) = **self.place.as_ref()?;
        let label = match self.pointer.as_deref() {
            None | Some("") => "here".to_string(),
            Some(pointer) => pointer.to_string(),
        };
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(label), offset, 1))))
    }
}

impl From<subxt::Error> for Failure {
    fn from(error: subxt::Error) -> Self {
        let words = words(&error);
        match error {
            subxt::Error::RuntimeApiError(subxt::error::RuntimeApiError::IncompatibleCodegen)
            | subxt::Error::ExtrinsicError(subxt::error::ExtrinsicError::IncompatibleCodegen) => {
                Self::new(
                    Kind::Other,
                    "other-version",
                    "this chain has a different version of the call",
                )
                .fix("use a twin command of the same version as the node")
            },
            _ if is_connection(&words) => unreachable_node(&words),
            _ => Self::new(Kind::Other, "chain", printable(&words)),
        }
    }
}

/// Returns the failure of a node that does not respond.
pub fn unreachable_node(why: &str) -> Failure {
    let message = format!("the node does not respond: {}", printable(why));
    Failure::new(Kind::Unreachable, "unreachable", message).fix(
        "check that it is running and that --url is right; a local node is at ws://127.0.0.1:9944",
    )
}

/// Returns the message of an error's root cause, without the messages that wrap it.
fn words(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    let words = last.to_string();
    let parts = words.rsplit("client error: ").next();
    parts.unwrap_or_default().to_string()
}

fn is_connection(words: &str) -> bool {
    let words = words.to_lowercase();
    ["connection", "connect error", "restart required", "background task", "disconnected"]
        .iter()
        .any(|sign| words.contains(sign))
}

macro_rules! from_subxt {
    ($($error:ident),*) => { $(
        impl From<subxt::error::$error> for Failure {
            fn from(error: subxt::error::$error) -> Self {
                subxt::Error::from(error).into()
            }
        }
    )* };
}

from_subxt!(
    BackendError,
    BlockError,
    BlocksError,
    ConstantError,
    EventsError,
    ExtrinsicError,
    OnlineClientAtBlockError,
    OnlineClientError,
    RuntimeApiError,
    StorageError,
    StorageKeyError,
    StorageValueError
);

impl From<twinchain_sealing::Error> for Failure {
    fn from(error: twinchain_sealing::Error) -> Self {
        Self::not_permitted("sealing", error.to_string())
    }
}

impl From<twinchain_sealing::keystore::KeystoreError> for Failure {
    fn from(error: twinchain_sealing::keystore::KeystoreError) -> Self {
        use twinchain_sealing::keystore::KeystoreError::{Exists, File};
        match error {
            File { .. } | Exists(_) => Self::new(Kind::Other, "file", error.to_string()),
            _ => Self::not_permitted("keystore", error.to_string()),
        }
    }
}

impl From<twinchain_sealing::keystore::TrustError> for Failure {
    fn from(error: twinchain_sealing::keystore::TrustError) -> Self {
        use twinchain_sealing::keystore::TrustError::{KeyChanged, UnexpectedKey};
        let (code, fix) = match error {
            UnexpectedKey { .. } => (
                "unexpected-key",
                "if another machine of yours created it: twin key recover, or twin key merge with \
                 its keystore; otherwise: twin key new --leaked",
            ),
            KeyChanged { .. } => {
                ("key-changed", "twin key accept shows both fingerprints and pins the new key")
            },
        };
        Self::not_permitted(code, error.to_string()).fix(fix)
    }
}
