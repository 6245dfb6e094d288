//! Regular expressions of the keyword `pattern` (Validation, 6.3.3): the syntax and semantics of
//! ECMA-262 with the flag `u`, not anchored, in linear time.
//!
//! ```
//! use data_schema::pattern::Pattern;
//!
//! let pattern = Pattern::compile("^[A-Z]{2}[A-Z0-9]{1,18}$")?;
//! assert!(pattern.is_match("DE4711".chars()));
//! assert!(!pattern.is_match("de4711".chars()));
//!
//! let error = Pattern::compile("^(?!x)").unwrap_err();
//! assert_eq!(error.to_string(), "look-around is not supported: do not use it");
//! assert_eq!(error.at, 1);
//! # Ok::<(), data_schema::pattern::PatternError>(())
//! ```
//!
//! An expression is compiled to an automaton whose states are the characters of the expression, one
//! bit each (Glushkov's construction). The bits advance together, as in Navarro and Raffinot,
//! *Flexible Pattern Matching in Strings*, chapter 5. Each character of a value then takes a
//! bounded number of steps, independent of the characters before it: at most [`Pattern::steps`].
//!
//! # Supported syntax
//!
//! | syntax | supported |
//! |---|---|
//! | characters, `.`, `\d` `\D` `\s` `\S` `\w` `\W`, classes, escapes by number or letter | yes |
//! | `^` and `$`: the ends of the text | yes |
//! | groups, named (in ASCII) or not, `\|`, `*` `+` `?` `{2}` `{2,}` `{2,5}`, lazy ones too | yes |
//! | `\b` and `\B`, look-ahead and look-behind | no: they look beyond the current character |
//! | back-references | no: they take more than linear time |
//! | `\p{…}` and `\P{…}` | no: they require large tables |
//! | modifiers, `(?i:…)` | no |
//! | `\-` outside a class, `\_`, a lone `{`, `}` or `]` | no: the flag `u` forbids them |

mod automaton;
mod class;
mod error;
mod limits;
mod program;
mod syntax;
mod tables;

pub use error::{PatternError, PatternErrorKind};
pub use limits::*;
pub use program::Pattern;
