#!/usr/bin/env bash
# The longer run of the tests of several nodes, with power cuts that CI does not make:
#   tests/crash/cluster.sh ROUNDS [BUILD [RESULTS]]
# ROUNDS: how often each test does what it does, where CI does it once. As root, else much of it is skipped.
# The counts go to RESULTS (default: cluster-faults.txt in BUILD). Ends with 0 when nothing was found.
set -euo pipefail

if [ $# -lt 1 ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
build=${2:-build/release}
results=${3:-$build/cluster-faults.txt}
case "$results" in /*) ;; *) results=$PWD/$results ;; esac
{
  echo "rounds $1, begun $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  git -C "$(dirname "$0")" log -1 --format='commit %H' 2>/dev/null || true
} | tee "$results"
export SUYUAN_CLUSTER_ROUNDS=$1 SUYUAN_CLUSTER_RESULTS=$results SUYUAN_POWER=1
failed=0
# Each test in a process of its own: some change the process's file systems or network.
"$build/tests/crash/cluster_faults_test" --gtest_list_tests | awk '/^[^ ]/{suite=$1} /^ /{print suite $1}' >"$results.tests"
while read -r name; do
  echo "== $name"
  "$build/tests/crash/cluster_faults_test" --gtest_filter="$name" 2>&1 | tee "$results.log" | grep -v -E '^(\[-|\[=|Running main|Note:|$)' || true
  if grep -q '^\[  SKIPPED \]' "$results.log"; then echo "$name: skipped" >>"$results"; fi
  if ! grep -q '^\[  PASSED  \]' "$results.log" || grep -q '^\[  FAILED  \]' "$results.log"; then
    failed=1
    echo "$name: FAILED" >>"$results"
  fi
done <"$results.tests"
rm -f "$results.tests" "$results.log"
echo "ended $(date -u +%Y-%m-%dT%H:%M:%SZ), $([ $failed = 0 ] && echo 'nothing found' || echo 'FAILED')" | tee -a "$results"
exit $failed
