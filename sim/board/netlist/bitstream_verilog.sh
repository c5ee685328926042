#!/bin/sh
# bitstream_verilog.sh YOSYS CELLS BIN PCF PACKAGE TOP OUT: the Verilog of an iCE40 bitstream, with the pins' names of the
# PCF. CELLS: the vendor's models.
set -eu +C
yosys=$1 cells=$2 bin=$3 pcf=$4 package=$5 top=$6 out=$7
here=$(dirname "$0")
work=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$work"' EXIT
iceunpack "$bin" "$work/chip.asc"
# icebox_vlog knows no options of set_io: a name and a pin is what it takes.
awk '{ sub(/#.*/, "") } $1 == "set_io" { print $1, $(NF - 1), $NF }' "$pcf" >"$work/pins.pcf"
icebox_vlog -s -n "$top" -p "$work/pins.pcf" -d "$package" "$work/chip.asc" >"$work/chip.v"
# It declares its ports twice, which Verilator refuses; yosys does not mind. Its tables are nested choices.
"$yosys" -q -p "
  read_verilog \"$work/chip.v\"; read_verilog -lib \"$cells\"; hierarchy -check -top $top
  proc; simplemap; opt_expr; techmap -map \"$here/branchless_mux.v\" t:\$_MUX_; simplemap; clean
  splitnets; write_verilog -noattr \"$work/out.v\""
mv "$work/out.v" "$out"
