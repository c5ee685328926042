// Takes bytes from a serial line: 8 data bits, no parity, one stop bit, low bit first.
//
// Divisor16: sixteenths of a clock cycle per bit. Where a bit is no whole number of cycles long, single bits differ by
// a cycle and no error adds up. Limits: Divisor16 is 64 (4 cycles) or more. A byte whose stop bit is missing is
// dropped: what it belonged to does not pass its check.
module uart_receiver #(
  parameter int Divisor16 = 64
) (
  input  logic       clk_i,
  input  logic       rst_i,
  input  logic       rx_i,     // asynchronous
  output logic       valid_o,  // for one cycle
  output logic [7:0] byte_o
);

  localparam int LeftW = $clog2(Divisor16 + 1) + 1;

  logic             sync_q, rx_q, before_q, active_q, tick;
  logic [LeftW-1:0] left_q;    // until the next sample, in sixteenths of a cycle
  logic [8:0]       shift_q;   // a one runs ahead of the data bits
  logic             start_q;   // the next sample is the start bit's

  generate
    if (Divisor16 < 64) begin : gen_bad_divisor
      // Elaboration stops here in every tool: there is no such module.
      error_a_bit_takes_at_least_4_cycles u_error ();
    end
  endgenerate

  assign tick = active_q && (left_q < LeftW'(16));

  always_ff @(posedge clk_i) begin
    sync_q   <= rx_i;
    rx_q     <= sync_q;
    before_q <= rx_q;
    valid_o  <= 1'b0;
    if (!active_q) begin
      left_q  <= LeftW'(Divisor16 / 2 - 16);  // the edge was seen a cycle ago
      start_q <= 1'b1;
    end else begin
      left_q <= tick ? left_q + LeftW'(Divisor16 - 16) : left_q - LeftW'(16);
    end
    if (rst_i) begin
      active_q <= 1'b0;
    end else if (!active_q) begin
      active_q <= before_q && !rx_q;
    end else if (tick) begin
      if (start_q) begin
        active_q <= !rx_q;  // a spike otherwise
        shift_q  <= 9'h100;
        start_q  <= 1'b0;
      end else if (!shift_q[0]) begin
        shift_q <= {rx_q, shift_q[8:1]};
      end else begin
        active_q <= 1'b0;
        valid_o  <= rx_q;
      end
    end
  end

  assign byte_o = shift_q[8:1];

endmodule
