// A counter of 16-bit halves, each of which takes the carry of the one below a cycle later: no long carry chain, and
// who reads the lowest half first and then one half a cycle reads one number, also while it counts. It wraps.
module halved_counter #(
  parameter int Halves = 2,
  parameter int AddW = 1             // bits of what is added, at most 16
) (
  input  logic                 clk_i,
  input  logic                 clear_i,
  input  logic [AddW-1:0]      add_i,
  output logic [16*Halves-1:0] value_o
);

  logic [Halves:0] carry;   // into each half, and out of the last one

  assign carry[0] = 1'b0;

  generate
    for (genvar i = 0; i < Halves; i++) begin : gen_half
      logic [15:0] half_q;
      logic        carry_q;
      logic [16:0] sum;
      assign sum = {1'b0, half_q} + ((i == 0) ? 17'(add_i) : 17'(carry[i]));
      always_ff @(posedge clk_i) begin
        half_q  <= clear_i ? '0 : sum[15:0];
        carry_q <= !clear_i && sum[16];
      end
      assign carry[i+1]            = carry_q;
      assign value_o[16*i +: 16] = half_q;
    end
  endgenerate

  logic unused_carry;
  assign unused_carry = ^{carry[0], carry[Halves]};

endmodule
