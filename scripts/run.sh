#!/usr/bin/env bash
# Usage: scripts/run.sh [--fresh] [--port PORT] [--build-only] [-- NODE ARGUMENTS...]
#
# Builds the node and starts a development chain that Polkadot.js Apps can connect to, after
# installing missing software (see scripts/setup.sh). The chain keeps its data between runs. Ctrl-C
# stops it.
#
#   --fresh       deletes the data of earlier runs and starts a new chain
#   --port PORT   sets the port of the RPC server, default 9944
#   --build-only  builds the node without starting the chain
#   --help        prints this text
#
# Arguments after `--` are passed to the node, for example: scripts/run.sh -- --log runtime=debug
#
# Environment:
#   CARGO_TARGET_DIR  the build folder, default ~/.cache/twinchain/target
#   XDG_DATA_HOME     the data is in its twinchain/dev, default ~/.local/share/twinchain/dev
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

FRESH=false
PORT=9944
BUILD_ONLY=false
while [ $# -gt 0 ]; do
  case $1 in
    --fresh) FRESH=true ;;
    --build-only) BUILD_ONLY=true ;;
    --port)
      PORT=${2:-}
      if ! [[ $PORT =~ ^[1-9][0-9]{0,4}$ ]] || [ "$PORT" -gt 65535 ]; then
        die "--port needs a number from 1 to 65535"
      fi
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

BASE=$DATA_DIR/dev
NODE=$CARGO_TARGET_DIR/release/twinchain-node
RUNTIME=$CARGO_TARGET_DIR/release/wbuild/twinchain-runtime/twinchain_runtime.compact.compressed.wasm

check_port() {
  if $BUILD_ONLY || ! port_is_taken "$PORT"; then return 0; fi
  die "port $PORT is in use, perhaps by another node.
Stop that node, or choose another port: scripts/run.sh --port $((PORT < 65535 ? PORT + 1 : 9945))"
}

# Checked before a build of half an hour, not only after it.
check_port

if target_is_warm; then
  say "Building the node: at most a few minutes, because most of it is already compiled."
else
  say "Building the node: 25 to 45 minutes the first time on two cores, a few minutes after that."
fi
say "Target folder: $CARGO_TARGET_DIR"

"$REPO_ROOT/scripts/setup.sh" --no-node
prepare_path
prepare_wasm
cd -- "$REPO_ROOT"

log=$CARGO_TARGET_DIR/logs/run.log
start=$SECONDS
if ! run_logged "build" "$log" 240 cargo build "${BUILD_ARGS[@]}" "${CARGO_PROGRESS[@]}"; then
  print_log "$log"
  die "the node was not built; the output of cargo build is above"
fi
say "Built in $(duration $((SECONDS - start))): $NODE"
if $BUILD_ONLY; then exit 0; fi

check_port
if $FRESH; then
  say "Deleting the data of earlier runs: $BASE"
  rm -rf -- "$BASE"
fi
mkdir -p -- "$BASE"
# A chain stores its runtime, so an existing chain does not use a new build's runtime.
runtime=$(cat -- "$RUNTIME" 2>/dev/null | cksum) || runtime=
if [ ! -d "$BASE/chains" ]; then
  printf '%s\n' "$runtime" >"$BASE/started-with"
elif [ "$(cat "$BASE/started-with" 2>/dev/null)" != "$runtime" ]; then
  say
  warn "another build started this chain, which keeps that build's runtime.
         To use the runtime of this build, start a new chain: scripts/run.sh --fresh"
fi

cat <<TEXT

------------------------------------------------------------------------------------------
The development chain starts now. Its data is in $BASE

1. Open  https://polkadot.js.org/apps/?rpc=ws://127.0.0.1:$PORT
   in Chrome, Edge or Firefox on this machine. The page comes from the web, but connects only to the
   node on your machine. (Safari does not let such a page connect to a local node.)
2. Choose  Developer > Extrinsics > digitalTwin > createTwin,  sign as Alice, and look at
   Developer > Chain state > digitalTwin.
The README describes the next steps. Ctrl-C stops the chain; the next run continues it.
------------------------------------------------------------------------------------------

TEXT
exec "$NODE" --dev --base-path "$BASE" --rpc-port "$PORT" "$@"
