// SPDX-License-Identifier: Apache-2.0

//! Compiles the runtime to WebAssembly and embeds the result in the native crate.

fn main() {
    #[cfg(feature = "std")]
    build_wasm();
}

#[cfg(feature = "std")]
fn build_wasm() {
    // The folder of `Cargo.lock`. The builder looks for that file above the target folder. If the
    // target folder is outside the checkout, the builder compiles the newest versions of
    // everything.
    if let Ok(package) = std::env::var("CARGO_MANIFEST_DIR") {
        std::env::set_var("WASM_BUILD_WORKSPACE_HINT", format!("{package}/.."));
    }

    let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
    // The symbol and the decimals are part of the hash, so they must equal those that `src/lib.rs`
    // exports for the chain specifications. A test compares them.
    #[cfg(feature = "metadata-hash")]
    let builder = builder.enable_metadata_hash("UNIT", 12);
    builder.build();
}
