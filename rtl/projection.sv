// Sums the lanes' products over a layer's cells. A sum becomes a bus word, by which all of a layer acts on others, or
// is one of the two sums of a trace entry.
//
// Products enter with valid_i, one per lane and cycle, the first and the last of a sum marked; those marked null_i
// count as zero. Lanes are added in a registered binary tree, so new products can enter every cycle whatever the number
// of lanes. Sums are exact to ProjW bits (they wrap there), so their order cannot matter. word_valid_o comes
// $clog2(Lanes) + 2 cycles after the last product; sum_o stays until the first product of the next sum arrives.
//
// A word is its sum rounded by a shift of Drop - gain + mean bits, then saturated. Limits: that shift is 1 to 63.
module projection #(
  parameter int Lanes = 4,
  parameter int ProjW = 48,
  parameter int WordW = 16,
  parameter int Drop = 12,          // fraction bits of a product that a word of gain 1 does not keep
  parameter int WordGainBits = 0,   // 0: no gains in hardware
  parameter int Grid = 0,           // 0: neither null products nor means of blocks
  parameter int MaxProducts = 0,    // most products of a sum; 0: any number
  parameter int RoundHalfUp = 1,    // 0: words are cut, towards -infinity
  localparam int Levels = $clog2(Lanes)
) (
  input  logic                clk_i,
  input  logic                rst_i,
  input  logic [32*Lanes-1:0] products_i,
  input  logic                valid_i,
  input  logic                first_i,
  input  logic                last_i,
  input  logic                null_i,
  input  logic                trace_i,        // the sum is a trace sum, not a word
  input  logic [3:0]          gain_i,         // signed: word times 2^gain
  input  logic [1:0]          mean_i,         // word divided by 2^mean
  output logic                word_valid_o,
  output logic [WordW-1:0]    word_o,
  output logic                word_saturated_o,
  output logic                trace_valid_o,
  output logic [ProjW-1:0]    sum_o           // with trace_valid_o
);

  localparam int TreeW = 32 + Levels;
  // Bits of a sum that are not copies of its sign: a product has 31 and the sign, at most 2^30.
  localparam int FewestW = 33 + $clog2((MaxProducts > Lanes) ? MaxProducts : Lanes);
  localparam int SumW = (MaxProducts > 0 && FewestW < ProjW) ? FewestW : ProjW;
  localparam int FlagW = 11;

  generate
    if (Drop - ((WordGainBits > 0) ? 7 : 0) < 1) begin : gen_bad_drop
      // Elaboration stops here in every tool: there is no such module.
      error_words_must_have_fewer_fraction_bits_than_products u_error ();
    end
    if (Drop + ((WordGainBits > 0) ? 8 : 0) + ((Grid != 0) ? 3 : 0) > 63) begin : gen_bad_shift
      error_a_word_drops_at_most_63_bits_of_its_sum u_error ();
    end
  endgenerate

  // Level l of the tree has Lanes >> l partial sums; one vector holds all levels, the first one lowest.
  logic [TreeW*(2*Lanes-1)-1:0] tree;
  logic [FlagW*(Levels+1)-1:0]  flags;

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_leaf
      assign tree[TreeW*i +: TreeW] = TreeW'($signed(products_i[32*i +: 32]));
    end
    assign flags[FlagW-1:0] = {mean_i, gain_i, trace_i, null_i, last_i, first_i, valid_i};
    for (genvar l = 0; l < Levels; l++) begin : gen_level
      localparam int From = 2 * Lanes - 2 * (Lanes >> l);
      localparam int To = 2 * Lanes - (Lanes >> l);
      localparam int Count = Lanes >> (l + 1);
      logic [TreeW*Count-1:0] sums_q;
      logic [FlagW-1:0]       flags_q;
      always_ff @(posedge clk_i) begin
        for (int i = 0; i < Count; i++) begin
          sums_q[TreeW*i +: TreeW] <= tree[TreeW*(From+2*i) +: TreeW] + tree[TreeW*(From+2*i+1) +: TreeW];
        end
        flags_q <= rst_i ? '0 : flags[FlagW*l +: FlagW];
      end
      assign tree[TreeW*To +: TreeW*Count] = sums_q;
      assign flags[FlagW*(l+1) +: FlagW]   = flags_q;
    end
  endgenerate

  logic [SumW-1:0] total, begin_sum, acc_q;
  logic            valid, first, last, is_null, is_trace, last_q, trace_q;
  logic [3:0]      gain, gain_q;
  logic [1:0]      mean, mean_q;

  // With one shift for all, a word's sum begins with its half: nothing is added for rounding.
  localparam bit OneShift = (WordGainBits == 0 && Grid == 0);
  localparam logic [SumW-1:0] Half = (RoundHalfUp != 0) ? SumW'(1) << (Drop - 1) : '0;

  assign {mean, gain, is_trace, is_null, last, first, valid} = flags[FlagW*Levels +: FlagW];
  assign begin_sum = !first ? acc_q : (OneShift && !is_trace) ? Half : '0;

  generate
    if (Grid != 0) begin : gen_null
      assign total = is_null ? '0 : SumW'($signed(tree[TreeW*(2*Lanes-2) +: TreeW]));
    end else begin : gen_no_null
      assign total = SumW'($signed(tree[TreeW*(2*Lanes-2) +: TreeW]));
      logic unused_null;
      assign unused_null = is_null;
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (valid) acc_q <= begin_sum + total;
    last_q  <= !rst_i && valid && last;
    trace_q <= is_trace;
    gain_q  <= gain;
    mean_q  <= mean;
  end

  assign trace_valid_o = last_q && trace_q;
  assign sum_o         = ProjW'($signed(acc_q));

  // Round, then saturate.
  localparam int RoundedW = OneShift ? SumW - Drop : SumW;
  logic [RoundedW-1:0] rounded;
  logic [WordW-1:0]    word;
  logic                saturated;

  generate
    if (OneShift) begin : gen_one_shift
      assign rounded = acc_q[SumW-1:Drop];
    end else begin : gen_shift
      logic [5:0]             gain_bits, mean_bits, drop;
      logic signed [SumW-1:0] half, shifted;
      assign gain_bits = (WordGainBits > 0) ? {{2{gain_q[3]}}, gain_q} : 6'd0;
      assign mean_bits = (Grid != 0) ? {4'd0, mean_q} : 6'd0;
      assign drop      = 6'(Drop) - gain_bits + mean_bits;
      assign half      = SumW'(RoundHalfUp) << (drop - 6'd1);
      assign shifted   = ($signed(acc_q) + half) >>> drop;
      assign rounded   = shifted;
    end
  endgenerate

  logic unused_shift;
  assign unused_shift = ^{gain_q, mean_q};

  saturate #(
    .InW (RoundedW),
    .OutW(WordW)
  ) u_saturate (
    .value_i    (rounded),
    .value_o    (word),
    .saturated_o(saturated)
  );

  always_ff @(posedge clk_i) begin
    word_valid_o     <= !rst_i && last_q && !trace_q;
    word_o           <= word;
    word_saturated_o <= !rst_i && saturated && last_q && !trace_q;
  end

endmodule
