// SPDX-License-Identifier: Apache-2.0

//! Sets the node's version: the package's, and the commit's if it is known.

use substrate_build_script_utils::{generate_cargo_keys, rerun_if_git_head_changed};

fn main() {
    generate_cargo_keys();
    rerun_if_git_head_changed();
}
