#!/usr/bin/env bash
# The longer run of the tests of damage, power cuts, failing disks, kills, backups and the simulation:
#   tests/faults/run.sh COUNT SEED [BUILD [RESULTS]]
#   tests/faults/run.sh --release SEED [--only NAME] [BUILD [RESULTS]]
#   tests/faults/run.sh --list [BUILD]
# COUNT multiplies the counts of CI (of the simulation: 2,000 seeds). --release takes for each part the count that
# docs/reliability_list.md asks of a release, --only one of them; --list names them, and with BUILD fails if a part has
# no test there. SEED is the first seed. What ran, how often and what was found goes to RESULTS (default:
# reliability-SEED.txt in BUILD, release-SEED.txt for --release). Ends with 0 when nothing was. TMPDIR must be on a
# disk: kills wait for syncs, which take no time in memory.
set -euo pipefail

usage() {
  sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

# The parts of a release: NAME COUNT ROUNDS SETTING TEST FILTER. A round has a ledger of its own: 10,000 kills of one
# node would audit a log that grows with each of them.
parts() {
  cat <<'END'
kills 10,000 50 SUYUAN_KILLS=200 crash/crash_test Crash.NothingAcknowledgedIsLostAndNothingIsHalf
cuts 20,100 1 SUYUAN_FAULTS=67 faults/power_test PowerCut.*
flips 100,000 1 SUYUAN_FAULTS=50 faults/rot_test Parts/RotPart.*
blocks 20,000 1 SUYUAN_FAULTS=40 faults/rot_test Rot.OfABlockIsFoundOrDoesNoHarm
seeds 1,000,000 1 SUYUAN_SEEDS=1000000 simulation/simulation_test Simulation.HoldsItsPromisesForEverySeed
restores 2,000 1 SUYUAN_RESTORES=2000 crash/upkeep_test Backups.EachEarlierCheckpointComesBackWithItsOwnRoot
END
}

# tests_of TEST FILTER: how many there are. A filter that matches none would pass.
tests_of() { "$build/tests/$1" --gtest_list_tests --gtest_filter="$2" </dev/null | grep -c '^  '; }

list() {
  local name count test filter status=0
  while read -r name count _ _ test filter; do
    echo "$name $count"
    [ -z "$build" ] || tests_of "$test" "$filter" >/dev/null || { echo "no test of $name in $build" >&2; status=1; }
  done < <(parts)
  return $status
}

# run TEST [OPTION...]
run() {
  echo "== $*"
  "$build/tests/$1" "${@:2}" 2>&1 </dev/null | grep -v -E '^(\[-|\[=|Running main|Note:|$)'
}

# run_part NAME COUNT ROUNDS SETTING TEST FILTER: each round with the seed after that of the one before.
run_part() {
  local round status=0
  tests_of "$5" "$6" >/dev/null || { echo "$1: no such test"; return 1; }
  for ((round = 0; round < $3; ++round)); do
    echo "-- $1, $2 in all, round $((round + 1)) of $3, $4, seed $((seed + round))"
    export "$4" SUYUAN_SEED=$((seed + round))
    run "$5" --gtest_filter="$6" || status=1
  done
  return $status
}

run_release() {
  local part
  while read -r -a part; do
    [ -z "$only" ] || [ "$only" = "${part[0]}" ] || continue
    run_part "${part[@]}" | tee -a "$results" || failed=1
  done < <(parts)
}

run_all() {
  export SUYUAN_FAULTS=$count SUYUAN_SEED=$seed
  export SUYUAN_SEEDS=$((2000 * count)) SUYUAN_ORDER_SEEDS=$((60 * count))
  export SUYUAN_KILLS=$((50 * count)) SUYUAN_RESTORES=$((50 * count))
  for test in faults/marks_test faults/power_test faults/pipeline_test faults/io_error_test faults/allocation_test \
              faults/rot_test simulation/simulation_test unit/order/order_seeds_test crash/crash_test; do
    run "$test" | tee -a "$results" || failed=1
  done
  run crash/upkeep_test --gtest_filter='Backups.*' | tee -a "$results" || failed=1
}

if [ "${1:-}" = --list ]; then
  build=${2:-}
  list
  exit
fi
[ $# -ge 2 ] || usage
count=$1
seed=$2
shift 2
only=''
if [ "$count" = --release ] && [ "${1:-}" = --only ]; then
  only=${2:-}
  parts | grep "^$only " >/dev/null || usage
  shift 2
fi
[[ $count =~ ^(--release|[1-9][0-9]{0,5})$ && $seed =~ ^[0-9]{1,9}$ ]] || usage
build=${1:-build/release}
kind=$([ "$count" = --release ] && echo release || echo reliability)
results=${2:-$build/$kind-$seed.txt}

failed=0
{
  echo "count ${count#--}${only:+ of $only}, seed $seed, begun $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  git -C "$(dirname "$0")" log -1 --format='commit %H' 2>/dev/null || true
} | tee "$results"
if [ "$count" = --release ]; then run_release; else run_all; fi
echo "ended $(date -u +%Y-%m-%dT%H:%M:%SZ), $([ $failed = 0 ] && echo 'nothing found' || echo 'FAILED')" |
  tee -a "$results"
exit $failed
