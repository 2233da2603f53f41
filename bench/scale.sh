# Sourced by run.sh: the parts that say how Suyuan grows. Ledgers of 10^5, 10^6 and 10^7 events (--events N: the largest), one after
# the other, each deleted before the next: opening, provenance at 1,000 questions a second beside appends, recall of a lot of a tenth
# as many units, which are among these events; and the bytes on disk of events of 500 bytes. Lines of JSON in scale.jsonl.
# A node's EPCIS index is not made meanwhile (--no-epcis): it would be written, in the background, beside what is measured. Its own
# bytes are in the rows of storage.

question_rate=1000 append_rate=500

scale_sizes() {
  [ "$short" = no ] || { echo 2000; return; }
  for size in 100000 1000000 10000000; do [ "$size" -gt "$scale_events" ] || echo "$size"; done
}

metric() { curl -sf "http://127.0.0.1:$http_port/metrics" | awk -v name="$1" '$1==name{print $2}'; }

ask_traces() { # ask_traces NAME SECONDS FLAG...
  "$bin/bench/suyuan-bench-http" --port "$http_port" --codes "$ledger.codes" --node-pid "$node_pid" --name "$1" --seconds "$2" "${@:3}" |
    jq -c '. + {kind: "trace"}' >>"$out/scale.jsonl"
}

# Posts of one event each, at a steady rate. They begin some seconds after the program, which measures and signs first.
append_beside() { # append_beside SECONDS
  local before
  before=$(metric suyuan_log_leaves)
  SUYUAN_GENESIS="$ledger/genesis.leaf" SUYUAN_NODE=$rpc "$bin/client/suyuan" bench --json --registrar "$ledger/keys/registrar.key" \
    --key "$ledger.key" --folder "$work" --seconds "$1" --rate "$append_rate" --in-flight 64 --batches 1 --node-pid "$node_pid" \
    >"$work/appends" &
  append_pid=$!
  for _ in $(seq 600); do
    [ "$(metric suyuan_log_leaves)" -lt $((before + append_rate / 5)) ] || return 0
    kill -0 "$append_pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "bench: no appends came" >&2
  return 1
}

grown_ledger() { # grown_ledger EVENTS: everything that is asked of one ledger
  ledger=$work/ledger
  say "scale: a ledger of $1 events, a tenth of them of one lot"
  "$bin/bench/suyuan-bench-ledger" --data "$ledger" --codes "$ledger.codes" --events $(($1 / 10 * 9)) --lot $(($1 / 10)) >"$ledger.json"
  ask_all
  rm -rf "$ledger" "$ledger.codes" "$ledger.key"
}

ask_all() { # of the ledger in the folder $ledger, with $ledger.codes and $ledger.json, as they were made
  local events lot store_mib
  events=$(jq .events "$ledger.json")
  lot=$(jq -r .lot "$ledger.json")
  store_mib=$(du -sm "$ledger/store" | cut -f1)
  jq -c --argjson mib "$store_mib" '. + {kind: "made", storeMib: $mib}' "$ledger.json" >>"$out/scale.jsonl"
  say "scale: opening, provenance and recall over $events events"
  for _ in 1 2 3; do
    local before=$EPOCHREALTIME
    start_node "$ledger" --no-epcis --cache-mib 256
    jq -cn --arg name "$events events" --argjson from "$before" --argjson to "$EPOCHREALTIME" \
      --argjson rss "$(awk '/^VmRSS/{print $2}' "/proc/$node_pid/status")" \
      --argjson ticks "$(sed 's/.*) //' "/proc/$node_pid/stat" | awk '{print $12 + $13}')" --argjson hz "$(getconf CLK_TCK)" \
      '{kind: "open", name: $name, seconds: ($to - $from), rssMib: ($rss / 1024), cpuSeconds: ($ticks / $hz)}' >>"$out/scale.jsonl"
    stop_node
  done
  for cache in 8 256; do
    start_node "$ledger" --no-epcis --cache-mib "$cache"
    local name="$events events, store $store_mib MiB, cache $cache MiB"
    ask_traces "$name" "$seconds" --connections 1
    ask_traces "$name" "$seconds" --connections 32 --rate "$question_rate"
    append_beside "$(awk -v s="$seconds" 'BEGIN { print 2 * s }')"
    ask_traces "$name; beside $append_rate appends/s" "$seconds" --connections 32 --rate "$question_rate"
    wait "$append_pid"
    append_pid=
    jq -c --arg name "$name" 'select(.batch) + {kind: "appends", name: $name}' "$work/appends" >>"$out/scale.jsonl"
    "$bin/bench/suyuan-bench-recall" --port "$http_port" --code "$lot" --node-pid "$node_pid" --name "$name" |
      jq -c '. + {kind: "recall"}' >>"$out/scale.jsonl"
    stop_node
  done
}

stored_ledger() { # stored_ledger EVENTS EVENTS-IN-A-BATCH: bytes on disk, as written, compacted, and with the index of EPCIS
  local index_bytes use seen=-1
  say "scale: storage of $1 events of 500 bytes, $2 in a batch"
  "$bin/bench/suyuan-bench-ledger" --data "$work/ledger" --events 0 --lot "$1" --loose --payload 500 --batch "$2" --compact >"$work/made"
  start_node "$work/ledger"
  # The index is there when the node has nothing more to do: less than 0.05 s of CPU in two seconds.
  for _ in $(seq 600); do
    use=$(awk '{print $14 + $15}' "/proc/$node_pid/stat")
    [ "$seen" -lt 0 ] || [ $((use - seen)) -ge 5 ] || break
    seen=$use
    sleep 2
  done
  stop_node
  index_bytes=$(du -sb "$work/ledger/epcis/index" | cut -f1)
  jq -c --argjson index "$index_bytes" '. + {kind: "storage", indexBytes: $index}' "$work/made" >>"$out/scale.jsonl"
  rm -rf "$work/ledger"
}

scale() {
  local size
  if [ -n "$scale_ledger" ]; then
    ledger=$scale_ledger
    ask_all
    return
  fi
  for size in $(scale_sizes); do
    [ "$size" -gt 1000000 ] || stored_ledger "$size" 256
    [ "$size" -gt 100000 ] || stored_ledger "$size" 1
    grown_ledger "$size"
  done
}
