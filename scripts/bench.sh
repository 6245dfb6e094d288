#!/usr/bin/env bash
# Usage: scripts/bench.sh [--hostile] [--seconds N] [--only NAME]... [--out FOLDER] [-- NODE ARGUMENTS...]
#
# Builds the node and measures it under load: how many extrinsics of each kind one validator on this
# machine makes final in a second, and what that costs. Prints a table, and writes bench.json and the
# picture bench.svg. The chain is a new one, on the disk, and goes afterwards.
#
#   --hostile      instead floods the node with what is invalid, too much or too large, and fails if
#                  the members' extrinsics then come to less than 0.7 of what they come to otherwise;
#                  writes hostile.json
#   --seconds N    measures each for so long, instead of 30 seconds
#   --only NAME    measures this workload or flood alone; may be given several times
#   --out FOLDER   where the files go, instead of docs/performance
#   --help         prints this
#
# What follows `--` goes to the node as it is, for example: scripts/bench.sh -- --pool-type single-state
# Nothing else should run on the machine meanwhile.
#
# Environment: CARGO_TARGET_DIR is where it is compiled, and where the chain's data is while it is
# measured; default ~/.cache/twinchain/target
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
      [[ ${2:-} =~ ^[1-9][0-9]{0,5}$ ]] || die "--seconds wants a number from 1 on"
      OPTIONS+=(--seconds "$2")
      shift
      ;;
    --only)
      [ -n "${2:-}" ] || die "--only wants the name of a workload or a flood"
      OPTIONS+=(--only "$2")
      shift
      ;;
    --out)
      [ -n "${2:-}" ] || die "--out wants a folder"
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
  die "it was not built; the output of cargo build is above"
fi

RELEASE=$CARGO_TARGET_DIR/release
# It ends the node when it is interrupted, and so has to get the signals itself.
trap - EXIT HUP INT TERM
exec "$RELEASE/twinchain-load" "$COMMAND" --node "$RELEASE/twinchain-node" --out "$OUT" \
  "${OPTIONS[@]}" -- "$@"
