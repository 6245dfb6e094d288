// SPDX-License-Identifier: Apache-2.0

//! The test vectors of sealing, in `client/js/vectors`, checked with the crate `hpke`: the JavaScript
//! module that made them uses another implementation. The tests rebuild everything from the fields
//! that say what it is made of (`info`, associated data, padding), so that the vectors also check
//! what the documentation says of them.

#[cfg(test)]
mod tests;
