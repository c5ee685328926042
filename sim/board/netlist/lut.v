// The vendor's SB_LUT4 by another expression: its nested choices become jumps that a processor cannot foresee, 7,000 per
// clock cycle, and the simulation took 80 microseconds per cycle. check_lut.sh proves that it is the same.
`timescale 1ps / 1ps
module SB_LUT4 #(
  parameter [15:0] LUT_INIT = 16'd0
) (
  output O,
  input  I0,
  input  I1,
  input  I2,
  input  I3
);

  assign O = LUT_INIT[{I3, I2, I1, I0}];

endmodule
