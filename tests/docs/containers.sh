#!/usr/bin/env bash
# The image of node/container is built; one node runs in it as its defaults say, then three nodes of one ledger beside three members of etcd, with the
# restrictions of compose.yaml, one of them killed under the demo's posts: tests/docs/containers.sh [IMAGE]
# By command alone (docs/containers.md). It needs podman, or an engine with the same commands (SUYUAN_ENGINE), etcd, jq, and for the
# build the network. IMAGE: one that is built already. Exit code 77: there is no engine here.
set -euo pipefail
cd "$(dirname "$0")/../.."
engine=${SUYUAN_ENGINE:-podman}
command -v "$engine" >/dev/null || { echo "containers: SKIPPED, there is no $engine here"; exit 77; }
command -v etcd >/dev/null || { echo "containers: SKIPPED, etcd is not installed (Debian: etcd-server)"; exit 77; }
image=${1:-}
work=$(mktemp -d)
data=$work/data
name=suyuan-test-$$
suyuan=$work/suyuan # the image's client, as if it were installed
home=/var/lib/suyuan
mkdir -p "$data/node/keys" "$data/keys" "$work/config"
. tests/scenario/ledger.sh
. tests/scenario/cluster.sh

say() { echo "containers: $*"; }
die() { say "$*" >&2; exit 1; }
finish() {
  local status=$?
  stop_cluster
  for i in 1 2 3 alone; do
    [ "$status" -eq 0 ] || { echo "-- $i"; "$engine" logs --tail 5 "$name-$i" 2>&1 || true; }
    "$engine" rm -f "$name-$i" >/dev/null 2>&1 || true
    "$engine" volume rm -f "$name-$i" >/dev/null 2>&1 || true
  done
  rm -rf "$work"
  [ "$status" -eq 0 ] || say FAILED
}
trap finish EXIT

# As compose.yaml has it.
tight=(--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges)
in_volume() { # in_volume NODE [OPTION...] -- COMMAND...: one that ends by itself, where the node's data lies
  local i=$1 options=()
  shift
  while [ "$1" != -- ]; do options+=("$1"); shift; done
  shift
  "$engine" run --rm --network host "${tight[@]}" -v "$name-$i:$home" "${options[@]}" "$image" "$@"
}
put_file() { in_volume "$1" -i --entrypoint /bin/sh -- -c "umask 077; cat >$home/$2"; } # put_file NODE NAME, from stdin
get_file() { in_volume "$1" --entrypoint /bin/cat -- "$home/$2"; }

if [ -z "$image" ]; then
  image=$name
  "$engine" build -f node/container/Containerfile -t "$image" . >"$work/build.log" 2>&1 || { tail -20 "$work/build.log"; die "the image cannot be built"; }
  say "the image is built"
fi

in_volume alone -- init --data "$home/node" >/dev/null
"$engine" run -d --name "$name-alone" --network none "${tight[@]}" -v "$name-alone:$home" "$image" >/dev/null
for _ in $(seq 100); do
  "$engine" exec "$name-alone" suyuan --genesis "$home/node/genesis.leaf" status >"$work/status" 2>&1 && break
  sleep 0.1
done
grep -q 'the pinned ledger' "$work/status" || { cat "$work/status"; die "a node by the image's defaults does not answer"; }
[ "$("$engine" exec "$name-alone" id -u)" = 10001 ] || die "it does not run as its own user"
[ "$("$engine" exec "$name-alone" awk '$1=="CapBnd:"{print $2}' /proc/1/status)" = 0000000000000000 ] || die "it has capabilities"
[ "$("$engine" exec "$name-alone" awk '$1=="NoNewPrivs:"{print $2}' /proc/1/status)" = 1 ] || die "it may get new privileges"
if "$engine" exec "$name-alone" touch /usr/local/bin/x 2>/dev/null; then die "its root can be written"; fi
"$engine" stop -t 60 "$name-alone" >/dev/null
[ "$("$engine" inspect --format '{{.State.ExitCode}}' "$name-alone")" = 0 ] || die "SIGTERM does not end it with exit code 0"
say "one node: answers, as user 10001, without capabilities, on a root that is read-only; ends with 0"

