#!/usr/bin/env bash
# Usage: scripts/weights.sh [--check] [--only PALLET]... [--runs N] [--steps N] [--repeat N]
#                           [--seconds N]
#
# Measures all weights on this machine, and writes runtime/src/weights/: the calls of every pallet,
# the transaction extensions, an empty block, an empty transaction, and a read and a write of the
# database. Takes about half an hour, in which the machine should do nothing else. The first run
# also installs frame-omni-bencher, which takes as long again.
#
#   --check        writes nothing, but executes hostile calls in real blocks, and compares their
#                  time and the bytes that they write with the charged amounts; fails if a call
#                  takes more than 1.25 times the charged time, or writes more than the charged
#                  bytes
#   --only PALLET  measures only this pallet, by its name in the benchmarks (pallet_data_container)
#   --runs N       number of runs per pallet, default 3; takes each function from the run in which
#                  it weighs least (scripts/least-weights.mjs explains why)
#   --steps N      number of values of each parameter, default 25
#   --repeat N     number of repetitions of each, default 10
#   --seconds N    minimum time to measure each function, default 1
#   --help         prints this text
#
# Environment: CARGO_TARGET_DIR is the build folder, default ~/.cache/twinchain/target
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

BENCHER_VERSION=0.28.0
WEIGHTS=$REPO_ROOT/runtime/src/weights
RUNTIME=$CARGO_TARGET_DIR/benchmarked-runtime.wasm
BENCH=$CARGO_TARGET_DIR/release/twinchain-bench
# Number of containers in the state for the measurement of database reads and writes.
CONTAINERS=200000

# The pallets by their names in the benchmarks, which are also the names of their files.
# pallet-session and pallet-grandpa are missing: the first needs staking, and the second measures no
# user calls.
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
  [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || die "$1 needs a positive number"
}
while [ $# -gt 0 ]; do
  case $1 in
    --check) CHECK=true ;;
    --only)
      printf '%s\n' "${PALLETS[@]}" | grep -cx -- "${2:-}" >/dev/null ||
        die "--only needs one of: ${PALLETS[*]}"
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

# Writes the first lines of every generated file.
header() {
  printf '// SPDX-License-Identifier: Apache-2.0\n\n' >"$CARGO_TARGET_DIR/weights-header"
}

pallet() {
  local run files=() folder=$CARGO_TARGET_DIR/weights-runs
  mkdir -p -- "$folder"
  for ((run = 1; run <= RUNS; run++)); do
    files+=("$folder/$1-$run.rs")
    step "$1, run $run of $RUNS" frame-omni-bencher v1 benchmark pallet --runtime "$RUNTIME" \
      --pallet "$1" --extrinsic '*' \
      --steps "$STEPS" --repeat "$REPEAT" --min-duration "$SECONDS_EACH" \
      --template "$REPO_ROOT/scripts/weights.hbs" --header "$CARGO_TARGET_DIR/weights-header" \
      --output "${files[-1]}"
  done
  node "$REPO_ROOT/scripts/least-weights.mjs" "${files[@]}" >"$WEIGHTS/$1.rs"
}

# Measures an empty block and an empty transaction. The raw output names the machine and its
# folders.
overhead() {
  local folder=$CARGO_TARGET_DIR/weights-overhead file
  rm -rf -- "$folder"
  mkdir -p -- "$folder"
  step "blocks and transactions" frame-omni-bencher v1 benchmark overhead --runtime "$RUNTIME" \
    --genesis-builder-preset development --warmup 10 --repeat 100 --weight-path "$folder" \
    --header "$CARGO_TARGET_DIR/weights-header"
  for file in block extrinsic; do
    # Removes the machine's names and folders, which are private, and the tests, which do not check
    # the weights.
    # shellcheck disable=SC2016
    sed -e '/^\/\/! \(THIS FILE\|HOSTNAME\|SHORT-NAME\|WEIGHT-PATH\)/d' \
      -e '/^\/\/ Executed Command/,/^$/d' -e '/^#\[cfg(test)\]/,$d' \
      -e 's|^//! DATE: \(.*\)|//! Generated by `scripts/weights.sh` on \1.|' \
      -e 's/use sp_core::/use frame_support::/; s/use sp_weights::/use frame_support::weights::/' \
      "$folder/${file}_weights.rs" >"$WEIGHTS/$file.rs"
  done
}

prepare_path
prepare_wasm
$CHECK || node_is_recent ||
  die "Node.js $NODE_MAJOR or newer is needed to merge the weights; scripts/setup.sh installs it"
cd -- "$REPO_ROOT"
step "the node" cargo build "${BUILD_ARGS[@]}"
if $CHECK; then exec "$BENCH" check; fi
install_bencher
step "the runtime, with benchmarks" \
  runtime_blob twinchain_benchmarked_runtime "$RUNTIME" runtime-benchmarks
header
if [ ${#ONLY[@]} -gt 0 ]; then PALLETS=("${ONLY[@]}"); fi
for name in "${PALLETS[@]}"; do pallet "$name"; done
if [ ${#ONLY[@]} = 0 ]; then
  overhead
  step "the database" "$BENCH" storage --containers "$CONTAINERS" --out "$WEIGHTS/database.rs"
fi
cargo fmt --all
say "written: runtime/src/weights/"
