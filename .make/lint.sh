#!/bin/sh
# lint.sh FOLDER: every tool that has an opinion on the sources. FOLDER: a configured build, its generated files made.
set -u +C
unset CDPATH # cd would print where it went

build=$1
faults=0
log=$build/lint.log

# result NAME STATUS: one line per check; the log of those that failed.
result() {
  if [ "$2" -eq 0 ]; then
    echo "ok     $1"
  else
    echo "FAILED $1"
    cat "$log"
    faults=$((faults + 1))
  fi
}

# front_ends WHAT TOP PACKAGE YOSYS_READS SOURCES OTHER_READS [YOSYS_CHECKS]: what Verilator, Icarus and yosys say of a
# top. YOSYS_READS: commands for yosys ahead of the others; OTHER_READS: files for the other two; YOSYS_CHECKS: commands
# for yosys when all parameters are known. $log.ports: the top's ports.
front_ends() {
  # shellcheck disable=SC2086 # lists
  verilator --lint-only -Wall -Irtl -Irtl/link --top-module "$2" "$3" $5 $6 >"$log" 2>&1
  result "Verilator -Wall, $1" $?

  # Icarus 11 says "sorry" where an always_comb block selects bits: it makes the block sensitive to all of them, which is
  # slower and not wrong.
  # shellcheck disable=SC2086
  iverilog -g2012 -Wall -tnull -s "$2" "$3" $5 $6 >"$log.all" 2>&1
  status=$?
  grep -v 'sorry: constant selects in always_\* processes' "$log.all" >"$log" && status=1
  result "Icarus -Wall, $1" $status

  # yosys 0.23 takes a cast's operand for its width inside ?: and then cuts the port to size, as the cast would have.
  yosys -q -p "$4 read_verilog -sv $3 $5; hierarchy -check -top $2; select -write $log.ports $2/x:*; select -clear; ${7-}
    proc; check -assert" >"$log.all" 2>&1
  status=$?
  grep -v 'Warning: Resizing cell port .*addr_i from 20 bits' "$log.all" | grep -v '^$' >"$log" && status=1
  result "yosys check, $1" $status
}

rtl=$(echo rtl/*.sv rtl/link/*.sv)
while read -r configuration <&3; do
  front_ends "$configuration" settle_board "$build/generated/$configuration/settle_pkg.sv" '' "$rtl" ''
done 3<"$build/configurations.txt"
. .make/lint_boards.sh

# yosys 0.23 drops ~ and ! before a cast without a word: ~16'(x) becomes x. Parentheses around the cast help.
# shellcheck disable=SC2086
grep -nE "[~!] *[A-Za-z0-9_]+'\\(" $rtl >"$log"
[ $? -eq 1 ]
result "no ~ or ! before a cast" $?

# The noise unit of one lane must suit the smallest parts: one multiplier, one block RAM for the table and two for the
# keys of each of a cycle's two rounds. None: yosys found samples that depend on nothing.
noise='noise_unit of one lane on iCE40'
# shellcheck disable=SC2086
yosys -q -p "read_verilog -sv $build/generated/tiny/settle_pkg.sv $rtl
  chparam -set Lanes 1 -set GroupCells 1 -set FirstLane 0 noise_unit
  synth_ice40 -dsp -top noise_unit; tee -q -o $log.cells stat" >"$log" 2>&1
status=$?
# count CELL: how many of the unit's cells have a name that begins so.
count() {
  awk -v start="$1" 'index($1, start) == 1 { sum += $2 } END { print sum + 0 }' "$log.cells"
}
if [ $status -eq 0 ]; then
  multipliers=$(count SB_MAC16)
  memories=$(count SB_RAM40_4K)
  noise="$noise: $multipliers SB_MAC16, $memories SB_RAM40_4K, $(count SB_LUT4) SB_LUT4, $(count SB_DFF) flip-flops"
  [ "$multipliers" -eq 1 ] && [ "$memories" -eq 5 ]
  status=$?
  [ $status -eq 0 ] || cp "$log.cells" "$log"
fi
result "yosys, $noise" $status

# The link must leave room on the smallest parts: with carries and lone flip-flops 620 are about 740 logic cells.
link='host link on iCE40'
# shellcheck disable=SC2086
yosys -q -p "read_verilog -sv $build/generated/tiny/settle_pkg.sv $rtl
  synth_ice40 -top host_link; tee -q -o $log.cells stat" >"$log" 2>&1
status=$?
if [ $status -eq 0 ]; then
  link="$link: $(count SB_LUT4) SB_LUT4, $(count SB_DFF) flip-flops, $(count SB_RAM40_4K) SB_RAM40_4K"
  [ "$(count SB_RAM40_4K)" -eq 1 ] && [ "$(count SB_LUT4)" -le 620 ]
  status=$?
  [ $status -eq 0 ] || cp "$log.cells" "$log"
fi
result "yosys, $link" $status

# What ships stands without the tests, in either form in which their headers can be named.
(cd tests && find . -name '*.hpp' | sed 's|^\./\(.*\)|#include "\1"|; p; s|"|"tests/|') >"$log.names"
grep -rnFf "$log.names" host sim >"$log"
[ $? -eq 1 ]
result "no test's header in production code" $?

find host sim tests -name '*.cpp' -o -name '*.hpp' | sort | xargs clang-format --dry-run -Werror >"$log" 2>&1
status=$?
grep -o '^[^: ]*\.[ch]pp' "$log" | sort -u >"$log.files"
[ $status -eq 0 ] || mv "$log.files" "$log"
result "clang-format (make format mends)" $status

# Not: files from a template in the build folder, tests/main.cpp (doctest itself), and what includes verilated classes.
here=$(pwd | sed 's/[.+]/\\&/g') # names are patterns
run-clang-tidy -quiet -p "$build" -j "${JOBS:-1}" "$here/(host|sim|tests/(?!rtl_modules)[^/]*)/(?!bench_array/plain_rtl)" >"$log.all" 2>/dev/null
status=$?
grep -E '(warning|error):' "$log.all" | sort -u >"$log"
result "clang-tidy" $status

.make/check_links.sh >"$log" 2>&1
result "links of the documents, size of README.md" $?

rm -f "$log.all" "$log.files" "$log.cells" "$log.ports" "$log.names" "$log.named"
[ "$faults" -eq 0 ] || {
  echo "$faults checks failed"
  exit 1
}
