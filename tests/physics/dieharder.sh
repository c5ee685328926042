#!/bin/sh
# dieharder.sh PROGRAM SEED FOLDER: every test of dieharder on the words that PROGRAM, settle-noise-words, prints under
# SEED; FOLDER/dieharder.txt has the table. Fails if a test does, and if the words or the tests end early.
set -eu +C
program=$1 seed=$2 folder=$3
mkdir -p "$folder"
part=$(mktemp "$folder/.dieharder.XXXXXX")
trap 'rm -f "$part"' EXIT
trap 'exit 130' INT TERM HUP

# A seed that is none is told here: at the end of a pipe it would look like the end of the words.
"$program" --seed="$seed" --help >/dev/null
printf '# --seed %s: %s\n' "$seed" "$("$program" --version)" >"$part"
"$program" --seed="$seed" | dieharder -a -g 200 | tee -a "$part"
grep -q 'dab_monobit2' "$part" || {
  echo "dieharder.sh: dieharder ended before its last test, dab_monobit2" >&2
  exit 1
}
chmod 644 "$part"
mv "$part" "$folder/dieharder.txt"
! grep 'FAILED' "$folder/dieharder.txt" >&2
