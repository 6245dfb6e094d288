#!/usr/bin/env bash
# Usage: scripts/generate-docs.sh [--check] [--help]
#
# Writes docs/extrinsics.md from the runtime's metadata.
#
#   --check  writes nothing, and fails if the committed page is not what it would write
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
