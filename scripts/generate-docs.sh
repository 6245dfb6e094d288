#!/usr/bin/env bash
# Usage: scripts/generate-docs.sh [--check] [--help]
#
# Generates these files from the runtime's metadata:
#
#   docs/extrinsics.md                                   calls, events, errors, storage, reads
#   docs/examples/clients/runtime-apis.json              runtime APIs, for clients in Python
#   client/js/src/advice.generated.mjs                   sentences about errors, for clients
#   crates/data-schema/src/compile_error/advice.rs       the same for rejected schemas
#   crates/data-schema/src/violation/advice.rs           the same for rejected values
#   pallets/data-container/src/views/dry_runs/advice.rs  the same for all errors, for dry runs
#   client/metadata.scale                                the metadata itself, for the client in Rust
#
#   --check  writes nothing, and fails if a committed file differs from the generated one
#   --help   prints this text
#
# Environment: CARGO_TARGET_DIR is the build folder, default ~/.cache/twinchain/target
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  --check) ;;
  "") export TWINCHAIN_WRITE_DOCS=1 ;;
  -h | --help)
    print_help "$0"
    exit 0
    ;;
  *) die "unknown argument: $1 (see --help)" ;;
esac

prepare_path
prepare_wasm
cd -- "$REPO_ROOT"
cargo test "${BUILD_ARGS[@]}" --test reference
