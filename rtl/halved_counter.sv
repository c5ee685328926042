// A counter that the host reads in pieces of 16 bits: each of these halves takes the carry of the one below it a cycle
// later. So there is no long carry chain, and who reads the lowest half first and then one half per cycle reads one
// number, also while it counts. It wraps. Limits: AddW from 1 to 16.
module halved_counter #(
  parameter int Halves = 2,
  parameter int AddW = 1             // bits of what is added
) (
  input  logic                 clk_i,
  input  logic                 clear_i,
  input  logic [AddW-1:0]      add_i,
  output logic [16*Halves-1:0] value_o
);

  logic [Halves:0] carry;   // into each half, and out of the last one

  assign carry[0] = 1'b0;

  generate
    if (AddW < 1 || AddW > 16) begin : gen_bad_width
      // Elaboration stops here in every tool: there is no such module.
      error_a_halved_counter_adds_at_most_16_bits u_error ();
    end

    for (genvar i = 0; i < Halves; i++) begin : gen_half
      logic [15:0] half_q;
      logic        carry_q;
      logic [16:0] sum;
      assign sum = {1'b0, half_q} + ((i == 0) ? 17'(add_i) : 17'(carry[i]));
      always_ff @(posedge clk_i) begin
        half_q  <= clear_i ? '0 : sum[15:0];
        carry_q <= !clear_i && sum[16];
      end
      assign carry[i+1]          = carry_q;
      assign value_o[16*i +: 16] = half_q;
    end
  endgenerate

  logic unused_carry;
  assign unused_carry = ^{carry[0], carry[Halves]};

endmodule
