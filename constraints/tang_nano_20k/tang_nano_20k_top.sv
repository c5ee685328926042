// Tang Nano 20K: the array at 40.5 MHz, its link on the BL616.
module tang_nano_20k_top (
  input  logic clk_i,   // 27 MHz
  input  logic rx_i,
  output logic tx_o,
  output logic led_no   // LED 0: the array runs
);

  localparam int ClockHz = 40500000;
  localparam int Baud    = 1000000;

  logic clk, locked, busy;

  // Oscillator x (FBDIV_SEL + 1) / (IDIV_SEL + 1) = 40.5 MHz; the VCO runs at ODIV_SEL times that, 648 MHz (500 to 1000
  // are within every limit published for the GW2A), and the comparison at 13.5 MHz (3 to 400). No dynamic dividers.
  rPLL #(
    .FCLKIN   ("27"),
    .IDIV_SEL (1),
    .FBDIV_SEL(2),
    .ODIV_SEL (16),
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
