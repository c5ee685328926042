#!/bin/sh
# Holds results still while the code around them moves: runs every case of cases.txt, and compares each value of
# report.json and each byte of the CSV files with what results/ holds. New keys may stand beside old ones; times and the
# commit are left out. Configurations, their hashes, and what every shipped machine file is said to hold follow.
#   pin.sh PROGRAM OUT            compares; exit status 1 if anything differs
#   pin.sh PROGRAM OUT --write    writes results/ anew: only where a change of results is meant
# PROGRAM: the built settle. OUT: folder for the runs.
set -eu +C
unset CDPATH # cd would print where it went

program=$1 out=$2 mode=${3:-compare}
here=$(dirname "$0")
assets=$here/../../host/assets
kept=$here/results
[ "$mode" = --write ] && kept=$here/results && mkdir -p "$kept"
rm -rf "$out/results"
mkdir -p "$out/results"

# values REPORT: a line "path value" for each value of a report that does not depend on time or commit.
values() {
  jq -r 'del(.git, .wall_seconds, .settling.ess_per_second)
    | paths(type != "object" and type != "array") as $path
    | ($path | map(tostring) | join(".")) + " " + (getpath($path) | tojson)' "$1"
}

# hashes FOLDER: a line "csv NAME SHA256" for each CSV file.
hashes() {
  (cd "$1" && for file in *.csv; do echo "csv $file $(sha256sum <"$file" | cut -d ' ' -f 1)"; done)
}

differences=0
# judge NAME: results of NAME, in $out/results/NAME.txt, against the kept ones.
judge() {
  new=$out/results/$1.txt old=$kept/$1.txt
  if [ "$mode" = --write ]; then
    cp "$new" "$old"
    echo "written  $1: $(wc -l <"$old") values"
    return
  fi
  if [ ! -f "$old" ]; then
    echo "DIFFERS  $1: nothing is kept of it: --write keeps what it gives now"
    differences=$((differences + 1))
    return
  fi
  sort "$new" >"$new.sorted"
  sort "$old" | comm -23 - "$new.sorted" >"$new.differs"
  if [ -s "$new.differs" ]; then
    echo "DIFFERS  $1: no longer so:"
    sed 's/^/  /' "$new.differs"
    differences=$((differences + 1))
  else
    echo "equal    $1: $(wc -l <"$old") values"
  fi
}

while read -r name options; do
  case $name in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086 # options are words
  "$program" run $options --out "$out/$name" >"$out/$name.log" 2>&1 </dev/null || {
    echo "FAILED   $name:"
    tail -n 5 "$out/$name.log"
    differences=$((differences + 1))
    continue
  }
  { values "$out/$name/report.json" && hashes "$out/$name"; } >"$out/results/$name.txt"
  judge "$name"
done <"$here/cases.txt"

"$program" info --configurations | sed '1d' >"$out/results/configurations.txt"
judge configurations
for machine in "$assets"/*.machine.json; do
  "$program" info --machine "$machine" | sed '1s/^[^:]*: //'
done >"$out/results/machines.txt"
judge machines

if [ "$mode" = compare ]; then
  for old in "$kept"/*.txt; do
    name=$(basename "$old")
    [ -f "$out/results/$name" ] && continue
    echo "DIFFERS  ${name%.txt}: it is kept, and no case makes it"
    differences=$((differences + 1))
  done
fi
[ "$differences" -eq 0 ]
