#!/usr/bin/env bash
# Usage: scripts/story.sh [--keep] [--help]
#
# Plays the story of a crane with the command twin, on a new development chain. The manufacturer M
# creates a twin with confidential data and sells it to the customer C. C lets the technician S
# write, and later revokes that. Every statement is checked, including calls that must fail. To
# check that a party cannot read a value, the script tries every key of that party on the bytes that
# the chain stores.
#
# Takes less than two minutes, after the node and twin are built.
#
#   --keep   leaves the chain running, and prints its address and how to stop it
#   --help   prints this text
#
# Environment:
#   TWINCHAIN_NODE, TWIN  programs that are already built
#   CARGO_TARGET_DIR      the build folder, default ~/.cache/twinchain/target
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

KEEP=false
case ${1:-} in
  --keep) KEEP=true ;;
  "") ;;
  -h | --help)
    print_help "$0"
    exit 0
    ;;
  *) die "unknown argument: $1 (see --help)" ;;
esac

prepare_path
cd -- "$REPO_ROOT"
if [ -z "${TWINCHAIN_NODE:-}" ]; then
  prepare_wasm
  cargo build "${BUILD_ARGS[@]}"
  TWINCHAIN_NODE=$CARGO_TARGET_DIR/release/twinchain-node
fi
if [ -z "${TWIN:-}" ]; then
  cargo build --release --locked -p twinchain-client
  TWIN=$CARGO_TARGET_DIR/release/twin
fi

WORK=$(mktemp -d)
NODE_PID=
finish() {
  local code=$?
  if [ -n "$NODE_PID" ] && ! { $KEEP && [ "$code" = 0 ]; }; then
    kill "$NODE_PID" 2>/dev/null || true
    wait "$NODE_PID" 2>/dev/null || true
    if [ "$code" != 0 ]; then
      say "the node's last lines:"
      tail -n 5 -- "$WORK/node.log"
    fi
    rm -rf -- "$WORK"
  fi
  exit "$code"
}
trap finish EXIT

PASSED=0
FAILED=0
chapter() { printf '\n%s\n' "$*"; }
passed() {
  PASSED=$((PASSED + 1))
  printf '  ok      %s\n' "$*"
}
failed() {
  FAILED=$((FAILED + 1))
  printf '  FAILED  %s\n' "$*"
}

# Each party has its own keystore. The password is in a file that only this user can read.
export XDG_DATA_HOME=$WORK/data XDG_CONFIG_HOME=$WORK/config
(umask 077 && printf 'a password for this story\n' >"$WORK/password")

# as PARTY ARGUMENTS...: runs twin as one of the parties.
as() {
  local party=$1
  shift
  "$TWIN" --url "$URL" --dev "$party" --password-file "$WORK/password" --yes --wait best "$@"
}
M=alice C=bob S=charlie X=dave

# does WHAT PARTY ARGUMENTS...: runs a command that must succeed.
does() {
  local what=$1
  shift
  if as "$@" >"$WORK/out" 2>"$WORK/err"; then passed "$what"; else
    failed "$what"
    sed 's/^/          /' "$WORK/err"
  fi
}

# fails WHAT CODE PARTY ARGUMENTS...: runs a command that must fail with this exit code.
fails() {
  local what=$1 expected=$2 code=0
  shift 2
  as "$@" >"$WORK/out" 2>"$WORK/err" || code=$?
  if [ "$code" = "$expected" ]; then passed "$what"; else
    failed "$what (exit code $code instead of $expected)"
    sed 's/^/          /' "$WORK/err"
  fi
}

# member NAME: prints a member of the last output's data. The command must have --json.
member() {
  node -e 'const { data } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    const found = process.argv[2].split(".").reduce((of, name) => of?.[name], data);
    console.log(typeof found === "object" ? JSON.stringify(found) : found);' "$WORK/out" "$1"
}

# says WHAT EXPECTED: checks the last output.
says() {
  local found
  found=$(cat -- "$WORK/out")
  if [ "$found" = "$2" ]; then passed "$1"; else failed "$1 (it says $found)"; fi
}

# is WHAT NAME EXPECTED: checks a member of the last output's data.
is() {
  local found
  found=$(member "$2")
  if [ "$found" = "$3" ]; then passed "$1"; else failed "$1 (it is $found)"; fi
}

# notes WHAT TEXT: checks that the last command printed TEXT on the standard error.
notes() {
  if grep -qF -- "$2" "$WORK/err"; then passed "$1"; else failed "$1 ($(cat -- "$WORK/err"))"; fi
}

