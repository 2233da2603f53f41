#!/usr/bin/env bash
# Fuzzes every decoder with libFuzzer, ASan and UBSan, as many targets at a time as there are cores:
#   tests/fuzz/run.sh [SECONDS for each target, default 60] [TARGET...]
# New inputs go to build/fuzz/found/<target>, from which the next run goes on; so does what made a target fail (crash-*, timeout-*,
# oom-*). All targets are run; the exit code says whether one failed. What it finds belongs into tests/fuzz/corpus with the fix.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
[[ "$seconds" =~ ^[0-9]{1,7}$ ]] && [ "$seconds" -gt 0 ] || { echo "fuzz: '$seconds' is no number of seconds" >&2; exit 2; }
names=$(IFS='|'; echo "$*")

mkdir -p build
cmake --preset fuzz -DSUYUAN_FUZZ_SECONDS="$seconds" >build/fuzz-configure.log || { tail -20 build/fuzz-configure.log; exit 1; }
cmake --build --preset fuzz --target tests_fuzz >build/fuzz-build.log || { tail -40 build/fuzz-build.log; exit 1; }
failed=no
ctest --preset fuzz -R "^fuzz\\.(${names:-.*})\$" -j "$(nproc)" --no-tests=error || failed=yes
echo
awk '/ Testing: / { name = $NF }
  /^stat::number_of_executed_units:/ { printf "%-20s %12d inputs\n", name, $2; inputs += $2 }
  END { printf "%-20s %12d inputs\n", "all", inputs }' build/fuzz/Testing/Temporary/LastTest.log
if [ "$failed" = yes ]; then echo "fuzz: FAILED; see above and build/fuzz/found/<target>"; exit 1; fi
echo "fuzz: nothing found"
