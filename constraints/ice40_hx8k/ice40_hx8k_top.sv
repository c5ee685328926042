// iCE40-HX8K breakout board: the array at 48 MHz, its link on the FT2232H's second channel.
module ice40_hx8k_top (
  input  logic clk_i,   // 12 MHz
  input  logic rx_i,
  output logic tx_o,
  output logic led_o    // D9: the array runs
);

  localparam int ClockHz = board_pkg::ClockHz;
  localparam int Baud    = board_pkg::Baud;

  logic clk, locked, busy;

  // The settings are board.json's. FILTER_RANGE 1 is for comparison frequencies below 17 MHz, as `icepll -i 12 -o 48`
  // says. J3 is no PLL pad.
  SB_PLL40_CORE #(
    .FEEDBACK_PATH("SIMPLE"),
    .DIVR         (board_pkg::PllDivr),
    .DIVF         (board_pkg::PllDivf),
    .DIVQ         (board_pkg::PllDivq),
    .FILTER_RANGE (3'd1)
  ) u_pll (
    .REFERENCECLK(clk_i),
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

  assign led_o = busy;

endmodule