# reads WHAT PARTY PATH OPENED CLOSED: checks how many sealed values on the chain the party can open
# with any of its keys (OPENED), and how many it cannot (CLOSED).
reads() {
  local what=$1 party=$2 path=$3 opened=$4 closed=$5
  if as "$party" --json key try "$path" >"$WORK/out" 2>"$WORK/err" &&
    [ "$(member opened) $(member closed)" = "$opened $closed" ]; then
    passed "$what: $opened of $((opened + closed)) values open, $(member keysTried) keys tried"
  else
    failed "$what ($(member opened) open, $(member closed) do not)"
  fi
}

chapter "A new chain"
"$TWINCHAIN_NODE" --dev --tmp --rpc-port 0 --port 0 --no-prometheus >"$WORK/node.log" 2>&1 &
NODE_PID=$!
PORT=
for _ in $(seq 1 960); do
  PORT=$(sed -n 's/.*Running JSON-RPC server: addr=127.0.0.1:\([0-9]*\).*/\1/p' "$WORK/node.log" |
    head -n 1)
  if [ -n "$PORT" ]; then break; fi
  kill -0 "$NODE_PID" 2>/dev/null || die "the node stopped"
  sleep 0.25
done
[ -n "$PORT" ] || die "the node does not respond"
URL=ws://127.0.0.1:$PORT
until "$TWIN" --url "$URL" asset find nothing >/dev/null 2>&1; do sleep 0.25; done
passed "a development chain runs at $URL"

chapter "1. M publishes the plugins production and service"
cat >"$WORK/production.json" <<'JSON'
{"description": {"name": "production"},
 "template": {"type": "production", "properties": {
   "steps": {"type": "list", "permissions": {"0": ["set"]}, "dataSchema":
     {"type": "object", "required": ["step"], "properties": {"step": {"type": "string"}}}}}}}
JSON
cat >"$WORK/service.json" <<'JSON'
{"description": {"name": "service"},
 "template": {"type": "service", "properties": {
   "manual": {"type": "entry", "permissions": {"0": ["set"]}, "dataSchema":
     {"type": "object", "required": ["url"], "properties": {
       "url": {"type": "string"}, "pages": {"type": "integer", "minimum": 1}}}},
   "serviceLog": {"type": "list", "permissions": {"technician": ["set"]}, "dataSchema":
     {"type": "object", "required": ["hours"], "properties": {
       "hours": {"type": "number", "minimum": 0}}}}}}}
JSON
for plugin in production service; do
  does "M publishes $plugin" $M --json plugin publish "$WORK/$plugin.json"
  declare "PLUGIN_$plugin=$(member plugin)"
done
sed 's/"type": "string"/"type": "text"/' "$WORK/service.json" >"$WORK/wrong.json"
fails "an invalid schema is rejected" 3 $M plugin publish "$WORK/wrong.json"

chapter "2. M creates a twin of the crane BC250-4711 with an instance of each plugin, in one step"
ASSET=cranes.example/BC250-4711
# shellcheck disable=SC2154 # declared above
does "the twin is created" $M --json create --name "Big Crane 250" --asset $ASSET \
  --plugin "production=$PLUGIN_production" --plugin "service=$PLUGIN_service"
TWIN_M=$(member twin)
does "its service is a container" $M --json resolve "$TWIN_M/service"
SERVICE=c$(member container)
does "its production is another container" $M --json resolve "$TWIN_M/production"
PRODUCTION=c$(member container)

chapter "3. M records confidential data, which the command seals"
# In parallel: each is a transaction of another account.
declare -A MAKES
for party in $M $C $S $X; do
  as "$party" key new --recovery-file "$WORK/recovery-$party" >/dev/null 2>"$WORK/err-$party" &
  MAKES[$party]=$!
done
for party in $M $C $S $X; do
  if wait "${MAKES[$party]}"; then
    passed "$party creates an encryption key and a recovery key"
  else
    failed "$party creates an encryption key: $(cat -- "$WORK/err-$party")"
  fi
done
does "M creates the first key of every data set" $M key rotate "$SERVICE"
does "also in production" $M key rotate "$PRODUCTION"
does "M sets the manual" $M data set "$SERVICE/manual" \
  '{"url": "https://cranes.example/manual", "pages": 12}'
fails "a manual with zero pages is rejected before it is sealed" 3 \
  $M data set "$SERVICE/manual" '{"url": "x", "pages": 0}'
does "M appends production steps" \
  $M data append "$PRODUCTION/steps" '{"step": "welded"}' '{"step": "painted"}'
does "M reads the manual" $M data get "$SERVICE/manual"
says "it is the manual of M" '{"url": "https://cranes.example/manual", "pages": 12}'
does "every write is a revision" $M --json data get "$SERVICE/manual"
is "this is the first revision" revision 1
does "every write changes the head of the history" $M --json data list "$SERVICE"
HEAD=$(member dataSets.0.head)
reads "C cannot read the manual" $C "$SERVICE/manual" 0 1
fails "X cannot write" 4 $X data append "$SERVICE/serviceLog" '{"hours": 1}'

