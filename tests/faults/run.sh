#!/usr/bin/env bash
# The longer run of the tests of damage, power cuts, failing disks, kills, backups and the simulation:
#   tests/faults/run.sh COUNT SEED [BUILD [RESULTS]]
# COUNT multiplies the counts of CI (of the simulation: 2,000 seeds); SEED is the first seed. What ran, how often and what was found goes
# to RESULTS (default: reliability-SEED.txt in BUILD). Ends with 0 when nothing was.
set -euo pipefail

if [ $# -lt 2 ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
count=$1
seed=$2
build=${3:-build/release}
results=${4:-$build/reliability-$seed.txt}

# run TEST [OPTION...]
run() {
  echo "== $*"
  "$build/tests/$1" "${@:2}" 2>&1 | grep -v -E '^(\[-|\[=|Running main|Note:|$)'
}

failed=0
{
  echo "count $count, seed $seed, begun $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  git -C "$(dirname "$0")" log -1 --format='commit %H' 2>/dev/null || true
} | tee "$results"
export SUYUAN_FAULTS=$count SUYUAN_SEED=$seed
export SUYUAN_SEEDS=$((2000 * count)) SUYUAN_ORDER_SEEDS=$((60 * count))
export SUYUAN_KILLS=$((50 * count)) SUYUAN_RESTORES=$((50 * count))
for test in faults/marks_test faults/power_test faults/pipeline_test faults/io_error_test faults/allocation_test \
            faults/rot_test simulation/simulation_test unit/order/order_seeds_test crash/crash_test; do
  run "$test" | tee -a "$results" || failed=1
done
run crash/upkeep_test --gtest_filter='Backups.*' | tee -a "$results" || failed=1
echo "ended $(date -u +%Y-%m-%dT%H:%M:%SZ), $([ $failed = 0 ] && echo 'nothing found' || echo 'FAILED')" |
  tee -a "$results"
exit $failed
