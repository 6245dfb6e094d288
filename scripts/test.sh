#!/usr/bin/env bash
# Usage: scripts/test.sh [--only STEP]... [--list] [--help]
#
# Runs all tests except one, cheap ones first, after installing missing software (see
# scripts/setup.sh). A failed step prints its whole output. The other steps still run, except those
# that need it. The last line counts tests and steps: "N passed, N failed", and ", N skipped" if a
# tool or a part is missing. The exit code is not zero if a test failed.
#
# The exception is `flood`: the behaviour of a network under attack can be measured only on a
# machine that does nothing else. Run it with --only flood.
#
#   --only STEP  runs only this step; can be repeated
#   --list       lists the steps
#   --help       prints this text
#
# Environment: CARGO_TARGET_DIR is the build folder, default ~/.cache/twinchain/target
set -euo pipefail
# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# Name, time limit in minutes, description.
STEPS=(
  "test-tools|30|software for the tests: Node.js, packages for Node.js and Python, shellcheck"
  "format|5|Rust code is formatted (rustfmt.toml)"
  "toml|5|TOML files are formatted (taplo.toml)"
  "scripts|5|shell scripts are clean (shellcheck)"
  "lock|30|Cargo.lock is current, and the tests use the same features as the node"
  "licences|10|licences, duplicates and origins of dependencies (deny.toml)"
  "advisories|5|dependencies have no known vulnerabilities (deny.toml)"
  "imports|5|no file of a crate imports itself through others (needs test-tools)"
  "words|5|comments and pages use plain words, short lines and working links (needs test-tools)"
  "spelling|5|words are spelled correctly (typos.toml; needs test-tools)"
  "lint-wasm|60|clippy on the crates in WebAssembly, which must not panic"
  "lint|90|clippy on all crates, with the tests"
  "lint-features|60|clippy on all crates, with benchmarks and try-runtime"
  "build|120|the node, with the runtime in it, and the command twin"
  "next-runtime|30|a runtime with a higher version, for upgrades in the tests"
  "node-tests|60|the tests that run in Node.js: client, end to end, network (needs test-tools)"
  "story|10|the command twin plays the story of a crane on a real node"
  "python-tests|15|a client in Python reads and writes (needs test-tools)"
  "test|60|unit, integration and documentation tests of all crates"
  "flood|20|members flood a network of real nodes, and the council still decides (only on demand)"
  "benchmarks|60|the benchmarks of the pallets run with the least and the greatest parameters"
  "rustdoc|30|the crates' documentation has no warnings"
  "generated-docs|10|generated documents are up to date"
)
# Nodes mostly wait for each other, so this step runs in parallel with the later ones, which have a
# lower priority.
ASIDE=node-tests

ONLY=()
while [ $# -gt 0 ]; do
  case $1 in
    --only)
      [ -n "${2:-}" ] || die "--only needs a step (see --list)"
      printf '%s\n' "${STEPS[@]}" | cut -d'|' -f1 | grep -cx -- "$2" >/dev/null ||
        die "$2 is not a step (see --list)"
      ONLY+=("$2")
      shift
      ;;
    --list)
      for step in "${STEPS[@]}"; do
        printf '%-15s %s\n' "${step%%|*}" "${step##*|}"
      done
      exit 0
      ;;
    -h | --help)
      print_help "$0"
      exit 0
      ;;
    *) die "unknown argument: $1 (see --help)" ;;
  esac
  shift
done

LOGS=$CARGO_TARGET_DIR/logs
NODE=$CARGO_TARGET_DIR/release/twinchain-node
PASSED=0
FAILED=0
SKIPPED=0
FAILED_STEPS=()
RESULTS=()
WHY_SKIPPED=
GIVE_WAY=()
ASIDE_PID=
ASIDE_START=
trap 'end_running_group; end_group "$ASIDE_PID"' EXIT

# A step is a function step_NAME. It runs in a separate process, without input and with its output
# in a log, and joins its commands with && (a failing command does not end a function that is itself
# a condition). The optional before_NAME runs first, and can skip the step with a reason.
skip() {
  WHY_SKIPPED=$*
}

# workspace SUBCOMMAND ARGUMENTS...: runs cargo for the workspace without the crates of APART.
workspace() {
  local subcommand=$1
  shift
  cargo_step "$subcommand" "${BUILD_ARGS[@]}" "$@"
}

