#!/bin/sh
# check_lut.sh YOSYS VENDOR OURS STAMP: proves that our SB_LUT4 is the vendor's. Both pick one bit of the table by the
# inputs; with each of the 16 tables that hold a single 1, and every input, they must pick the same.
set -eu +C
yosys=$1 vendor=$2 ours=$3 stamp=$4
work=$(mktemp -d "$stamp.XXXXXX")
trap 'rm -rf "$work"' EXIT
cat >"$work/tables.v" <<'END'
module tables (
  input  [3:0]  in,
  output [15:0] out
);
  genvar k;
  generate
    for (k = 0; k < 16; k = k + 1) begin : gen_table
      SB_LUT4 #(.LUT_INIT(16'd1 << k)) u_lut (.I0(in[0]), .I1(in[1]), .I2(in[2]), .I3(in[3]), .O(out[k]));
    end
  endgenerate
endmodule
END
# The vendor's module alone: yosys takes a minute for all of them.
sed -n '/^module SB_LUT4 /,/^endmodule/p' "$vendor" >"$work/vendor.v"
test -s "$work/vendor.v" || { echo "$vendor: no SB_LUT4 in it" >&2; exit 1; }
defines='-DICE40_DEFAULT_ASSIGNMENT_0='
"$yosys" -q -p "
  read_verilog $defines \"$work/vendor.v\" \"$work/tables.v\"; hierarchy -check -top tables; proc; flatten; opt_clean
  rename tables vendor; design -stash vendor
  read_verilog \"$ours\" \"$work/tables.v\"; hierarchy -check -top tables; proc; flatten; opt_clean
  rename tables ours; design -stash ours
  design -copy-from vendor vendor; design -copy-from ours ours
  miter -equiv -flatten -make_outputs vendor ours both; hierarchy -top both
  sat -verify -prove trigger 0 both"
touch "$stamp"
