#!/usr/bin/env bash
# Every command in README.md and docs/ does what the text says: tests/docs/run.sh NODE_PROGRAM CLIENT_PROGRAM
# Makes the demo's ledger in a folder of its own and starts a node of it. Then the `sh` blocks of each document are run in their
# order, in one bash -euo pipefail for each document, as a reader would paste them into one terminal. /var/lib/suyuan stands in the
# documents for a folder of the operator: here it lies in the test's.
set -euo pipefail
cd "$(dirname "$0")/../.."
node=$(realpath "$1")
suyuan=$(realpath "$2")
root=$PWD
work=$(mktemp -d)
data=$work/demo-data
mkdir -p "$data" "$work/tmp"
. tests/scenario/ledger.sh

finish() {
  local status=$?
  stop_node
  rm -rf "$work"
  [ "$status" -eq 0 ] || echo "docs: FAILED"
}
trap finish EXIT

die() { echo "docs: $*" >&2; exit 1; }

# script_of DOCUMENT: its sh blocks as one script that says where each begins.
script_of() {
  awk -v name="$1" '/^```sh$/ {on = 1; printf "echo \"## %s:%d\"\n", name, NR; next} /^```/ {on = 0} on' "$1" |
    sed "s#/var/lib/suyuan#$work/var#g"
}

# expect DOCUMENT PATTERN: a line of the document's output.
expect() {
  grep -qE -- "$2" "$work/out" || { cat "$work/out"; die "$1: no line of the output is like: $2"; }
}

# expect_sample DOCUMENT: its `text` blocks are lines of its output, in their order; a line of `...` stands for those left out.
expect_sample() {
  awk '/^```text$/ {on = 1; next} /^```/ {on = 0} on && $0 != "..."' "$1" >"$work/sample"
  [ -s "$work/sample" ] || die "$1: there is no sample of output"
  awk 'NR == FNR {sample[++n] = $0; next} $0 == sample[i + 1] {++i} END {if (i < n) {print sample[i + 1]; exit 1}}' \
    "$work/sample" "$work/out" || { cat "$work/out"; die "$1: the output has not the line above, at its place"; }
}

# run_document DOCUMENT FOLDER: in that folder, with the two programs as if they were installed.
run_document() {
  script_of "$1" >"$work/script"
  grep -q . "$work/script" || return 0
  (cd "$2" && SUYUAN_DEMO=$data TMPDIR=$work/tmp PATH="$work/bin:$PATH" LC_ALL=C.UTF-8 \
    timeout 120 bash -euo pipefail "$work/script") >"$work/out" 2>&1 </dev/null ||
    { cat "$work/out"; die "$1: the block after the last ## above failed"; }
  echo "docs: $1, $(grep -c '^## ' "$work/out") blocks"
}

# A fence with another word would be a command that nobody runs.
strange=$(grep -nE '^```[a-z]' README.md docs/*.md docs/decisions/*.md | grep -vE '```(sh|json|csv|toml|console|text|html|cpp|capnp)$' || true)
[ -z "$strange" ] || die "fences of a kind that is neither run nor known: $strange"

# A reader pastes a command's whole line: a remark on it begins with #.
remarks=$(awk 'FNR == 1 {open = 0} /^```/ {open = !open; on = open && /^```(sh)?$/; next}
  on && /^(\.\/|suyuan(-node)? |node [a-z./-]*\.mjs |[a-z0-9]+\/[^ ]*\.sh )/ {at = $0; sub(/ #.*/, ""); if (/  +[^ ]/) print FILENAME ":" FNR ": " at}' \
  README.md docs/*.md docs/decisions/*.md)
[ -z "$remarks" ] || die "a remark without # behind a command: $remarks"

mkdir "$work/bin"
ln -s "$node" "$suyuan" "$work/bin/"
make_ledger >/dev/null
start_node 0 0 || { cat "$data/node.log"; die "the node does not start"; }
write_env
{ register_parties && post_events; } >"$work/out" 2>&1 || { cat "$work/out"; die "the demo's ledger cannot be made"; }

# The index of decisions has each one's title.
for document in docs/decisions/0*.md; do
  grep -qF -- "| [$(sed -n '1s/^# //p' "$document")]($(basename "$document"))" docs/decisions/README.md ||
    die "docs/decisions/README.md: not the title of $document"
done

# The documents that need something, or of which more can be said. The first two run beside demo-data, as for a reader of the demo.
run_document README.md "$work"
expect README.md '^trust +the pinned ledger$'
expect README.md '^milk.json: events posted: 1,'
expect README.md '^milk.json: events posted: 0,'
expect README.md 'verdict +PROVEN'
expect README.md '^units: 144, of lots: 1$'
expect README.md 'held by +Pacific Arc Line'
expect_sample README.md

run_document docs/tour.md "$work"
expect docs/tour.md '^trust +the pinned ledger$'
expect docs/tour.md '^milk.json: events posted: 1,'
expect docs/tour.md '^milk.json: events posted: 0,'
expect docs/tour.md 'Kowhai Dairy Ltd'
expect docs/tour.md 'verdict +PROVEN'
expect docs/tour.md '^怀卡瓦1段婴幼儿配方奶粉'
expect docs/tour.md 'Genuine: first scan .*GENUINE_FIRST_SCAN'
expect docs/tour.md '正品，内码相符 .*GENUINE_OWNER'
expect docs/tour.md '^units: 144, of lots: 1$'
expect docs/tour.md 'held by +Pacific Arc Line'
expect docs/tour.md '^the receipt is good: entry [0-9]+ of the pinned ledger'

folder=$work/operating
mkdir -p "$folder" "$work/var"
cp "$data/keys/nz-lab.key" "$folder/lab.key"
head -c 100000 /dev/urandom >"$folder/report.pdf"
run_document docs/operating.md "$folder"
expect docs/operating.md '^next +suyuan-node serve --data '

# The configuration file as the document shows it, for the ledger that the document made.
stop_node
{
  awk '/^```toml$/ {on = 1; next} /^```/ {on = 0} on' docs/operating.md | sed "s#/var/lib/suyuan#$work/var#g"
  printf 'rpc = "127.0.0.1:0"\nhttp = "127.0.0.1:0"\nports-file = "%s"\n' "$data/ports"
} >"$work/suyuan.toml"
start_node_with --config "$work/suyuan.toml" || { cat "$data/node.log"; die "the node does not start from the file"; }
# It has nothing published at first, and no client trusts a node without a checkpoint.
for _ in $(seq 100); do suyuan_at=$("$suyuan" --genesis "$work/var/node/genesis.leaf" status 2>&1) && break; sleep 0.1; done
grep -q trace.example.org/log <<<"$suyuan_at" || die "the node does not serve the ledger of the file"
stop_node
start_node 0 0
echo "docs: docs/operating.md, the configuration file"

for document in docs/*.md; do
  [ "$document" != docs/tour.md ] || continue # it was run
  case "$document" in
    docs/operating.md) ;;
    docs/attachments.md)
      run_document "$document" "$folder"
      cmp "$folder/report.pdf" "$folder/copy.pdf"
      ;;
    docs/labels.md | docs/tls.md) run_document "$document" "$folder" ;; # they leave files
    *) run_document "$document" "$root" ;;
  esac
done
echo "docs: every command was run"