chapter "4. M sells the crane to C, and shares the manual and the service log"
does "M shares the manual, for reading" $M share "$SERVICE/manual" --with $C
does "M shares the service log, for reading and appending" \
  $M share "$SERVICE/serviceLog" --with $C --access read,write
does "C reads the manual" $C data get "$TWIN_M/service/manual"
says "it is the manual of M" '{"url": "https://cranes.example/manual", "pages": 12}'
reads "C cannot read the production steps" $C "$PRODUCTION/steps" 0 2
fails "C cannot set the manual" 4 $C data set "$SERVICE/manual" '{"url": "https://evil.example"}'
does "C appends to the service log" $C data append "$SERVICE/serviceLog" '{"hours": 1.5}'

chapter "5. C creates a second twin of the same crane, and links the shared container"
does "the twin is created" \
  $C --json create --name "Crane 7" --asset $ASSET --link "service=$SERVICE"
TWIN_C=$(member twin)
does "the serial number finds both twins" $C --json asset find $ASSET
is "two twins exist" twins.length 2
does "C reads the manual through C's twin" $C data get "$TWIN_C/service/manual"
does "C clones the container with the values that C can read" \
  $C --json container clone "$SERVICE" --values
CLONE=c$(member container)
does "C owns a copy of the manual" $C data get "$CLONE/manual"
says "it is the manual of M" '{"url": "https://cranes.example/manual", "pages": 12}'
reads "M cannot read the copy" $M "$CLONE/manual" 0 1

chapter "6. C adds a rental plugin to C's twin, without M"
cat >"$WORK/rental.json" <<'JSON'
{"description": {"name": "rental"},
 "template": {"type": "rental", "properties": {
   "usageLog": {"type": "list", "permissions": {"0": ["set"]}, "dataSchema":
     {"type": "object", "required": ["hours"], "properties": {"hours": {"type": "number"}}}}}}}
JSON
does "C publishes the plugin" $C --json plugin publish "$WORK/rental.json"
does "C creates an instance" $C --json container create --plugin "$(member plugin)"
RENTAL=c$(member container)
does "C links the instance" $C link "$TWIN_C/rental" "$RENTAL"
does "C creates its first key" $C key rotate "$RENTAL/usageLog"
does "C writes the first hours" $C data append "$RENTAL/usageLog" '{"hours": 3}'
reads "M cannot read them" $M "$RENTAL/usageLog" 0 1

chapter "7. S can append to the usage log until the end of the year, and then no longer"
does "C shares the usage log with S" $C share "$RENTAL/usageLog" --with $S --access read,write \
  --until "$(date -u +%Y)-12-31"
does "S appends" $S data append "$RENTAL/usageLog" '{"hours": 4}'
does "S reads the usage log" $S data get "$RENTAL/usageLog"
reads "S reads all items" $S "$RENTAL/usageLog" 2 0
does "C unshares it and rotates the key in the same step" $C unshare "$RENTAL/usageLog" --with $S
fails "S can no longer append" 4 $S data append "$RENTAL/usageLog" '{"hours": 5}'
does "C continues to write" $C data append "$RENTAL/usageLog" '{"hours": 6}'
reads "S reads the earlier items, but no new ones" $S "$RENTAL/usageLog" 2 1
reads "C reads all items" $C "$RENTAL/usageLog" 3 0

does "M retires the plugin: its instances remain" $M plugin retire "$PLUGIN_service"

chapter "8. M hands the twin over to C, with its service container"
does "M offers the twin" $M offer "$TWIN_M" --to $C --with "$SERVICE"
fails "X cannot accept the offer" 4 $X accept "$TWIN_M"
does "C accepts, after opening every envelope" $C accept "$TWIN_M"
notes "C opened the keys of both data sets" "opened: $SERVICE/manual, $SERVICE/serviceLog"
notes "C saw which accounts keep rights" "no other account keeps rights"
does "C owns the twin" $C --json show "$TWIN_M"
does "C rotates its keys" $C key rotate "$SERVICE"
does "C sets a new manual" $C data set "$SERVICE/manual" '{"url": "https://customer.example/manual"}'
does "the manual has a new revision" $C --json data get "$SERVICE/manual"
is "it is the second revision" revision 2
does "the head of the history has changed" $C --json data list "$SERVICE"
if [ "$(member dataSets.0.head)" != "$HEAD" ]; then passed "the head is different"; else
  failed "the head is different"
