#!/usr/bin/env bash
# The demo's end shows what its reader opens: tests/e2e/demo.sh NODE_PROGRAM CLIENT_PROGRAM
set -euo pipefail
cd "$(dirname "$0")/../.."
printed=$(./demo.sh --phone 127.0.0.2 --built "$1" "$2" 2>&1) || { echo "$printed"; exit 1; }
echo "$printed"

shows() { # shows PATTERN: a line of what the demo printed
  grep -qE -- "$1" <<<"$printed" || { echo "no line is like: $1" >&2; exit 1; }
}
shows '^verdict  +PROVEN'
shows '^verdict  +REFUSED|^suyuan: .*signature' # the changed copy
shows '█|▀|▄' # the QR code
shows 'open   https://127\.0\.0\.2:[0-9]+/01/09521104301011/21/3BGEJEE2QM52'
shows '^demo\.sh: OK$'
if ./demo.sh --phone nowhere >/dev/null 2>&1; then echo "an address that is none was taken" >&2; exit 1; fi
