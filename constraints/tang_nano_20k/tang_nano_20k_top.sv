// Tang Nano 20K: the array at 40.5 MHz, its link on the BL616.
module tang_nano_20k_top (
  input  logic clk_i,   // 27 MHz
  input  logic rx_i,
  output logic tx_o,
  output logic led_no   // LED 0: the array runs
);

  localparam int ClockHz = board_pkg::ClockHz;
  localparam int Baud    = board_pkg::Baud;

  logic clk, locked, busy;

  // The settings are board.json's. The comparison runs at 13.5 MHz (3 to 400 are allowed). No dynamic dividers.
  rPLL #(
    .FCLKIN   ("27"),
    .IDIV_SEL (board_pkg::PllIdivSel),
    .FBDIV_SEL(board_pkg::PllFbdivSel),
    .ODIV_SEL (board_pkg::PllOdivSel),
    .DEVICE   ("GW2AR-18C")
  ) u_pll (
    .CLKIN  (clk_i),
    .CLKFB  (1'b0),
    .RESET  (1'b0),
    .RESET_P(1'b0),
    .FBDSEL (6'd0),
    .IDSEL  (6'd0),
    .ODSEL  (6'd0),
    .PSDA   (4'd0),
    .DUTYDA (4'd0),
    .FDLY   (4'd0),
    .CLKOUT (clk),
    .LOCK   (locked)
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
