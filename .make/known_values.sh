#!/bin/sh
# known_values.sh NAME: refuses what the variable NAME (PRESET, PLAN or NETWORK) cannot be, before anything is built for
# it. One line on standard error says what is wrong.
set -eu +C

fail() {
  { printf 'make: %s' "$*" | LC_ALL=C tr '\000-\037' '?' && echo; } >&2
  exit 1
}

case $1 in
  PRESET)
    # Each has a line of its own for its name, and nothing else in the file has a name.
    names=$(sed -n 's/^ *"name": *"\([^"]*\)".*/\1/p' host/assets/presets.json)
    # shellcheck disable=SC2086 # one word per name
    for name in $names; do
      [ "$name" != "$PRESET" ] || exit 0
    done
    # shellcheck disable=SC2086
    fail "PRESET=$PRESET: unknown; known are $(echo $names | sed 's/ /, /g')"
    ;;
  NETWORK)
    names=
    for file in host/network/train/networks/*.json; do
      name=$(basename "$file" .json)
      [ "$name" != "$NETWORK" ] || exit 0
      names="$names, $name"
    done
    fail "NETWORK=$NETWORK: unknown; known are ${names#, }"
    ;;
  PLAN)
    [ -f "$PLAN" ] || fail "PLAN=$PLAN: there is no such file"
    ;;
esac
