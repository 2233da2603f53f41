# Three nodes of one ledger and three members of etcd on this machine, in bash functions, for ./demo.sh --cluster. The caller sets
# node, suyuan and data as for ledger.sh, which it reads first. After start_cluster: cluster_etcd, the members' addresses.
cluster_pids= cluster_etcd= peers= node_in_use=1 posted=0
: "${cluster_nodes:=1 2 3}" "${cluster_members:=1 2 3}" "${cluster_flags:=}" # others for bench/cluster.sh
declare -A member_pid client_port peer_port cluster_node

# Below the ports that the kernel gives to connections: a member that is away must find its own port free when it comes back.
free_port() {
  local port first=10240 end
  read -r end _ </proc/sys/net/ipv4/ip_local_port_range
  if [ "$end" -le $((first + 1000)) ]; then end=65536; fi # a machine that gives them all away
  while :; do
    port=$((first + RANDOM % (end - first)))
    case " ${client_port[*]} ${peer_port[*]} " in *" $port "*) continue ;; esac # given already
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return 0; }
  done
}

start_member() { # start_member N: with the ports it had
  etcd --name "m$1" --data-dir "$data/etcd-$1" --listen-client-urls "http://127.0.0.1:${client_port[$1]}" \
    --advertise-client-urls "http://127.0.0.1:${client_port[$1]}" --listen-peer-urls "http://127.0.0.1:${peer_port[$1]}" \
    --initial-advertise-peer-urls "http://127.0.0.1:${peer_port[$1]}" --initial-cluster "$peers" >>"$data/etcd-$1.log" 2>&1 &
  member_pid[$1]=$!
}

start_etcd() {
  local i
  client_port=() peer_port=()
  for i in $cluster_members; do client_port[$i]=$(free_port); peer_port[$i]=$(free_port); done
  peers= cluster_etcd=
  for i in $cluster_members; do
    peers+="${peers:+,}m$i=http://127.0.0.1:${peer_port[$i]}"
    cluster_etcd+="${cluster_etcd:+,}127.0.0.1:${client_port[$i]}"
  done
  for i in $cluster_members; do start_member "$i"; done
}

make_cluster() { # a key for each node, a genesis that names them all, the log in etcd
  local others=() migrated=no i
  for i in ${cluster_nodes#1}; do others+=(--node "$("$node" key --data "$data/node-$i" --name "node-$i")"); done
  "$node" init --data "$data/node" --name node-1 --origin demo.suyuan.example/log "${others[@]}"
  for i in ${cluster_nodes#1}; do
    "$node" join --data "$data/node-$i" --genesis "$data/node/genesis.leaf" --log-key "$data/node/keys/log.key" >/dev/null
  done
  for _ in $(seq 50); do
    "$node" migrate --data "$data/node" --etcd "$cluster_etcd" --etcd-log demo 2>"$data/migrate.log" && migrated=yes && break
    sleep 0.2
  done
  [ "$migrated" = yes ] || { tail -3 "$data/migrate.log"; return 1; }
  mv "$data/node" "$data/node-1"
  ln -s node-1 "$data/node" # where ledger.sh looks for the registrar's key
  export SUYUAN_GENESIS=$data/node-1/genesis.leaf
}

start_cluster_node() { # start_cluster_node N
  rm -f "$data/ports-$1"
  "$node" serve --data "$data/node-$1" --rpc 127.0.0.1:0 --http 127.0.0.1:0 --ports-file "$data/ports-$1" \
    --order etcd --etcd "$cluster_etcd" --etcd-log demo $cluster_flags 2>>"$data/node-$1.log" &
  cluster_node[$1]=$!
  for _ in $(seq 600); do [ -s "$data/ports-$1" ] && return 0; sleep 0.05; done
  tail -5 "$data/node-$1.log"
  return 1
}

use_node() { # use_node N: what suyuan asks from now on
  node_in_use=$1
  SUYUAN_NODE=127.0.0.1:$(awk '$1=="rpc"{print $2}' "$data/ports-$1")
  SUYUAN_HTTP=http://127.0.0.1:$(awk '$1=="http"{print $2}' "$data/ports-$1")
  export SUYUAN_NODE SUYUAN_HTTP
}

end_process() { # end_process SIGNAL PID
  kill "-$1" "$2" 2>/dev/null || true
  wait "$2" 2>/dev/null || true
}

stop_cluster() {
  local pid
  for pid in "${cluster_node[@]}"; do end_process TERM "$pid"; done
  for pid in "${member_pid[@]}"; do end_process TERM "$pid"; done
}

wait_for_all() { # until all nodes hold as much, and have published it
  local i sizes
  for _ in $(seq 300); do
    sizes=$(for i in $cluster_nodes; do use_node "$i"; curl -sf "$SUYUAN_HTTP/v1/status" | jq -c '[.head.size, .status.publishedSize] | unique' || echo away; done | sort -u)
    if [[ $sizes =~ ^\[[0-9]+\]$ ]]; then return 0; fi
    sleep 0.1
  done
  echo "the nodes do not come to one size" >&2
  return 1
}

# Each of the six processes is killed without warning. The one before it is back by then, so one is away at a time.
after_post() { # after_post N: what happens once the N-th of the scenario's 32 files is posted
  case $1 in
    3) kill_node 1 ;;
    6) revive_node 1 && kill_member 1 ;;
    9) revive_member 1 && kill_node 2 ;; # which takes the posts
    12) revive_node 2 && kill_member 2 ;;
    16) revive_member 2 && kill_node 3 ;; # which has taken them since
    20) revive_node 3 && kill_member 3 ;;
    26) revive_member 3 ;;
  esac
}
kill_node() { echo "node $1 is killed"; end_process KILL "${cluster_node[$1]}"; }
kill_member() { echo "member $1 of etcd is killed"; end_process KILL "${member_pid[$1]}"; }
revive_node() { start_cluster_node "$1" && echo "node $1 is back"; }
revive_member() { # and waits until it has found the others
  start_member "$1"
  for _ in $(seq 300); do
    if ! kill -0 "${member_pid[$1]}" 2>/dev/null; then start_member "$1"; fi # its port was taken
    if curl -sf -m 2 "http://127.0.0.1:${client_port[$1]}/health" >/dev/null; then echo "member $1 is back"; return 0; fi
    sleep 0.1
  done
  echo "member $1 does not come back" >&2
  tail -5 "$data/etcd-$1.log" >&2
  return 1
}

