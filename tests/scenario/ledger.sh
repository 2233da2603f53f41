# The demo's ledger in bash functions, for ./demo.sh and for the test of the documents. The caller sets
#   node, suyuan   the two programs
#   data           a folder that exists and holds no ledger
# and runs in the root of the project. After start_node: node_pid, SUYUAN_NODE, SUYUAN_HTTP.
# What makes or starts something returns 1 at its first failure: before || and &&, set -e is off inside a function.
node_pid= witness_pids=

make_ledger() {
  mkdir -p "$data/keys" || return 1
  "$node" init --data "$data/node" --origin demo.suyuan.example/log || return 1
  export SUYUAN_GENESIS=$data/node/genesis.leaf
}

# Three witnesses, each with its own folder and key, and the policy that asks for two of them: $data/policy.
start_witnesses() {
  local name vkey
  grep -v '^quorum' "$data/node/policy" >"$data/policy" || return 1
  for name in north south west; do
    vkey=$("$suyuan" witness init --data "$data/witness-$name" --name "$name.witness.example") || return 1
    "$suyuan" witness add-log --data "$data/witness-$name" --log "$(sed -n 's/^log //p' "$data/node/policy")" >/dev/null || return 1
    "$suyuan" witness serve --data "$data/witness-$name" --listen 127.0.0.1:0 --ports-file "$data/witness-$name.ports" \
      2>>"$data/witness-$name.log" >&2 &
    witness_pids="$witness_pids $!"
    for _ in $(seq 600); do [ -s "$data/witness-$name.ports" ] && break; sleep 0.05; done
    [ -s "$data/witness-$name.ports" ] || { echo "the witness $name does not listen" >&2; tail -5 "$data/witness-$name.log" >&2; return 1; }
    echo "witness $name $vkey http://127.0.0.1:$(awk '$1=="http"{print $2}' "$data/witness-$name.ports")" >>"$data/policy"
  done
  printf 'group two-of-three 2 north south west\nquorum two-of-three\n' >>"$data/policy"
}

stop_witnesses() {
  local pid
  for pid in $witness_pids; do kill -TERM "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  witness_pids=
}

start_node() { # start_node RPC_PORT HTTP_PORT [OPTION...]: fails where a port is taken; 0 takes a free one
  local rpc=$1 http=$2
  shift 2
  start_node_with --data "$data/node" --rpc "127.0.0.1:$rpc" --http "127.0.0.1:$http" --ports-file "$data/ports" "$@"
}

start_node_with() { # start_node_with OPTION...: one of them says that the ports file is $data/ports
  rm -f "$data/ports"
  "$node" serve "$@" 2>>"$data/node.log" &
  node_pid=$!
  for _ in $(seq 600); do
    [ -s "$data/ports" ] && break
    if ! kill -0 "$node_pid" 2>/dev/null; then wait "$node_pid" || true; node_pid=; return 1; fi
    sleep 0.05
  done
  [ -s "$data/ports" ] || { stop_node; return 1; }
  SUYUAN_NODE=127.0.0.1:$(awk '$1=="rpc"{print $2}' "$data/ports")
  SUYUAN_HTTP=http://127.0.0.1:$(awk '$1=="http"{print $2}' "$data/ports")
  export SUYUAN_NODE SUYUAN_HTTP
}

stop_node() {
  [ -n "$node_pid" ] || return 0
  kill -TERM "$node_pid" 2>/dev/null || true
  wait "$node_pid" 2>/dev/null || true
  node_pid=
}

# $data/env: what another terminal sources to ask the node that runs now.
write_env() {
  {
    printf 'export PATH="$PATH":%q\n' "$(dirname "$suyuan")"
    printf 'export SUYUAN_DEMO=%q SUYUAN_GENESIS=%q\n' "$data" "$SUYUAN_GENESIS"
    printf 'export SUYUAN_NODE=%q SUYUAN_HTTP=%q\n' "$SUYUAN_NODE" "$SUYUAN_HTTP"
  } >"$data/env"
}

wait_for_seal() { # until a published checkpoint covers the whole log: for who asks by other means than suyuan, which waits by itself
  for _ in $(seq 200); do
    [ "$("$suyuan" status --json | jq '.head.size == .status.publishedSize')" = true ] && return 0
    sleep 0.1
  done
  echo "no checkpoint covers the log" >&2
  return 1
}

