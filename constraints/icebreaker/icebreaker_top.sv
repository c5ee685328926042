// iCEBreaker 1.0e: the array at 24 MHz, its link on the FT2232H's second channel.
module icebreaker_top (
  input  logic clk_i,   // 12 MHz
  input  logic rx_i,
  output logic tx_o,
  output logic led_no   // red: the array runs
);

  localparam int ClockHz = 24000000;
  localparam int Baud    = 1000000;

  logic clk, locked, busy;

  // Oscillator at 12 MHz x (DIVF + 1) = 768 MHz (533 to 1066 are allowed), / 2^DIVQ = 24 MHz. FILTER_RANGE 1 is for
  // comparison frequencies below 17 MHz. `icepll -i 12 -o 24` says the same. Pin 35 is the PLL's own pad.
  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"),
    .DIVR         (4'd0),
    .DIVF         (7'd63),
    .DIVQ         (3'd5),
    .FILTER_RANGE (3'd1)
  ) u_pll (
    .PACKAGEPIN  (clk_i),
    .RESETB      (1'b1),
    .BYPASS      (1'b0),
    .PLLOUTGLOBAL(clk),
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

  assign led_no = !busy;

endmodule
