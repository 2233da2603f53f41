#!/usr/bin/env bash
# Demonstrates Suyuan: installs the required packages, builds, starts a node and three witnesses, posts the signed events of a whole
# supply chain over the network, asks where one can of infant formula comes from, keeps the proof as one file and checks it
# offline, shows that a changed copy fails, audits the whole ledger, restarts the node, and asks again.
#   ./demo.sh          when run in a terminal, the node stays up until you press Enter
#   ./demo.sh --once   stops the node and exits at the end
#   ./demo.sh --phone ADDRESS   this machine's address in the phone's network: at the end the node serves the page there, by HTTPS
#                      with a certificate made for it, and the QR code leads there
#   ./demo.sh --cluster   three nodes and three members of etcd: each of the six is killed in turn while the events are posted
#   ./demo.sh [--phone ADDRESS | --cluster] --built NODE CLIENT   the same, or as --once, with these two programs, in a temporary
#                      folder: neither installs nor builds (for the tests)
# The node uses the real clock. The events are from 2026-06 to 2026-08, so the ledger flags them as recorded late (BACKDATED).
set -euo pipefail
cd "$(dirname "$0")"

once=no
cluster=no
built=no
phone=
usage="./demo.sh [--once | [--phone ADDRESS | --cluster] [--built NODE CLIENT]]"
data=$PWD/demo-data
node=$PWD/build/release/node/suyuan-node
suyuan=$PWD/build/release/client/suyuan
if [ "${1:-}" = --cluster ]; then cluster=yes data=$PWD/demo-cluster; shift; fi
if [ "${1:-}" = --phone ]; then
  phone=${2:-}
  [[ $phone =~ ^[0-9]+(\.[0-9]+){3}$ ]] || { echo "demo.sh: --phone needs this machine's IPv4 address; $usage" >&2; exit 2; }
  shift 2
fi
case "${1:-}" in
  "") ;;
  --once) once=yes ;;
  --built)
    [ $# -eq 3 ] || { echo "demo.sh: --built needs the node's and the client's program" >&2; exit 2; }
    once=yes built=yes node=$(realpath "$2") suyuan=$(realpath "$3") data=$(mktemp -d)/demo
    export XDG_CONFIG_HOME=${data%/demo}/config ;;
  *) echo "demo.sh: unknown option '$1'; $usage" >&2; exit 2 ;;
