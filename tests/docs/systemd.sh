#!/usr/bin/env bash
# The units of node/systemd are such that systemd takes them, and their sandbox is as tight as docs/operating.md says: tests/docs/systemd.sh NODE_PROGRAM CLIENT_PROGRAM
# And both programs are linked so that nobody writes over their tables of functions. Exit code 77: systemd-analyze is not there.
set -euo pipefail
cd "$(dirname "$0")/../.."
for program in "$@"; do
  readelf -hW "$program" | grep -q 'Type: *DYN' || { echo "systemd: $program is not position independent" >&2; exit 1; }
  readelf -lW "$program" | grep -q GNU_RELRO || { echo "systemd: $program has no RELRO" >&2; exit 1; }
  readelf -dW "$program" | grep -q BIND_NOW || { echo "systemd: $program binds its functions late" >&2; exit 1; }
  ! readelf -lW "$program" | grep GNU_STACK | grep -q E || { echo "systemd: $program has an executable stack" >&2; exit 1; }
done
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
