# shellcheck shell=bash
# What setup.sh, run.sh and test.sh share. It is sourced, never run, by a script that has set
# `-euo pipefail`.

REPO_ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# One target folder for every clone, and for CI as well, outside of the checkout: a fresh clone on a
# warm machine rebuilds this repository's own crates only.
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/twinchain/target}
case $CARGO_TARGET_DIR in
  /*) ;;
  *) CARGO_TARGET_DIR=$PWD/$CARGO_TARGET_DIR ;; # as cargo does: relative to where it is called
esac
export CARGO_TARGET_DIR

# What set-up puts into the home folder for this project: Node.js, where the system has none, and the
# packages of the tests in Python.
DATA_DIR=${XDG_DATA_HOME:-$HOME/.local/share}/twinchain

# The folders with Node.js packages. One that is absent, or lacks the script asked for, is skipped.
# shellcheck disable=SC2034 # used by the scripts that source this file
NODE_PACKAGES=(client/js tests/e2e tests/network)
NODE_MAJOR=20

# Crates whose tests switch on features of libraries that the node uses without them. They are tested,
# linted and documented by themselves: together with the rest, they would have 180 crates compiled
# twice.
APART=(data-schema sealing-vectors twinchain-client twinchain-sealing)
# What is compiled natively, by run.sh and by test.sh alike. cargo unifies the features of the
# packages that it is asked for together, so another selection (`-p twinchain-node`, or the whole
# workspace) may mean other features: hundreds of crates, or the runtime, built a second time.
# shellcheck disable=SC2034
BUILD_ARGS=(--release --locked --workspace)
for crate in "${APART[@]}"; do BUILD_ARGS+=(--exclude "$crate"); done

WASM_TARGET=wasm32v1-none
# rustup's name for Debian's compiler, when that has to stand in for the target; see setup.sh.
WASM_TOOLCHAIN=twinchain-wasm

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The comment block at the top of a script is its manual.
print_help() {
  awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$1"
}

duration() {
  printf '%d min %02d s' $(($1 / 60)) $(($1 % 60))
}

# Where `git clone`, rustup and set-up leave programs that a fresh shell does not look for.
prepare_path() {
  local dir=${CARGO_HOME:-$HOME/.cargo}/bin
  case :$PATH: in *":$dir:"*) ;; *) PATH=$dir:$PATH ;; esac
  if [ -x "$DATA_DIR/nodejs/bin/node" ] && ! node_is_recent; then
    PATH=$DATA_DIR/nodejs/bin:$PATH
  fi
  export PATH
}

node_is_recent() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge "$NODE_MAJOR" ] && have npm
}

PYTHON_TESTS=$REPO_ROOT/tests/e2e/python
PYTHON_MINOR=10

# Whether there is a Python that is recent enough, and can make virtual environments.
has_python() {
  python3 -c "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, $PYTHON_MINOR))" 2>/dev/null
}

# The virtual environment of the tests in Python: another one for each version of Python, and for
# other packages.
python_environment() {
  local key
  key=$({ python3 --version && cat -- "$PYTHON_TESTS/requirements.txt"; } | sha256sum) &&
    printf '%s/python-%.16s' "$DATA_DIR" "$key"
}

# The value of a key of rust-toolchain.toml that is a string, or the items of one that is a list.
toolchain_value() {
  sed -n "s/^$1 *= *//p" "$REPO_ROOT/rust-toolchain.toml" | tr -d '"[]' | tr ',' ' ' | xargs
}

# Folders in crates/ that are native only.
NATIVE_CRATES=(sealing)

