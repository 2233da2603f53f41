#!/usr/bin/env bash
# Measures the cost of several nodes, in one run and one table: ./bench/cluster.sh [--short] [--built DIR]
#   one node with its embedded log; one node and one member of etcd; three nodes and three members, all on this machine;
#   single batches and 256; questions to one, two and three of the nodes; failover; catching up through etcd, and from another node's log or store after the disk was lost.
# --short: seconds instead of minutes; a smoke test, not for quoting. --built DIR: the programs of this build; nothing is built. docs/scale.md explains the rows.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=8 most=400000 built= # most: events that are signed for a row
while [ $# -gt 0 ]; do
  case "$1" in
    --short) seconds=1 most=40000 ;;
    --built) built=$(realpath "${2:?--built DIR}"); shift ;;
    *) echo "usage: ./bench/cluster.sh [--short] [--built DIR]" >&2; exit 2 ;;
  esac
  shift
done
bin=${built:-$PWD/build/release}
node=$bin/node/suyuan-node suyuan=$bin/client/suyuan asker=$bin/bench/suyuan-bench-http
out=$PWD/build/bench-results
work=$(mktemp -d "${SUYUAN_BENCH_FOLDER:-${TMPDIR:-/tmp}}/suyuan-cluster-bench-XXXXXX")
export XDG_CONFIG_HOME=$work/config
mkdir -p "$out"
say() { printf '\n== %s (%ss)\n' "$*" "$SECONDS" >&2; }
if [ -z "$built" ]; then
  say build
  cmake --preset release >"$out/configure.log"
  cmake --build --preset release -j "$(nproc)" --target suyuan-node suyuan suyuan-bench-http >"$out/build.log"
fi
cluster_flags="--party-posts 0 --party-mib 0" # one party posts as fast as it can
. tests/scenario/cluster.sh
single=
finish() {
  local status=$?
  [ -z "$single" ] || end_process TERM "$single"
  stop_cluster
  rm -rf "$work"
  if [ "$status" -eq 0 ]; then echo "bench/cluster.sh: OK"; else echo "bench/cluster.sh: FAILED (exit $status)"; fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

now_ms() { date +%s%3N; }
cpu_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; } # user and system, of all threads
ticks=$(getconf CLK_TCK)
declare -A rate cpu etcd_cpu

