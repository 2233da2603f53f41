#!/usr/bin/env bash
# Installs the required packages, builds, and runs every test: ./test.sh [--quick]   (--quick: without the sanitizer builds)
# Prints the counts last; exits 0 only if every test passed.
set -euo pipefail
cd "$(dirname "$0")"

quick=no
case "${1:-}" in
  "") ;;
  --quick) quick=yes ;;
  *) echo "test.sh: unknown option '$1'; ./test.sh [--quick]" >&2; exit 2 ;;
esac
jobs=$(nproc)
fuzz_seconds=6 # libFuzzer, for each target
again_at_most=5 # of a build's tests; with more that fail something is wrong that no second try mends
results=build/test-results
passed=0 failed=0 skipped=0
broken=()   # JUnit files with a failure in them
unsteady=() # "preset: test" of what failed beside others and passed alone
done=no # until every stage has run
memory= # a folder in memory for the tests' own files

# Prints the verdict on every exit; the counts are always the last line.
finish() {
  local status=$? file
  [ -z "$memory" ] || rm -rf "$memory"
  for file in "${broken[@]}"; do show_failures "$file"; done
  [ "$done" = yes ] || failed=$((failed + 1)) # What stopped the run counts as a failure.
  if [ ${#unsteady[@]} -gt 0 ]; then
    echo
    echo "failed once and passed when run again alone; fix them nevertheless:"
    printf '  %s\n' "${unsteady[@]}"
  fi
  if [ "$failed" -eq 0 ]; then echo "test.sh: PASS"; else echo "test.sh: FAIL, see build/test-results"; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ] || [ "$status" -ne 0 ] || exit 1
}
trap finish EXIT

# Prints the name and the end of the output of each failed test, because thousands of lines precede it.
show_failures() { # show_failures FILE: a JUnit file of ctest
  awk -v preset="$(basename "$1" .xml)" '
    /<testcase / { bad = /status="fail"/; n = 0; name = $0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name) }
    bad { lines[n++ % 30] = $0 }
    bad && /<\/testcase>/ {
      printf "\n-- FAILED (%s): %s\n", preset, name
      for (i = n > 30 ? n - 30 : 0; i < n; i++) print lines[i % 30]
    }' "$1"
}

# A store that is made, written once and closed syncs its files 73 times, which on a disk is most of what a short test waits for. So the
# tests' folders lie in memory where there is room for them; those of the label crash and the soak's are on the disk all the same.
use_memory() {
  local free_kib
  free_kib=$(df --output=avail /dev/shm 2>/dev/null | tail -1)
  [ "${free_kib:-0}" -ge $((4 << 20)) ] && [ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -ge $((8 << 20)) ] || return 0
  memory=$(mktemp -d /dev/shm/suyuan-tests-XXXXXX)
  export TMPDIR=$memory TEST_TMPDIR=$memory # the second is what GoogleTest asks for
}

say() { printf '\n== %s (%ss)\n' "$*" "$SECONDS"; }

# failed_names FILE: of a JUnit file
failed_names() { sed -n '/status="fail"/s/.*<testcase name="\([^"]*\)".*/\1/p' "$1"; }

# again PRESET FILE: what failed runs once more, alone. Tests of real processes have time limits, and two of them share two cores with
# whatever else a machine does; one that fails twice has failed. Prints the names of those that pass now.
again() {
  local second=${2%.xml}-again.xml
  rm -f "$second"
  ctest --preset "$1" --rerun-failed -j 1 --output-junit "$second" >"${second%.xml}.log" 2>&1 || true
  [ -s "$second" ] || return 0
  comm -23 <(failed_names "$2" | sort -u) <(failed_names "$second" | sort -u)
}

attribute() { # attribute NAME FILE: of the test suite's line in a JUnit file
  grep -m1 -o "$1=\"[0-9]*\"" "$2" | tr -dc 0-9
}

# run_tests PRESET TARGETS LABEL...: builds the targets and runs the tests that have one of the labels.
run_tests() {
  local preset=$1 targets=$2 labels
  shift 2
  labels=$(IFS='|'; echo "$*")
  say "$preset: configure and build"
  cmake --preset "$preset" -DSUYUAN_UNITY=ON -DSUYUAN_FUZZ_SECONDS="$fuzz_seconds" >"$results/$preset-configure.log" 2>&1 || { tail -30 "$results/$preset-configure.log"; exit 1; }
  cmake --build --preset "$preset" --target $targets -j "$jobs" >"$results/$preset-build.log" 2>&1 || { tail -60 "$results/$preset-build.log"; exit 1; }
  say "$preset: tests ($labels)"
  local junit=$PWD/$results/$preset.xml
  rm -f "$junit"
  ctest --preset "$preset" -L "$labels" -j "$jobs" --output-junit "$junit" || true
  if [ ! -s "$junit" ]; then
    echo "test.sh: no results from $preset" >&2
    exit 1
  fi
  local total bad skip
  total=$(attribute tests "$junit"); bad=$(attribute failures "$junit"); skip=$(($(attribute skipped "$junit") + $(attribute disabled "$junit")))
  if [ "$total" -eq 0 ]; then echo "test.sh: $preset ran no test" >&2; exit 1; fi
  if [ "$bad" -gt 0 ]; then
    broken+=("$junit")
    if [ "$bad" -le "$again_at_most" ]; then
      local name
      while read -r name; do unsteady+=("$preset: $name"); bad=$((bad - 1)); done < <(again "$preset" "$junit")
    fi
  fi
  passed=$((passed + total - bad - skip)); failed=$((failed + bad)); skipped=$((skipped + skip))
}

mkdir -p "$results"
say "install"
./.ci/install
use_memory
run_tests release all unit threads tidy fuzz e2e crash bench web
if [ "$quick" = no ]; then
  run_tests asan 'tests_unit tests_threads tests_asan' unit threads asan
  run_tests tsan 'tests_threads tests_tsan' threads tsan
  run_tests fuzz tests_fuzz fuzz
fi

say "done"
done=yes
