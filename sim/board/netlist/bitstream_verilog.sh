#!/bin/sh
# bitstream_verilog.sh BIN PCF PACKAGE TOP OUT: the Verilog of an iCE40 bitstream, with the pins' names of the PCF.
set -eu
bin=$1 pcf=$2 package=$3 top=$4 out=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
iceunpack "$bin" "$work/chip.asc"
# icebox_vlog knows no options of set_io: a name and a pin is what it takes.
awk '{ sub(/#.*/, "") } $1 == "set_io" { print $1, $(NF - 1), $NF }' "$pcf" >"$work/pins.pcf"
icebox_vlog -s -n "$top" -p "$work/pins.pcf" -d "$package" "$work/chip.asc" >"$work/chip.v"
mv "$work/chip.v" "$out"