cat >"$suyuan" <<END
#!/bin/sh
exec "$engine" run --rm --network host -v "$work:$work" -v "$PWD:$PWD:ro" -w "$PWD" --user "$(id -u):$(id -g)" -e SUYUAN_NODE -e SUYUAN_GENESIS \\
  -e XDG_CONFIG_HOME="$work/config" --entrypoint /usr/local/bin/suyuan "$image" "\$@"
END
chmod +x "$suyuan"
start_etcd
others=()
for i in 2 3; do others+=(--node "$(in_volume "$i" -- key --data "$home/node" --name "node-$i")"); done
in_volume 1 -- init --data "$home/node" --name node-1 --origin demo.suyuan.example/log "${others[@]}" >/dev/null
get_file 1 node/genesis.leaf >"$data/node/genesis.leaf"
for i in 2 3; do
  put_file "$i" genesis.leaf <"$data/node/genesis.leaf"
  get_file 1 node/keys/log.key | put_file "$i" log.key
  in_volume "$i" -- join --data "$home/node" --genesis "$home/genesis.leaf" --log-key "$home/log.key" >/dev/null
done
migrated=no
for _ in $(seq 50); do
  in_volume 1 -- migrate --data "$home/node" --etcd "$cluster_etcd" --etcd-log demo >"$work/migrate.log" 2>&1 && migrated=yes && break
  sleep 0.2
done
[ "$migrated" = yes ] || { cat "$work/migrate.log"; die "the log cannot be moved to etcd"; }
(umask 077; get_file 1 node/keys/registrar.key >"$data/node/keys/registrar.key")
export SUYUAN_GENESIS=$data/node/genesis.leaf

wait_for_ports() {
  for _ in $(seq 300); do
    "$engine" exec "$name-$1" cat /tmp/ports >"$data/ports-$1" 2>/dev/null && [ -s "$data/ports-$1" ] && return 0
    sleep 0.1
  done
  die "node $1 does not listen"
}
for i in 1 2 3; do
  printf '[serve]\ndata = "%s/node"\nrpc = "127.0.0.1:0"\nhttp = "127.0.0.1:0"\nports-file = "/tmp/ports"\norder = "etcd"\netcd = "%s"\netcd-log = "demo"\n' \
    "$home" "$cluster_etcd" | put_file "$i" member.toml
  "$engine" run -d --name "$name-$i" --network host "${tight[@]}" -v "$name-$i:$home" "$image" --config "$home/member.toml" serve >/dev/null
done
for i in 1 2 3; do wait_for_ports "$i"; done
use_node 2
register_parties >/dev/null
(sleep 2; "$engine" kill -s KILL "$name-1" >/dev/null) &
killer=$!
post_events >"$work/posted" || { tail -5 "$work/posted"; die "the posts do not go on"; }
wait "$killer"
"$engine" start "$name-1" >/dev/null
wait_for_ports 1
wait_for_all
can=https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52
urls=()
for i in 1 2 3; do
  use_node "$i"
  urls+=("$SUYUAN_HTTP")
  "$suyuan" trace "$can" --verify >"$data/trace-$i.txt"
  cmp "$data/trace-1.txt" "$data/trace-$i.txt"
done
"$suyuan" compare "${urls[@]}" >"$work/compare" || { cat "$work/compare"; die "they have not one ledger"; }
for i in 1 2 3; do
  "$engine" stop -t 60 "$name-$i" >/dev/null
  [ "$("$engine" inspect --format '{{.State.ExitCode}}' "$name-$i")" = 0 ] || die "node $i does not end with exit code 0"
done
say "three nodes, one killed under the posts and started again: one ledger, the same answer from each"
say OK
