#!/usr/bin/env bash
# The report begins with the ceilings, and says how posts and storage grow: each batch size for itself, by the sizes of the ledgers, and
# what was left out: bench/report_test.sh REPORT_PROGRAM
set -euo pipefail
report=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/core.json" <<'END'
{"benchmarks": [{"name": "ceiling/libsodium_verify/real_time/threads:1", "items_per_second": 17000},
                {"name": "ceiling/libsodium_verify/real_time/threads:2", "items_per_second": 33613.4}]}
END
posts() { # posts EVENTS BATCH RATE NODE-CPU CEILING
  echo "{\"kind\":\"posts\",\"ledgerEvents\":$1,\"batch\":$2,\"inFlight\":256,\"eventsPerSecond\":$3,\"p50Ms\":20,\"p99Ms\":40," \
    "\"clientCpuUsPerEvent\":6,\"nodeCpuUsPerEvent\":$4,\"ceilingName\":\"such\",\"ceiling\":$5,\"heldSeconds\":0,\"notSealed\":12}"
}
{
  posts 1000000 1 8000 150 20000
  posts 1000000 256 30000 50 60000
  posts 100000 1 10000 120 20000
  echo '{"kind":"storage","made":100001,"lotBatch":256,"payloadBytes":50000500,"storeBytes":75000750,"compactedBytes":60000600,"indexBytes":10000100}'
  echo '{"kind":"storage","made":100001,"lotBatch":1,"payloadBytes":50000500,"storeBytes":100001000,"compactedBytes":75000750,"indexBytes":10000100}'
  echo '{"kind":"storage","made":1000001,"lotBatch":256,"payloadBytes":500000500,"storeBytes":600000600,"compactedBytes":600000600}'
  echo '{"kind":"left out","what":"storage of 10000000 events"}'
} >"$work/scale.jsonl"

"$report" "$work" >"$work/table"
cat "$work/table"
has() { grep -qxF -- "$1" "$work/table" || { echo "report_test: this line is missing: $1" >&2; exit 1; }; }
has "| ceiling/libsodium_verify | 33613 |"
has "| 100000 | 1.00 | 256 | 10000 | 20.00 | 40.00 | 6.00 | 120 | 0.00 | 12.00 | such 20000 | 0.50 |  |  |"
has "| 1000000 | 1.00 | 256 | 8000 | 20.00 | 40.00 | 6.00 | 150 | 0.00 | 12.00 | such 20000 | 0.40 | 0.80 | 1.25 |"
has "| 1000000 | 256 | 256 | 30000 | 20.00 | 40.00 | 6.00 | 50.00 | 0.00 | 12.00 | such 60000 | 0.50 |  |  |"
has "| 100001 | 1.00 | 500 | 2.00 | 1.50 | 0.20 |  |  |  |"
has "| 100001 | 256 | 500 | 1.50 | 1.20 | 0.20 |  |  |  |"
has "| 1000001 | 256 | 500 | 1.20 | 1.20 |  | 0.80 | 1.00 |  |"
has "Left out: storage of 10000000 events."
if grep -q '^### Core' "$work/table"; then
  echo "report_test: the ceilings alone are no table of the core" >&2
  exit 1
fi
echo "bench/report_test.sh: OK"
