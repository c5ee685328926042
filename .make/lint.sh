#!/bin/sh
# lint.sh FOLDER: every tool that has an opinion on the sources. FOLDER: a configured build, its generated files made.
set -u

build=$1
faults=0
log=$build/lint.log

# result NAME STATUS: a line for each check; the log of those that failed.
result() {
  if [ "$2" -eq 0 ]; then
    echo "ok     $1"
  else
    echo "FAILED $1"
    cat "$log"
    faults=$((faults + 1))
  fi
}

rtl=$(echo rtl/*.sv)
for configuration in tiny anchored paper wide map unet; do
  package=$build/generated/$configuration/settle_pkg.sv

  # shellcheck disable=SC2086 # rtl is a list
  verilator --lint-only -Wall -Irtl --top-module settle_array "$package" $rtl >"$log" 2>&1
  result "Verilator -Wall, $configuration" $?

  # Icarus 11 says "sorry" where an always_comb block selects bits: it makes the block sensitive to all of them, which is
  # slower and not wrong.
  # shellcheck disable=SC2086
  iverilog -g2012 -Wall -tnull -s settle_array "$package" $rtl >"$log.all" 2>&1
  status=$?
  grep -v 'sorry: constant selects in always_\* processes' "$log.all" >"$log" && status=1
  result "Icarus -Wall, $configuration" $status

  # yosys 0.23 takes a cast's operand for its width inside ?: and then cuts the port to size, as the cast would have.
  yosys -q -p "read_verilog -sv $package $rtl; hierarchy -check -top settle_array; proc; check -assert" >"$log.all" 2>&1
  status=$?
  grep -v 'Warning: Resizing cell port .*addr_i from 20 bits' "$log.all" | grep -v '^$' >"$log" && status=1
  result "yosys check, $configuration" $status
done

find host sim tests -name '*.cpp' -o -name '*.hpp' | sort | xargs clang-format --dry-run -Werror >"$log" 2>&1
status=$?
grep -o '^[^: ]*\.[ch]pp' "$log" | sort -u >"$log.files"
[ $status -eq 0 ] || mv "$log.files" "$log"
result "clang-format (make format mends)" $status

# Not: files from a template in the build folder, tests/main.cpp (doctest itself), tests that include verilated classes.
run-clang-tidy -quiet -p "$build" -j "${JOBS:-1}" "$(pwd)/(host|sim|tests/(?!rtl_modules)[^/]*)/" >"$log.all" 2>/dev/null
status=$?
grep -E '(warning|error):' "$log.all" | sort -u >"$log"
result "clang-tidy" $status

rm -f "$log.all" "$log.files"
[ "$faults" -eq 0 ] || {
  echo "$faults checks failed"
  exit 1
}
