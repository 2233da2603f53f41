#!/usr/bin/env bash
# A node under steady load for hours: ./bench/soak.sh HOURS [--load PART | --rates S,B,Q] [--folder DIR] [--build DIR]
#   batches of one event and batches of 64, provenance questions beside them, a backup in each round, the scrub at work
#   --load   part of what the machine does of each at the beginning, where a few seconds measure it (0.25)
#   --rates  in its place: S batches of one event, B of 64, Q questions a second
# Posts and questions come at even times whatever the answers do; their latency counts from when they were due.
# At the beginning 100 clients open a connection, send half a request and are silent. At the end three clients flood the node, each with
# 1,000 batches of 64 unanswered.
# Fails where its memory or its open files grow, where the p99 of batches in the last third of the rounds is more than twice that of
# the first third, where a silent client is not shed, where the flood takes more than 1 GiB, or where an
# audit finds anything wrong at the end. One line of JSON for each round goes to build/soak-results.
# HOURS may be a fraction: CI runs 0.022. Below half an hour a third is a few rounds of seconds, and its p99 that of whatever else the
# machine did: then it is told, not judged.
set -euo pipefail
cd "$(dirname "$0")/.."

usage="usage: ./bench/soak.sh HOURS [--load PART | --rates S,B,Q] [--folder DIR] [--build DIR]"
hours=${1:?$usage}
shift
folder=${TMPDIR:-/tmp} build=$PWD/build/release load=0.25 rates=
while [ $# -gt 0 ]; do
  case "$1" in
    --load) load=$2 ;;
    --rates) rates=$2 ;;
    --folder) folder=$2 ;;
    --build) build=$(realpath "$2") ;;
    *) echo "$usage" >&2; exit 2 ;;
  esac
  shift 2
done
seconds=$(awk -v h="$hours" 'BEGIN { printf "%d", h * 3600 }')
rounds=12
round_s=$(awk -v s="$seconds" -v n="$rounds" 'BEGIN { r = s / n - 2; if (r < 2) r = 2; if (r > 300) r = 300; printf "%.1f", r }')
work=$(mktemp -d "$folder/suyuan-soak-XXXXXX")
out=$PWD/build/soak-results
mkdir -p "$out"
results=$out/$(date -u +%Y%m%dT%H%M%SZ).jsonl
node_pid= asker_pid=

