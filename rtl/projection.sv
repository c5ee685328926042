// Sums the lanes' products over a layer's cells: the words of a port, and the two sums of a trace entry.
//
// Products enter with valid_i, the first and the last of a sum marked. Lanes are added in a registered binary tree, so
// a new product can enter every cycle whatever the number of lanes. Sums are exact to ProjW bits (they wrap there), so
// their order cannot matter. word_valid_o comes $clog2(Lanes) + 2 cycles after the last product.
module projection #(
  parameter int Lanes = 4,
  parameter int ProjW = 48,
  parameter int WordW = 16,
  parameter int Drop = 12,          // fraction bits of a product that a word of gain 1 does not keep
  parameter int WordGainBits = 0,
  localparam int Levels = $clog2(Lanes)
) (
  input  logic                clk_i,
  input  logic                rst_i,
  input  logic [32*Lanes-1:0] products_i,
  input  logic                valid_i,
  input  logic                first_i,
  input  logic                last_i,
  input  logic                trace_i,        // the sum is a trace sum, not a word
  input  logic [3:0]          gain_i,         // signed: word times 2^gain
  output logic                word_valid_o,
  output logic [WordW-1:0]    word_o,
  output logic                word_saturated_o,
  output logic                trace_valid_o,
  output logic [ProjW-1:0]    sum_o           // with trace_valid_o
);

  localparam int TreeW = 32 + Levels;

  // Level l of the tree has Lanes >> l partial sums; the levels lie one behind the other in one vector.
  logic [TreeW*(2*Lanes-1)-1:0] tree;
  logic [8*(Levels+1)-1:0]      flags;

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_leaf
      assign tree[TreeW*i +: TreeW] = TreeW'($signed(products_i[32*i +: 32]));
    end
    assign flags[7:0] = {gain_i, trace_i, last_i, first_i, valid_i};
    for (genvar l = 0; l < Levels; l++) begin : gen_level
      localparam int From = 2 * Lanes - 2 * (Lanes >> l);
      localparam int To = 2 * Lanes - (Lanes >> l);
      localparam int Count = Lanes >> (l + 1);
      logic [TreeW*Count-1:0] sums_q;
      logic [7:0]             flags_q;
      always_ff @(posedge clk_i) begin
        for (int i = 0; i < Count; i++) begin
          sums_q[TreeW*i +: TreeW] <= tree[TreeW*(From+2*i) +: TreeW] + tree[TreeW*(From+2*i+1) +: TreeW];
        end
        flags_q <= rst_i ? 8'd0 : flags[8*l +: 8];
      end
      assign tree[TreeW*To +: TreeW*Count] = sums_q;
      assign flags[8*(l+1) +: 8]           = flags_q;
    end
  endgenerate

  logic [ProjW-1:0] total, acc_q;
  logic             valid, first, last_q, trace_q;
  logic [3:0]       gain_q;

  assign total = ProjW'($signed(tree[TreeW*(2*Lanes-2) +: TreeW]));
  assign valid = flags[8*Levels+0];
  assign first = flags[8*Levels+1];

  always_ff @(posedge clk_i) begin
    if (valid) acc_q <= first ? total : acc_q + total;
    last_q  <= !rst_i && valid && flags[8*Levels+2];
    trace_q <= flags[8*Levels+3];
    gain_q  <= flags[8*Levels+4 +: 4];
  end

  assign trace_valid_o = last_q && trace_q;
  assign sum_o         = acc_q;

  // Round half up, then saturate.
  logic signed [ProjW-1:0] rounded;
  logic [WordW-1:0]        word;
  logic                    saturated;

  generate
    if (WordGainBits > 0) begin : gen_gain
      logic [5:0]              drop;
      logic signed [ProjW-1:0] half;
      assign drop    = 6'(Drop) - 6'($signed(gain_q));
      assign half    = ProjW'(1) << (drop - 6'd1);
      assign rounded = ($signed(acc_q) + half) >>> drop;
    end else begin : gen_no_gain
      assign rounded = ($signed(acc_q) + $signed(ProjW'(1) << (Drop - 1))) >>> Drop;
      logic unused_gain;
      assign unused_gain = ^gain_q;
    end
  endgenerate

  saturate #(
    .InW (ProjW),
    .OutW(WordW)
  ) u_saturate (
    .value_i    (rounded),
    .value_o    (word),
    .saturated_o(saturated)
  );

  always_ff @(posedge clk_i) begin
    word_valid_o     <= !rst_i && last_q && !trace_q;
    word_o           <= word;
    word_saturated_o <= saturated && last_q && !trace_q;
  end

endmodule
