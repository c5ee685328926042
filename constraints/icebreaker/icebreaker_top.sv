// iCEBreaker 1.0e: the array at 24 MHz, its link on the FT2232H's second channel.
module icebreaker_top (
  input  logic clk_i,   // 12 MHz
  input  logic rx_i,
  output logic tx_o,
  output logic led_no   // red: the array runs
);

  localparam int ClockHz = board_pkg::ClockHz;
  localparam int Baud    = board_pkg::Baud;

  logic clk, locked, busy;

  // The settings are board.json's. FILTER_RANGE 1 is for comparison frequencies below 17 MHz, as `icepll -i 12 -o 24`
  // says. Pin 35 is the PLL's own pad.
  SB_PLL40_PAD #(
    .FEEDBACK_PATH("SIMPLE"),
    .DIVR         (board_pkg::PllDivr),
    .DIVF         (board_pkg::PllDivf),
    .DIVQ         (board_pkg::PllDivq),
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
