// The PLL of an iCE40, for a simulation that knows clock cycles and no frequencies: its clock is the pin's, locked from
// the start. The vendor's file has the same modules with ports and no contents; Verilator takes the first that it
// reads.
// Parameters are the vendor's and decide nothing here.
`timescale 1ps / 1ps
module SB_PLL40_PAD #(
  parameter FEEDBACK_PATH = "SIMPLE",
  parameter DELAY_ADJUSTMENT_MODE_FEEDBACK = "FIXED",
  parameter DELAY_ADJUSTMENT_MODE_RELATIVE = "FIXED",
  parameter SHIFTREG_DIV_MODE = 1'b0,
  parameter FDA_FEEDBACK = 4'b0000,
  parameter FDA_RELATIVE = 4'b0000,
  parameter PLLOUT_SELECT = "GENCLK",
  parameter DIVR = 4'b0000,
  parameter DIVF = 7'b0000000,
  parameter DIVQ = 3'b000,
  parameter FILTER_RANGE = 3'b000,
  parameter ENABLE_ICEGATE = 1'b0,
  parameter TEST_MODE = 1'b0,
  parameter EXTERNAL_DIVIDE_FACTOR = 1
) (
  input        PACKAGEPIN,
  output       PLLOUTCORE,
  output       PLLOUTGLOBAL,
  input        EXTFEEDBACK,
  input  [7:0] DYNAMICDELAY,
  output       LOCK,
  input        BYPASS,
  input        RESETB,
  input        LATCHINPUTVALUE,
  output       SDO,
  input        SDI,
  input        SCLK
);

  assign PLLOUTCORE   = PACKAGEPIN;
  assign PLLOUTGLOBAL = PACKAGEPIN;
  assign LOCK         = 1'b1;
  assign SDO          = 1'b0;

endmodule

module SB_PLL40_CORE #(
  parameter FEEDBACK_PATH = "SIMPLE",
  parameter DELAY_ADJUSTMENT_MODE_FEEDBACK = "FIXED",
  parameter DELAY_ADJUSTMENT_MODE_RELATIVE = "FIXED",
  parameter SHIFTREG_DIV_MODE = 1'b0,
  parameter FDA_FEEDBACK = 4'b0000,
  parameter FDA_RELATIVE = 4'b0000,
  parameter PLLOUT_SELECT = "GENCLK",
  parameter DIVR = 4'b0000,
  parameter DIVF = 7'b0000000,
  parameter DIVQ = 3'b000,
  parameter FILTER_RANGE = 3'b000,
  parameter ENABLE_ICEGATE = 1'b0,
  parameter TEST_MODE = 1'b0,
  parameter EXTERNAL_DIVIDE_FACTOR = 1
) (
  input        REFERENCECLK,
  output       PLLOUTCORE,
  output       PLLOUTGLOBAL,
  input        EXTFEEDBACK,
  input  [7:0] DYNAMICDELAY,
  output       LOCK,
  input        BYPASS,
  input        RESETB,
  input        LATCHINPUTVALUE,
  output       SDO,
  input        SDI,
  input        SCLK
);

  assign PLLOUTCORE   = REFERENCECLK;
  assign PLLOUTGLOBAL = REFERENCECLK;
  assign LOCK         = 1'b1;
  assign SDO          = 1'b0;

endmodule
