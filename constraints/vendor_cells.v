// The vendors' cells that the boards' tops use, for tools that do not bring them: Verilator and Icarus in `make lint`,
// and simulations of a whole top. Only the ports and parameters that the tops set; yosys checks them against its own
// libraries. No model of a PLL: the clock comes out as it goes in, locked at once.

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

module EHXPLLL #(
  parameter CLKI_DIV = 1,
  parameter CLKFB_DIV = 1,
  parameter CLKOP_DIV = 8,
  parameter CLKOP_CPHASE = 0,
  parameter CLKOP_ENABLE = "ENABLED",
  parameter FEEDBK_PATH = "CLKOP"
) (
  input  CLKI,
  input  CLKFB,
  input  RST,
  input  STDBY,
  input  PLLWAKESYNC,
  input  PHASESEL0,
  input  PHASESEL1,
  input  PHASEDIR,
  input  PHASESTEP,
  input  PHASELOADREG,
  input  ENCLKOP,
  output CLKOP,
  output LOCK
);
  assign CLKOP = CLKI;
  assign LOCK = !RST;
endmodule

module PLLE2_BASE #(
  parameter CLKIN1_PERIOD = 0,
  parameter DIVCLK_DIVIDE = 1,
  parameter CLKFBOUT_MULT = 5,
  parameter CLKOUT0_DIVIDE = 1
) (
  input  CLKIN1,
  input  CLKFBIN,
  input  RST,
  input  PWRDWN,
  output CLKFBOUT,
  output CLKOUT0,
  output LOCKED
);
  assign CLKFBOUT = CLKIN1;
  assign CLKOUT0 = CLKIN1;
  assign LOCKED = !RST;
endmodule

module BUFG (
  input  I,
  output O
);
  assign O = I;
endmodule

module rPLL #(
  parameter FCLKIN = "100.0",
  parameter IDIV_SEL = 0,
  parameter FBDIV_SEL = 0,
  parameter ODIV_SEL = 8,
  parameter DEVICE = "GW1N-1"
) (
  input  CLKIN,
  input  CLKFB,
  input  RESET,
  input  RESET_P,
  input  [5:0] FBDSEL,
  input  [5:0] IDSEL,
  input  [5:0] ODSEL,
  input  [3:0] PSDA,
  input  [3:0] DUTYDA,
  input  [3:0] FDLY,
  output CLKOUT,
  output LOCK
);
  assign CLKOUT = CLKIN;
  assign LOCK = !RESET;
endmodule
