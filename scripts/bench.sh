#!/usr/bin/env bash
# Usage: scripts/bench.sh [--hostile] [--seconds N] [--only NAME]... [--out FOLDER]
#                         [-- NODE ARGUMENTS...]
#
# Builds the node and measures it under load: the number of extrinsics of each kind that one
# validator on this machine finalises per second, and the resources that this takes. Prints a table,
# and writes bench.json and the picture bench.svg. The chain is new, is stored on the disk, and is
# deleted afterwards.
#
#   --hostile      floods the node with invalid, too many or too large requests instead, and fails
#                  if the rate of the members' extrinsics falls below 0.7 of the rate without a
#                  flood; writes hostile.json
#   --seconds N    sets the duration of each measurement, default 30 seconds
#   --only NAME    measures only this workload or flood; can be repeated
#   --out FOLDER   sets the folder of the results, default docs/performance
#   --help         prints this text
#
# Arguments after `--` are passed to the node, for example:
# scripts/bench.sh -- --pool-type single-state
# Nothing else should run on the machine meanwhile.
#
# Environment: CARGO_TARGET_DIR is the build folder, and contains the chain's data during the
# measurement; default ~/.cache/twinchain/target
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

COMMAND=bench
OUT=$REPO_ROOT/docs/performance
OPTIONS=()
while [ $# -gt 0 ]; do
  case $1 in
    --hostile) COMMAND=hostile ;;
    --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]{0,5}$ ]] || die "--seconds needs a positive number"
      OPTIONS+=(--seconds "$2")
      shift
      ;;
    --only)
      [ -n "${2:-}" ] || die "--only needs the name of a workload or a flood"
      OPTIONS+=(--only "$2")
      shift
      ;;
    --out)
      [ -n "${2:-}" ] || die "--out needs a folder"
      case $2 in
        /*) OUT=$2 ;;
        *) OUT=$PWD/$2 ;;
      esac
      shift
      ;;
    -h | --help)
      print_help "$0"
      exit 0
      ;;
    --)
      shift
      break
      ;;
    *) die "unknown argument: $1 (see --help; arguments for the node go after --)" ;;
  esac
  shift
done

prepare_path
prepare_wasm
cd -- "$REPO_ROOT"

log=$CARGO_TARGET_DIR/logs/bench-build.log
say "Building the node and the load generator."
if ! run_logged "build" "$log" 240 cargo build "${BUILD_ARGS[@]}" "${CARGO_PROGRESS[@]}"; then
  print_log "$log"
  die "the build failed; the output of cargo build is above"
fi

RELEASE=$CARGO_TARGET_DIR/release
# The load generator stops the node when it is interrupted, so it must receive the signals itself.
trap - EXIT HUP INT TERM
exec "$RELEASE/twinchain-load" "$COMMAND" --node "$RELEASE/twinchain-node" --out "$OUT" \
  "${OPTIONS[@]}" -- "$@"
