#!/usr/bin/env bash
# What several nodes cost, in one run and one table: ./bench/cluster.sh [--short]
#   one node with its embedded log; one node and one member of etcd; three nodes and three members, all on this machine;
#   single batches and 256; CPU of nodes and members; failover; questions to one, two and three nodes; catching up through etcd, and
#   from another node's log after the disk was lost.
# --short: seconds instead of minutes, to see that it works, not to quote. docs/scale.md says what the rows mean.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=8
case "${1:-}" in '') ;; --short) seconds=1 ;; *) echo "usage: ./bench/cluster.sh [--short]" >&2; exit 2 ;; esac
node=$PWD/build/release/node/suyuan-node suyuan=$PWD/build/release/client/suyuan
out=$PWD/build/bench-results
work=$(mktemp -d "${SUYUAN_BENCH_FOLDER:-${TMPDIR:-/tmp}}/suyuan-cluster-bench-XXXXXX")
export XDG_CONFIG_HOME=$work/config
mkdir -p "$out"
say() { printf '\n== %s (%ss)\n' "$*" "$SECONDS" >&2; }
if [ -z "${SUYUAN_BENCH_BUILT:-}" ]; then
  say build
  cmake --preset release >"$out/configure.log"
  cmake --build --preset release -j "$(nproc)" --target suyuan-node suyuan >"$out/build.log"
fi
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
declare -A rate cpu member_cpu
ticks_of() { # ticks_of PID...: of all together
  local pid sum=0
  for pid in "$@"; do sum=$((sum + $(cpu_ticks "$pid"))); done
  echo "$sum"
}

