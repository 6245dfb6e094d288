//! The tests of data-schema, one file a topic.

mod claims;
mod compile_errors;
mod corpus;
mod differential;
mod encoding;
mod generate;
mod hostile;
mod json_text;
mod keywords_any;
mod keywords_nested;
mod keywords_scalar;
mod numbers;
mod oracle;
mod rng;
mod steps;
mod support;
