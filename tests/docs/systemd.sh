#!/usr/bin/env bash
# The units of node/systemd are such that systemd takes them, and their sandbox is as tight as docs/operating.md says: tests/docs/systemd.sh NODE_PROGRAM CLIENT_PROGRAM
# And both programs are linked so that nobody writes over their tables of functions. Exit code 77: systemd-analyze is not there.
set -euo pipefail
cd "$(dirname "$0")/../.."
for program in "$@"; do # grep reads to the end: with -q it would leave, and what readelf then writes fails the pipeline
  readelf -hW "$program" | grep 'Type: *DYN' >/dev/null || { echo "systemd: $program is not position independent" >&2; exit 1; }
  readelf -lW "$program" | grep GNU_RELRO >/dev/null || { echo "systemd: $program has no RELRO" >&2; exit 1; }
  readelf -dW "$program" | grep BIND_NOW >/dev/null || { echo "systemd: $program binds its functions late" >&2; exit 1; }
  ! readelf -lW "$program" | grep GNU_STACK | grep E >/dev/null || { echo "systemd: $program has an executable stack" >&2; exit 1; }
done
# The codes of the document that end a node for good are those after which the units leave it down. Only etcd may be away without end.
for_good=$(awk '/^#/ {on = $0 == "### Exit codes"} on && /^\| [0-9]+ \|/ && $2 > 1 {codes = codes " " $2} END {print substr(codes, 2)}' docs/operating.md)
[ "$(wc -w <<<"$for_good")" -ge 4 ] || { echo "systemd: docs/operating.md has no table of exit codes" >&2; exit 1; }
for unit in suyuan-node.service suyuan-member.service; do
  grep -qx "RestartPreventExitStatus=$for_good" "node/systemd/$unit" || { echo "systemd: $unit does not stay down after $for_good" >&2; exit 1; }
done
for limit in StartLimitIntervalSec=3600 StartLimitBurst=120; do
  grep -qx "$limit" node/systemd/suyuan-node.service || { echo "systemd: suyuan-node.service starts for ever, without $limit" >&2; exit 1; }
done
grep -qx StartLimitIntervalSec=0 node/systemd/suyuan-member.service || { echo "systemd: suyuan-member.service gives up while etcd is away" >&2; exit 1; }
command -v systemd-analyze >/dev/null || { echo "systemd: SKIPPED, there is no systemd-analyze here"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for unit in suyuan-node.service suyuan-member.service; do
  sed "s#/usr/local/bin/suyuan-node#$(realpath "$1")#" "node/systemd/$unit" >"$work/$unit"
  systemd-analyze verify --man=no "$work/$unit" 2>"$work/said" || { cat "$work/said"; exit 1; }
  [ ! -s "$work/said" ] || { cat "$work/said"; exit 1; }
  # Of 100, the worst; 12 today.
  systemd-analyze security --offline=yes --no-pager --threshold=13 "$work/$unit" | tail -2
done