# bench_both NAME PID...: single batches and 256 against the first node; CPU of all nodes that are named, and of etcd's members
bench_both() {
  local name=$1 batch before members events line
  shift
  cp "$data/node/keys/registrar.key" "$data/registrar.key"
  for batch in 1 256; do
    before=$(ticks_of "$@") members=$(ticks_of "${member_pid[@]}")
    line=$("$suyuan" --json bench --registrar "$data/registrar.key" --key "$data/maker.key" --party bench \
      --batches "$batch" --in-flight 64 --events 400000 --seconds "$seconds" --folder "$work" | jq -c 'select(.batch != null)' | head -1)
    wait_until_level
    events=$(jq .events <<<"$line")
    rate[$name-$batch]=$(jq '.eventsPerSecond | floor' <<<"$line")
    cpu[$name-$batch]=$(us_per_event $(($(ticks_of "$@") - before)) "$events" $#)
    member_cpu[$name-$batch]=$(us_per_event $(($(ticks_of "${member_pid[@]}") - members)) "$events" 1)
  done
}
us_per_event() { # us_per_event TICKS EVENTS PROCESSES
  awk -v t="$1" -v hz="$ticks" -v e="$2" -v n="$3" 'BEGIN{printf "%.1f", t * 1e6 / hz / e / n}'
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
  "$node" serve --data "$data/node" --rpc 127.0.0.1:0 --http 127.0.0.1:0 --ports-file "$data/ports-1" 2>>"$out/cluster.log" &
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

failover_ms=() catch_up= rejoin=
ones=0
post_one() { # one event of its own; given up after half a second, so that the next try is not late
  ones=$((ones + 1))
  jq -n --arg code "https://id.gs1.org/01/$gtin/21/F$ones" '{type: "object", kind: "supply", action: "ADD", step: "commissioning",
    eventTime: "2026-06-02T05:30:00+12:00", objects: [{code: $code}]}' >"$work/one-$ones.json"
  timeout 0.5 "$suyuan" post "$work/one-$ones.json" --key "$data/maker.key" >/dev/null 2>&1
}
measure_failover() { # each node in turn is killed with a member, under a client that goes on with the next node
  local i next began
  gtin=$(curl -sf "$SUYUAN_HTTP/v1/registry/products" | jq -r '[.. | .gtin? // empty][0]')
  for i in 1 2 3; do
    next=$((i % 3 + 1))
    use_node "$next"
    post_one || { echo "node $next takes no event before anything befell it" >&2; return 1; }
    began=$(now_ms)
    end_process KILL "${cluster_node[$i]}"
    end_process KILL "${member_pid[$i]}"
    until post_one; do
      [ $(($(now_ms) - began)) -lt 60000 ] || { echo "no failover within a minute" >&2; return 1; }
    done
    failover_ms+=($(($(now_ms) - began)))
    start_member "$i"
    start_cluster_node "$i"
    wait_for_all
  done
}
declare -A asked
measure_questions() { # by as many clients as nodes, each of a node of its own; first a round that is not counted: caches fill
  local k i pids
  for k in 3 1 2 3; do
    pids=()
    for i in $(seq "$k"); do
      use_node "$i"
      "$suyuan" --json bench --no-posts --queries 1000000 --seconds "$seconds" --in-flight 64 --folder "$work" >"$work/asked-$i" &
      pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i"; done
    asked[$k]=$(for i in $(seq "$k"); do cat "$work/asked-$i"; done | jq -s '[.[] | .questionsPerSecond // empty] | add | floor')
  done
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
  end_process KILL "${cluster_node[3]}"
  cp "$data/node-3/keys/node.key" "$work/kept.key"
  rm -rf "$data/node-3"
  mkdir -m 700 "$data/node-3" "$data/node-3/keys"
  mv "$work/kept.key" "$data/node-3/keys/node.key"
  "$node" join --data "$data/node-3" --genesis "$data/node-1/genesis.leaf" --log-key "$data/node-1/keys/log.key" >/dev/null
  local tail
  tail=$(curl -sf "$SUYUAN_HTTP/metrics" | awk '$1=="suyuan_order_tail"{print $2}')
  curl -sf -X POST "http://127.0.0.1:${client_port[1]}/v3/kv/deleterange" -d "{\"key\":\"$(printf 'demo/%020d' 0 | base64)\",\"range_end\":\"$(printf 'demo/%020d' "$tail" | base64)\"}" >/dev/null
  began=$(now_ms)
  start_cluster_node 3
  wait_for_size 3 "$leaves"
  rejoin=$(((leaves - 1) * 1000 / ($(now_ms) - began)))
}

embedded
shared one 1 1
stop_cluster
shared three "1 2 3" "1 2 3"
say "questions to one, two, three nodes"
measure_questions
say failover
measure_failover
say "catching up"
measure_catch_up
table() {
  local name
  echo "| | singles/s | of embedded | 256/s | of embedded | CPU us/event and node, singles | 256 | of embedded | all members: singles | 256 |"
  echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
  for name in embedded one three; do
    awk -v n="$name" -v a="${rate[$name-1]}" -v b="${rate[$name-256]}" -v ea="${rate[embedded-1]}" -v eb="${rate[embedded-256]}" \
      -v ca="${cpu[$name-1]}" -v cb="${cpu[$name-256]}" -v eca="${cpu[embedded-1]}" -v ecb="${cpu[embedded-256]}" \
      -v ma="${member_cpu[$name-1]}" -v mb="${member_cpu[$name-256]}" \
      'BEGIN{printf "| %s | %d | %.2f | %d | %.2f | %s | %s | %.2f, %.2f | %s | %s |\n", n, a, a / ea, b, b / eb, ca, cb, ca / eca, cb / ecb, ma, mb}'
  done
  echo
  echo "questions (traces) a second, to one, two, three nodes: ${asked[1]}, ${asked[2]}, ${asked[3]}"
  echo "failover, a node and a member killed together, until the next node acknowledged: ${failover_ms[*]} ms"
  echo "catching up, the node's start included: through etcd $catch_up leaves/s; from another node's log, from leaf 0, $rejoin leaves/s"
}
table | tee "$out/cluster.md"
