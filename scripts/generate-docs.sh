#!/usr/bin/env bash
# Usage: scripts/generate-docs.sh [--check] [--help]
#
# Writes from the runtime's metadata:
#
#   docs/extrinsics.md                                   calls, events, errors, storage, reads, types
#   client/js/src/advice.generated.mjs                   what errors mean and what to do, for the client
#   crates/data-schema/src/compile_error/advice.rs       the same of schemas that are refused
#   crates/data-schema/src/violation/advice.rs           the same of values that are refused
#   pallets/data-container/src/views/dry_runs/advice.rs  the same of all errors, for dry runs
#   client/metadata.scale                                the metadata itself, for the client in Rust
#
#   --check  writes nothing, and fails if a committed file is not what it would write
#   --help   prints this
#
# Environment: CARGO_TARGET_DIR is where it is compiled, default ~/.cache/twinchain/target
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
