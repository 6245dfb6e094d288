#!/usr/bin/env bash
# Usage: scripts/industry.sh FOLDER
#
# Publishes the schemas of a folder on a node of its own, instantiates them, writes their examples, and
# compares what is accepted and what is refused with the verdicts of the crate jsonschema. The folder has
# a NAME.schema.json and a NAME.example.json for each. Schemas that are longer than the chain takes have
# to be refused by name. Ends with a line `N passed, N failed`.
#
#   --help   prints this
#
# Environment: TWINCHAIN_NODE is the node (default: the one in the target folder, which
# scripts/run.sh builds)
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

case ${1:-} in
  -h | --help)
    print_help "$0"
    exit 0
    ;;
  '' | -*) die "name a folder (see --help)" ;;
esac
[ -d "$1" ] || die "$1 is not a folder"
FOLDER=$(cd -- "$1" && pwd)
prepare_path
node_is_recent || die "Node.js $NODE_MAJOR or newer is needed; scripts/setup.sh installs it"
NODE=${TWINCHAIN_NODE:-$CARGO_TARGET_DIR/release/twinchain-node}
[ -x "$NODE" ] || die "there is no node at $NODE: build it with scripts/run.sh, or name one in TWINCHAIN_NODE"

VERDICTS=$(mktemp)
trap 'rm -f -- "$VERDICTS"' EXIT
cd -- "$REPO_ROOT"
say "the verdicts of jsonschema ..."
cargo run --quiet --release --locked -p data-schema --example verdicts -- "$FOLDER" >"$VERDICTS"
say "a node's, for $(wc -l <"$VERDICTS") schemas ..."
TWINCHAIN_NODE=$NODE TWINCHAIN_SCHEMAS=$FOLDER TWINCHAIN_VERDICTS=$VERDICTS \
  node --test --test-reporter=spec tests/e2e/industry.test.mjs
