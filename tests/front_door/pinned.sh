#!/bin/sh
# tests/pinned/pin.sh finds a value that has changed, one that is gone, a case of which nothing is kept, and what is kept
# of no case. 77: there is no jq.
set -eu
unset CDPATH
command -v jq >/dev/null 2>&1 || exit 77
source=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/tests/pinned" "$work/host/assets"
cp "$source/tests/pinned/pin.sh" "$work/tests/pinned"
: >"$work/host/assets/one.machine.json"
cd "$work"
echo 'one --samples 1' >tests/pinned/cases.txt
faults=0

# program REPORT TABLE: a settle whose run gives these.
program() {
  cat >settle <<END
#!/bin/sh
case \$1 in
  run)
    while [ "\$1" != --out ]; do shift; done
    mkdir -p "\$2" && echo '$1' >"\$2/report.json" && echo '$2' >"\$2/a.csv"
    ;;
  info) printf 'heading\none fact\n' ;;
esac
END
  chmod +x settle
}

# pin STATUS TEXT WHAT: pin.sh ends with the status and says the text.
pin() {
  status=0
  sh tests/pinned/pin.sh ./settle out >log 2>&1 || status=$?
  if [ "$status" -ne "$1" ] || ! grep -qF -- "$2" log; then
    echo "FAILED: $3: status $status, and no $2 in:" && cat log
    faults=$((faults + 1))
  fi
}

program '{"value": 1.5, "git": "a"}' '1,2'
sh tests/pinned/pin.sh ./settle out --write >/dev/null
pin 0 'equal    one: 2 values' 'the same results'
program '{"value": 1.5, "git": "b", "more": 3}' '1,2'
pin 0 'equal    one: 2 values' 'another commit, and a new key'
program '{"value": 1.25}' '1,2'
pin 1 'value 1.5' 'another value'
program '{"other": 1.5}' '1,2'
pin 1 'value 1.5' 'a value that is gone'
program '{"value": 1.5}' '1,3'
pin 1 'csv a.csv' 'another byte'
program '{"value": 1.5}' '1,2'
mv tests/pinned/results/one.txt tests/pinned/results/two.txt
pin 1 'DIFFERS  one: nothing is kept of it' 'a case of which nothing is kept'
pin 1 'DIFFERS  two: it is kept, and no case makes it' 'a result of no case'
[ "$faults" -eq 0 ]
