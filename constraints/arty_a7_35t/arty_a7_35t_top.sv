// Arty A7-35T: the array at 50 MHz, its link on the FT2232H's second channel.
module arty_a7_35t_top (
  input  logic clk_i,   // 100 MHz
  input  logic rx_i,
  output logic tx_o,
  output logic led_o    // LD4: the array runs
);

  localparam int ClockHz = 50000000;
  localparam int Baud    = 1000000;

  logic clk, locked, busy, feedback, pll_clk;

  // Oscillator x CLKFBOUT_MULT = 1000 MHz (speed grade -1: 800 to 1600 are allowed, comparison at 19 to 450), /
  // CLKOUT0_DIVIDE = 50 MHz. The feedback needs no buffer: the phase to the oscillator does not matter.
  PLLE2_BASE #(
    .CLKIN1_PERIOD (10),
    .DIVCLK_DIVIDE (1),
    .CLKFBOUT_MULT (10),
    .CLKOUT0_DIVIDE(20)
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
