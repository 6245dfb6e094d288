# shellcheck shell=bash
# Shared functions of the scripts. Scripts that have set `-euo pipefail` source this file; it is
# never run.

REPO_ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

# All clones, and CI, share one target folder outside the checkout, so a fresh clone on a machine
# with earlier builds compiles only this repository's own crates.
CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/twinchain/target}
case $CARGO_TARGET_DIR in
  /*) ;;
  *) CARGO_TARGET_DIR=$PWD/$CARGO_TARGET_DIR ;; # like cargo: relative to the current directory
esac
export CARGO_TARGET_DIR

# Files that setup.sh installs for this project in the home directory: Node.js, if the system has
# none, and the packages of the tests in Python and of the spelling checker.
DATA_DIR=${XDG_DATA_HOME:-$HOME/.local/share}/twinchain

# The folders of Node.js packages. Steps skip a folder that does not exist or lacks the npm script.
# shellcheck disable=SC2034 # used by the scripts that source this file
NODE_PACKAGES=(client/js tests/e2e tests/network)
NODE_MAJOR=20

# Crates whose tests enable features of libraries that the node uses without them. They are tested,
# linted and documented separately: together with the rest, 180 crates would be compiled twice.
APART=(data-schema sealing-vectors twinchain-client twinchain-sealing)
# Cargo's arguments for the native build in all scripts. cargo unifies the features of the packages
# that are selected together. Another selection (`-p twinchain-node`, or the whole workspace) may
# enable other features, and compile hundreds of crates, or the runtime, again.
# shellcheck disable=SC2034
BUILD_ARGS=(--release --locked --workspace)
for crate in "${APART[@]}"; do BUILD_ARGS+=(--exclude "$crate"); done

WASM_TARGET=wasm32v1-none
# rustup's name for Debian's compiler, which replaces a missing target; see setup.sh.
WASM_TOOLCHAIN=twinchain-wasm

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Prints the comment block at the top of a script, which is its manual.
print_help() {
  awk 'NR == 1 { next } /^#/ { sub(/^# ?/, ""); print; next } { exit }' "$1"
}

duration() {
  printf '%d min %02d s' $(($1 / 60)) $(($1 % 60))
}

# Adds the folders of cargo and of setup.sh's Node.js to PATH, which a fresh shell may lack.
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

PYTHON_MINOR=10
PYTHON_TESTS=$REPO_ROOT/tests/e2e/python
# Packages from PyPI, pinned by hash: those of the tests, and the spelling checker.
# shellcheck disable=SC2034
TEST_REQUIREMENTS=$PYTHON_TESTS/requirements.txt
# shellcheck disable=SC2034
WORDS_REQUIREMENTS=$REPO_ROOT/scripts/words-requirements.txt

# Succeeds if a recent Python is installed that can create virtual environments.
has_python() {
  python3 -c "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, $PYTHON_MINOR))" \
    2>/dev/null
}

# python_environment REQUIREMENTS: prints the path of the virtual environment with these packages.
# It depends on the version of Python and on the packages.
python_environment() {
  local key
  key=$({ python3 --version && cat -- "$1"; } | sha256sum) &&
    printf '%s/python-%.16s' "$DATA_DIR" "$key"
}

# Prints the value of a key of rust-toolchain.toml: a string, or the items of a list.
toolchain_value() {
  sed -n "s/^$1 *= *//p" "$REPO_ROOT/rust-toolchain.toml" | tr -d '"[]' | tr ',' ' ' | xargs
}

# Folders in crates/ that are never compiled into the runtime.
NATIVE_CRATES=(sealing)

