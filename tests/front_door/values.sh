#!/bin/sh
# What a user gives to make, on its command line or in the environment, is a value: programs get that very text, and no
# command in it runs.
. "$(dirname "$0")/common.sh"
cd "$tree"
hit=hit # in the tree, where make runs; no slash, for some values become parts of names

# called TEXT WHAT: some program was called with these words.
called() {
  case $(cat "$calls") in
    *"$1"*) ;;
    *) fail "$2: no $1 among the calls:" && cat "$calls" ;;
  esac
  [ ! -e "$hit" ] || { fail "$2: a command ran" && rm -f "$hit"; }
}

quiet() {
  : >"$calls"
  "$@" >"$work/log" 2>&1 </dev/null || true
}

line_end='a
b'
number=0
for value in "it's \"my\" results; touch $hit; \$(touch $hit) \`touch $hit\` \$(shell touch $hit) * ? a\\b #c \$x \$\$y &z|>w" \
  "'; touch $hit; '" "\"; touch $hit; \"" '-x' "$line_end"; do
  number=$((number + 1))
  what="value $number, $value"

  quiet make run PRESET=map ENGINE="$value" SAMPLES="$value" SEED="$value" SIGMA="$value" OUT="out/$value" CXX="$value"
  called "settle <run> <--preset=map> <--engine=$value> <--samples=$value> <--seed=$value> <--sigma=$value> <--out=out/$value>" "$what, run"
  called "configure <CXX=$value>" "$what, run"
  quiet make digit OUT="out/$value" SEED="$value"
  called "<--seed=$value> <--sigma=0.5> <--out=out/$value/whole>" "$what, digit"
  called "gnuplot <-d> <-c> <host/report/settling.gp> <out/$value/map/settling.png> <out/$value/map/settling.csv>" "$what, digit"
  quiet make plot OUT="out/$value"
  called "<out/$value/settling.png> <out/$value/settling.csv>" "$what, plot"
  quiet make hil DEVICE="$value" FAULTS="$value" SEED="$value"
  called "settle-hil <--device=$value> <--faults=$value> <--seed=$value>" "$what, hil"
  mkdir -p plans && : >"plans/$value.json"
  quiet make sweep PLAN="plans/$value.json"
  called "settle <sweep> <--out=out/$value> <--> <plans/$value.json>" "$what, sweep"
  quiet make bitstream BOARD="$value" BUILD="$value" SEEDS="$value"
  called "settle-fpga <build> <--board=$value> <--build=$value> <--seeds=$value>" "$what, bitstream"
  quiet make netlist BOARD="$value" BUILD="$value" SEED="$value"
  called "<-DSETTLE_NETLISTS=$value:$value>" "$what, netlist"
  quiet make fpga-report SEEDS="$value"
  called "settle-fpga <report> <--seeds=$value>" "$what, fpga-report"

  # The environment's are values, too.
  quiet env SEED="$value" OUT="out/$value" DEVICE="$value" make run hil
  called "<--seed=$value> <--sigma=0.5> <--out=out/$value>" "$what, environment"
  called "settle-hil <--device=$value>" "$what, environment"
done

# Words where words are meant; what belongs together stands in quotes.
quiet make physics ARGS="--one 'my \"results\"; touch hit' --two 'it'\\''s' \"\$(touch $hit) a'b\" c\\ d ''"
called "settle-physics <--out> <out/physics> <--one> <my \"results\"; touch hit> <--two> <it's> <\$(touch $hit) a'b> <c d> <>" ARGS

quiet make physics ARGS="--one; touch $hit \$(touch $hit) \`touch $hit\` * \$HOME"
called "<--one;> <touch> <$hit> <\$(touch> <$hit)> <\`touch> <$hit\`> <*> <\$HOME>" 'ARGS of many words'
quiet make physics
grep -qxF 'settle-physics <--out> <out/physics>' "$calls" || { fail 'no ARGS' && cat "$calls"; }
: >"$calls"
! make physics ARGS="--one 'two" >"$work/log" 2>&1 || fail 'an open quote in ARGS: status 0'
has "$work/log" "ARGS=--one 'two: a quote is not closed" 'an open quote in ARGS'
quiet make pictures NOISE_LEVELS="0.5 * x;touch $hit"
called '<--sigma> <0.5>' NOISE_LEVELS
called '<--sigma> <*>' NOISE_LEVELS

# refused TEXT WORD...: make WORD... says TEXT and calls nothing.
refused() {
  text=$1
  shift
  : >"$calls"
  ! make "$@" >"$work/log" 2>&1 || fail "$*: status 0"
  has "$work/log" "$text" "$*"
  [ ! -s "$calls" ] || { fail "$*: tools were called" && cat "$calls"; }
  [ ! -e "$hit" ] || { fail "$*: a command ran" && rm -f "$hit"; }
}
for value in x 0 '' -1 1.5 '2 3' "1;touch $hit" "\$(touch $hit)"; do
  refused "JOBS=$value: a whole number from 1 to 999999999 is needed" run JOBS="$value"
  refused "PRESET=$value: unknown; known are anchored, paper, map" run PRESET="$value"
  refused "PLAN=$value: there is no such file" sweep PLAN="$value"
  refused "NETWORK=$value: unknown; known are silu, textures, unet" train NETWORK="$value"
  refused "FUZZ=$value: a whole number from 1 to 999999999 is needed" fuzz FUZZ="$value"
done
refused 'yes or no is needed' formal MUTANTS="no;touch $hit"
refused 'unknown variable SAMPLE; known are' run SAMPLE=1
quiet make formal PROOFS="saturate_27_16; touch $hit * \$(touch $hit)"
has "$work/log" 'proofs.txt has no proof saturate_27_16;' PROOFS
called settle-generate PROOFS
finish
