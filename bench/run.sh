#!/usr/bin/env bash
# Runs every benchmark and prints one table: ./bench/run.sh [--short] [--built DIR] [--only core|posts|provenance|peers|scale] [--events N]
#   --short   seconds instead of minutes, and a small ledger: a smoke test, not for quoting
#   --built   DIR: the programs of this build, such as build/release; nothing is configured or built (for the tests)
#   --only    one part and its table, with the ceilings that it is compared with
#   --events  the largest ledger of the part scale, 100,000 to 10,000,000 (20 GB, an hour and more); without it 1,000,000
#   --ledger  FOLDER: the part scale asks this ledger alone, and posts into it; it is kept. suyuan-bench-ledger --data FOLDER
#             --codes FOLDER.codes --events 9000000 --lot 1000000 >FOLDER.json made it
# Each figure is next to the machine's ceiling in the same run (docs/performance.md). The table's head has the date, the commit and
# these ceilings.
set -euo pipefail
cd "$(dirname "$0")/.."

short=no only= built= scale_events=1000000 scale_ledger=
while [ $# -gt 0 ]; do
  case "$1" in
    --short) short=yes ;;
    --built) built=$(realpath "${2:?--built DIR}"); shift ;;
    --only) only=${2:-unknown}; shift ;;
    --events) scale_events=${2:-0}; shift ;;
    --ledger) scale_ledger=$(realpath "${2:?--ledger FOLDER}"); shift ;;
    *) only=unknown ;;
  esac
  case "$only" in
    '' | core | posts | provenance | peers | scale) shift ;;
    *) echo "usage: ./bench/run.sh [--short] [--built DIR] [--only core|posts|provenance|peers|scale] [--events N] [--ledger FOLDER]" >&2; exit 2 ;;
  esac
done
runs() { [ -z "$only" ] || [ "$only" = "$1" ]; }
bin=${built:-$PWD/build/release}
out=$PWD/build/bench-results
work=$(mktemp -d "${SUYUAN_BENCH_FOLDER:-${TMPDIR:-/tmp}}/suyuan-bench-XXXXXX")
node_pid= append_pid= postgres_pid= postgres_folder=

