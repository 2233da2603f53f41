#!/usr/bin/env bash
# A second opinion on power cuts: a real node on LazyFS, a file system that forgets what was not synced.
#   tests/faults/lazyfs.sh COUNT SEED [LAZYFS [BUILD [RESULTS]]]
# By command alone. LAZYFS (or SUYUAN_LAZYFS) is the program that you built from github.com/dsrhaslab/lazyfs; it needs
# FUSE 3, /dev/fuse and the right to mount. In each of COUNT rounds a client posts under load, the node is killed, LazyFS
# drops every page that nobody synced, and the node starts again: all that was acknowledged is there, the log is whole,
# no checkpoint is withdrawn. Then the controls, whose syncs do nothing: each must lose something. SEED: of the moments.
# Counts go to RESULTS (default: lazyfs-SEED.txt in BUILD). Exit codes: 0 nothing found, 1 something was, 77 it cannot run here.
set -euo pipefail

if [ $# -lt 2 ] || ! [[ $1 =~ ^[1-9][0-9]{0,4}$ && $2 =~ ^[0-9]{1,9}$ ]]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
count=$1
RANDOM=$(($2 % 32768))
lazyfs=${3:-${SUYUAN_LAZYFS:-}}
cannot() { echo "lazyfs: SKIPPED, $*"; exit 77; }
[ -n "$lazyfs" ] || cannot "there is no LazyFS: build github.com/dsrhaslab/lazyfs and name its program"
[ -x "$lazyfs" ] && [ ! -d "$lazyfs" ] || cannot "there is no LazyFS at $lazyfs: build github.com/dsrhaslab/lazyfs and name its program"
[ -c /dev/fuse ] || cannot "there is no /dev/fuse (modprobe fuse; in a container: --device /dev/fuse)"
for tool in fusermount3 mountpoint strace jq; do
  command -v "$tool" >/dev/null || cannot "there is no $tool (Debian: fuse3, util-linux, strace, jq)"
done
lazyfs=$(realpath "$lazyfs")
build=$(realpath "${4:-$(dirname "$0")/../../build/release}")
results=$(realpath -m "${5:-$build/lazyfs-$2.txt}")
cd "$(dirname "$0")/../.."
node=$build/node/suyuan-node
suyuan=$build/client/suyuan
controls=3
work=$(mktemp -d)
mount=$work/mount
lazyfs_pid='' watcher='' poster='' tracer=''
mkdir "$mount" "$work/root"
. tests/scenario/ledger.sh

say() { echo "$*" | tee -a "$results"; }
die() { say "lazyfs: $*"; exit 1; }
end() { # end PID SIGNAL: a process that we started
  kill "-$2" "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}
finish() {
  local status=$?
  trap - EXIT
  # LazyFS first: whoever waits for it then goes on with an error.
  for pid in $lazyfs_pid; do end "$pid" TERM; done
  for pid in $watcher $poster $node_pid $tracer; do end "$pid" KILL; done
  fusermount3 -u -z "$mount" 2>/dev/null || true
  if [ "$status" -eq 1 ] && [ -n "${data:-}" ]; then tail -n 5 "$data"/*.log "$work/lazyfs.log" 2>/dev/null || true; fi
  rm -rf --one-file-system "$work" || true
  exit "$status"
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

mount_lazyfs() {
  cat >"$work/lazyfs.toml" <<END
[faults]
fifo_path="$work/faults"
fifo_path_completed="$work/done"
[cache]
apply_eviction=false
[cache.simple]
custom_size="256MB"
blocks_per_page=1
[filesystem]
log_all_operations=false
logfile=""
END
  mkfifo "$work/faults" "$work/done"
  exec 8<>"$work/faults" 9<>"$work/done" # both ways: so neither side waits for the other
  # It takes no configuration whose path has -o in it: a name, then. -s: one thread, its locking is not our subject. The
  # time is bounded here: without LazyFS every other wait ends too.
  local options=(--config-path lazyfs.toml -o modules=subdir -o "subdir=$work/root" -f -s)
  (cd "$work" && exec timeout -k 5 $((120 + 60 * (count + controls))) "$lazyfs" "$mount" "${options[@]}") \
    >"$work/lazyfs.log" 2>&1 8>&- 9>&- &
  lazyfs_pid=$!
  for _ in $(seq 300); do
    mountpoint -q "$mount" && return 0
    kill -0 "$lazyfs_pid" 2>/dev/null || break
    sleep 0.1
  done
  tail -5 "$work/lazyfs.log"
  cannot "LazyFS does not mount"
}

# Every page that nobody synced is dropped. One file that was synced and one that was not tell that it was so.
lose_unsynced() {
  local answer=
  printf kept >"$mount/synced"
  sync "$mount/synced"
  printf lost >"$mount/unsynced"
  echo lazyfs::clear-cache >&8
  read -r -t 60 answer <&9 || true
  [ "$answer" = finished::clear-cache ] || die "LazyFS does not answer clear-cache (fifo_path_completed: a version of 2023 or later)"
  [ "$(timeout 30 cat "$mount/synced")" = kept ] || die "LazyFS lost a file that was synced"
  [ ! -s "$mount/unsynced" ] || die "LazyFS kept a file that was not synced"
}

# new_ledger NAME: its folder is on LazyFS; keys, journals and the client's memory are not.
new_ledger() {
  data=$work/$1
  mkdir -p "$data/keys"
  export XDG_CONFIG_HOME=$data/config
  "$node" init --data "$mount/$1" --origin lazyfs.suyuan.example/log >"$data/init.log"
  ln -s "$mount/$1" "$data/node"
  cp "$mount/$1/genesis.leaf" "$data/genesis.leaf"
  export SUYUAN_GENESIS=$data/genesis.leaf
  serve || die "$1: the node does not start"
  register_parties >"$data/parties.log" 2>&1 || die "$1: the parties cannot be registered"
}

# No free space is known of LazyFS.
serve() { start_node 0 0 --seal-interval-ms 20 --disk-reserve-mib 0 --log-level warning; }

# events ROUND: more than a round can post, each of one new lot of milk.
events() {
  jq -c --argjson round "$1" '.[0] | del(.documents) as $event | range(20000) as $i | $event
    | .eventID = "urn:uuid:00000000-0000-4000-8000-" + ("000000000000\($round * 100000 + $i)")[-12:]
    | .objects[0].code = "https://id.gs1.org/01/09521101100013/10/R\($round)N\($i)"' tests/scenario/events/A01.json
}

watch_checkpoints() { # until the node is dead: the client remembers each, and refuses any later one that does not extend it
  while "$suyuan" status --json 2>/dev/null >"$data/status" && jq .head.size "$data/status" >>"$data/seen"; do sleep 0.02; done
}

# load_and_kill ROUND: leaves the journal with what was acknowledged, and $data/seen. Sets `after`.
load_and_kill() {
  local file=$data/events-$1.ndjson
  events "$1" >"$file"
  : >"$data/seen"
  "$suyuan" post "$file" --batch 4 --in-flight 16 --key "$data/keys/nz-farm-1.key" >>"$data/post.log" 2>&1 &
  poster=$!
  watch_checkpoints &
  watcher=$!
  for _ in $(seq 400); do grep -q -s '^receipt ' "$file.suyuan-journal" && break; sleep 0.05; done
  after=$((50 + RANDOM % 950))
  sleep "$(printf '%d.%03d' $((after / 1000)) $((after % 1000)))"
  end "$node_pid" KILL
  node_pid=
  for _ in $(seq 300); do kill -0 "$poster" 2>/dev/null || break; sleep 0.1; done
  end "$poster" KILL
  poster=
  end "$watcher" KILL
  watcher=
  acknowledged=$(grep -c '^receipt ' "$file.suyuan-journal" || true)
  [ "$acknowledged" -gt 0 ] || die "round $1: nothing was acknowledged"
}

last_line() { grep . "$1" | tail -1 | sed "s#$work/##g" | cut -c-120; }

audit_folder() { # audit_folder WHEN: adds to `wrong` what the audit of the node's folder finds
  local code=0
  timeout 120 "$suyuan" audit "$data/node" >"$data/audit.log" 2>&1 || code=$?
  [ "$code" -ne 0 ] || return 0
  wrong+="; the audit of the folder $1, exit code $code"
  cat "$data/audit.log" >>"$results"
}

# whole ROUND: the log is whole and holds all that was acknowledged and shown. Else it fails, and `wrong` says what is not so.
whole() {
  local newest
  newest=$(sort -n "$data/seen" | tail -1)
  wrong=
  audit_folder "as the kill left it"
  if serve; then
    timeout 120 "$suyuan" receipt --journal "$data/events-$1.ndjson.suyuan-journal" >"$data/receipt.log" 2>&1 ||
      wrong+="; receipts: $(last_line "$data/receipt.log")"
    timeout 30 "$suyuan" status --json >"$data/status" 2>"$data/status.log" || wrong+="; checkpoints: $(last_line "$data/status.log")"
    jq -e --argjson newest "${newest:-0}" '.head.size >= $newest' "$data/status" >/dev/null 2>&1 ||
      wrong+="; the newest checkpoint is older than one that was shown"
  else
    wrong+="; the node does not start: $(last_line "$data/node.log")"
  fi
  stop_node
  audit_folder "after the restart"
  wrong=${wrong#; }
  [ -z "$wrong" ]
}

# From now on the node's syncs do nothing and say they did.
unsync_node() {
  local syncs=fsync,fdatasync,sync_file_range,syncfs,sync
  strace -f -qq -o "$data/strace.log" -e "trace=$syncs" -e "inject=$syncs:retval=0" -p "$node_pid" 2>"$data/attach.log" &
  tracer=$!
  for _ in $(seq 100); do
    grep -q "^TracerPid:.*[1-9]" "/proc/$node_pid/status" && return 0
    sleep 0.05
  done
  die "strace cannot attach to the node: $(tail -1 "$data/attach.log")"
}

{
  echo "lazyfs: count $count, seed $2, begun $(date -u +%Y-%m-%dT%H:%M:%SZ)"
  git log -1 --format='commit %H' 2>/dev/null || true
} | tee "$results"
mount_lazyfs
new_ledger ledger
batches=0 checkpoints=0
for round in $(seq "$count"); do
  load_and_kill "$round"
  lose_unsynced
  seen=$(sort -nu "$data/seen" | wc -l)
  whole "$round" || die "FAILED in round $round: $wrong"
  serve || die "FAILED in round $round: the node does not start after it was stopped"
  batches=$((batches + acknowledged)) checkpoints=$((checkpoints + seen))
  say "round $round: killed $after ms after the first receipt, $acknowledged batches acknowledged, $seen checkpoints seen"
done
for journal in "$data"/*.suyuan-journal; do
  timeout 600 "$suyuan" receipt --journal "$journal" >"$data/receipt.log" 2>&1 || die "FAILED: a receipt of $(basename "$journal") at the end"
done
stop_node
say "$count rounds: $batches batches acknowledged, $checkpoints checkpoints seen, nothing lost or withdrawn"

lost=0
for control in $(seq "$controls"); do
  new_ledger "control-$control"
  unsync_node
  load_and_kill "$control"
  end "$tracer" TERM
  tracer=
  lose_unsynced
  if whole "$control"; then say "control $control, no syncs: nothing is missing"; continue; fi
  lost=$((lost + 1))
  say "control $control, no syncs: $acknowledged batches acknowledged; fails: $wrong"
done
[ "$lost" -eq "$controls" ] || die "FAILED: $((controls - lost)) controls of $controls lost nothing"
say "ended $(date -u +%Y-%m-%dT%H:%M:%SZ), nothing found"
