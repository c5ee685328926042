# Part of lint.sh: the boards. settle-fpga judges each board.json, its PLL included; every build's top is read by all
# front ends; the top takes clock, line and PLL from board.json; the pin file names the top's ports, all of them and no
# others.

# names_in FILE WHAT: ports of the top named in a pin file, one per line. WHAT: pins, or (I/O) standards.
names_in() {
  case $1:$2 in
    *.pcf:pins) awk '$1 == "set_io" { print $(NF - 1) }' "$1" ;;
    *.lpf:pins) sed -n 's/^LOCATE COMP "\([^"]*\)" SITE .*/\1/p' "$1" ;;
    *.lpf:standards) sed -n 's/^IOBUF PORT "\([^"]*\)" .*IO_TYPE=.*/\1/p' "$1" ;;
    *.xdc:pins) sed -n 's/^set_property PACKAGE_PIN [^ ]* \[get_ports \(.*\)\]$/\1/p' "$1" ;;
    *.xdc:standards) sed -n 's/^set_property IOSTANDARD [^ ]* \[get_ports \(.*\)\]$/\1/p' "$1" ;;
    *.cst:pins) sed -n 's/^IO_LOC "\([^"]*\)" .*/\1/p' "$1" ;;
    *.cst:standards) sed -n 's/^IO_PORT "\([^"]*\)" .*IO_TYPE=.*/\1/p' "$1" ;;
    *) echo "$1: neither .pcf, .lpf, .xdc nor .cst" ;;
  esac
}

# compare_names PINS WHAT: which of the top's ports, sorted in $log.names, are not among names_in PINS WHAT, and the
# other way round.
compare_names() {
  names_in "$1" "$2" | sort >"$log.named"
  comm -23 "$log.names" "$log.named" | sed "s|.*|$1: $2: the top's port & is missing|"
  comm -13 "$log.names" "$log.named" | sed "s|.*|$1: $2: & is no port of the top, or stands there twice|"
}

# A line of builds.txt for each build whose board.json is good; beside it the packages that the build's top reads.
rm -rf "$build/boards"
"$build/settle-fpga" check --packages "$build/boards" >"$log" 2>&1
result "boards, settle-fpga check" $?

boards=0
while read -r board name family top pins; do
  boards=$((boards + 1))
  folder=constraints/$board
  packages=$build/boards/$board-$name
  case $family in
    ice40) libraries='+/ice40/cells_sim.v' ;;
    ecp5) libraries='+/ecp5/cells_sim.v +/ecp5/cells_bb.v' ;;
    xilinx) libraries='+/xilinx/cells_sim.v +/xilinx/cells_xtra.v' ;;
    gowin) libraries='+/gowin/cells_sim.v' ;;
  esac
  # The PLL in the top has the settings that settle-fpga has judged. yosys compares widths too, but for <= and >=.
  settings=
  for setting in $("$build/settle-fpga" show --board "$board" --field pll); do
    parameter=$top/r:${setting%%=*}
    value=${setting#*=}
    settings="$settings select -assert-count 1 $parameter>=$value $parameter<=$value %i;"
  done
  front_ends "$board $name" "$top" "$packages/settle_pkg.sv" "read_verilog -lib $libraries;" \
    "$packages/board_pkg.sv $rtl $folder/$top.sv" constraints/vendor_cells.v "$settings"

  # front_ends has left the top's ports in $log.ports, as TOP/PORT.
  sed "s|.*/||" "$log.ports" | sort >"$log.names"
  {
    test -s "$log.names" || echo "$folder/$top.sv: no ports"
    for constant in board_pkg::ClockHz board_pkg::Baud; do
      grep -q "$constant" "$folder/$top.sv" || echo "$folder/$top.sv: does not use $constant"
    done
    compare_names "$folder/$pins" pins
    case $pins in
      *.pcf) ;; # one standard for all
      *) compare_names "$folder/$pins" standards ;;
    esac
  } >"$log" 2>&1
  test ! -s "$log"
  result "pins, clock and line, $board $name" $?
done <"$build/boards/builds.txt"
[ "$boards" -gt 0 ]
result "boards: $boards builds" $?