stop_postgres() {
  [ -n "$postgres_pid" ] || return 0
  kill -INT "$postgres_pid" 2>/dev/null || true # a fast shutdown
  wait "$postgres_pid" 2>/dev/null || true
  postgres_pid=
}
stop_node() {
  [ -n "$node_pid" ] || return 0
  kill -TERM "$node_pid" 2>/dev/null || true
  wait "$node_pid" 2>/dev/null || true
  node_pid=
}
finish() {
  local status=$?
  [ -z "$append_pid" ] || kill "$append_pid" 2>/dev/null || true
  stop_node
  stop_postgres
  rm -rf "$work" ${postgres_folder:+"$postgres_folder"}
  if [ "$status" -eq 0 ]; then echo "bench/run.sh: OK"; else echo "bench/run.sh: FAILED (exit $status)"; fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
say() { printf '\n== %s (%ss)\n' "$*" "$SECONDS" >&2; }

start_node() { # start_node DATA FLAG...
  start_server "$bin/node/suyuan-node" "$@"
}
start_server() { # start_server PROGRAM DATA FLAG...: the node's program, or one with its options
  local program=$1 data=$2
  shift 2
  rm -f "$work/ports"
  "$program" serve --data "$data" --rpc 127.0.0.1:0 --http 127.0.0.1:0 --ports-file "$work/ports" \
    --party-posts 0 --party-mib 0 "$@" 2>>"$out/node.log" &
  node_pid=$!
  for _ in $(seq 600); do
    [ -s "$work/ports" ] && break
    kill -0 "$node_pid" 2>/dev/null || { tail -5 "$out/node.log"; exit 1; }
    sleep 0.05
  done
  rpc=127.0.0.1:$(awk '$1=="rpc"{print $2}' "$work/ports")
  http_port=$(awk '$1=="http"{print $2}' "$work/ports" | sed 's/.*://')
}

# The sources' commit as they are before the build; with --built the programs may be of another.
commit() {
  [ -e .git ] && git describe --always --exclude '*' --abbrev=10 --dirty=' with changes' 2>/dev/null || echo unknown
}
begun="$(date -u '+%Y-%m-%d %H:%M') UTC, commit $(commit)${built:+ (programs given)}, load $(cut -d' ' -f1 /proc/loadavg)"

mkdir -p "$out"
rm -f "$out"/*.json "$out"/*.jsonl "$out/node.log"
if [ -z "$built" ]; then
  say "build"
  cmake --preset release >"$out/configure.log"
  cmake --build --preset release -j "$(nproc)" \
    --target suyuan_bench suyuan-bench-ledger suyuan-bench-http suyuan-bench-recall suyuan-bench-report suyuan-bench-verify-only \
    suyuan-node suyuan >"$out/build.log"
  if ninja -C build/release -t query suyuan_bench_peers >/dev/null 2>&1; then
    cmake --build --preset release -j "$(nproc)" --target suyuan_bench_peers >>"$out/build.log"
  fi
fi
peers_built=no
[ ! -x "$bin/bench/suyuan_bench_peers" ] || peers_built=yes

min_time=0.5 filter=. seconds=5 sizes="100000 1000000" windows=1,16,64,256
if [ "$short" = yes ]; then
  min_time=0.001 filter='-ledger:100000|codes:1000000' seconds=0.5 sizes=2000 windows=1,64
fi

core() {
  say "core: $filter"
  TMPDIR=$work "$bin/bench/suyuan_bench" --benchmark_min_time="$min_time" --benchmark_filter="$filter" \
    --benchmark_out="$out/core.json" --benchmark_out_format=json >"$out/core.txt"
}

# Posts to a new ledger, a row of JSON for each window.
post_to() { # post_to PROGRAM FILE FLAG...: the server, where the rows go, flags of suyuan bench
  local program=$1 file=$2 data=$work/posts
  shift 2
  "$bin/node/suyuan-node" init --data "$data" --origin bench.suyuan.example/log >/dev/null
  start_server "$program" "$data"
  SUYUAN_GENESIS="$data/genesis.leaf" SUYUAN_NODE=$rpc "$bin/client/suyuan" bench --json \
    --registrar "$data/keys/registrar.key" --key "$work/bench-1.key" --folder "$work" --seconds "$seconds" \
    --in-flight "$windows" --node-pid "$node_pid" "$@" >"$file"
  stop_node
  rm -rf "$data"
}

# The node gets its single events first, right after the other server got the same: the machine changes less in between.
posts() {
  say "posts to a server that only verifies"
  post_to "$bin/bench/suyuan-bench-verify-only" "$out/verify-only.jsonl" --batches 1 --no-receipt-check
  say "posts"
  post_to "$bin/node/suyuan-node" "$out/posts.jsonl"
}

provenance() { # provenance EVENTS
  say "provenance over $1 events"
  "$bin/bench/suyuan-bench-ledger" --data "$work/ledger" --codes "$work/codes" --events "$1" >&2
  # A block cache much smaller than the store, so that most reads miss it.
  start_node "$work/ledger" --cache-mib 8
  local store_mib
  store_mib=$(du -sm "$work/ledger/store" | cut -f1)
  for connections in 1 8; do
    "$bin/bench/suyuan-bench-http" --port "$http_port" --codes "$work/codes" --seconds "$seconds" \
      --connections "$connections" --name "$1 events, store $store_mib MiB, cache 8 MiB" >>"$out/questions.jsonl"
  done
  stop_node
  rm -rf "$work/ledger"
}

# A cluster of our own, reached by a socket in its folder alone; its owner is nobody special, since initdb refuses root.
start_postgres() {
  local programs as=()
  programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1) || true # where there is none
  if [ -z "$programs" ] || [ ! -x "$programs/initdb" ]; then
    echo "bench: PostgreSQL is left out: initdb is not installed (.ci/install --bench installs it)" >&2
    return 0
  fi
  postgres_folder=$(mktemp -d "${SUYUAN_BENCH_FOLDER:-${TMPDIR:-/tmp}}/suyuan-bench-postgres-XXXXXX")
  if [ "$(id -u)" -eq 0 ]; then
    chown nobody "$postgres_folder"
    as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
    if ! "${as[@]}" test -w "$postgres_folder"; then
      echo "bench: PostgreSQL is left out: its user nobody cannot enter $(dirname "$postgres_folder") (set SUYUAN_BENCH_FOLDER to another one)" >&2
      return 0
    fi
  fi
  (cd "$postgres_folder" && "${as[@]}" "$programs/initdb" --pgdata="$postgres_folder/data" --username=bench --auth=trust --encoding=UTF8 \
    --locale=C >"$out/postgres.log" 2>&1) || { tail -5 "$out/postgres.log"; exit 1; }
  # Configured for heavy writing; each commit waits for its sync.
  cd "$postgres_folder"
  "${as[@]}" "$programs/postgres" -D "$postgres_folder/data" -k "$postgres_folder" -c listen_addresses= -c synchronous_commit=on -c fsync=on \
    -c shared_buffers=256MB -c work_mem=64MB -c max_wal_size=4GB -c checkpoint_timeout=30min >>"$out/postgres.log" 2>&1 &
  postgres_pid=$!
  cd "$OLDPWD"
  for _ in $(seq 600); do
    "$programs/pg_isready" -q -h "$postgres_folder" -U bench && break
    kill -0 "$postgres_pid" 2>/dev/null || { tail -5 "$out/postgres.log"; exit 1; }
    sleep 0.05
  done
  export SUYUAN_BENCH_POSTGRES="host=$postgres_folder user=bench dbname=postgres"
}

peers() {
  say "peers"
  if [ "$peers_built" = no ]; then
    echo "bench: PostgreSQL and SQLite are left out: no libpq-dev or libsqlite3-dev when this was configured (.ci/install --bench)" >&2
    return 0
  fi
  start_postgres
  TMPDIR=$work "$bin/bench/suyuan_bench_peers" --benchmark_min_time="$min_time" --benchmark_filter="$filter" \
    --benchmark_out="$out/peers.json" --benchmark_out_format=json >"$out/peers.txt"
  stop_postgres
}

. bench/scale.sh

runs core || filter=^ceiling/ # which every part's table begins with
core
if runs posts; then posts; fi
if runs peers; then peers; fi
if runs provenance; then
  for events in $sizes; do provenance "$events"; done
fi
if runs scale; then scale; fi

{
  echo "## $begun at the beginning, $(nproc) cores, $(awk -F': ' '/model name/{print $2; exit}' /proc/cpuinfo)"
  "$bin/bench/suyuan-bench-report" "$out"
} | tee "$out/table.md"
