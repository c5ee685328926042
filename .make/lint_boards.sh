# Part of lint.sh: the boards. Every build's top in all front ends; the pin file names the top's ports, all and no
# others; what the top says of clock and line is what board.json says, and the PLL makes it of the oscillator.

# names_in FILE WHAT: ports of the top named in a pin file, one a line. WHAT: pins, or (I/O) standards.
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

# pll_clock FAMILY TOP.sv OSCILLATOR_HZ: the clock in Hz that the top's PLL makes, nothing if its VCO leaves the range
# that is allowed. Ranges (MHz): data sheets of iCE40, ECP5, Artix-7 (speed grade -1); GW2A, the narrowest published.
pll_clock() {
  awk -v family="$1" -v oscillator="$3" '
    match($0, /^ *\.[A-Z0-9_]+ *\(([0-9]+.d)?[0-9]+\)/) {
      name = $0
      sub(/^ *\./, "", name)
      sub(/[ (].*/, "", name)
      number = $0
      sub(/^[^(]*\(([0-9]+.d)?/, "", number)
      value[name] = number + 0
    }
    END {
      least = 0
      if (family == "ice40") {
        vco = oscillator / (value["DIVR"] + 1) * (value["DIVF"] + 1)
        clock = vco / 2 ^ value["DIVQ"]
        least = 533; most = 1066
      } else if (family == "ecp5" && value["CLKI_DIV"] > 0) {
        clock = oscillator / value["CLKI_DIV"] * value["CLKFB_DIV"]
        vco = clock * value["CLKOP_DIV"]
        least = 400; most = 800
      } else if (family == "xilinx" && value["DIVCLK_DIVIDE"] > 0 && value["CLKOUT0_DIVIDE"] > 0) {
        vco = oscillator / value["DIVCLK_DIVIDE"] * value["CLKFBOUT_MULT"]
        clock = vco / value["CLKOUT0_DIVIDE"]
        least = 800; most = 1600
      } else if (family == "gowin") {
        clock = oscillator / (value["IDIV_SEL"] + 1) * (value["FBDIV_SEL"] + 1)
        vco = clock * value["ODIV_SEL"]
        least = 500; most = 1000
      }
      if (least > 0 && vco >= least * 1e6 && vco <= most * 1e6) printf "%.0f\n", clock
    }' "$2"
}

# compare_names PINS WHAT: which of the top's ports, sorted in $log.names, are not among names_in PINS WHAT, and the
# other way round.
compare_names() {
  names_in "$1" "$2" | sort >"$log.named"
  comm -23 "$log.names" "$log.named" | sed "s|.*|$1: $2: the top's port & is missing|"
  comm -13 "$log.names" "$log.named" | sed "s|.*|$1: $2: & is no port of the top, or stands there twice|"
}

boards=0
while read -r board name top family pins clock oscillator baud package; do
  boards=$((boards + 1))
  folder=constraints/$board
  case $family in
    ice40) libraries='+/ice40/cells_sim.v' ;;
    ecp5) libraries='+/ecp5/cells_sim.v +/ecp5/cells_bb.v' ;;
    xilinx) libraries='+/xilinx/cells_sim.v +/xilinx/cells_xtra.v' ;;
    gowin) libraries='+/gowin/cells_sim.v' ;;
    *) libraries= ;;
  esac
  front_ends "$board $name" "$top" "$package" "read_verilog -lib $libraries;" "$rtl $folder/$top.sv" \
    constraints/vendor_cells.v

  # front_ends has left the top's ports in $log.ports, as TOP/PORT.
  sed "s|.*/||" "$log.ports" | sort >"$log.names"
  {
    test -n "$libraries" || echo "$folder/board.json: family: $family: ice40, ecp5, xilinx or gowin is needed"
    test -s "$log.names" || echo "$folder/$top.sv: no ports"
    compare_names "$folder/$pins" pins
    case $pins in
      *.pcf) ;; # one standard for all
      *) compare_names "$folder/$pins" standards ;;
    esac
    for said in "ClockHz *= $clock;" "Baud *= $baud;"; do
      grep -q "^ *localparam int $said\$" "$folder/$top.sv" ||
        echo "$folder/$top.sv: no 'localparam int $said' as in board.json"
    done
    made=$(pll_clock "$family" "$folder/$top.sv" "$oscillator")
    [ "$made" = "$clock" ] || echo "$folder/$top.sv: the PLL makes ${made:-no clock} of $oscillator Hz, not $clock Hz"
  } >"$log" 2>&1
  test ! -s "$log"
  result "pins and clock, $board $name" $?
done <"$build/boards.txt"
[ "$boards" -gt 0 ]
result "boards: $boards builds" $?
