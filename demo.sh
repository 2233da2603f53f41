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
node=$PWD/build/release/node/suyuan-node
suyuan=$PWD/build/release/client/suyuan
. tests/scenario/ledger.sh

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
finish() {
  local status=$?
  stop_node
  if [ "$status" -eq 0 ]; then echo "demo.sh: OK"; else echo "demo.sh: FAILED (exit $status)"; fi
}
trap finish EXIT

say "1. install and build"
./.ci/install
mkdir -p build
cmake --preset release >build/demo-configure.log || { tail -20 build/demo-configure.log; exit 1; }
cmake --build --preset release --target suyuan-node suyuan -j "$(nproc)" >build/demo-build.log || { tail -40 build/demo-build.log; exit 1; }

say "2. a new ledger"
rm -rf "$data"
make_ledger
start_node 7400 7480 || start_node 0 0

say "3. twenty parties, their products and places; the authority signs each registration"
register_parties

say "4. the supply chain: each submission is one batch, signed by its party's own key"
echo "(each is marked BACKDATED, since it is posted months after it happened; the remarks are in $data/post.log)"
post_events

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
say "open   $SUYUAN_HTTP/v1/codes/$escaped/trace?events=true"
if [ "$once" = no ] && [ -t 0 ] && [ -t 1 ]; then
  read -r -p "The node runs as process $node_pid. Press Enter to stop it. " _
fi
