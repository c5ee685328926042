// The vendors' cells that the boards' tops use, for tools that do not bring them: Verilator and Icarus in `make lint`, and
// simulations of a whole top. Only the ports that the tops connect; yosys checks the names against its own libraries.
//
// Not a model of the PLL: the clock comes out as it goes in.

/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSEDPARAM */
/* verilator lint_off UNUSEDSIGNAL */

// iCE40, its reference clock from a pad of its own
module SB_PLL40_PAD #(
  parameter FEEDBACK_PATH = "SIMPLE",
  parameter [3:0] DIVR = 4'd0,
  parameter [6:0] DIVF = 7'd0,
  parameter [2:0] DIVQ = 3'd0,
  parameter [2:0] FILTER_RANGE = 3'd0
) (
  input  PACKAGEPIN,
  input  RESETB,
  input  BYPASS,
  output PLLOUTGLOBAL,
  output LOCK
);
  assign PLLOUTGLOBAL = PACKAGEPIN;
  assign LOCK = RESETB;
endmodule

// iCE40, its reference clock from anywhere
module SB_PLL40_CORE #(
  parameter FEEDBACK_PATH = "SIMPLE",
  parameter [3:0] DIVR = 4'd0,
  parameter [6:0] DIVF = 7'd0,
  parameter [2:0] DIVQ = 3'd0,
  parameter [2:0] FILTER_RANGE = 3'd0
) (
  input  REFERENCECLK,
  input  RESETB,
  input  BYPASS,
  output PLLOUTGLOBAL,
  output LOCK
);
  assign PLLOUTGLOBAL = REFERENCECLK;
  assign LOCK = RESETB;
endmodule
