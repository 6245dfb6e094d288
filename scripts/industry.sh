#!/usr/bin/env bash
# Usage: scripts/industry.sh FOLDER
#
# Publishes the schemas of a folder on a new node, instantiates them, writes their examples, and
# compares the accepted and rejected values with the verdicts of the crate jsonschema. The folder
# has a NAME.schema.json and a NAME.example.json for each schema. The chain must reject schemas
# beyond its maximum length with the right error. The last line is `N passed, N failed`.
#
#   --help   prints this text
#
# Environment: TWINCHAIN_NODE is the node's program (default: the one in the target folder, which
# scripts/run.sh builds)
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help)
    print_help "$0"
    exit 0
    ;;
  '' | -*) die "a folder is required (see --help)" ;;
esac
[ -d "$1" ] || die "$1 is not a folder"
FOLDER=$(cd -- "$1" && pwd)
prepare_path
node_is_recent || die "Node.js $NODE_MAJOR or newer is needed; scripts/setup.sh installs it"
NODE=${TWINCHAIN_NODE:-$CARGO_TARGET_DIR/release/twinchain-node}
[ -x "$NODE" ] ||
  die "$NODE is not a program: build the node with scripts/run.sh, or set TWINCHAIN_NODE"

VERDICTS=$(mktemp)
trap 'rm -f -- "$VERDICTS"' EXIT
cd -- "$REPO_ROOT"
say "computing the verdicts of jsonschema ..."
cargo run --quiet --release --locked -p data-schema --example verdicts -- "$FOLDER" >"$VERDICTS"
say "testing $(wc -l <"$VERDICTS") schemas on a node ..."
TWINCHAIN_NODE=$NODE TWINCHAIN_SCHEMAS=$FOLDER TWINCHAIN_VERDICTS=$VERDICTS \
  node --test --test-reporter=spec tests/e2e/industry.test.mjs