# apart SUBCOMMAND ARGUMENTS...: runs cargo for each crate of APART separately.
apart() {
  local subcommand=$1 crate code=0
  shift
  for crate in "${APART[@]}"; do
    cargo_step "$subcommand" --release --locked -p "$crate" "$@" || code=1
  done
  return "$code"
}

cargo_step() {
  local subcommand=$1
  shift
  "${GIVE_WAY[@]}" cargo "$subcommand" "${CARGO_PROGRESS[@]}" "$@"
}

step_test_tools() { scripts/setup.sh; }

step_format() { cargo fmt --all --check; }
before_format() { cargo fmt --version >/dev/null 2>&1 || skip "rustfmt is not installed"; }

step_toml() { taplo fmt --check --diff; }
before_toml() { have taplo || skip "taplo is not installed (cargo install --locked taplo-cli)"; }

step_scripts() { shellcheck --external-sources scripts/*.sh .ci/run; }
before_scripts() { have shellcheck || skip "shellcheck is not installed"; }

# If a dev-dependency enables a feature of a dependency, that crate and its dependents are compiled
# once for the node and again for the tests. Such a crate belongs in APART in lib.sh.
step_lock() {
  local folder=$LOGS/lock
  mkdir -p -- "$folder" &&
    cargo metadata --locked --format-version 1 >/dev/null &&
    external_features normal,build >"$folder/node" &&
    external_features normal,build,dev >"$folder/tests" &&
    awk 'NR == FNR { node[$0]; crate[$1 " " $2]; next }
      !($0 in node) && ($1 " " $2) in crate && !found++ {
        print "note: the tests compile these with other features than the node:"
      }
      !($0 in node) && ($1 " " $2) in crate { print "  " $0 }' "$folder/node" "$folder/tests"
}
# Prints the external crates with their features.
external_features() {
  local crate exclude=()
  for crate in "${APART[@]}"; do exclude+=(--exclude "$crate"); done
  cargo tree --locked --workspace "${exclude[@]}" --edges "$1" --prefix none --format '{p} {f}' |
    sed "\\|($REPO_ROOT|d; s/ (\*)\$//; s/ (proc-macro)//" | sort -u
}

step_licences() { cargo deny --locked --all-features check licenses bans sources; }
before_licences() { before_deny; }
before_deny() {
  cargo deny --version >/dev/null 2>&1 ||
    skip "cargo-deny is not installed (cargo install --locked cargo-deny)"
}
step_advisories() { cargo deny --locked --all-features check advisories; }
before_advisories() { before_deny; }
# Without a network, the step is skipped, not failed.
after_advisories() {
  if grep -qE 'failed to (fetch|load|open|clone).*advisory' "$1"; then
    skip "the database of advisories cannot be reached"
  fi
}

step_imports() { scripts/check-imports.mjs; }
before_imports() { node_is_recent || skip "Node.js $NODE_MAJOR or newer is not installed"; }

# Runs the check even if its own tests fail.
step_words() {
  local code=0
  node --test scripts/check-words.test.mjs || code=1
  scripts/check-words.mjs || code=1
  return "$code"
}
before_words() { before_imports; }

# Passes the tracked files, because typos would also read files that git ignores in other folders.
step_spelling() {
  git ls-files -z |
    xargs -0 "$(python_environment "$WORDS_REQUIREMENTS")/bin/typos" --force-exclude
}
before_spelling() { needs_python_packages "$WORDS_REQUIREMENTS"; }

# Clippy needs the runtime only natively, for its types, so no WebAssembly is built.
step_lint() {
  local code=0
  export SKIP_WASM_BUILD=1
  workspace clippy --all-targets -- -D warnings || code=1
  apart clippy --all-targets -- -D warnings || code=1
  return "$code"
}
before_lint() { cargo clippy --version >/dev/null 2>&1 || skip "clippy is not installed"; }

# The workspace's lints reject code that may panic, so each of these crates must use them.
step_lint_wasm() {
  local package args=() manifest
  while IFS= read -r manifest; do
    grep -qx 'workspace = true' <(grep -A1 '^\[lints\]$' "$manifest") ||
      die "$manifest does not use the lints of the workspace"
  done < <(runtime_manifests)
  for package in $(runtime_packages); do args+=(-p "$package"); done
  SKIP_WASM_BUILD=1 cargo_step clippy --release --locked --target "$WASM_TARGET" \
    --no-default-features "${args[@]}" -- -D warnings
}
before_lint_wasm() {
  before_lint
  has_wasm_target || skip "the compiler has no target $WASM_TARGET"
}

# Checks the workspace, not only the runtime's packages: otherwise the build tools would get other
# features (see BUILD_ARGS), and wasm-opt would be compiled again.
step_lint_features() {
  SKIP_WASM_BUILD=1 workspace clippy --all-targets \
    --features "$(runtime_features runtime-benchmarks) $(runtime_features try-runtime)" \
    -- -D warnings
}
before_lint_features() {
  before_lint
  [ -n "$(runtime_features runtime-benchmarks)$(runtime_features try-runtime)" ] ||
    skip "no crate has these features"
}

step_build() { workspace build && cargo_step build --release --locked -p twinchain-client; }

step_next_runtime() { scripts/next-runtime.sh; }
before_next_runtime() { needs build; }

# The random tests print lines that start with `counted: `, with the number of comparisons. cargo
# hides the output of passed tests by default.
step_test() {
  local code=0
  workspace test --no-fail-fast -- --show-output || code=1
  # The tests of the command mostly wait for blocks.
  TWINCHAIN_NODE=$NODE RUST_TEST_THREADS=8 apart test --no-fail-fast -- --show-output || code=1
  return "$code"
}
before_test() { needs build; }

# The pallets separately: with this feature in the whole workspace, the node would be built again.
step_benchmarks() {
  local feature args=()
  for feature in $(runtime_features runtime-benchmarks); do
    case $feature in pallet-*) args+=(-p "${feature%%/*}" --features "$feature") ;; esac
  done
  cargo_step test --release --locked --lib "${args[@]}" -- benchmarking
}

step_rustdoc() {
  local code=0
  export RUSTDOCFLAGS='-D warnings'
  workspace doc --no-deps || code=1
  apart doc --no-deps || code=1
  return "$code"
}
before_rustdoc() { needs build; }

# Documents that are generated from the built node's metadata: each generator checks that the
# committed files are current.
step_generated_docs() {
  local package generator
  export TWINCHAIN_NODE=$NODE
  for generator in scripts/generate-*.sh; do
    if [ -x "$generator" ]; then echo "$generator --check" && "$generator" --check || return 1; fi
  done
  for package in "${NODE_PACKAGES[@]}"; do
    if has_script "$package" docs:check; then
      echo "$package: npm run docs:check" && npm --prefix "$package" run docs:check || return 1
    fi
  done
}
before_generated_docs() {
  local package generators=(scripts/generate-*.sh)
  needs build
  needs_node_js
  if [ -x "${generators[0]}" ]; then return 0; fi
  for package in "${NODE_PACKAGES[@]}"; do
    if has_script "$package" docs:check; then return 0; fi
  done
  skip "no generator of documents exists"
}

step_node_tests() {
  local package code=0
  if [ ! -x "$NODE" ]; then
    echo "the node is not built: run scripts/test.sh --only build first"
    return 1
  fi
  export TWINCHAIN_NODE=$NODE
  local pid pids=()
  for package in "${NODE_PACKAGES[@]}"; do
    if has_script "$package" test; then
      npm --prefix "$package" test >"$LOGS/npm-${package//\//-}.log" 2>&1 &
      pids+=("$!")
    fi
  done
  for pid in "${pids[@]}"; do wait "$pid" || code=1; done
  for package in "${NODE_PACKAGES[@]}"; do
    if has_script "$package" test; then
      echo "== $package: npm test"
      cat -- "$LOGS/npm-${package//\//-}.log"
    fi
  done
  return "$code"
}
before_node_tests() {
  local package
  needs test-tools
  needs build
  needs next-runtime
  needs_node_js
  for package in "${NODE_PACKAGES[@]}"; do
    if has_script "$package" test; then return 0; fi
  done
  skip "no package has tests"
}

step_flood() {
  export TWINCHAIN_NODE=$NODE
  npm --prefix tests/network run flood
}
before_flood() {
  needs test-tools
  needs build
  needs_node_js
  if [ ${#ONLY[@]} = 0 ]; then skip "it needs an idle machine: run scripts/test.sh --only flood"; fi
}

step_story() {
  TWINCHAIN_NODE=$NODE TWIN=$CARGO_TARGET_DIR/release/twin scripts/story.sh
}
before_story() {
  needs build
  needs_node_js
}

step_python_tests() {
  if [ ! -x "$NODE" ]; then
    echo "the node is not built: run scripts/test.sh --only build first"
    return 1
  fi
  TWINCHAIN_NODE=$NODE "$(python_environment "$TEST_REQUIREMENTS")/bin/python" \
    "$PYTHON_TESTS/run.py"
}
before_python_tests() {
  needs test-tools
  needs build
  needs_python_packages "$TEST_REQUIREMENTS"
}

needs() {
  local failed
  for failed in "${FAILED_STEPS[@]}"; do
    if [ "$failed" = "$1" ]; then skip "it needs the step $1, which failed"; fi
  done
}

needs_python_packages() {
  if ! has_python; then
    skip "Python 3.$PYTHON_MINOR or newer with venv (Debian's python3-venv) is not installed"
  elif [ ! -x "$(python_environment "$1")/bin/python" ]; then
    skip "its Python packages are not installed: scripts/setup.sh reports the reason"
  fi
}

needs_node_js() {
  prepare_path # set-up may have installed it by now
  node_is_recent || skip "Node.js $NODE_MAJOR or newer is not installed"
}

# Succeeds if a package has an npm script with this name.
has_script() {
  [ -f "$1/package.json" ] && node_is_recent &&
    node -e 'process.exit(require(process.argv[1]).scripts?.[process.argv[2]] ? 0 : 1)' \
      "$REPO_ROOT/$1/package.json" "$2"
}

# Prints the counts of all test runners in a log: "passed failed skipped".
count_tests() {
  tr '\r' '\n' <"$1" | awk '
    /^test result: / {
      for (i = 1; i <= NF; i++) {
        if ($(i + 1) == "passed;") passed += $i
        if ($(i + 1) == "failed;") failed += $i
        if ($(i + 1) == "ignored;") skipped += $i
      }
    }
    /^(#|ℹ) pass [0-9]+$/ { passed += $3 }
    /^(#|ℹ) (fail|cancelled) [0-9]+$/ { failed += $3 }
    /^(#|ℹ) (skipped|todo) [0-9]+$/ { skipped += $3 }
    /^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
      passed += $1
      failed += $3
      skipped += $5
    }
    END { print passed + 0, failed + 0, skipped + 0 }'
}

result() {
  RESULTS+=("$(printf '%-15s %-8s %14s  %s' "$1" "$2" "$3" "$4")")
}

run_step() {
  local name=$1 limit=$2 about=$3 start=$SECONDS code=0
  if ! may_run "$name"; then return 0; fi
  say "== $name: $about"
  run_logged "$name" "$LOGS/test-$name.log" "$limit" "step_${name//-/_}" || code=$?
  report "$name" "$code" "$((SECONDS - start))"
}

# Starts the step that runs in parallel with the others.
begin_aside() {
  local name=$1 about=$2 log=$LOGS/test-$1.log
  if ! may_run "$name"; then return 0; fi
  say "== $name: $about (while the others run)"
  mkdir -p -- "$LOGS"
  ASIDE_START=$SECONDS
  set -m
  "step_${name//-/_}" >"$log" 2>&1 </dev/null &
  ASIDE_PID=$!
  set +m
  # The nodes' threads that serve requests already have a niceness of 10.
  GIVE_WAY=(nice -n 19)
}

# Waits for the parallel step, and reports it.
end_aside() {
  local limit=$1 code=0 next=$((SECONDS + TICK_SECONDS)) log=$LOGS/test-$ASIDE.log
  if [ -z "$ASIDE_PID" ]; then return 0; fi
  while kill -0 "$ASIDE_PID" 2>/dev/null; do
    if [ $((SECONDS - ASIDE_START)) -ge $((limit * 60)) ]; then
      printf '\nstopped: it took longer than %d minutes\n' "$limit" >>"$log"
      end_group "$ASIDE_PID"
      break
    fi
    if [ "$SECONDS" -ge "$next" ]; then
      say "  [$(duration $((SECONDS - ASIDE_START)))] $ASIDE: $(progress_of "$log")"
      next=$((SECONDS + TICK_SECONDS))
    fi
    sleep 1
  done
  wait "$ASIDE_PID" || code=$?
  end_group "$ASIDE_PID"
  ASIDE_PID=
  say "== $ASIDE, which started earlier:"
  report "$ASIDE" "$code" "$((SECONDS - ASIDE_START))"
}

# Succeeds if a step can run. Otherwise reports the reason and counts it as skipped.
may_run() {
  local name=$1 function=before_${1//-/_}
  WHY_SKIPPED=
  if declare -F "$function" >/dev/null; then "$function"; fi
  if [ -n "$WHY_SKIPPED" ]; then
    skipped "$name"
    return 1
  fi
}

skipped() {
  say "== $1: SKIPPED, because $WHY_SKIPPED"
  SKIPPED=$((SKIPPED + 1))
  result "$1" SKIPPED "" "$WHY_SKIPPED"
}

# Reports the result of a step, and counts it.
report() {
  local name=$1 code=$2 took=$3 log=$LOGS/test-$1.log after=after_${1//-/_}
  local passed=0 failed=0 skipped=0 note=
  if [ "$code" != 0 ] && declare -F "$after" >/dev/null; then
    "$after" "$log"
    if [ -n "$WHY_SKIPPED" ]; then
      skipped "$name"
      return 0
    fi
  fi
  case $name in
    words | test | benchmarks | node-tests | python-tests | flood)
      read -r passed failed skipped <<<"$(count_tests "$log")"
      ;;
  esac
  if [ "$code" = 0 ] && [ "$failed" = 0 ]; then
    # A step without a test runner counts as one test.
    if [ "$passed" = 0 ]; then passed=1; else note="tests: $passed"; fi
    case $name in
      lock) sed 's/^/   /' "$log" ;;
      test) print_log "$log" | sed -n 's/^counted: /   /p' ;;
    esac
    say "   passed in $(duration "$took")${note:+, $note}"
    result "$name" passed "$(duration "$took")" "$note"
  else
    if [ "$failed" = 0 ]; then failed=1; fi
    print_log "$log"
    say "== $name: FAILED after $(duration "$took"); its output is above"
    FAILED_STEPS+=("$name")
    result "$name" FAILED "$(duration "$took")" "$failed failed"
  fi
  PASSED=$((PASSED + passed))
  FAILED=$((FAILED + failed))
  SKIPPED=$((SKIPPED + skipped))
}

wanted() {
  local only
  if [ ${#ONLY[@]} = 0 ]; then return 0; fi
  for only in "${ONLY[@]}"; do
    if [ "$only" = "$1" ]; then return 0; fi
  done
  return 1
}

if [ ${#ONLY[@]} = 0 ]; then
  if target_is_warm; then
    say "Running all tests: 15 to 20 minutes, because most dependencies are already compiled."
  else
    say "Running all tests: 45 to 60 minutes the first time on two cores, 15 to 20 after that."
  fi
fi
say "Target folder: $CARGO_TARGET_DIR (logs in its folder logs/)"

"$REPO_ROOT/scripts/setup.sh" --no-node || die "setup failed, so no tests were run"
prepare_path
prepare_wasm
cd -- "$REPO_ROOT"

aside_limit=
for step in "${STEPS[@]}"; do
  IFS='|' read -r name limit about <<<"$step"
  if ! wanted "$name"; then continue; fi
  if [ "$name" = "$ASIDE" ]; then
    begin_aside "$name" "$about"
    aside_limit=$limit
  else
    run_step "$name" "$limit" "$about"
  fi
done
end_aside "$aside_limit"

say
printf '%-15s %-8s %14s\n' step result time
printf '%s\n' "${RESULTS[@]}"
say "total: $(duration "$SECONDS")"
if [ ${#FAILED_STEPS[@]} -gt 0 ]; then
  say "failed: ${FAILED_STEPS[*]}"
fi
say
if [ "$SKIPPED" -gt 0 ]; then
  say "$PASSED passed, $FAILED failed, $SKIPPED skipped"
else
  say "$PASSED passed, $FAILED failed"
fi
[ "$FAILED" = 0 ]
