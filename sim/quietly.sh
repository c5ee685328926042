#!/bin/sh
# quietly.sh LOG COMMAND...: runs the command with its output in LOG, shown only if it fails.
set +C
log=$1
shift
"$@" >"$log" 2>&1 || {
  status=$?
  cat "$log" >&2
  exit $status
}