esac
. tests/scenario/ledger.sh
. tests/scenario/cluster.sh

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
finish() {
  local status=$?
  stop_node
  stop_witnesses
  stop_cluster
  [ "$built" = no ] || rm -rf "${data%/demo}"
  if [ "$status" -eq 0 ]; then echo "demo.sh: OK"; else echo "demo.sh: FAILED (exit $status)"; fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
start_demo_node() { # on the usual ports, or any free ones
  { [ "$built" = no ] && start_node 7400 7480 --policy "$data/policy"; } ||
    start_node 0 0 --policy "$data/policy" || { tail -5 "$data/node.log"; return 1; }
  echo "$node_pid" >"$data/node.pid"
  write_env
}
serve_to_phone() { # RPC stays on loopback
  local port=7480 name=IP:127.0.0.1
  [ "$built" = no ] || port=0
  [ "$phone" = 127.0.0.1 ] || name+=,IP:$phone
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=suyuan-demo \
    -addext "subjectAltName=DNS:localhost,$name" -keyout "$data/demo.key" -out "$data/demo.crt" 2>/dev/null
  stop_node
  start_node_with --data "$data/node" --rpc "$SUYUAN_NODE" --http "$phone:$port" --ports-file "$data/ports" --policy "$data/policy" \
    --tls-cert "$data/demo.crt" --tls-key "$data/demo.key" || { tail -5 "$data/node.log"; return 1; }
  SUYUAN_HTTP=https://$phone:${SUYUAN_HTTP##*:}
  curl -sf -o /dev/null --cacert "$data/demo.crt" "$SUYUAN_HTTP${can#https://id.gs1.org}"
  echo "$node_pid" >"$data/node.pid"
  write_env
}

if [ "$built" = no ]; then
  say "1. install and build"
  ./.ci/install
  mkdir -p build
  cmake --preset release -DSUYUAN_UNITY=ON >build/demo-configure.log || { tail -20 build/demo-configure.log; exit 1; }
  cmake --build --preset release --target suyuan-node suyuan -j "$(nproc)" >build/demo-build.log || { tail -40 build/demo-build.log; exit 1; }
fi

if [ "$cluster" = yes ]; then run_cluster_demo; exit 0; fi

say "2. a new ledger, and three witnesses with their own keys"
# A demo that was killed leaves its node running.
left=$(cat "$data/node.pid" 2>/dev/null || true)
if [ -n "$left" ] && [ "$(cat "/proc/$left/comm" 2>/dev/null)" = suyuan-node ]; then
  echo "the node of an earlier demo still runs, as process $left: stopping it"
  kill -TERM "$left" || { echo "demo.sh: cannot stop it; is it another user's?" >&2; exit 1; }
  for _ in $(seq 200); do kill -0 "$left" 2>/dev/null || break; sleep 0.1; done
fi
rm -rf "$data"
make_ledger
start_witnesses
cat "$data/policy"
start_demo_node

say "3. twenty parties, their products and places; the authority signs each registration"
register_parties

say "4. the supply chain: each submission is one batch, signed by its party's own key"
echo "(each is flagged BACKDATED, since it is posted months after it happened; the findings are in $data/post.log)"
post_events
put_documents

can=https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52
premix=https://id.gs1.org/01/09521103200018/10/PX0513
say "5. where does this can come from?   $can"
export SUYUAN_POLICY=$data/policy  # whom we trust: the log, and two of the three witnesses
"$suyuan" trace "$can" --verify | tee "$data/trace-before.txt"

say "6. the proof, as one file that needs no node: at least two of three witnesses cosigned it"
"$suyuan" trace "$can" --bundle "$data/can.suyuan.json" >/dev/null
stop_node
"$suyuan" verify "$data/can.suyuan.json"

say "7. a copy with one changed byte in one statement"
jq -c '.events[5].payload.bytes |= (if startswith("A") then "B" else "A" end) + .[1:]' "$data/can.suyuan.json" >"$data/changed.suyuan.json"
if "$suyuan" verify "$data/changed.suyuan.json"; then echo "demo.sh: a changed bundle was accepted" >&2; exit 1; fi


say "8. an inspector audits the whole ledger, from its first entry"
"$suyuan" audit "$data/node" --policy "$data/policy" --replay
start_demo_node

say "9. the premix lot must be recalled: who holds what was made of it?"
"$suyuan" recall "$premix"

say "10. the node was restarted: the same question gets the same answer"
"$suyuan" trace "$can" --verify >"$data/trace-after.txt"
cmp "$data/trace-before.txt" "$data/trace-after.txt"
echo "the same, byte for byte"

escaped=$(jq -rn --arg code "$can" '$code|@uri')
say "11. an EPCIS 2.0 client asks, in the standard's own words (how it captures: docs/epcis_rest.md)"
curl -sf "$SUYUAN_HTTP/epcis/epcs/$escaped/events?perPage=3" |
  jq -c '.epcisBody.queryResults.resultsBody.eventList[] | [.type, .bizStep, .eventTime, ."suyuan:statedBy"]'

say "12. what the can carries: a QR code of its own web address"
[ -z "$phone" ] || serve_to_phone
"$suyuan" label "$can" --text --host "$SUYUAN_HTTP"

say "open   $SUYUAN_HTTP/v1/codes/$escaped/trace?events=true"
echo "the proof: $SUYUAN_HTTP/v1/codes/$escaped/bundle"
say "open   $SUYUAN_HTTP${can#https://id.gs1.org}   the page of the can, checked in the browser"
if [ -n "$phone" ]; then
  echo "the phone warns of $data/demo.crt: go on, or trust it first (docs/tls.md, A certificate for a demonstration)"
else
  echo "for a phone, which cannot open 127.0.0.1: ./demo.sh --phone and this machine's address in its network"
fi
if [ "$once" = no ] && [ -z "${CI:-}" ] && [ -t 0 ] && [ -t 1 ]; then
  echo "The node runs as process $node_pid. In another terminal, here: . demo-data/env; then README.md, Five-minute tours."
  read -r -p "Press Enter to stop it. " _
fi