# The manifests of what is compiled into the runtime's WebAssembly: all of the workspace but the node,
# the client and what else is native only.
runtime_manifests() {
  local manifest folder
  for manifest in "$REPO_ROOT"/{crates/*,pallets/*,primitives,runtime}/Cargo.toml; do
    folder=$(basename -- "$(dirname -- "$manifest")")
    case " ${NATIVE_CRATES[*]} " in *" $folder "*) continue ;; esac
    if [ -f "$manifest" ]; then printf '%s\n' "$manifest"; fi
  done
}

# The names of those crates.
runtime_packages() {
  local manifest
  while IFS= read -r manifest; do
    sed -n 's/^name *= *"\(.*\)"/\1/p;/^\[dep/q' "$manifest" | head -n 1
  done < <(runtime_manifests)
}

# Those of the given feature, as cargo's --features wants them: "package/feature ...".
runtime_features() {
  local manifest name
  while IFS= read -r manifest; do
    if grep -q "^$1 *=" "$manifest"; then
      name=$(sed -n 's/^name *= *"\(.*\)"/\1/p;/^\[dep/q' "$manifest" | head -n 1)
      printf '%s/%s ' "$name" "$1"
    fi
  done < <(runtime_manifests)
}

# Whether rustup has the pinned toolchain, and whether that has the target for the runtime. Asking
# for the toolchain by name keeps rustup from downloading what rust-toolchain.toml lists.
pinned_sysroot() {
  RUSTUP_TOOLCHAIN=$(toolchain_value channel) RUSTUP_AUTO_INSTALL=0 rustc --print sysroot 2>/dev/null
}
has_wasm_target() {
  [ -d "$(pinned_sysroot)/lib/rustlib/$WASM_TARGET/lib" ]
}

has_wasm_toolchain() {
  [ -d "/usr/lib/rustlib/$WASM_TARGET/lib" ] &&
    grep -q "^$WASM_TOOLCHAIN" <<<"$(rustup toolchain list 2>/dev/null)"
}

# Tells the wasm builder about a target that came from Debian's packages, when there is no other.
prepare_wasm() {
  if have rustup && ! has_wasm_target && has_wasm_toolchain; then
    export WASM_BUILD_TOOLCHAIN=$WASM_TOOLCHAIN
    # Else rustup would try to download the target again at every call.
    RUSTUP_TOOLCHAIN=$(toolchain_value channel)
    export RUSTUP_TOOLCHAIN
  fi
}

# Whether most of the dependencies are compiled already.
target_is_warm() {
  local dir=$CARGO_TARGET_DIR/release/.fingerprint
  [ -d "$dir" ] && [ "$(find "$dir" -mindepth 1 -maxdepth 1 | wc -l)" -gt 800 ]
}

port_is_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# --- runtimes other than the node's own ----------------------------------------------------------

# runtime_blob LIB RESULT [FEATURE [EDIT...]]: compiles the runtime of this checkout once more, as
# WebAssembly only, with a feature or none, after running EDIT in a copy of the sources. It is compiled
# as the node's own is, and not optimised any further. Shares what was compiled for the built node.
runtime_blob() {
  local lib=$1 result=$2 feature=${3:-} toolchain=()
  local project=$CARGO_TARGET_DIR/release/wbuild/twinchain-runtime copy=$CARGO_TARGET_DIR/$1
  shift 2
  if [ $# -gt 0 ]; then shift; fi
  [ -f "$project/Cargo.toml" ] || die "build the node first: scripts/run.sh --build-only"
  rm -rf -- "$copy"
  mkdir -p -- "$copy/blob"
  # What the runtime is made of. The workspace's other members are there for cargo to find.
  tar -C "$REPO_ROOT" --exclude=node_modules -c Cargo.toml Cargo.lock crates pallets primitives runtime node \
    tests/accesses tests/model tests/sealing-vectors tools | tar -C "$copy" -x
  cp -R -- "$project/src" "$REPO_ROOT/Cargo.lock" "$copy/blob"
  # The builder's own project, of our copy and under another name.
  sed "s|^path = .*|path = \"$copy/runtime\"|; s|^name = \"twinchain_runtime\"|name = \"$lib\"|
    s|^features = .*|features = [${feature:+\"$feature\"}]|" "$project/Cargo.toml" >"$copy/blob/Cargo.toml"
  if [ $# -gt 0 ]; then (cd -- "$copy" && "$@"); fi
  # As substrate-wasm-builder does it, so that what it compiled is used again.
  if [ -n "${WASM_BUILD_TOOLCHAIN:-}" ]; then toolchain=("+$WASM_BUILD_TOOLCHAIN"); fi
  env -u CARGO_ENCODED_RUSTFLAGS SKIP_WASM_BUILD= CARGO_TARGET_DIR="$project/target" \
    RUSTFLAGS="-C link-arg=--export-table -C link-arg=--export=__heap_base -C link-arg=--import-memory --cfg substrate_runtime " \
    cargo "${toolchain[@]}" rustc --target="$WASM_TARGET" --manifest-path="$copy/blob/Cargo.toml" \
    --profile release --offline
  cp -- "$project/target/$WASM_TARGET/release/$lib.wasm" "$result"
}

# --- running one long command -------------------------------------------------------------------

TICK_SECONDS=20
RUNNING_GROUP=

# cargo's options that make its progress bar appear in a log file. They stand behind the subcommand,
# since clippy hands only those on; as options, not as environment, they do not reach the cargo that
# the wasm builder starts.
# shellcheck disable=SC2034
CARGO_PROGRESS=(--config 'term.progress.when="always"' --config 'term.progress.width=110')

# What a log's end says about progress, in one line: cargo's progress bar, while there is one, else
# the last line.
progress_of() {
  tail -c 30000 -- "$1" 2>/dev/null | tr '\r' '\n' | tr -cd '\n -~' | awk '
    /^ *[A-Z][a-z]+ \[[=> ]*\] [0-9]+\/[0-9]+/ {
      sub(/^[^]]*\] /, "")
      count = now = $0
      sub(/[^0-9\/].*/, "", count)
      sub(/\//, " of ", count)
      bar = count " crates and build scripts done"
      if (sub(/^[0-9\/]+: */, "", now)) {
        sub(/ +$/, "", now)
        bar = bar "; now: " now
      }
      next
    }
    / Finished / { bar = "" }
    /[[:alnum:]]/ { sub(/^ +/, ""); last = substr($0, 1, 100) }
    END { printf "%s", bar ? bar : last }' || true
}

