# Sourced by run.sh: the parts that say how Suyuan grows. Ledgers of 10^5, 10^6 and 10^7 events (--events N: the largest), one after
# the other, each deleted before the next: opening, provenance at 1,000 questions a second beside appends, recall of a lot of a tenth
# as many units, which are among these events, and then posts at full speed; and the bytes on disk of events of 500 bytes, singly
# signed up to 10^6. Lines of JSON in scale.jsonl.
# A node's EPCIS index is not made meanwhile (--no-epcis): it would be written, in the background, beside what is measured. Its own
# bytes are in the rows of storage.
# A ledger that was given (--ledger) is served where it is, not copied: the bench's party, the appends and the posts stay in it.

# making_seconds: the longest that a ledger of the storage part may take. disk_bytes: what an event may take while its store is compacted.
making_seconds=5400 disk_bytes=2000
question_rate=1000 append_rate=500

scale_sizes() {
  [ "$short" = no ] || { echo 2000; return; }
  for size in 100000 1000000 10000000; do [ "$size" -gt "$scale_events" ] || echo "$size"; done
}

leave_out() { # leave_out WHAT: says so in the report, and now
  echo "bench: left out: $1" >&2
  jq -cn --arg what "$1" '{kind: "left out", what: $what}' >>"$out/scale.jsonl"
}

room_for() { # room_for EVENTS WHAT: is there space on the disk? If not, WHAT is left out
  local free needed=$(($1 * disk_bytes))
  free=$(df --output=avail -B1 "$work" | tail -1)
  [ "$free" -lt "$needed" ] || return 0
  leave_out "$2: it needs $((needed >> 20)) MiB on the disk, and $((free >> 20)) are free"
  return 1
}

# until_idle SECONDS FOLDER: until the node uses less than 0.05 s of CPU in two seconds and what it wrote into FOLDER stays as large; a
# disk that is waited for takes no CPU. False if it was still busy then.
until_idle() {
  local use bytes seen=-1 held=-1 end=$((SECONDS + $1))
  while [ "$SECONDS" -lt "$end" ]; do
    use=$(awk '{print $14 + $15}' "/proc/$node_pid/stat") || exit 1
    bytes=$(du -sb "$2" 2>/dev/null | cut -f1) || true # a file may go meanwhile
    [ "$seen" -lt 0 ] || [ $((use - seen)) -ge 5 ] || [ "$bytes" != "$held" ] || return 0
    seen=$use held=$bytes
    sleep 2
  done
  return 1
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
  room_for "$1" "a ledger of $1 events" || return 0
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
  post_all "$events"
}

# Single events and batches into the ledger as fast as the node takes them, after what they are compared with: a server that only
# verifies, and RocksDB with the same rows. Both of these begin with a new store.
post_all() { # post_all EVENTS: as many as the ledger had when it was made
  local singles=$((${seconds%.*} * 25000 + 10000)) batches=$((${seconds%.*} * 8000 + 5000)) only rocks
  say "scale: posts into a ledger of $1 events"
  TMPDIR=$work "$bin/bench/suyuan_bench" --benchmark_min_time="$min_time" \
    --benchmark_filter='^ceiling/rocks_commit/batch:256/batches:16' --benchmark_out="$work/rocks" --benchmark_out_format=json >/dev/null
  rocks=$(jq -e '.benchmarks[0].items_per_second' "$work/rocks") # null if no benchmark has the name
  windows=256 post_to "$bin/bench/suyuan-bench-verify-only" "$work/verify-only" --batches 1 --no-receipt-check --events "$singles"
  only=$(jq 'select(.batch) | .eventsPerSecond' "$work/verify-only")
  start_node "$ledger" --no-epcis --cache-mib 256
  until_idle 120 "$ledger" || true # what the store still had to compact
  post_window "$1" 1 256 "$singles" "a server that only verifies" "$only"
  post_window "$1" 256 64 "$batches" "RocksDB, the same rows" "$rocks"
  stop_node
}

post_window() { # post_window EVENTS BATCH IN-FLIGHT MOST CEILING ITS-RATE: MOST events are signed, 8 times as many in batches
  local held sealed
  held=$(metric suyuan_store_stall_seconds_total)
  SUYUAN_GENESIS="$ledger/genesis.leaf" SUYUAN_NODE=$rpc "$bin/client/suyuan" bench --json --registrar "$ledger/keys/registrar.key" \
    --key "$ledger.key" --folder "$work" --seconds "$seconds" --batches "$2" --in-flight "$3" --events "$4" --node-pid "$node_pid" \
    >"$work/posted"
  sealed=$(metric suyuan_published_size)
  jq -c --argjson events "$1" --arg name "$5" --argjson ceiling "$6" --argjson held "$held" --argjson sealed "$sealed" \
    --argjson held_now "$(metric suyuan_store_stall_seconds_total)" --argjson leaves "$(metric suyuan_log_leaves)" \
    'select(.batch) + {kind: "posts", ledgerEvents: $events, ceilingName: $name, ceiling: $ceiling,
      heldSeconds: ($held_now - $held), notSealed: ($leaves - $sealed)}' "$work/posted" >>"$out/scale.jsonl"
}

stored_ledger() { # stored_ledger EVENTS EVENTS-IN-A-BATCH: bytes on disk, as written, compacted, and with the index of EPCIS
  local index_bytes=null status=0 what="storage of $1 events, $2 in a batch"
  room_for "$1" "$what" || return 0
  say "scale: $what, of 500 bytes each"
  timeout --foreground "$making_seconds" "$bin/bench/suyuan-bench-ledger" --data "$work/ledger" --events 0 --lot "$1" --loose \
    --payload 500 --batch "$2" --compact >"$work/made" || status=$?
  if [ "$status" -eq 124 ]; then
    leave_out "$what: its ledger was not made in $making_seconds s"
    rm -rf "$work/ledger"
    return 0
  fi
  [ "$status" -eq 0 ] || return "$status"
  # The index is there when the node has nothing more to do.
  start_node "$work/ledger" --scrub-mib-per-s 0
  if until_idle 1800 "$work/ledger"; then
    stop_node
    index_bytes=$(du -sb "$work/ledger/epcis/index" | cut -f1)
  else
    stop_node
    leave_out "the EPCIS index in the $what: it was not made in half an hour"
  fi
  jq -c --argjson index "$index_bytes" '. + {kind: "storage"} + if $index then {indexBytes: $index} else {} end' \
    "$work/made" >>"$out/scale.jsonl"
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
    stored_ledger "$size" 256
    [ "$size" -gt 1000000 ] || stored_ledger "$size" 1
    grown_ledger "$size"
  done
}
