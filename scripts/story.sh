#!/usr/bin/env bash
# Usage: scripts/story.sh [--keep] [--help]
#
# Plays the story of a crane with the command twin, against a fresh development chain: its maker M
# makes a twin with confidential data, sells it to the customer C, who lets the technician S write,
# and takes that away again. Every claim is checked, what must fail included. What one party must not
# be able to read is tried with every key that it holds, on the bytes that the chain stores.
#
# Takes less than two minutes, after building the node and twin.
#
#   --keep   leaves the chain running, and says how to go on
#   --help   prints this
#
# Environment:
#   TWINCHAIN_NODE, TWIN  programs that are built already
#   CARGO_TARGET_DIR      where they are compiled, default ~/.cache/twinchain/target
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

# Each party has a keystore of its own, and a password in a file that only this user reads.
export XDG_DATA_HOME=$WORK/data XDG_CONFIG_HOME=$WORK/config
(umask 077 && printf 'a password for this story\n' >"$WORK/password")

# as PARTY ARGUMENTS...: runs twin as one of them.
as() {
  local party=$1
  shift
  "$TWIN" --url "$URL" --dev "$party" --password-file "$WORK/password" --yes --wait best "$@"
}
M=alice C=bob S=charlie X=dave

# does WHAT PARTY ARGUMENTS...: it must succeed.
does() {
  local what=$1
  shift
  if as "$@" >"$WORK/out" 2>"$WORK/err"; then passed "$what"; else
    failed "$what"
    sed 's/^/          /' "$WORK/err"
  fi
}

# fails WHAT CODE PARTY ARGUMENTS...: it must fail with this exit code.
fails() {
  local what=$1 expected=$2 code=0
  shift 2
  as "$@" >"$WORK/out" 2>"$WORK/err" || code=$?
  if [ "$code" = "$expected" ]; then passed "$what"; else
    failed "$what (exit code $code instead of $expected)"
    sed 's/^/          /' "$WORK/err"
  fi
}

# member NAME: a member of the data of the last answer, which was printed with --json.
member() {
  node -e 'const { data } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
    const found = process.argv[2].split(".").reduce((of, name) => of?.[name], data);
    console.log(typeof found === "object" ? JSON.stringify(found) : found);' "$WORK/out" "$1"
}

# says WHAT EXPECTED: the last answer.
says() {
  local found
  found=$(cat -- "$WORK/out")
  if [ "$found" = "$2" ]; then passed "$1"; else failed "$1 (it says $found)"; fi
}

# is WHAT NAME EXPECTED: a member of the data of the last answer.
is() {
  local found
  found=$(member "$2")
  if [ "$found" = "$3" ]; then passed "$1"; else failed "$1 (it is $found)"; fi
}

# notes WHAT TEXT: words beside the last answer.
notes() {
  if grep -qF -- "$2" "$WORK/err"; then passed "$1"; else failed "$1 ($(cat -- "$WORK/err"))"; fi
}

# reads WHAT PARTY PATH OPENED CLOSED: of the sealed values that the chain stores, OPENED open with any of
# the keys that the party holds, and CLOSED do not.
reads() {
  local what=$1 party=$2 path=$3 opened=$4 closed=$5
  if as "$party" --json key try "$path" >"$WORK/out" 2>"$WORK/err" &&
    [ "$(member opened) $(member closed)" = "$opened $closed" ]; then
    passed "$what: $opened of $((opened + closed)) values open, $(member keysTried) keys tried"
  else
    failed "$what ($(member opened) open and $(member closed) do not)"
  fi
}

chapter "A fresh chain"
"$TWINCHAIN_NODE" --dev --tmp --rpc-port 0 --port 0 --no-prometheus >"$WORK/node.log" 2>&1 &
NODE_PID=$!
PORT=
for _ in $(seq 1 960); do
  PORT=$(sed -n 's/.*Running JSON-RPC server: addr=127.0.0.1:\([0-9]*\).*/\1/p' "$WORK/node.log" | head -n 1)
  if [ -n "$PORT" ]; then break; fi
  kill -0 "$NODE_PID" 2>/dev/null || die "the node ended"
  sleep 0.25
