// Makes a unit normal sample, with 12 fraction bits, of 32 uniform bits: inverse distribution function by octaves of
// the tail probability, eight linear pieces each, from one 256 x 16 table (host/contract/generate/gaussian_table.cpp).
//
// start_i takes a word; valid_o shows the sample four cycles later, until take_i. It takes a word every three cycles,
// and works on one more while a sample waits. One multiplier (11 x 12 bits) and one block RAM. Of the sample's 12
// fraction bits only the upper NoiseFrac are used: it is rounded there, and the bits below are 0. Limits: start_i only
// with ready_o, take_i only with valid_o; NoiseFrac from 1 to 12.
module noise_gaussian #(
  parameter int NoiseFrac = 12
) (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        start_i,
  input  logic [31:0] uniform_i,
  output logic        ready_o,
  output logic        valid_o,
  input  logic        take_i,
  output logic [15:0] minus_sample_o   // the sample times -1
);

  // Normalise: shift the leading one out at the top, in five steps, counting the zeros.
  logic [31:0] norm_in;
  logic [31:0] norm_16, norm_8, norm_4, norm_2, norm_1;
  logic        none_16, none_8, none_4, none_2, none_1;  // no one among the upper 16, 8, ...
  logic [4:0]  zeros;

  assign norm_in  = {uniform_i[30:0], 1'b0};
  assign none_16  = (norm_in[31:16] == '0);
  assign norm_16  = none_16 ? {norm_in[15:0], 16'd0} : norm_in;
  assign none_8   = (norm_16[31:24] == '0);
  assign norm_8   = none_8 ? {norm_16[23:0], 8'd0} : norm_16;
  assign none_4   = (norm_8[31:28] == '0);
  assign norm_4   = none_4 ? {norm_8[27:0], 4'd0} : norm_8;
  assign none_2   = (norm_4[31:30] == '0);
  assign norm_2   = none_2 ? {norm_4[29:0], 2'd0} : norm_4;
  assign none_1   = !norm_2[31];
  assign norm_1   = none_1 ? {norm_2[30:0], 1'd0} : norm_2;

  assign zeros = {none_16, none_8, none_4, none_2, none_1};

  generate
    if (NoiseFrac < 1 || NoiseFrac > 12) begin : gen_bad_fraction
      // Elaboration stops here in every tool: there is no such module.
      error_noise_has_1_to_12_fraction_bits u_error ();
    end
  endgenerate

  assert_limit u_start_only_when_ready (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(ready_o || !start_i)
  );

  assert_limit u_take_only_when_valid (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(valid_o || !take_i)
  );

  // Phases: 0 address of the knot; 1 address of the next, the first arrives; 2 the second arrives, the sample is made,
  // once the one before it is gone; 3 none.
  //
  // The magnitude is a weighted sum of the two knots, first * (2048 - fraction) + second * fraction, each taken as it
  // arrives: no difference of the two stands before the multiplier. The table grows, by less than 1024 per knot
  // (settle-generate sees to it), so of the upper six bits those of the first knot will do: of the second, bit 10 says
  // whether its lower ten bits have gone round.
  logic [1:0]  phase_q;
  logic        finish;
  logic        sign_q;
  logic [7:0]  knot_q, raddr;
  logic [10:0] fraction_q;
  logic [11:0] weight_q;         // of the knot that arrives, in 2048ths
  logic [15:0] rdata;
  logic        bit_10_q;         // the first knot's
  logic [10:0] lower;            // of the knot that arrives; of the second one, above the first one's upper bits
  logic [26:0] sum_q, base, sum; // in 2^-24, as the magnitude
  logic        sample_valid_q, sample_sign_q;
  logic [26:0] magnitude_q;

  assign finish  = (phase_q == 2'd2) && !sample_valid_q;
  assign ready_o = (phase_q == 2'd3) || finish;
  assign raddr   = (phase_q == 2'd0) ? knot_q : (knot_q + 8'd1);
  assign lower   = {phase_q[1] && (rdata[10] != bit_10_q), rdata[9:0]};
  assign base    = {phase_q[1] ? sum_q[26:21] : rdata[15:10], sum_q[20:0]};
  assign sum     = base + 27'(lower) * 27'(weight_q);

  gaussian_rom u_table (
    .clk_i (clk_i),
    .addr_i(raddr),
    .data_o(rdata)
  );

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      sign_q     <= uniform_i[31];
      // No leading one at all shares the last octave: 30 zeros, all other bits clear.
      knot_q     <= {(zeros == 5'd31) ? 5'd30 : zeros, ~norm_1[30:28]};
      fraction_q <= ~norm_1[27:17];
      sum_q      <= '0;
    end
    if (phase_q == 2'd0) weight_q <= {1'b0, ~fraction_q} + 12'd1;
    if (phase_q == 2'd1) begin
      weight_q <= {1'b0, fraction_q};
      sum_q    <= sum;
      bit_10_q <= rdata[10];
    end
    if (finish) begin
      magnitude_q   <= sum;
      sample_sign_q <= sign_q;
    end
    if (rst_i) begin
      phase_q        <= 2'd3;
      sample_valid_q <= 1'b0;
    end else begin
      sample_valid_q <= finish || (sample_valid_q && !take_i);
      if (start_i) phase_q <= 2'd0;
      else if (!phase_q[1] || finish) phase_q <= phase_q + 2'd1;
    end
  end

  // Rounded half up, then negated: a lane's sum is kept as its complement, which takes the noise with the other sign.
  // -(n + r) = ~n + !r.
  localparam int Below = 24 - NoiseFrac;  // bits of the magnitude that are rounded off
  localparam int KeptW = 28 - Below;
  logic [KeptW-1:0] kept, rounded;
  logic             one;

  assign kept           = KeptW'(magnitude_q[26:Below]) ^ {KeptW{!sample_sign_q}};
  assign one            = (magnitude_q[Below-1] == sample_sign_q);
  assign rounded        = kept + KeptW'(one);
  assign minus_sample_o = 16'(rounded) << (12 - NoiseFrac);
  assign valid_o        = sample_valid_q;

  logic unused_bits;
  assign unused_bits = ^{norm_1[31], norm_1[16:0], magnitude_q};

endmodule
