#!/usr/bin/env bash
# Shows Suyuan at work: installs what is needed, builds, starts a node, posts the signed events of a whole supply chain over
# the network, asks where one can of infant formula comes from and checks the answer, restarts the node, and asks again.
#   ./demo.sh          when run in a terminal, the node stays up until you press Enter
#   ./demo.sh --once   ends at once
# Real time is used: the events lie in 2026-06 to 2026-08, so the ledger marks them as recorded late (BACKDATED).
set -euo pipefail
cd "$(dirname "$0")"

once=no
[ "${1:-}" = --once ] && once=yes
data=$PWD/demo-data
bin=$PWD/build/release
node_pid=

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
stop_node() {
  [ -n "$node_pid" ] || return 0
  kill -TERM "$node_pid" 2>/dev/null || true
  wait "$node_pid" 2>/dev/null || true
  node_pid=
}
finish() {
  local status=$?
  stop_node
  if [ "$status" -eq 0 ]; then echo "demo.sh: OK"; else echo "demo.sh: FAILED (exit $status)"; fi
}
trap finish EXIT

start_node() { # takes the usual ports, or any free ones
  rm -f "$data/ports"
  "$bin/node/suyuan-node" serve --data "$data/node" --rpc "127.0.0.1:$1" --http "127.0.0.1:$2" \
    --ports-file "$data/ports" 2>>"$data/node.log" &
  node_pid=$!
  for _ in $(seq 200); do
    [ -s "$data/ports" ] && break
    if ! kill -0 "$node_pid" 2>/dev/null; then wait "$node_pid" || true; node_pid=; return 1; fi
    sleep 0.05
  done
  [ -s "$data/ports" ] || return 1
  SUYUAN_NODE=127.0.0.1:$(awk '$1=="rpc"{print $2}' "$data/ports")
  http=http://127.0.0.1:$(awk '$1=="http"{print $2}' "$data/ports")
  export SUYUAN_NODE
}

say "1. install and build"
./.ci/install
mkdir -p build
cmake --preset release >build/demo-configure.log || { tail -20 build/demo-configure.log; exit 1; }
cmake --build --preset release --target suyuan-node suyuan -j "$(nproc)" >build/demo-build.log || { tail -40 build/demo-build.log; exit 1; }
suyuan=$bin/client/suyuan

say "2. a new ledger"
rm -rf "$data"
mkdir -p "$data/keys"
"$bin/node/suyuan-node" init --data "$data/node" --origin demo.suyuan.example/log
export SUYUAN_GENESIS=$data/node/genesis.leaf
start_node 7400 7480 || start_node 0 0

say "3. twenty parties, their products and places; the authority signs each registration"
for party in $(jq -r '.[].party' tests/scenario/submissions.json | sort -u); do
  "$suyuan" keygen "$party" --out "$data/keys/$party.key" >/dev/null
done
for file in parties products sites; do
  "$suyuan" registry "tests/scenario/registry/$file.json" --key "$data/node/keys/registrar.key" --keys "$data/keys"
done

say "4. the supply chain: each submission is one batch, signed by its party's own key"
echo "(each is marked BACKDATED, since it is posted months after it happened; the remarks are in $data/post.log)"
jq -r '.[] | [.id, .party, .file] | @tsv' tests/scenario/submissions.json | while IFS=$'\t' read -r id party file; do
  # The journals of posts lie beside the posted files: so post copies.
  cp "tests/scenario/$file" "$data/$id.json"
  "$suyuan" post "$data/$id.json" --one-batch --party "$party" --key "$data/keys/$party.key" \
    2>>"$data/post.log" || { tail -5 "$data/post.log"; exit 1; }
done

can=https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52
premix=https://id.gs1.org/01/09521103200018/10/PX0513
say "5. where does this can come from?   $can"
"$suyuan" trace "$can" --verify | tee "$data/trace-before.txt"

say "6. the premix lot must be recalled: who holds what was made of it?"
"$suyuan" recall "$premix"

say "7. the node restarts, and the same question has the same answer"
stop_node
start_node 7400 7480 || start_node 0 0
"$suyuan" trace "$can" --verify >"$data/trace-after.txt"
cmp "$data/trace-before.txt" "$data/trace-after.txt"
echo "the same, byte for byte"

escaped=$(jq -rn --arg code "$can" '$code|@uri')
say "open   $http/v1/codes/$escaped/trace?events=true"
if [ "$once" = no ] && [ -t 0 ] && [ -t 1 ]; then
  read -r -p "The node runs as process $node_pid. Press Enter to stop it. " _
fi