# A log without the progress bars.
print_log() {
  tr '\r' '\n' <"$1" | grep -vE '^ *[A-Z][a-z]+ \[[=> ]*\] [0-9]+/[0-9]+' || true
}

# Ends what a running command has started, and what that left behind: all of it is in one process
# group.
end_group() {
  local group=$1
  [ -n "$group" ] || return 0
  kill -TERM -- "-$group" 2>/dev/null || return 0
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 -- "-$group" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -KILL -- "-$group" 2>/dev/null || true
}

end_running_group() {
  local group=$RUNNING_GROUP
  RUNNING_GROUP=
  end_group "$group"
}

trap end_running_group EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# run_logged LABEL LOG LIMIT COMMAND...: runs a command or function without input and with its
# output in a file; says at least every 30 seconds how far it is; ends it after LIMIT minutes.
run_logged() {
  local label=$1 log=$2 limit=$(($3 * 60)) start=$SECONDS next=$TICK_SECONDS pid code=0 passed
  shift 3
  mkdir -p -- "$(dirname -- "$log")"
  : >"$log"
  # Job control gives the command a process group of its own, so that nothing outlives this script.
  set -m
  "$@" >>"$log" 2>&1 </dev/null &
  pid=$!
  set +m
  RUNNING_GROUP=$pid
  while kill -0 "$pid" 2>/dev/null; do
    passed=$((SECONDS - start))
    if [ "$passed" -ge "$limit" ]; then
      printf '\nstopped: it took longer than %d minutes\n' $((limit / 60)) >>"$log"
      end_running_group
      wait "$pid" 2>/dev/null || true
      return 124
    fi
    if [ "$passed" -ge "$next" ]; then
      printf '  [%s] %s: %s\n' "$(duration "$passed")" "$label" "$(progress_of "$log")"
      next=$((passed + TICK_SECONDS))
    fi
    if [ "$passed" -lt 5 ]; then sleep 0.1; else sleep 1; fi
  done
  wait "$pid" || code=$?
  end_running_group
  return "$code"
}
