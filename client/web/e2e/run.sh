#!/usr/bin/env bash
# The page in a browser, against a node that holds the demo's ledger: e2e/run.sh NODE_PROGRAM CLIENT_PROGRAM BUILD_FOLDER [TEST...]
# Environment: SUYUAN_CHROMIUM, the browser; SUYUAN_SHOTS, a folder for pictures of what was seen.
set -euo pipefail
cd "$(dirname "$0")/../../.."
node=$(realpath "$1")
suyuan=$(realpath "$2")
out=$(realpath "$3")
shift 3
work=$(mktemp -d)
data=$work/demo-data
mkdir -p "$data"
. tests/scenario/ledger.sh

finish() {
  stop_node
  stop_witnesses
  rm -rf "$work"
}
trap finish EXIT

{
  make_ledger &&
    start_witnesses &&
    start_node 0 0 --policy "$data/policy" &&
    register_parties &&
    post_events &&
    put_documents &&
    wait_for_seal
} >"$work/out" 2>&1 || { cat "$work/out" "$data/node.log"; echo "e2e: the demo's ledger cannot be made" >&2; exit 1; }

export SUYUAN_WEB_FOLDER=$PWD/client/web SUYUAN_DEMO=$data SUYUAN_CLIENT=$suyuan TMPDIR=$work
tests=("$@")
[ $# -gt 0 ] || tests=("$out"/e2e/*.e2e.mjs)
# One file after the other: two browsers at once would only wait for each other.
status=0
for test in "${tests[@]}"; do timeout 280 "${SUYUAN_NODE_JS:-node}" --test "$test" || status=1; done
exit $status