done
[ -n "$PORT" ] || die "the node does not answer"
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
     {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}, "pages": {"type": "integer", "minimum": 1}}}},
   "serviceLog": {"type": "list", "permissions": {"technician": ["set"]}, "dataSchema":
     {"type": "object", "required": ["hours"], "properties": {"hours": {"type": "number", "minimum": 0}}}}}}}
JSON
for plugin in production service; do
  does "M publishes $plugin" $M --json plugin publish "$WORK/$plugin.json"
  declare "PLUGIN_$plugin=$(member plugin)"
done
sed 's/"type": "string"/"type": "text"/' "$WORK/service.json" >"$WORK/wrong.json"
fails "a schema that means nothing is refused" 3 $M plugin publish "$WORK/wrong.json"

chapter "2. M makes a twin of the crane BC250-4711 with an instance of each, in one step"
ASSET=cranes.example/BC250-4711
# shellcheck disable=SC2154 # declared above
does "the twin is made" $M --json create --name "Big Crane 250" --asset $ASSET \
  --plugin "production=$PLUGIN_production" --plugin "service=$PLUGIN_service"
TWIN_M=$(member twin)
does "its service is a container" $M --json resolve "$TWIN_M/service"
SERVICE=c$(member container)
does "its production is another" $M --json resolve "$TWIN_M/production"
PRODUCTION=c$(member container)

chapter "3. M records what is confidential: it is sealed on the way"
# All in parallel: each is a transaction of another account.
declare -A MAKES
for party in $M $C $S $X; do
  as "$party" key new --recovery-file "$WORK/recovery-$party" >/dev/null 2>"$WORK/err-$party" &
  MAKES[$party]=$!
done
for party in $M $C $S $X; do
  if wait "${MAKES[$party]}"; then passed "$party makes an encryption key, and a recovery key"; else
    failed "$party makes an encryption key: $(cat -- "$WORK/err-$party")"
  fi
done
does "M gives every data set its first key" $M key rotate "$SERVICE"
does "also in production" $M key rotate "$PRODUCTION"
does "M sets the manual" $M data set "$SERVICE/manual" '{"url": "https://cranes.example/manual", "pages": 12}'
fails "a manual of no pages is refused before it is sealed" 3 $M data set "$SERVICE/manual" '{"url": "x", "pages": 0}'
does "M appends production steps" $M data append "$PRODUCTION/steps" '{"step": "welded"}' '{"step": "painted"}'
does "M reads the manual" $M data get "$SERVICE/manual"
says "it is what M wrote" '{"url": "https://cranes.example/manual", "pages": 12}'
does "every write is a version" $M --json data get "$SERVICE/manual"
is "this is the first one" revision 1
does "and changes the head of its history" $M --json data list "$SERVICE"
HEAD=$(member dataSets.0.head)
reads "C reads no manual" $C "$SERVICE/manual" 0 1
fails "X may write nothing" 4 $X data append "$SERVICE/serviceLog" '{"hours": 1}'

chapter "4. M sells the crane to C, and shares the manual and the service log"
does "M shares the manual to read" $M share "$SERVICE/manual" --with $C
does "and the service log to read and append" $M share "$SERVICE/serviceLog" --with $C --access read,write
does "C reads the manual" $C data get "$TWIN_M/service/manual"
says "it is what M wrote" '{"url": "https://cranes.example/manual", "pages": 12}'
reads "C reads no production step" $C "$PRODUCTION/steps" 0 2
fails "C may not set the manual" 4 $C data set "$SERVICE/manual" '{"url": "https://evil.example"}'
does "C appends to the service log" $C data append "$SERVICE/serviceLog" '{"hours": 1.5}'

chapter "5. C makes an own twin of the same crane, and links the shared container"
does "the twin is made" $C --json create --name "Crane 7" --asset $ASSET --link "service=$SERVICE"
TWIN_C=$(member twin)
does "both twins are found by the serial number" $C --json asset find $ASSET
is "there are two" twins.length 2
does "C reads the manual through the own twin" $C data get "$TWIN_C/service/manual"
does "C clones the container, with what C may read" $C --json container clone "$SERVICE" --values
CLONE=c$(member container)
does "C owns a copy of the manual" $C data get "$CLONE/manual"
says "it is what M wrote" '{"url": "https://cranes.example/manual", "pages": 12}'
reads "M reads nothing of the copy" $M "$CLONE/manual" 0 1

