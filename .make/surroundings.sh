#!/bin/sh
# surroundings.sh [NAME...]: what make finds around it, checked before any work. One line on standard error says what is
# wrong and what helps. NAME: variables beside JOBS that must be whole numbers.
set -u +C

fail() {
  { printf 'make: %s' "$*" | LC_ALL=C tr '\000-\037' '?' && echo; } >&2
  exit 1
}

sh .make/check_path.sh "$(pwd -P)" || exit 1

for name in JOBS "$@"; do
  eval "value=\${$name-}"
  case $value in
    '' | 0* | *[!0-9]* | ??????????*) fail "$name=$value: a whole number from 1 to 999999999 is needed" ;;
  esac
done

if [ -n "${TMPDIR-}" ] && ! { [ -d "$TMPDIR" ] && [ -w "$TMPDIR" ]; }; then
  fail "TMPDIR=$TMPDIR: no folder that can be written; make it, or unset TMPDIR"
fi

# CMake and ninja rebuild what is older than its sources; with a source dated in the future that never ends. A few seconds
# are what the clocks of two machines differ by. Only GNU's find knows the option; elsewhere nothing is found.
late=$(find Makefile .make constraints host rtl sim tests -type f -newermt '10 seconds' 2>/dev/null)
if [ -n "$late" ]; then
  fail "$(printf '%s\n' "$late" | head -n 1) and $(($(printf '%s\n' "$late" | wc -l) - 1)) other files have times in" \
    "the future (here it is $(date '+%F %T')); set the clock, or: find . -newermt now -exec touch {} +"
fi
