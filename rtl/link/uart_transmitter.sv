// Sends bytes on a serial line: 8 data bits, no parity, one stop bit, low bit first.
//
// Divisor16: as for uart_receiver.
module uart_transmitter #(
  parameter int Divisor16 = 64
) (
  input  logic       clk_i,
  input  logic       rst_i,
  input  logic       valid_i,
  input  logic [7:0] byte_i,
  output logic       ready_o,  // takes the byte
  output logic       tx_o
);

  localparam int LeftW = $clog2(Divisor16 + 1) + 1;

  logic             tick;
  logic [LeftW-1:0] left_q;   // of the current bit, in sixteenths of a cycle
  logic [9:0]       shift_q;  // what is left to send, stop bit on top; zeros follow it
  logic             tx_q;

  generate
    if (Divisor16 < 64) begin : gen_bad_divisor
      // Elaboration stops here in every tool: there is no such module.
      error_a_bit_takes_at_least_4_cycles u_error ();
    end
  endgenerate

  assign tick    = (left_q < LeftW'(16));
  assign ready_o = (shift_q == '0) && tick;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      shift_q <= '0;
      left_q  <= '0;
      tx_q    <= 1'b1;
    end else if (!tick) begin
      left_q <= left_q - LeftW'(16);
    end else if (shift_q != '0) begin
      left_q  <= left_q + LeftW'(Divisor16 - 16);
      tx_q    <= shift_q[0];
      shift_q <= {1'b0, shift_q[9:1]};
    end else if (valid_i) begin
      shift_q <= {1'b1, byte_i, 1'b0};
    end
  end

  assign tx_o = tx_q;

endmodule
