// ULX3S: the array at 50 MHz, its link on the FT231X.
module ulx3s_top (
  input  logic clk_i,   // 25 MHz
  input  logic rx_i,
  output logic tx_o,
  output logic led_o    // LED 0: the array runs
);

  localparam int ClockHz = board_pkg::ClockHz;
  localparam int Baud    = board_pkg::Baud;

  logic clk, locked, busy;

  // The settings are board.json's. The comparison runs at 25 MHz (3.125 to 400 are allowed). Phase 0: CLKOP_CPHASE is
  // CLKOP_DIV - 1. The attributes are the loop filter's, with the values of prjtrellis' ecppll.
  (* ICP_CURRENT = "12" *) (* LPF_RESISTOR = "8" *) (* MFG_ENABLE_FILTEROPAMP = "1" *) (* MFG_GMCREF_SEL = "2" *)
  EHXPLLL #(
    .CLKI_DIV    (board_pkg::PllClkiDiv),
    .CLKFB_DIV   (board_pkg::PllClkfbDiv),
    .CLKOP_DIV   (board_pkg::PllClkopDiv),
    .CLKOP_CPHASE(board_pkg::PllClkopDiv - 1),
    .CLKOP_ENABLE("ENABLED"),
    .FEEDBK_PATH ("CLKOP")
  ) u_pll (
    .CLKI        (clk_i),
    .CLKFB       (clk),
    .RST         (1'b0),
    .STDBY       (1'b0),
    .PLLWAKESYNC (1'b0),
    .PHASESEL0   (1'b0),
    .PHASESEL1   (1'b0),
    .PHASEDIR    (1'b1),
    .PHASESTEP   (1'b1),
    .PHASELOADREG(1'b1),
    .ENCLKOP     (1'b0),
    .CLKOP       (clk),
    .LOCK        (locked)
  );

  board_core #(
    .ClockHz(ClockHz),
    .Baud   (Baud)
  ) u_core (
    .clk_i   (clk),
    .locked_i(locked),
    .rx_i    (rx_i),
    .tx_o    (tx_o),
    .busy_o  (busy)
  );

  assign led_o = busy;

endmodule
