// projection: the sum of a word's products, and the word: that sum divided by its power of two, rounded to the nearest
// (halves up, or cut), then the nearest word. In time: $clog2(Lanes) + 2 cycles after the last product.
//
// Assumed: a sum begins with first_i and is a word's or a trace's throughout; no product comes in a reset; a word's
// sum is so far from the ends of ProjW bits that rounding does not wrap; with MaxProducts, no more and no larger
// ones.
module projection_properties #(
  parameter int Lanes = 4,
  parameter int ProjW = 48,
  parameter int WordGainBits = 4,
  parameter int Grid = 1,
  parameter int MaxProducts = 0,
  parameter int RoundHalfUp = 1,
  localparam int WordW = 16,
  localparam int Drop = 12
) (
  input logic                clk_i,
  input logic                rst_i,
  input logic [32*Lanes-1:0] products_i,
  input logic                valid_i,
  input logic                first_i,
  input logic                last_i,
  input logic                null_i,
  input logic                trace_i,
  input logic [3:0]          gain_i,
  input logic [1:0]          mean_i
);

  localparam int Levels = $clog2(Lanes);
  localparam int FewestW = 33 + $clog2((MaxProducts > Lanes) ? MaxProducts : Lanes);
  localparam int SumW = (MaxProducts > 0 && FewestW < ProjW) ? FewestW : ProjW;   // as in the module

  logic             word_valid_o, word_saturated_o, trace_valid_o;
  logic [WordW-1:0] word_o;
  logic [ProjW-1:0] sum_o;

  projection #(
    .Lanes       (Lanes),
    .ProjW       (ProjW),
    .WordW       (WordW),
    .Drop        (Drop),
    .WordGainBits(WordGainBits),
    .Grid        (Grid),
    .MaxProducts (MaxProducts),
    .RoundHalfUp (RoundHalfUp)
  ) dut (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .products_i      (products_i),
    .valid_i         (valid_i),
    .first_i         (first_i),
    .last_i          (last_i),
    .null_i          (null_i),
    .trace_i         (trace_i),
    .gain_i          (gain_i),
    .mean_i          (mean_i),
    .word_valid_o    (word_valid_o),
    .word_o          (word_o),
    .word_saturated_o(word_saturated_o),
    .trace_valid_o   (trace_valid_o),
    .sum_o           (sum_o)
  );

  (* hierconn *) logic [SumW-1:0] \dut.acc_q ;

  // ---- The sum, made where the products come in, then late by the tree and the sum's register.
  logic signed [ProjW-1:0] now;
  logic [ProjW-1:0]        sum_q, sum;
  logic                    summing_q = 1'b0, began_q = 1'b0;
  logic                    trace_q;                  // the sum under way is a trace's
  logic [15:0]             products_q, products;     // of the sum, with the current ones

  always_comb begin
    now = '0;
    for (int i = 0; i < Lanes; i++) now = now + ProjW'($signed(products_i[32*i +: 32]));
    if (Grid != 0 && null_i) now = '0;
  end
  assign sum      = first_i ? now : sum_q + now;
  assign products = first_i ? 16'(Lanes) : products_q + 16'(Lanes);

  localparam int LateW = ProjW + 10;
  logic [LateW*(Levels+1)-1:0] late_q;    // newest below
  logic [LateW-1:0]            newest, oldest;

  assign newest = {mean_i, gain_i, trace_i, valid_i ? trace_i : trace_q, last_i && valid_i, summing_q || valid_i,
                   valid_i ? sum : sum_q};

  always_ff @(posedge clk_i) begin
    began_q <= 1'b1;
    if (valid_i) begin
      sum_q      <= sum;
      trace_q    <= trace_i;
      products_q <= products;
    end
    summing_q <= !rst_i && (summing_q || valid_i);
    for (int l = 0; l <= Levels; l++) begin
      late_q[LateW*l +: LateW] <= (l == 0) ? newest : late_q[LateW*(l-1) +: LateW];
      if (rst_i) late_q[LateW*l+ProjW +: 2] <= 2'b00;
    end
  end

  assign oldest = late_q[LateW*Levels +: LateW];

  logic [1:0]              mean;
  logic [3:0]              gain;
  logic                    is_trace, sum_is_trace, last, known;
  logic signed [ProjW-1:0] due;
  assign {mean, gain, is_trace, sum_is_trace, last, known, due} = oldest;

  // No more products than are allowed, each no larger than two 16-bit numbers make it.
  generate
    if (MaxProducts > 0) begin : gen_few
      logic signed [ProjW-1:0] bound;
      assign bound = ProjW'(products_q) << 30;
      always_comb begin
        if (valid_i) begin
          assume (products <= 16'(MaxProducts));
          for (int i = 0; i < Lanes; i++) begin
            assume ($signed(products_i[32*i +: 32]) <= $signed(32'h40000000));
            assume ($signed(products_i[32*i +: 32]) >= -$signed(32'h40000000));
          end
        end
        if (began_q && summing_q) begin
          assert (products_q >= 16'(Lanes) && products_q <= 16'(MaxProducts));
          assert ($signed(sum_q) <= bound && $signed(sum_q) >= -bound);
        end
      end
    end
  endgenerate

  // ---- The word: a cycle after the sum that is due.
  localparam int WideW = ProjW + 2;
  logic [5:0]              drop;
  logic signed [WideW-1:0] wide, half, quotient, least, most, highest, lowest;

  assign drop = 6'(Drop) - ((WordGainBits > 0) ? {{2{gain[3]}}, gain} : 6'd0) + ((Grid != 0) ? {4'd0, mean} : 6'd0);
  assign wide = due;
  assign half = (RoundHalfUp != 0) ? $signed(WideW'(1) << (drop - 6'd1)) : $signed(WideW'(0));

  // The sum as it was a cycle ago, with the word that came of it.
  logic signed [WideW-1:0] wide_q, half_q;
  logic [5:0]              drop_q;
  logic                    word_due_q;

  always_ff @(posedge clk_i) begin
    wide_q     <= wide;
    half_q     <= half;
    drop_q     <= drop;
    word_due_q <= last && !is_trace && !rst_i;
  end

  // The quotient lies where the sum says: 2^drop * quotient <= sum + half < 2^drop * (quotient + 1).
  assign quotient = $signed(word_o);
  assign least    = quotient <<< drop_q;
  assign most     = (quotient + WideW'(1)) <<< drop_q;
  assign highest  = $signed(WideW'(1) << (WordW - 1)) - 1;
  assign lowest   = -highest - 1;

  logic below, above;
  assign below = wide_q + half_q < least;      // the exact word is a smaller one
  assign above = wide_q + half_q >= most;      // or a larger one

  always_comb begin
    if (!began_q) assume (rst_i);
    if (rst_i) assume (!valid_i);
    if (!summing_q && valid_i) assume (first_i);
    if (valid_i && !first_i) assume (trace_i == trace_q);
    if (last && !is_trace) assume (wide + half < $signed(WideW'(1) << (ProjW - 1)));
    if (began_q) begin
      assert (word_valid_o == word_due_q);
      assert (trace_valid_o == (last && is_trace));
      // Where all words have one shift, their sums have its half in them from the start.
      if (known) begin
        assert ($signed(dut.acc_q) ==
                SumW'(due + ((WordGainBits == 0 && Grid == 0 && !sum_is_trace) ? half : ProjW'(0))));
      end
      if (trace_valid_o) assert (sum_o == due);
      if (word_due_q) begin
        if (below) assert (quotient == lowest && word_saturated_o);
        else if (above) assert (quotient == highest && word_saturated_o);
        else assert (!word_saturated_o);
      end else begin
        assert (!word_saturated_o);
      end
    end
    cover (began_q && word_valid_o && below);
    cover (began_q && word_valid_o && above);
    cover (began_q && word_valid_o && word_o == 16'hfffe);
    cover (began_q && trace_valid_o && sum_o == ProjW'(5));
  end

endmodule
