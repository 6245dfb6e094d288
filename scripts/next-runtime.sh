#!/usr/bin/env bash
# Usage: scripts/next-runtime.sh [--help]
#
# Builds a runtime that a test chain can upgrade to: the runtime of this checkout, with a higher
# `spec_version`, a multi-block migration that keeps transactions out of the first 10 blocks, 10
# instead of 600 blocks between two changes of an account's encryption key, and a call that does not
# return. Needs the built node (scripts/run.sh --build-only), whose compiled libraries it shares.
#
# Environment: CARGO_TARGET_DIR is the build folder, default ~/.cache/twinchain/target. The result
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
  [ -n "$version" ] || die "$file has no spec_version"
  sed -i "s/^\( *spec_version: \)$version,$/\1$((version + 1)),/" "$file"
}

shorten_key_changes() {
  local file=pallets/data-container/src/types/limits.rs
  grep -q '^pub const KEY_CHANGE_BLOCKS: u32 = ' "$file" || die "$file has no KEY_CHANGE_BLOCKS"
  sed -i 's/^\(pub const KEY_CHANGE_BLOCKS: u32 = \)[0-9_]*;/\110;/' "$file"
}

# Adds a migration to those of the runtime.
add_migration_in_steps() {
  local file=runtime/src/configs/migrations.rs
  grep -q '^pub type MigrationsInSteps = .*;$' "$file" || die "$file has no MigrationsInSteps"
  sed -i 's/^\(pub type MigrationsInSteps = \)\(.*\);$/\1(\2, TenSteps);/' "$file"
  cat >>"$file" <<'RUST'

/// Changes nothing, in ten steps.
pub struct TenSteps;

impl frame_support::migrations::SteppedMigration for TenSteps {
    type Cursor = u32;
    type Identifier = [u8; 8];

    fn id() -> Self::Identifier {
        *b"tensteps"
    }

    fn max_steps() -> Option<u32> {
        Some(20)
    }

    fn step(
        cursor: Option<Self::Cursor>,
        _: &mut frame_support::weights::WeightMeter,
    ) -> Result<Option<Self::Cursor>, frame_support::migrations::SteppedMigrationError> {
        let step = cursor.unwrap_or(0).saturating_add(1);
        Ok((step < 10).then_some(step))
    }
}
RUST
}

# Makes a remark of "hang" by a proxy hang when it is executed, but not when it is validated.
add_hanging_call() {
  local file=runtime/src/configs/proxy_and_multisig.rs
  local line='fn filter(&self, call: &RuntimeCall) -> bool {'
  [ "$(grep -cF "$line" "$file")" = 1 ] || die "$file does not have exactly one InstanceFilter"
  sed -i "/^ *fn filter(&self, call: &RuntimeCall) -> bool {\$/a\\
        let remark = b\"hang\".to_vec();\\
        if *call == RuntimeCall::from(frame_system::Call::remark { remark }) {\\
            loop {}\\
        }" "$file"
}

edit() {
  raise_version
  shorten_key_changes
  add_migration_in_steps
  add_hanging_call
}

prepare_path
prepare_wasm
runtime_blob twinchain_next_runtime "$RESULT" "" edit
say "$RESULT"
