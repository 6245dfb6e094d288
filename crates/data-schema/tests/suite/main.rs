//! The tests of data-schema, one file for each topic.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics when it fails"
)]

mod claims;
mod compile_errors;
mod corpus;
mod dialects;
mod differential;
mod documentation;
mod encoding;
mod generate;
mod hostile;
mod industry;
mod json_text;
mod keywords_any;
mod keywords_applied;
mod keywords_nested;
mod keywords_scalar;
mod numbers;
mod official;
mod oracle;
mod patterns;
mod references;
mod rng;
mod steps;
mod support;
mod unique_items;
mod unknown_keywords;
