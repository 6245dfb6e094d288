#!/usr/bin/env bash
# Usage: scripts/weights.sh [--check] [--only PALLET]... [--runs N] [--steps N] [--repeat N] [--seconds N]
#
# Measures on this machine what everything weighs, and writes runtime/src/weights/: the calls of every
# pallet, the transaction extensions, an empty block, an empty transaction, and a read and a write of
# the database. Takes about half an hour, and the machine should do nothing else. The first time it
# installs frame-omni-bencher, which takes as long again.
#
#   --check        writes nothing, but executes hostile calls in real blocks and compares the time that
#                  they take and the bytes that they write with what they are charged; fails if one
#                  takes more than 1.25 times the time it is charged, or writes more
#   --only PALLET  measures this pallet alone, as the benchmarks call it (pallet_data_container)
#   --runs N       measures each pallet so often, and takes each function from the run in which it weighs
#                  least (scripts/least-weights.mjs says why), default 3
#   --steps N      how many values of each parameter, default 25
#   --repeat N     how often each is repeated, default 10
#   --seconds N    how long each function is measured at least, default 1
#   --help         prints this
#
# Environment: CARGO_TARGET_DIR is where it is compiled, default ~/.cache/twinchain/target
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

BENCHER_VERSION=0.28.0
WEIGHTS=$REPO_ROOT/runtime/src/weights
RUNTIME=$CARGO_TARGET_DIR/benchmarked-runtime.wasm
BENCH=$CARGO_TARGET_DIR/release/twinchain-bench
# How many containers the state has in which reads and writes of the database are measured.
CONTAINERS=200000

# What the benchmarks call pallets, with the file for each. Those of pallet-session and pallet-grandpa
# are not here: the first asks for staking, the second measures nothing that users send.
PALLETS=(
  frame_system
  frame_system_extensions
  pallet_collective
  pallet_consortium
  pallet_data_container
  pallet_digital_twin
  pallet_membership
  pallet_multisig
  pallet_proxy
  pallet_timestamp
  pallet_utility
)

CHECK=false
ONLY=()
STEPS=25
REPEAT=10
SECONDS_EACH=1
RUNS=3
wants_number() {
  [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die "$1 wants a number"
}
while [ $# -gt 0 ]; do
  case $1 in
    --check) CHECK=true ;;
    --only)
      printf '%s\n' "${PALLETS[@]}" | grep -cx -- "${2:-}" >/dev/null ||
        die "--only wants one of: ${PALLETS[*]}"
      ONLY+=("$2")
      shift
      ;;
    --runs)
      wants_number "$@"
      RUNS=$2
      shift
      ;;
    --steps)
      wants_number "$@"
      STEPS=$2
      shift
      ;;
    --repeat)
      wants_number "$@"
      REPEAT=$2
      shift
      ;;
    --seconds)
      wants_number "$@"
      SECONDS_EACH=$2
      shift
      ;;
    -h | --help)
      print_help "$0"
      exit 0
      ;;
    *) die "unknown argument: $1 (see --help)" ;;
  esac
  shift
done

step() {
  say "== $1"
  run_logged "$1" "$CARGO_TARGET_DIR/logs/weights-${1//[^a-z_]/-}.log" 120 "${@:2}" || {
    print_log "$CARGO_TARGET_DIR/logs/weights-${1//[^a-z_]/-}.log"
    die "$1 failed"
  }
}

install_bencher() {
  if [ "$(frame-omni-bencher --version 2>/dev/null)" = "frame-omni-bencher $BENCHER_VERSION" ]; then
    return
  fi
  step "installing frame-omni-bencher $BENCHER_VERSION" env \
    CARGO_TARGET_DIR="$CARGO_TARGET_DIR/frame-omni-bencher" \
    cargo install --locked "frame-omni-bencher@$BENCHER_VERSION"
}

# What every generated file begins with.
header() {
  printf '// SPDX-License-Identifier: Apache-2.0\n\n' >"$CARGO_TARGET_DIR/weights-header"
}

pallet() {
  local run files=() folder=$CARGO_TARGET_DIR/weights-runs
  mkdir -p -- "$folder"
  for ((run = 1; run <= RUNS; run++)); do
    files+=("$folder/$1-$run.rs")
    step "$1, run $run of $RUNS" frame-omni-bencher v1 benchmark pallet --runtime "$RUNTIME" --pallet "$1" \
      --extrinsic '*' --steps "$STEPS" --repeat "$REPEAT" --min-duration "$SECONDS_EACH" \
      --template "$REPO_ROOT/scripts/weights.hbs" --header "$CARGO_TARGET_DIR/weights-header" \
      --output "${files[-1]}"
  done
  node "$REPO_ROOT/scripts/least-weights.mjs" "${files[@]}" >"$WEIGHTS/$1.rs"
}

# An empty block, and an empty transaction. What comes out names the machine and its folders.
overhead() {
  local folder=$CARGO_TARGET_DIR/weights-overhead file
  rm -rf -- "$folder"
  mkdir -p -- "$folder"
  step "blocks and transactions" frame-omni-bencher v1 benchmark overhead --runtime "$RUNTIME" \
    --genesis-builder-preset development --warmup 10 --repeat 100 --weight-path "$folder" \
    --header "$CARGO_TARGET_DIR/weights-header"
  for file in block extrinsic; do
    # Names and folders of this machine are nobody's business, and the tests are not about the weights.
    # shellcheck disable=SC2016
    sed -e '/^\/\/! \(THIS FILE\|HOSTNAME\|SHORT-NAME\|WEIGHT-PATH\)/d' -e '/^\/\/ Executed Command/,/^$/d' \
      -e '/^#\[cfg(test)\]/,$d' -e 's|^//! DATE: \(.*\)|//! Generated by `scripts/weights.sh` on \1.|' \
      -e 's/use sp_core::/use frame_support::/; s/use sp_weights::/use frame_support::weights::/' \
      "$folder/${file}_weights.rs" >"$WEIGHTS/$file.rs"
  done
}

prepare_path
prepare_wasm
$CHECK || node_is_recent || die "Node.js $NODE_MAJOR or newer puts the weights together; scripts/setup.sh installs it"
cd -- "$REPO_ROOT"
step "the node" cargo build "${BUILD_ARGS[@]}"
if $CHECK; then exec "$BENCH" check; fi
install_bencher
step "the runtime, with benchmarks" runtime_blob twinchain_benchmarked_runtime "$RUNTIME" runtime-benchmarks
header
if [ ${#ONLY[@]} -gt 0 ]; then PALLETS=("${ONLY[@]}"); fi
for name in "${PALLETS[@]}"; do pallet "$name"; done
if [ ${#ONLY[@]} = 0 ]; then
  overhead
  step "the database" "$BENCH" storage --containers "$CONTAINERS" --out "$WEIGHTS/database.rs"
fi
cargo fmt --all
say "written: runtime/src/weights/"
