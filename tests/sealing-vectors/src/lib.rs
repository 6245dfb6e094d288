// SPDX-License-Identifier: Apache-2.0

//! Checks the test vectors of sealing in `client/js/vectors` with the crate `hpke`. The JavaScript
//! module that created them uses another implementation. The tests rebuild all inputs (`info`,
//! associated data, padding) from the fields that describe them, so that the vectors also verify
//! their documentation.

#[cfg(test)]
mod tests;
