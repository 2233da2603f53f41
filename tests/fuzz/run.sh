#!/usr/bin/env bash
# Fuzzes every decoder with libFuzzer, ASan and UBSan: tests/fuzz/run.sh [seconds for each target, default 60]
# New inputs go to build/fuzz/found/<target>; a crash leaves its input there and ends the run with its exit code.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
for target in build/fuzz/tests/fuzz/*_fuzz; do
  name=$(basename "$target" _fuzz)
  mkdir -p "build/fuzz/found/$name"
  echo "== $name, $seconds s"
  "$target" -max_total_time="$seconds" -max_len=8192 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/found/$name/crash-" "build/fuzz/found/$name" "tests/fuzz/corpus/$name"
done
echo "fuzz: nothing found"