fi
does "the copy is unchanged" $C data get "$CLONE/manual"
says "it is the manual of M" '{"url": "https://cranes.example/manual", "pages": 12}'
reads "M cannot read the new manual" $M "$SERVICE/manual" 0 1
reads "C reads the new manual" $C "$SERVICE/manual" 1 0
fails "M can no longer write" 4 $M data set "$SERVICE/manual" '{"url": "https://cranes.example"}'

chapter "9. Many twins link the same container"
for number in 1 2 3; do
  does "C creates part $number with the service" $C --json create --name "Part $number" \
    --asset "cranes.example/part-$number" --link "service=$SERVICE"
  does "its service is the same container" $C resolve "$(member twin)/service"
  says "it is the service container" "$SERVICE"
done

chapter "10. C loses the keystore, and restores the key from paper"
rm -f -- "$XDG_DATA_HOME"/twin/*
fails "without a keystore C cannot open the manual" 4 $C data get "$SERVICE/manual"
does "C restores the key" $C key recover "$WORK/recovery-$C"
does "C reads the manual again" $C data get "$SERVICE/manual"
says "it is the manual of C" '{"url": "https://customer.example/manual"}'

chapter "11. C creates twins from a template, and verifies the history of the first manual"
cat >"$WORK/crane.json" <<'JSON'
{"description": {"name": "Crane 8", "i18n": {"de": {"name": "Kran 8"}}},
 "plugins": {
   "service": {"description": {"name": "service of crane 8"},
     "template": {"type": "service", "properties": {
       "manual": {"type": "entry", "permissions": {"0": ["set"]},
         "dataSchema": {"type": "object", "properties": {
           "url": {"type": "string"}, "pages": {"type": "number", "default": ""}}},
         "value": {"url": "https://cranes.example/secret-manual", "pages": 12.50}},
       "plate": {"type": "entry", "visibility": "public", "dataSchema": {"type": "string"},
         "value": "8"}}}},
   "usage": {"template": {"type": "usage of crane 8", "properties": {
     "hours": {"type": "list", "dataSchema": {"type": "array", "items": {"type": "number"}}}}}}},
 "ordered": 10}
JSON
CLAIM="the template is checked without a node"
if "$TWIN" --url ws://127.0.0.1:1 template check "$WORK/crane.json" >"$WORK/out" 2>"$WORK/err"; then
  passed "$CLAIM"
else
  failed "$CLAIM"
fi
sed 's/12.50/""/' "$WORK/crane.json" >"$WORK/wrong-crane.json"
fails "a value that fails its schema is rejected, with its place" 3 \
  $C template import "$WORK/wrong-crane.json"
notes "the place is named" "wrong-crane.json:8:76: service/manual"
does "C imports the template" \
  $C --json template import "$WORK/crane.json" --asset cranes.example/crane-8
TWIN_T=$(member twin)
does "the manual of the template is sealed" $C data get "$TWIN_T/service/manual"
says "it is as in the template" '{"url":"https://cranes.example/secret-manual","pages":12.50}'
reads "C has its key" $C "$TWIN_T/service/manual" 1 0
fails "M cannot read it" 4 $M data get "$TWIN_T/service/manual"
does "C exports the twin" $C template export "$TWIN_T" --out "$WORK/exported.json"
CLAIM="the export equals the template"
if node -e 'const { deepStrictEqual } = require("assert");
  const read = (file) => JSON.parse(require("fs").readFileSync(file));
  deepStrictEqual(...process.argv.slice(1).map(read));' \
  "$WORK/crane.json" "$WORK/exported.json"; then
  passed "$CLAIM"
else
  failed "$CLAIM"
fi
does "C imports the export" \
  $C --json template import "$WORK/exported.json" --asset cranes.example/crane-9
is "nothing new is published" plugins.0.published false
does "C reads the history of the manual that M wrote first" \
  $C --json history "$SERVICE/manual" --verify
is "it has two revisions" revision 2
is "M wrote the first one" changes.0.values.0.text '{"url": "https://cranes.example/manual", "pages": 12}'
is "the difference of the second one is shown" changes.1.diff.0.pointer /pages
does "X reads the same history, without the values" $X --json history "$SERVICE/manual" --verify
is "X cannot read the first value" changes.0.values.0.text null
does "the history of the twin shows the sale" $X --json history "$TWIN_M" --verify
is "it is complete" verified true

printf '\n%d passed, %d failed\n' "$PASSED" "$FAILED"
[ "$FAILED" = 0 ] || exit 1
if $KEEP; then
  say "the chain still runs at $URL as process $NODE_PID; the keystores are in $XDG_DATA_HOME/twin,"
  say "their password in $WORK/password. Stop it with: kill $NODE_PID"
fi