chapter "6. C adds a rental plugin to the own twin, without M"
cat >"$WORK/rental.json" <<'JSON'
{"description": {"name": "rental"},
 "template": {"type": "rental", "properties": {
   "usageLog": {"type": "list", "permissions": {"0": ["set"]}, "dataSchema":
     {"type": "object", "required": ["hours"], "properties": {"hours": {"type": "number"}}}}}}}
JSON
does "C publishes it" $C --json plugin publish "$WORK/rental.json"
does "C makes an instance" $C --json container create --plugin "$(member plugin)"
RENTAL=c$(member container)
does "C links it" $C link "$TWIN_C/rental" "$RENTAL"
does "C gives it a key" $C key rotate "$RENTAL/usageLog"
does "C writes the first hours" $C data append "$RENTAL/usageLog" '{"hours": 3}'
reads "M reads none of them" $M "$RENTAL/usageLog" 0 1

chapter "7. S may append to the usage log until the end of the year, and then no more"
does "C shares the usage log with S" $C share "$RENTAL/usageLog" --with $S --access read,write --until "$(date -u +%Y)-12-31"
does "S appends" $S data append "$RENTAL/usageLog" '{"hours": 4}'
does "S reads it" $S data get "$RENTAL/usageLog"
reads "S reads all" $S "$RENTAL/usageLog" 2 0
does "C takes it away, and rotates the key in the same step" $C unshare "$RENTAL/usageLog" --with $S
fails "S may append no more" 4 $S data append "$RENTAL/usageLog" '{"hours": 5}'
does "C writes on" $C data append "$RENTAL/usageLog" '{"hours": 6}'
reads "S reads what was there before, and nothing new" $S "$RENTAL/usageLog" 2 1
reads "C reads all" $C "$RENTAL/usageLog" 3 0

does "M retires the plugin: what was made of it stays" $M plugin retire "$PLUGIN_service"

chapter "8. M hands the twin over to C, with its service container"
does "M offers it" $M offer "$TWIN_M" --to $C --with "$SERVICE"
fails "X cannot accept it" 4 $X accept "$TWIN_M"
does "C accepts, after every envelope was opened" $C accept "$TWIN_M"
notes "the keys of both data sets opened" "opened: $SERVICE/manual, $SERVICE/serviceLog"
notes "C saw whose rights remain" "no other account keeps rights"
does "C owns the twin" $C --json show "$TWIN_M"
does "C rotates its keys" $C key rotate "$SERVICE"
does "C sets a new manual" $C data set "$SERVICE/manual" '{"url": "https://customer.example/manual"}'
does "it is the second version" $C --json data get "$SERVICE/manual"
is "it is" revision 2
does "with another head" $C --json data list "$SERVICE"
if [ "$(member dataSets.0.head)" != "$HEAD" ]; then passed "it is another"; else
  failed "it is another"
fi
does "the copy is as it was" $C data get "$CLONE/manual"
says "it is what M wrote" '{"url": "https://cranes.example/manual", "pages": 12}'
reads "M reads nothing new" $M "$SERVICE/manual" 0 1
reads "C reads it" $C "$SERVICE/manual" 1 0
fails "M may write no more" 4 $M data set "$SERVICE/manual" '{"url": "https://cranes.example"}'

chapter "9. The same container hangs on many twins"
for number in 1 2 3; do
  does "C makes part $number with the service" $C --json create --name "Part $number" \
    --asset "cranes.example/part-$number" --link "service=$SERVICE"
  does "its service is the same container" $C resolve "$(member twin)/service"
  says "it is" "$SERVICE"
done

chapter "10. C loses the keystore, and gets the key back from paper"
rm -f -- "$XDG_DATA_HOME"/twin/*
fails "without a keystore nothing opens" 4 $C data get "$SERVICE/manual"
does "C restores the key" $C key recover "$WORK/recovery-$C"
does "C reads the manual again" $C data get "$SERVICE/manual"
says "it is what C wrote" '{"url": "https://customer.example/manual"}'

printf '\n%d passed, %d failed\n' "$PASSED" "$FAILED"
[ "$FAILED" = 0 ] || exit 1
if $KEEP; then
  say "the chain runs on at $URL as process $NODE_PID; the keystores are in $XDG_DATA_HOME/twin, their"
  say "password in $WORK/password. Stop it with: kill $NODE_PID"
fi