# Prints the manifests of the crates that are compiled into the runtime's WebAssembly: all of the
# workspace except the node, the client and other native crates.
runtime_manifests() {
  local manifest folder
  for manifest in "$REPO_ROOT"/{crates/*,pallets/*,primitives,runtime}/Cargo.toml; do
    folder=$(basename -- "$(dirname -- "$manifest")")
    case " ${NATIVE_CRATES[*]} " in *" $folder "*) continue ;; esac
    if [ -f "$manifest" ]; then printf '%s\n' "$manifest"; fi
  done
}

# Prints the names of those crates.
runtime_packages() {
  local manifest
  while IFS= read -r manifest; do
    sed -n 's/^name *= *"\(.*\)"/\1/p;/^\[dep/q' "$manifest" | head -n 1
  done < <(runtime_manifests)
}

# Prints the crates that have a feature, in the form of cargo's --features: "package/feature ...".
runtime_features() {
  local manifest name
  while IFS= read -r manifest; do
    if grep -q "^$1 *=" "$manifest"; then
      name=$(sed -n 's/^name *= *"\(.*\)"/\1/p;/^\[dep/q' "$manifest" | head -n 1)
      printf '%s/%s ' "$name" "$1"
    fi
  done < <(runtime_manifests)
}

# Prints the path of the pinned toolchain. Fails if rustup does not have it. Naming the toolchain
# keeps rustup from downloading the components in rust-toolchain.toml.
pinned_sysroot() {
  RUSTUP_TOOLCHAIN=$(toolchain_value channel) RUSTUP_AUTO_INSTALL=0 \
    rustc --print sysroot 2>/dev/null
}
has_wasm_target() {
  [ -d "$(pinned_sysroot)/lib/rustlib/$WASM_TARGET/lib" ]
}

has_wasm_toolchain() {
  [ -d "/usr/lib/rustlib/$WASM_TARGET/lib" ] &&
    grep -q "^$WASM_TOOLCHAIN" <<<"$(rustup toolchain list 2>/dev/null)"
}

# Makes the wasm builder use the target from Debian's packages, if no other is installed.
prepare_wasm() {
  if have rustup && ! has_wasm_target && has_wasm_toolchain; then
    export WASM_BUILD_TOOLCHAIN=$WASM_TOOLCHAIN
    # Keeps rustup from trying to download the target at every call.
    RUSTUP_TOOLCHAIN=$(toolchain_value channel)
    export RUSTUP_TOOLCHAIN
  fi
}

# Succeeds if most of the dependencies are already compiled.
target_is_warm() {
  local dir=$CARGO_TARGET_DIR/release/.fingerprint
  [ -d "$dir" ] && [ "$(find "$dir" -mindepth 1 -maxdepth 1 | wc -l)" -gt 800 ]
}

port_is_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# --- runtimes other than the node's own ----------------------------------------------------------

# runtime_blob LIB RESULT [FEATURE [EDIT...]]: compiles the runtime of this checkout again, as
# WebAssembly only, with at most one feature, after running EDIT in a copy of the sources. The build
# has the settings of the node's own runtime, without further optimisation. It reuses what was
# compiled for the built node.
runtime_blob() {
  local lib=$1 result=$2 feature=${3:-} toolchain=() flags
  local project=$CARGO_TARGET_DIR/release/wbuild/twinchain-runtime copy=$CARGO_TARGET_DIR/$1
  shift 2
  if [ $# -gt 0 ]; then shift; fi
  [ -f "$project/Cargo.toml" ] || die "build the node first: scripts/run.sh --build-only"
  rm -rf -- "$copy"
  mkdir -p -- "$copy/blob"
  # The sources of the runtime. cargo also needs the workspace's other members.
  tar -C "$REPO_ROOT" --exclude=node_modules -c Cargo.toml Cargo.lock crates pallets primitives \
    runtime node tests/accesses tests/model tests/sealing-vectors tools | tar -C "$copy" -x
  cp -R -- "$project/src" "$REPO_ROOT/Cargo.lock" "$copy/blob"
  # The wasm builder's project, pointing to the copy and with another name.
  sed "s|^path = .*|path = \"$copy/runtime\"|; s|^name = \"twinchain_runtime\"|name = \"$lib\"|
    s|^features = .*|features = [${feature:+\"$feature\"}]|" \
    "$project/Cargo.toml" >"$copy/blob/Cargo.toml"
  if [ $# -gt 0 ]; then (cd -- "$copy" && "$@"); fi
  # The same settings as substrate-wasm-builder, so that its compiled crates are reused.
  if [ -n "${WASM_BUILD_TOOLCHAIN:-}" ]; then toolchain=("+$WASM_BUILD_TOOLCHAIN"); fi
  flags='-C link-arg=--export-table -C link-arg=--export=__heap_base '
  flags+='-C link-arg=--import-memory --cfg substrate_runtime '
  env -u CARGO_ENCODED_RUSTFLAGS SKIP_WASM_BUILD= CARGO_TARGET_DIR="$project/target" \
    RUSTFLAGS="$flags" \
    cargo "${toolchain[@]}" rustc --target="$WASM_TARGET" --manifest-path="$copy/blob/Cargo.toml" \
    --profile release --offline
  cp -- "$project/target/$WASM_TARGET/release/$lib.wasm" "$result"
}

# --- running one long command -------------------------------------------------------------------

TICK_SECONDS=20
RUNNING_GROUP=

# cargo's options that show its progress bar in a log file. They follow the subcommand, because
# clippy passes on only those. As options instead of environment variables, they do not reach the
# cargo that the wasm builder starts.
# shellcheck disable=SC2034
CARGO_PROGRESS=(--config 'term.progress.when="always"' --config 'term.progress.width=110')

# Prints the progress that the end of a log shows, in one line: cargo's progress bar, if it is
# active, otherwise the last line.
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

# Prints a log without the progress bars.
print_log() {
  tr '\r' '\n' <"$1" | grep -vE '^ *[A-Z][a-z]+ \[[=> ]*\] [0-9]+/[0-9]+' || true
}

# Ends the processes of a command, including those that it left behind: all are in one process
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
# output in a file. Prints the progress at least every 30 seconds, and ends the command after LIMIT
# minutes.
run_logged() {
  local label=$1 log=$2 limit=$(($3 * 60)) start=$SECONDS next=$TICK_SECONDS pid code=0 passed
  shift 3
  mkdir -p -- "$(dirname -- "$log")"
  : >"$log"
  # Job control puts the command into its own process group, so that no process outlives this
  # script.
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
