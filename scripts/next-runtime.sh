#!/usr/bin/env bash
# Usage: scripts/next-runtime.sh [--help]
#
# Builds what a test chain can upgrade to: the runtime of this checkout, but with a higher
# `spec_version`, and with 10 blocks between two changes of an account's encryption key, since tests
# cannot wait for 600. Needs the built node (scripts/run.sh --build-only), whose compiled libraries it shares.
#
# Environment: CARGO_TARGET_DIR is where it is compiled, default ~/.cache/twinchain/target; the result
# is the file next-runtime.wasm in it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  '') ;;
  -h | --help)
    print_help "$0"
    exit 0
    ;;
  *) die "unknown argument: $1 (see --help)" ;;
esac

RESULT=$CARGO_TARGET_DIR/next-runtime.wasm

raise_version() {
  local file=runtime/src/lib.rs version
  version=$(sed -n 's/^ *spec_version: \([0-9]*\),$/\1/p' "$file")
  [ -n "$version" ] || die "there is no spec_version in $file"
  sed -i "s/^\( *spec_version: \)$version,$/\1$((version + 1)),/" "$file"
}

shorten_key_changes() {
  local file=pallets/data-container/src/types/limits.rs
  grep -q '^pub const KEY_CHANGE_BLOCKS: u32 = ' "$file" || die "there is no KEY_CHANGE_BLOCKS in $file"
  sed -i 's/^\(pub const KEY_CHANGE_BLOCKS: u32 = \)[0-9_]*;/\110;/' "$file"
}

edit() {
  raise_version
  shorten_key_changes
}

prepare_path
prepare_wasm
runtime_blob twinchain_next_runtime "$RESULT" "" edit
say "$RESULT"