# bench_both NAME PID...: single batches and 256 against the first node; CPU of all nodes that are named
bench_both() {
  local name=$1 batch before after events line pid etcd_before etcd_after
  shift
  cp "$data/node/keys/registrar.key" "$data/registrar.key"
  for batch in 1 256; do
    before=0 after=0 etcd_before=0 etcd_after=0
    for pid in "$@"; do before=$((before + $(cpu_ticks "$pid"))); done
    for pid in "${member_pid[@]}"; do etcd_before=$((etcd_before + $(cpu_ticks "$pid"))); done
    line=$("$suyuan" --json bench --registrar "$data/registrar.key" --key "$data/maker.key" --party bench \
      --batches "$batch" --in-flight 64 --events "$most" --seconds "$seconds" --folder "$work" | jq -c 'select(.batch != null)' | head -1)
    wait_until_level
    for pid in "$@"; do after=$((after + $(cpu_ticks "$pid"))); done
    for pid in "${member_pid[@]}"; do etcd_after=$((etcd_after + $(cpu_ticks "$pid"))); done
    events=$(jq .events <<<"$line")
    rate[$name-$batch]=$(jq '.eventsPerSecond | floor' <<<"$line")
    cpu[$name-$batch]=$(awk -v t=$((after - before)) -v hz="$ticks" -v e="$events" -v n=$# 'BEGIN{printf "%.1f", t * 1e6 / hz / e / n}')
    etcd_cpu[$name-$batch]=$(awk -v t=$((etcd_after - etcd_before)) -v hz="$ticks" -v e="$events" 'BEGIN{printf "%.1f", t * 1e6 / hz / e}')
  done
}
wait_until_level() { [ "${#cluster_node[@]}" -le 1 ] || wait_for_all; }

fresh() { # fresh NAME: a folder for the next ledger
  data=$work/$1
  mkdir -p "$data"
  cluster_node=() member_pid=()
  unset SUYUAN_GENESIS
}

embedded() {
  say "one node, embedded"
  fresh embedded
  "$node" init --data "$data/node" --origin bench.suyuan.example/log >/dev/null
  export SUYUAN_GENESIS=$data/node/genesis.leaf
  "$node" serve --data "$data/node" --rpc 127.0.0.1:0 --http 127.0.0.1:0 --ports-file "$data/ports-1" \
    $cluster_flags 2>>"$out/cluster.log" &
  single=$!
  for _ in $(seq 600); do [ -s "$data/ports-1" ] && break; sleep 0.05; done
  use_node 1
  bench_both embedded "$single"
  end_process TERM "$single"
  single=
}

shared() { # shared NAME NODES MEMBERS
  say "nodes: $2; members: $3"
  fresh "$1"
  cluster_nodes=$2 cluster_members=$3
  start_etcd
  make_cluster >/dev/null
  local i
  for i in $cluster_nodes; do start_cluster_node "$i"; done
  use_node 1
  bench_both "$1" "${cluster_node[@]}"
}

size_of() { curl -sf "http://127.0.0.1:$(awk '$1=="http"{print $2}' "$data/ports-$1" | sed 's/.*://')/v1/status" | jq .head.size; }
wait_for_size() { # wait_for_size NODE LEAVES
  for _ in $(seq 6000); do [ "$(size_of "$1" 2>/dev/null || echo 0)" -ge "$2" ] && return 0; sleep 0.02; done
  return 1
}
post_few() {
  "$suyuan" --json bench --registrar "$data/registrar.key" --key "$data/maker.key" --party bench \
    --batches "$1" --in-flight 64 --events "$2" --seconds "$3" --folder "$work" >/dev/null
}

reads=()
measure_reads() { # traces of codes drawn at random, from the first, two, and all nodes at a time; four connections to each
  local count i port asked
  use_node 1
  { curl -s "$SUYUAN_HTTP/v1/events/[10-1009]/0" || true; } |
    jq -r '[.. | strings | select(startswith("https://id.gs1.org/01/") and contains("/21/"))][0] // empty' >"$work/codes"
  for count in 1 2 3; do
    asked=()
    for i in $(seq "$count"); do
      port=$(awk '$1=="http"{print $2}' "$data/ports-$i" | sed 's/.*://')
      "$asker" --port "$port" --codes "$work/codes" --connections 4 --seconds "$seconds" --seed "$i" >"$work/reads-$i" &
      asked+=($!)
    done
    for i in "${asked[@]}"; do wait "$i"; done
    reads+=("$(for i in $(seq "$count"); do jq .perSecond "$work/reads-$i"; done | awk '{all += $1} END{print all}')")
  done
}

failover_ms=() catch_up= rejoin= by_store=
measure_failover() { # each node in turn is killed under a client that goes on with the next
  local i next began
  for i in 1 2 3; do
    next=$((i % 3 + 1))
    use_node "$next"
    end_process KILL "${cluster_node[$i]}"
    end_process KILL "${member_pid[$i]}"
    began=$(now_ms)
    until post_few 1 1 1 2>/dev/null; do :; done
    failover_ms+=($(($(now_ms) - began)))
    start_member "$i"
    start_cluster_node "$i"
    wait_for_all
  done
}
lose_disk_and_join() { # lose_disk_and_join [OPTION...]: node 3
  end_process KILL "${cluster_node[3]}"
  cp "$data/node-3/keys/node.key" "$work/kept.key"
  rm -rf "$data/node-3"
  mkdir -m 700 "$data/node-3" "$data/node-3/keys"
  mv "$work/kept.key" "$data/node-3/keys/node.key"
  "$node" join --data "$data/node-3" --genesis "$data/node-1/genesis.leaf" --log-key "$data/node-1/keys/log.key" "$@" >/dev/null
}
measure_catch_up() {
  local before began leaves
  use_node 1
  before=$(size_of 1)
  end_process KILL "${cluster_node[3]}"
  post_few 1 20000 "$seconds"
  leaves=$(size_of 1)
  began=$(now_ms)
  start_cluster_node 3
  wait_for_size 3 "$leaves"
  catch_up=$(((leaves - before) * 1000 / ($(now_ms) - began)))
  # The disk is lost, and etcd has forgotten: all of it comes from another node and is applied again.
  lose_disk_and_join
  local tail
  tail=$(curl -sf "$SUYUAN_HTTP/metrics" | awk '$1=="suyuan_order_tail"{print $2}')
  curl -sf -X POST "http://127.0.0.1:${client_port[1]}/v3/kv/deleterange" -d "{\"key\":\"$(printf 'demo/%020d' 0 | base64)\",\"range_end\":\"$(printf 'demo/%020d' "$tail" | base64)\"}" >/dev/null
  began=$(now_ms)
  start_cluster_node 3
  wait_for_size 3 "$leaves"
  rejoin=$(((leaves - 1) * 1000 / ($(now_ms) - began)))
  # The same with the other node's store: copied, and judged again.
  began=$(now_ms)
  lose_disk_and_join --store-from "node-1=$SUYUAN_HTTP"
  start_cluster_node 3
  wait_for_size 3 "$leaves"
  by_store=$(((leaves - 1) * 1000 / ($(now_ms) - began)))
}

embedded
shared one 1 1
stop_cluster
shared three "1 2 3" "1 2 3"
say questions
measure_reads
say failover
measure_failover
say "catching up"
measure_catch_up
table() {
  local name
  echo "| | singles/s | of embedded | 256/s | of embedded | CPU us/event and node, singles | of embedded | 256 | of embedded |"
  echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- |"
  for name in embedded one three; do
    awk -v n="$name" -v a="${rate[$name-1]}" -v b="${rate[$name-256]}" -v ea="${rate[embedded-1]}" -v eb="${rate[embedded-256]}" \
      -v ca="${cpu[$name-1]}" -v cb="${cpu[$name-256]}" -v eca="${cpu[embedded-1]}" -v ecb="${cpu[embedded-256]}" \
      'BEGIN{printf "| %s | %d | %.2f | %d | %.2f | %s | %.2f | %s | %.2f |\n", n, a, a / ea, b, b / eb, ca, ca / eca, cb, cb / ecb}'
  done
  echo
  echo "of the members of etcd, CPU us an event, all together: one member ${etcd_cpu[one-1]} singly, ${etcd_cpu[one-256]} in batches; three ${etcd_cpu[three-1]}, ${etcd_cpu[three-256]}"
  echo "traces/s from one, two, and three of the three nodes at a time, all on this machine, client included: ${reads[*]}"
  echo "failover, a node and a member killed together, until the next node acknowledged: ${failover_ms[*]} ms"
  echo "catching up through etcd: $catch_up leaves/s; from another node's log, from leaf 0: $rejoin leaves/s; with another node's store: $by_store leaves/s"
}
table | tee "$out/cluster.md"
