#!/bin/sh
# formal.sh [--mutants] FOLDER [NAME...]: every proof of tests/formal/proofs.txt, or those named, at most JOBS at a
# time. FOLDER: has settle_pkg.sv in it; logs and counterexamples go there.
#
# A proof is yosys to SMT-LIB, then yosys-smtbmc with z3: no assertion fails in the first DEPTH cycles; induction,
# none fails after DEPTH cycles in which none did; every cover is reached, so that it does not hold because nothing
# happens.
#
# --mutants: instead, each fault of tests/formal/mutants.txt is put into the RTL and the proof that it names must fail.
set -u +C

tests=tests/formal

fail() {
  echo "formal: $*" >&2
  exit 1
}

# rows FILE: what stands in a table but comments and empty lines.
rows() {
  sed 's/#.*//; /^[[:space:]]*$/d' "$1"
}

# run_yosys FOLDER RTL TOP PARAMETERS: FOLDER/design.smt2. Modules are found by name; a folder that RTL names comes
# first. A warning is a fault: most say that a name is not what it seems.
run_yosys() {
  chparam=
  for parameter in $4; do
    chparam="$chparam -chparam ${parameter%%=*} ${parameter#*=}"
  done
  cat >"$1/design.ys" <<EOF
read_verilog -sv $folder/settle_pkg.sv
read_verilog -formal -sv $tests/$3.sv
hierarchy -check -top $3 $chparam $2 -libdir $tests -libdir rtl -libdir rtl/link
setattr -mod -unset keep_hierarchy *
proc
memory_collect
memory_map
flatten
opt -nodffe -nosdff
check
write_smt2 -wires $1/design.smt2
EOF
  yosys -q "$1/design.ys" >"$1/yosys.log" 2>&1 && ! grep -v '^$' "$1/yosys.log" >"$1/yosys.warnings"
}

# smt NAME OPTION...: yosys-smtbmc into the proof's folder. Not 0: shows what failed and where its trace is.
smt() {
  step=$1
  shift
  rm -f "$at/$step.vcd"
  yosys-smtbmc --noprogress -s z3 --unroll --dump-vcd "$at/$step.vcd" "$@" "$at/design.smt2" >"$at/$step.log" 2>&1 &&
    return 0
  reason=$(grep -oiE '(Assert failed in|Unreached cover statement at|Temporal induction failed|Assumptions|Error).*' \
    "$at/$step.log" | sort -u | head -n 5)
  trace=
  [ ! -f "$at/$step.vcd" ] || trace=", trace $at/$step.vcd"
  printf 'FAILED %s, %s: log %s%s\n%s\n' "$name" "$step" "$at/$step.log" "$trace" "$reason"
  return 1
}

# prove NAME [RTL]: one line if all is well.
prove() {
  name=$1
  row=$(rows $tests/proofs.txt | awk -v name="$name" '$1 == name')
  # shellcheck disable=SC2086 # words are wanted
  set -- "${2:-}" $row
  rtl=$1 top=$3 depth=$4 cover=$5
  shift 5
  at=$folder/$name
  mkdir -p "$at"
  started=$(date +%s)
  run_yosys "$at" "$rtl" "$top" "$*" || {
    echo "FAILED $name, yosys: log $at/yosys.log"
    cat "$at/yosys.log"
    return 1
  }
  did=
  if [ "$depth" -gt 0 ]; then
    smt base -t "$depth" || return 1
    smt induction -i -t "$depth" || return 1
    did="depth $depth"
  fi
  if [ "$cover" -gt 0 ]; then
    smt cover -c -t "$cover" || return 1
    reached=$(sed -n 's/.*Reached cover statement .* in step \([0-9]*\).*/\1/p' "$at/cover.log" | sort -n | paste -sd ' ')
    did="$did${did:+, }covers reached in step $reached"
  fi
  echo "ok     $name: $did, $(($(date +%s) - started)) s"
}

# mutate NUMBER: the fault in line NUMBER of mutants.txt must make its proof fail.
mutate() {
  row=$(rows $tests/mutants.txt | sed -n "$1p")
  proof=$(echo "$row" | awk '{ print $1 }')
  source=$(echo "$row" | awk '{ print $2 }')
  edit=$(echo "$row" | sed 's/^ *[^ ]* *[^ ]* *//')
  mutant=$folder/mutant-$1
  mkdir -p "$mutant/rtl"
  rm -f "$mutant"/rtl/*
  sed "$edit" "$source" >"$mutant/rtl/$(basename "$source")" || fail "mutant $1 of $source: $edit"
  ! cmp -s "$source" "$mutant/rtl/$(basename "$source")" || fail "mutant $1 changes nothing in $source: $edit"
  cp "$folder/settle_pkg.sv" "$mutant"
  folder=$mutant
  if prove "$proof" "-libdir $mutant/rtl" >"$mutant/result" 2>&1; then
    echo "FAILED mutant $1: $proof holds with $source changed by $edit"
    return 1
  fi
  grep -qE '^FAILED .*, (base|induction): ' "$mutant/result" || {
    echo "FAILED mutant $1: $proof did not come to a counterexample"
    cat "$mutant/result"
    return 1
  }
  echo "ok     mutant $1: $proof fails with $source changed by $edit"
}

mode=prove
case ${1:-} in
  --mutants) mode=mutate && shift ;;
  --one) # this script's own child
    folder=$3
    "$2" "$4"
    exit
    ;;
esac
[ $# -ge 1 ] || fail "which folder?"
folder=$1
shift
if [ $mode = prove ]; then
  for name; do
    rows $tests/proofs.txt | awk '{ print $1 }' | grep -qxF -e "$name" || fail "$tests/proofs.txt has no proof $name"
  done
fi
[ -f "$folder/settle_pkg.sv" ] || fail "$folder/settle_pkg.sv is not there: make formal makes it"

if [ $# -gt 0 ]; then
  wanted=$(printf '%s\n' "$@")
elif [ $mode = prove ]; then
  wanted=$(rows $tests/proofs.txt | awk '{ print $1 }')
else
  wanted=$(rows $tests/mutants.txt | awk '{ print NR }')
fi
echo "$wanted" | xargs -P "${JOBS:-1}" -n 1 sh "$0" --one $mode "$folder" || fail "not everything holds"
