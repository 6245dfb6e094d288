#!/usr/bin/env bash
# Usage: scripts/next-runtime.sh [--help]
#
# Builds what a test chain can upgrade to: the runtime of this checkout, but with a higher
# `spec_version`. It is compiled as the node's own is, from a copy of the sources, and not optimised
# any further. Needs the built node (scripts/run.sh --build-only), whose compiled libraries it shares.
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

PROJECT=$CARGO_TARGET_DIR/release/wbuild/twinchain-runtime
COPY=$CARGO_TARGET_DIR/next-runtime
RESULT=$CARGO_TARGET_DIR/next-runtime.wasm
LIB=twinchain_next_runtime

# What the runtime is made of. The workspace's other members are there for cargo to find.
copy_sources() {
  rm -rf -- "$COPY"
  mkdir -p -- "$COPY/blob"
  tar -C "$REPO_ROOT" --exclude=node_modules -c Cargo.toml Cargo.lock pallets primitives runtime node \
    client/vectors | tar -C "$COPY" -x
  cp -R -- "$PROJECT/src" "$PROJECT/Cargo.lock" "$COPY/blob"
  # The builder's own project, of our copy and under another name.
  sed "s|^path = .*|path = \"$COPY/runtime\"|; s|^name = \"twinchain_runtime\"|name = \"$LIB\"|" \
    "$PROJECT/Cargo.toml" >"$COPY/blob/Cargo.toml"
}

raise_version() {
  local file=$COPY/runtime/src/lib.rs version
  version=$(sed -n 's/^ *spec_version: \([0-9]*\),$/\1/p' "$file")
  [ -n "$version" ] || die "there is no spec_version in $file"
  sed -i "s/^\( *spec_version: \)$version,$/\1$((version + 1)),/" "$file"
}

# As substrate-wasm-builder does it, so that what it compiled is used again.
compile() {
  local toolchain=()
  if [ -n "${WASM_BUILD_TOOLCHAIN:-}" ]; then toolchain=("+$WASM_BUILD_TOOLCHAIN"); fi
  env -u CARGO_ENCODED_RUSTFLAGS SKIP_WASM_BUILD= CARGO_TARGET_DIR="$PROJECT/target" \
    RUSTFLAGS="-C link-arg=--export-table -C link-arg=--export=__heap_base -C link-arg=--import-memory --cfg substrate_runtime " \
    cargo "${toolchain[@]}" rustc --target="$WASM_TARGET" --manifest-path="$COPY/blob/Cargo.toml" \
    --profile release --offline
  cp -- "$PROJECT/target/$WASM_TARGET/release/$LIB.wasm" "$RESULT"
}

prepare_path
prepare_wasm
[ -f "$PROJECT/Cargo.toml" ] || die "build the node first: scripts/run.sh --build-only"
copy_sources
raise_version
compile
say "$RESULT"
