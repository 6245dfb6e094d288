// SPDX-License-Identifier: Apache-2.0

//! Compiles the runtime to WebAssembly and embeds the result in the native crate.

fn main() {
    #[cfg(feature = "std")]
    build_wasm();
}

#[cfg(feature = "std")]
fn build_wasm() {
    // Where `Cargo.lock` is. The builder looks for it above the target folder, and if that is
    // outside the checkout it would compile the newest versions of everything instead.
    if let Ok(package) = std::env::var("CARGO_MANIFEST_DIR") {
        std::env::set_var("WASM_BUILD_WORKSPACE_HINT", format!("{package}/.."));
    }

    let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
    // Symbol and decimals are part of the hash, so they are those that `src/lib.rs` exports for the
    // chain specifications; a test compares them.
    #[cfg(feature = "metadata-hash")]
    let builder = builder.enable_metadata_hash("UNIT", 12);
    builder.build();
}
