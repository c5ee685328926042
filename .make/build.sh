#!/bin/sh
# build.sh FOLDER JOBS TARGET...: CMake builds the targets of a configured folder. What stands in its way to know whether
# there is anything to do is not shown; a build's steps are, on a terminal in one line that is gone at the end.
set -eu +C

folder=$1 jobs=$2
shift 2

# show: from ninja's output, as it comes.
show() {
  shown=
  while IFS= read -r line; do
    case $line in
      '['*/*'] Re-checking globbed directories...' | '['*/*'] Asking for the commit' | 'ninja: no work to do.') continue ;;
      '['[0-9]*/[0-9]*'] '*)
        if [ -t 1 ]; then
          printf '\r%.79s\033[K' "$line"
          shown=yes
          continue
        fi
        ;;
    esac
    [ -z "$shown" ] || echo
    shown=
    printf '%s\n' "$line"
  done
  [ -z "$shown" ] || printf '\r\033[K'
}

exec 4>&1
status=$({ {
  code=0
  cmake --build "$folder" --parallel "$jobs" --target "$@" 3>&- 4>&- || code=$?
  echo "$code" >&3
} | show >&4; } 3>&1)
exit "$status"
