// SPECK64/128 in counter mode with a settable number of rounds; round keys are made on the fly. Source: Beaulieu et
// al., "The SIMON and SPECK families of lightweight block ciphers", 2013; Rounds = 27 is the published cipher. Key:
// the seed in the two lower key words, zero in the two upper ones.
//
// start_i takes a counter, even in the cycle in which a finished block is read; done_o rises with the result Rounds /
// RoundsPerCycle cycles later and stays until the next start. Limits: RoundsPerCycle divides Rounds.
module noise_cipher #(
  parameter int Rounds = 16,
  parameter int RoundsPerCycle = 2
) (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic [63:0] seed_i,
  input  logic        start_i,
  input  logic [63:0] counter_i,
  output logic        done_o,
  output logic [63:0] block_o
);

  localparam int CountW = $clog2(Rounds + RoundsPerCycle + 1);

  generate
    if (Rounds % RoundsPerCycle != 0) begin : gen_bad_rounds
      // Elaboration stops here in every tool: there is no such module.
      error_noise_rounds_per_cycle_must_divide_noise_rounds u_error ();
    end
  endgenerate

  logic [31:0] high_d, high_q, low_d, low_q;
  logic [31:0] key_d, key_q;
  logic [95:0] queue_d, queue_q;  // l words of the key schedule, the next one to be used lowest
  logic [CountW-1:0] round_d, round_q;
  logic running_d, running_q, done_d, done_q;

  // The rounds of one cycle, unrolled.
  logic [31:0] high_r, low_r, key_r, l_r;
  logic [95:0] queue_r;

  always_comb begin
    high_r  = high_q;
    low_r   = low_q;
    key_r   = key_q;
    queue_r = queue_q;
    l_r     = '0;
    for (int i = 0; i < RoundsPerCycle; i++) begin
      high_r  = ({high_r[7:0], high_r[31:8]} + low_r) ^ key_r;
      low_r   = {low_r[28:0], low_r[31:29]} ^ high_r;
      l_r     = (key_r + {queue_r[7:0], queue_r[31:8]}) ^ (32'(round_q) + 32'(i));
      key_r   = {key_r[28:0], key_r[31:29]} ^ l_r;
      queue_r = {l_r, queue_r[95:32]};
    end
  end

  always_comb begin
    high_d    = high_q;
    low_d     = low_q;
    key_d     = key_q;
    queue_d   = queue_q;
    round_d   = round_q;
    running_d = running_q;
    done_d    = done_q;
    if (start_i) begin
      high_d    = counter_i[63:32];
      low_d     = counter_i[31:0];
      key_d     = seed_i[31:0];
      queue_d   = {64'd0, seed_i[63:32]};
      round_d   = '0;
      running_d = 1'b1;
      done_d    = 1'b0;
    end else if (running_q) begin
      high_d  = high_r;
      low_d   = low_r;
      key_d   = key_r;
      queue_d = queue_r;
      round_d = round_q + CountW'(RoundsPerCycle);
      if (round_q == CountW'(Rounds - RoundsPerCycle)) begin
        running_d = 1'b0;
        done_d    = 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    high_q  <= high_d;
    low_q   <= low_d;
    key_q   <= key_d;
    queue_q <= queue_d;
    round_q <= round_d;
    if (rst_i) begin
      running_q <= 1'b0;
      done_q    <= 1'b0;
    end else begin
      running_q <= running_d;
      done_q    <= done_d;
    end
  end

  assign done_o  = done_q;
  assign block_o = {high_q, low_q};

endmodule
