#!/usr/bin/env bash
# Fuzzes every decoder with libFuzzer, ASan and UBSan:
#   tests/fuzz/run.sh [SECONDS for each target, default 60] [TARGET...]
# New inputs go to build/fuzz/found/<target>, from which the next run goes on; so does what made a target fail (crash-*, timeout-*,
# oom-*). All targets are run; the exit code says whether one failed. What it finds belongs into tests/fuzz/corpus with the fix.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
shift || true
[[ "$seconds" =~ ^[0-9]+$ ]] && [ "$seconds" -gt 0 ] || { echo "fuzz: '$seconds' is no number of seconds" >&2; exit 2; }

mkdir -p build
cmake --preset fuzz >build/fuzz-configure.log || { tail -20 build/fuzz-configure.log; exit 1; }
cmake --build --preset fuzz --target tests_fuzz >build/fuzz-build.log || { tail -40 build/fuzz-build.log; exit 1; }

if [ $# -eq 0 ]; then
  for target in build/fuzz/tests/fuzz/*_fuzz; do set -- "$@" "$(basename "$target" _fuzz)"; done
fi
failed=()
for name in "$@"; do
  found=build/fuzz/found/$name
  mkdir -p "$found"
  inputs=("$found")
  for folder in "tests/fuzz/corpus/$name" "build/fuzz/tests/fuzz/seeds/$name"; do
    if [ -d "$folder" ]; then inputs+=("$folder"); fi
  done
  echo "== $name, $seconds s"
  # A bound on the whole beside libFuzzer's own, should a target hang where libFuzzer cannot see it.
  timeout -k 10 $((seconds + 60)) "build/fuzz/tests/fuzz/${name}_fuzz" -max_total_time="$seconds" -max_len=16384 -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$found/" "${inputs[@]}" \
    >"build/fuzz/$name.log" 2>&1 || failed+=("$name")
  grep -E '^(SUMMARY|stat::number_of_executed_units|Test unit written)|Done [0-9]+ runs' "build/fuzz/$name.log" || tail -5 "build/fuzz/$name.log"
done
if [ ${#failed[@]} -gt 0 ]; then
  echo "fuzz: FAILED: ${failed[*]}; see build/fuzz/<target>.log"
  exit 1
fi
echo "fuzz: nothing found"