register_parties() {
  local party parties file
  parties=$(jq -r '.[].party' tests/scenario/submissions.json | sort -u) || return 1
  for party in $parties; do
    "$suyuan" keygen "$party" --out "$data/keys/$party.key" >/dev/null || return 1
  done
  for file in parties products sites; do
    "$suyuan" registry "tests/scenario/registry/$file.json" --key "$data/node/keys/registrar.key" --keys "$data/keys" || return 1
  done
}

post_file() { # post_file FILE PARTY: as one batch, with the remarks in $data/post.log
  "$suyuan" post "$1" --one-batch --party "$2" --key "$data/keys/$2.key" 2>>"$data/post.log"
}

post_events() { # post_events [POST]: POST FILE PARTY posts one submission, as post_file does
  local post=${1:-post_file} id party file list
  list=$(jq -r '.[] | [.id, .party, .file] | @tsv' tests/scenario/submissions.json) || return 1
  while IFS=$'\t' read -r id party file; do
    # The journals of posts lie beside the posted files: so post copies.
    cp "tests/scenario/$file" "$data/$id.json" || return 1
    "$post" "$data/$id.json" "$party" || { tail -5 "$data/post.log"; return 1; }
  done <<<"$list"
}

# What the scenario's statements name by digest, and one statement more: the maker's picture of the can.
put_documents() {
  cp tests/scenario/documents/picture.json "$data/picture.json" || return 1
  post_file "$data/picture.json" nz-mfr || { tail -5 "$data/post.log"; return 1; }
  put_document nz-mfr tests/scenario/documents/can.webp image/webp &&
    put_document nz-lab tests/scenario/documents/TAL-26-0611.txt text/plain &&
    put_document nz-mpi tests/scenario/documents/NZ-HC-2026-008841.txt text/plain &&
    put_document cn-customs tests/scenario/documents/XMJC-26-3390.txt text/plain &&
    put_document cn-customs tests/scenario/documents/3712-REL-26-00817.txt text/plain &&
    put_document cn-samr tests/scenario/documents/XMSJ-CJ-26-0455.txt text/plain
}

put_document() { # put_document PARTY FILE TYPE: with a permit signed by the party (docs/attachments.md)
  local name
  name=$(sha256sum "$2" | cut -d' ' -f1) || return 1
  curl -sf -o /dev/null -X PUT -H "Authorization: $(permit "$data/keys/$1.key" put "$name")" -H "Content-Type: $3" \
    --data-binary @"$2" "$SUYUAN_HTTP/v1/attachments/$name" || { echo "$2 cannot be put" >&2; return 1; }
}

unhex() { printf "$(sed 's/../\\x&/g')"; }

permit() { # permit KEY_FILE put|get SHA256
  local party public seed text id signature
  party=$(awk '$1=="name"{print $2}' "$1")
  public=$(awk '$1=="key"{print $2}' "$1")
  seed=$(awk '$1=="secret"{print $2}' "$1" | base64 -d | od -An -v -tx1 | tr -d ' \n')
  text=$(mktemp)
  printf 'suyuan/attachment/v1\nledger %s %s\nparty %s\nact %s\nsha256 %s\nuntil %s\n' \
    "$(awk '$1=="origin"{print $2}' "$SUYUAN_GENESIS")" "$(openssl dgst -sha256 -binary "$SUYUAN_GENESIS" | base64)" \
    "$party" "$2" "$3" "$(($(date +%s) * 1000 + 1800000))" >"$text"
  id=$({ printf '%s\n\001' "$party"; printf %s "$public" | base64 -d; } | openssl dgst -sha256 -r | cut -c1-8)
  signature=$(openssl pkeyutl -sign -rawin -in "$text" -keyform DER \
    -inkey <(printf '302e020100300506032b657004220420%s' "$seed" | unhex) | od -An -v -tx1 | tr -d ' \n')
  { cat "$text"; printf '\n\342\200\224 %s %s\n' "$party" "$(printf %s "$id$signature" | unhex | base64 -w0)"; } |
    base64 -w0 | sed 's/^/Suyuan-Note /'
  rm -f "$text"
}