finish() {
  local status=$?
  [ -z "$asker_pid" ] || kill "$asker_pid" 2>/dev/null || true
  [ -z "$node_pid" ] || { kill -TERM "$node_pid" 2>/dev/null || true; wait "$node_pid" 2>/dev/null || true; }
  [ "$status" -eq 0 ] || tail -5 "$work/node.log" >&2 || true
  rm -rf "$work"
  if [ "$status" -eq 0 ]; then echo "bench/soak.sh: OK, $results"; else echo "bench/soak.sh: FAILED (exit $status), $results"; fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

node=$build/node/suyuan-node suyuan=$build/client/suyuan
"$node" init --data "$work/node" --origin soak.suyuan.example/log >/dev/null
"$node" serve --data "$work/node" --rpc 127.0.0.1:0 --http 127.0.0.1:0 --ports-file "$work/ports" --cache-mib 32 \
  --party-posts 0 --party-mib 0 \
  --scrub-mib-per-s 4 --scrub-pause-s 5 --log-level warning 2>>"$work/node.log" &
node_pid=$!
for _ in $(seq 600); do
  [ -s "$work/ports" ] && break
  kill -0 "$node_pid"
  sleep 0.05
done
export SUYUAN_GENESIS=$work/node/genesis.leaf XDG_CONFIG_HOME=$work/config
SUYUAN_NODE=127.0.0.1:$(awk '$1=="rpc"{print $2}' "$work/ports")
export SUYUAN_NODE

# Half a request on each; the node gives a request 30 s.
http=$(awk '$1=="http"{print $2}' "$work/ports")
silent=()
for _ in $(seq 100); do
  exec {fd}<>"/dev/tcp/127.0.0.1/$http"
  printf 'POST /v1/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{' >&"$fd"
  silent+=("$fd")
done

post() { # post SECONDS EVENTS_IN_A_BATCH IN_FLIGHT [RATE]: its line of JSON
  "$suyuan" bench --json --registrar "$work/node/keys/registrar.key" --key "$work/bench-1.key" --folder "$work" \
    --seconds "$1" --batches "$2" --in-flight "$3" --events 1000000 ${4:+--rate "$4"} | grep '"batch"'
}
question() { # question SECONDS COUNT IN_FLIGHT [RATE]: its line of JSON
  "$suyuan" bench --json --no-posts --folder "$work" --seconds "$1" --queries "$2" --in-flight "$3" ${4:+--rate "$4"} |
    grep '"questions"'
}
quickest() { # quickest SECONDS EVENTS_IN_A_BATCH: batches a second; the clock decides, not the number of events
  "$suyuan" bench --json --registrar "$work/node/keys/registrar.key" --key "$work/bench-1.key" --folder "$work" \
    --seconds "$1" --batches "$2" --in-flight 16 --events 40000 | jq 'select(.batch) | .eventsPerSecond / .batch'
}
quickest 1 1 >/dev/null # the store's files and caches are made
if [ -n "$rates" ]; then
  IFS=, read -r singles batches questions <<<"$rates"
else
  part() { awk -v load="$load" -v most="$1" 'BEGIN { r = load * most; printf "%.1f", r < 1 ? 1 : r }'; }
  singles=$(part "$(quickest 2 1)") batches=$(part "$(quickest 2 64)")
  questions=$(part "$(question 2 100000 16 | jq -r .questionsPerSecond)")
fi
echo "soak: $singles batches of one event, $batches of 64 and $questions questions a second"
ask() { while :; do question "$round_s" 1000000 256 "$questions" >>"$work/asked" 2>/dev/null || sleep 0.2; done; }
ask &
asker_pid=$!
# What the node says of its memory, part by part, in MiB.
memory() {
  curl -sf "http://127.0.0.1:$http/metrics" |
    awk '/^suyuan_(memory|store_(block_cache|memtable|table_reader)|side_memory|chain_map|(batches|bodies)_held)[^ ]*_bytes/ && !/limit/ {
      gsub(/^suyuan_|_bytes|"/, "", $1); printf "%s\t%.1f\n", $1, $2 / 1048576 }' |
    jq -cRn '[inputs / "\t" | {key: .[0], value: (.[1] | tonumber)}] | from_entries'
}

end=$((SECONDS + seconds)) round=0
while [ "$SECONDS" -lt "$end" ] || [ "$round" -lt 6 ]; do
  half=$(awk -v r="$round_s" 'BEGIN { printf "%.1f", r / 2 }')
  lines=$(post "$half" 1 256 "$singles" && post "$half" 64 256 "$batches")
  before=$(date +%s%N)
  "$node" backup --data "$work/node" --to "$work/backups" >/dev/null
  backup_ms=$((($(date +%s%N) - before) / 1000000))
  # One backup of before is enough for the sharing.
  ls -d "$work"/backups/2* | head -n -2 | xargs -r rm -rf
  rss_kib=$(awk '/^VmRSS/{print $2}' "/proc/$node_pid/status")
  files=$(ls "/proc/$node_pid/fd" 2>/dev/null | wc -l || true) # root alone may look: the node forbids it
  asked=$(tail -n 1 "$work/asked" 2>/dev/null | jq -c '{questionsPerSecond, p50Ms, p99Ms}' || true)
  jq -cs --argjson round "$round" --argjson rss "$rss_kib" --argjson files "$files" --argjson backup "$backup_ms" \
    --argjson memory "$(memory || echo null)" \
    --argjson asked "${asked:-null}" --argjson machine "$(cut -d' ' -f1 /proc/loadavg)" \
    --argjson store "$(du -sk "$work/node/store" | cut -f1)" \
    '{round: $round, rssKib: $rss, files: $files, backupMs: $backup, storeKib: $store,
      memoryMib: $memory, loadAverage: $machine, asked: $asked, posts: map({batch, eventsPerSecond, p50Ms, p99Ms})}' <<<"$lines" | tee -a "$results"
  round=$((round + 1))
done
# The connection ends, with an answer that says why or without: read until then, or for a second where it does not.
shed=0
for fd in "${silent[@]}"; do
  ended=0
  while :; do
    read -r -t 1 -u "$fd" _ || { [ $? -gt 128 ] || ended=1; break; }
  done
  shed=$((shed + ended))
  exec {fd}>&-
done
echo "soak: $shed of ${#silent[@]} silent clients were shed"
[ "$shed" -eq "${#silent[@]}" ] || { echo "soak: FAIL: silent clients hold their connections" >&2; exit 1; }

flood() { # flood NUMBER: what it could not post is no fault: BUSY is how the node bounds itself
  "$suyuan" bench --json --registrar "$work/node/keys/registrar.key" --key "$work/bench-1.key" --folder "$work" \
    --seconds 3 --in-flight 1000 --batches 64 --events 40000 >"$work/flood-$1" 2>&1 || true
}
flood_pids=()
for number in 1 2 3; do
  flood "$number" &
  flood_pids+=($!)
done
wait "${flood_pids[@]}"
peak_kib=$(awk '/^VmHWM/{print $2}' "/proc/$node_pid/status")
echo "soak: flooded, the node took $((peak_kib / 1024)) MiB at most"
[ $((peak_kib / 1024)) -le 1024 ] || { echo "soak: FAIL: memory under load" >&2; exit 1; }

kill "$asker_pid"
wait "$asker_pid" 2>/dev/null || true
asker_pid=
kill -TERM "$node_pid"
wait "$node_pid"
node_pid=

"$suyuan" audit "$work/node" >"$work/audit" || { cat "$work/audit"; echo "soak: the audit found something wrong" >&2; exit 1; }
"$node" check-backup --from "$work/backups" >/dev/null

# Medians of the first third and the last, so that one round in which the machine was busy decides nothing.
factor=$(awk -v s="$seconds" 'BEGIN { print s < 1800 ? 0 : 2 }') # 0: not judged
jq -rs --argjson factor "$factor" '
  def median: sort | .[length / 2 | floor];
  (length / 3 | floor) as $third |
  (.[:$third] | map(.posts[0].p99Ms) | median) as $first | (.[-$third:] | map(.posts[0].p99Ms) | median) as $last |
  (.[$third:2 * $third] | map(.rssKib) | median) as $rss | (.[-$third:] | map(.rssKib) | median) as $rssLast |
  (map(.files) | min) as $least | (map(.files) | max) as $most |
  "soak: \(length) rounds; p99 of single batches \($first) ms in the first third, \($last) ms in the last; memory \($rss) KiB in the second third, \($rssLast) KiB in the last; open files \($least) to \($most)",
  (if $factor > 0 and $last > $factor * $first then "soak: FAIL: p99 has grown more than \($factor) times" else empty end),
  (if $rssLast > 1.25 * $rss + 65536 then "soak: FAIL: memory grows" else empty end),
  # 100 are of the silent clients, at the beginning.
  (if $most > $least + 228 then "soak: FAIL: open files grow" else empty end)' "$results" | tee "$work/verdict"
! grep -q FAIL "$work/verdict"
