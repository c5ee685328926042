// Arty A7-35T: the array at 50 MHz, its link on the FT2232H's second channel.
module arty_a7_35t_top (
  input  logic clk_i,   // 100 MHz
  input  logic rx_i,
  output logic tx_o,
  output logic led_o    // LD4: the array runs
);

  localparam int ClockHz = board_pkg::ClockHz;
  localparam int Baud    = board_pkg::Baud;

  logic clk, locked, busy, feedback, pll_clk;

  // The settings are board.json's. The comparison runs at 100 MHz (speed grade -1: 19 to 450 are allowed). The feedback
  // needs no buffer: the phase to the oscillator does not matter.
  PLLE2_BASE #(
    .CLKIN1_PERIOD (10),
    .DIVCLK_DIVIDE (board_pkg::PllDivclkDivide),
    .CLKFBOUT_MULT (board_pkg::PllClkfboutMult),
    .CLKOUT0_DIVIDE(board_pkg::PllClkout0Divide)
  ) u_pll (
    .CLKIN1  (clk_i),
    .CLKFBIN (feedback),
    .RST     (1'b0),
    .PWRDWN  (1'b0),
    .CLKFBOUT(feedback),
    .CLKOUT0 (pll_clk),
    .LOCKED  (locked)
  );

  BUFG u_clk (
    .I(pll_clk),
    .O(clk)
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