# A post without an answer (exit code 3) may be in the ledger or not. The journal beside the file has the signed batch, so the
# same command through another node posts nothing twice.
post_through_any() { # post_through_any FILE PARTY
  local status=3
  for _ in 1 2 3 4; do
    status=0
    post_file "$@" || status=$?
    [ "$status" -eq 3 ] || break
    echo "node $node_in_use does not answer: the same command, through node $((node_in_use % 3 + 1))"
    use_node $((node_in_use % 3 + 1))
  done
  [ "$status" -eq 0 ] || return "$status"
  posted=$((posted + 1))
  after_post "$posted"
}

run_cluster_demo() {
  say "2. three members of etcd, and a ledger that names three nodes"
  rm -rf "$data"
  mkdir -p "$data/keys"
  export XDG_CONFIG_HOME=$data/config # what suyuan remembers of this demo stays in its folder
  start_etcd
  make_cluster
  for i in 1 2 3; do start_cluster_node "$i"; done
  use_node 1

  say "3. the registry, through node 1"
  register_parties

  say "4. the supply chain, through node 2; each node and each member of etcd is killed on the way, one after the other"
  use_node 2
  post_events post_through_any
  wait_for_all

  say "5. the same question to each node"
  local can=https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52
  for i in 1 2 3; do
    use_node "$i"
    "$suyuan" trace "$can" --verify >"$data/trace-$i.txt"
  done
  cat "$data/trace-1.txt"
  cmp "$data/trace-1.txt" "$data/trace-2.txt"
  cmp "$data/trace-1.txt" "$data/trace-3.txt"
  echo "the same from all three, byte for byte"

  say "6. a reader who trusts only what two of the three nodes signed"
  use_node 1
  "$suyuan" trust --nodes 2
  cp tests/scenario/documents/picture.json "$data/picture.json"
  "$suyuan" post "$data/picture.json" --one-batch --party nz-mfr --key "$data/keys/nz-mfr.key" --nodes 2 2>>"$data/post.log"
  use_node 3
  "$suyuan" trace "$can" --bundle "$data/can.suyuan.json"
  "$suyuan" verify "$data/can.suyuan.json"

  say "7. node 3 loses its disk, and fetches the ledger from another node"
  end_process TERM "${cluster_node[3]}"
  mv "$data/node-3/keys/node.key" "$data/kept.key"
  rm -rf "$data/node-3"
  mkdir -m 700 "$data/node-3" "$data/node-3/keys"
  mv "$data/kept.key" "$data/node-3/keys/node.key"
  "$node" join --data "$data/node-3" --genesis "$data/node-1/genesis.leaf" --log-key "$data/node-1/keys/log.key"
  start_cluster_node 3
  wait_for_all

  say "8. one ledger?"
  local urls=()
  for i in 1 2 3; do use_node "$i"; urls+=("$SUYUAN_HTTP"); done
  "$suyuan" compare "${urls[@]}"
}
