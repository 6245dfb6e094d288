// SPDX-License-Identifier: Apache-2.0

//! The metadata that this program was built with. It is used for every block whose runtime has the
//! same version: a node's own is half a megabyte to transfer, takes longer to produce than most
//! commands run, and may be false. For other runtime versions, the metadata is requested from the
//! node.

use codec::Decode;
use std::sync::LazyLock;
use subxt::{metadata::ArcMetadata, Metadata};

/// Returns the built-in metadata.
pub fn own() -> &'static ArcMetadata {
    static OWN: LazyLock<ArcMetadata> = LazyLock::new(|| {
        let bytes = include_bytes!("../../metadata.scale");
        Metadata::decode_from(bytes).expect("the program was compiled with it").into()
    });
    &OWN
}

/// Returns the runtime version of the built-in metadata, `spec_version`.
pub fn own_version() -> Option<u32> {
    let version = own().pallet_by_name("System")?.constant_by_name("Version")?.value();
    // The names of the runtime and its implementation, and the version of its authoring interface.
    let (_, _, _, version) = <(String, String, u32, u32)>::decode(&mut &version[..]).ok()?;
    Some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_contains_its_version() {
        assert!(own_version().is_some_and(|version| version > 0));
        assert!(own().pallet_by_name("DataContainer").is_some());
    }
}
