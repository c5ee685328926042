// What every board has between its PLL and its pins: the array with its host link, held in reset until the clock is
// steady, the line's bit length derived from clock and baud rate. A board's top adds PLL and pins.
module board_core #(
  parameter int ClockHz = 24000000,   // of clk_i
  parameter int Baud = 1000000        // of the line: 9600 to ClockHz / 4, a multiple of 16
) (
  input  logic clk_i,     // the PLL's output
  input  logic locked_i,  // the PLL's, asynchronous
  input  logic rx_i,      // the host's line, asynchronous
  output logic tx_o,
  output logic busy_o     // the array runs: an LED
);

  generate
    if (Baud < 9600 || Baud > ClockHz / 4 || Baud % 16 != 0) begin : gen_bad_baud
      // Elaboration stops here in every tool: there is no such module.
      error_baud_must_be_a_multiple_of_16_from_9600_to_a_quarter_of_the_clock u_error ();
    end
  endgenerate

  logic rst;

  power_on_reset u_reset (
    .clk_i   (clk_i),
    .locked_i(locked_i),
    .rst_o   (rst)
  );

  // Sixteenths of a clock cycle per bit; 16 * ClockHz would not fit into an int.
  settle_board #(
    .Divisor16(ClockHz / (Baud / 16))
  ) u_board (
    .clk_i (clk_i),
    .rst_i (rst),
    .rx_i  (rx_i),
    .tx_o  (tx_o),
    .busy_o(busy_o)
  );

endmodule
