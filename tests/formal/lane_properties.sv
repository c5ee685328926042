// lane: what each slot multiplies, and that a cell's new state is the nearest to its old one plus 2^-Shift times its
// exact force (halves up, or cut); a clamped cell keeps its state. The view of a state is the nearest operand.
//
// Assumed: flags in later stages are those of the slot, two cycles on; first slots two or more apart; no sum leaves
// AccW bits. The product is taken as the multiplier gives it, and a table's answer as its memory does: the module at
// the end stands in for that.
module lane_properties #(
  parameter int StepShift = 2,
  parameter int RoundHalfUp = 1,
  localparam int StateW = 24,
  localparam int AccW = 40
) (
  input logic              clk_i,
  input logic              noise_slot_b_i,
  input logic              table_slot_b_i,
  input logic              square_b_i,
  input logic              view_b_i,
  input logic              neighbour_slot_b_i,
  input logic              update_b_i,        // any slot of an update
  input logic [15:0]       coef_b_i,
  input logic [StateW-1:0] state_b_i,
  input logic              clamp_b_i,
  input logic [15:0]       neighbour_b_i,
  input logic [15:0]       word_b_i,
  input logic [15:0]       minus_noise_b_i,
  input logic [15:0]       gain_b_i,
  input logic              layer_b_i,
  input logic              table_we_i,
  input logic [6:0]        table_addr_i,
  input logic [15:0]       table_wdata_i
);

  localparam int Below = 20 - 12;           // StateFrac - OperandFrac
  localparam int Shift = 12 + 12 - 20 + StepShift;
  localparam int TableBits = 6;

  logic [15:0]       view_b_o;
  logic [31:0]       term_d_o;
  logic [StateW-1:0] own_state_o, state_e_o;
  logic              saturated_e_o, table_slot_c_q, noise_c_q, noise_d_q, update_c_q, update_d_q;
  logic              unused;

  lane #(
    .StepShift  (StepShift),
    .TableBits  (TableBits),
    .Layers     (1),
    .Neighbours (1),
    .RoundHalfUp(RoundHalfUp)
  ) dut (
    .clk_i             (clk_i),
    .noise_slot_b_i    (noise_slot_b_i),
    .table_slot_b_i    (table_slot_b_i),
    .square_b_i        (square_b_i),
    .view_b_i          (view_b_i),
    .neighbour_slot_b_i(neighbour_slot_b_i),
    .coef_b_i          (coef_b_i),
    .state_b_i         (state_b_i),
    .clamp_b_i         (clamp_b_i),
    .neighbour_b_i     (neighbour_b_i),
    .word_b_i          (word_b_i),
    .minus_noise_b_i   (minus_noise_b_i),
    .gain_b_i          (gain_b_i),
    .layer_b_i         (layer_b_i),
    .view_b_o          (view_b_o),
    .table_slot_c_i    (table_slot_c_q),
    .update_d_i        (update_d_q),
    .load_d_i          (noise_d_q),
    .term_d_o          (term_d_o),
    .own_state_o       (own_state_o),
    .state_e_o         (state_e_o),
    .saturated_e_o     (saturated_e_o),
    .table_we_i        (table_we_i),
    .table_addr_i      (table_addr_i),
    .table_wdata_i     (table_wdata_i)
  );
  assign unused = ^{own_state_o, term_d_o};

  // Inside the module.
  (* hierconn *) logic [15:0]     \dut.operand_c_q ;
  (* hierconn *) logic [15:0]     \dut.factor_c_q ;
  (* hierconn *) logic [31:0]     \dut.product_d_q ;
  (* hierconn *) logic [15:0]     \dut.table_rdata ;
  (* hierconn *) logic [AccW-1:0] \dut.acc_q ;
  (* hierconn *) logic            \dut.clamp_c_q ;
  (* hierconn *) logic            \dut.clamp_d_q ;

  // ---- What the user promises.
  logic began_q = 1'b0, second_q = 1'b0, third_q = 1'b0;

  always_ff @(posedge clk_i) begin
    began_q        <= 1'b1;
    second_q       <= began_q;
    third_q        <= second_q;
    table_slot_c_q <= table_slot_b_i;
    noise_c_q      <= noise_slot_b_i;
    noise_d_q      <= noise_c_q;
    update_c_q     <= update_b_i;
    update_d_q     <= update_c_q;
  end

  always_comb begin
    assume (3'(noise_slot_b_i) + 3'(table_slot_b_i) + 3'(square_b_i) + 3'(view_b_i) + 3'(neighbour_slot_b_i) <= 3'd1);
    if (noise_slot_b_i) assume (update_b_i);
    if (began_q && noise_c_q) assume (!noise_slot_b_i);
  end

  // ---- B: 2^Below * view <= state + half < 2^Below * (view + 1), but for the ends of the range.
  logic signed [StateW+1:0] state, view, half_view;
  assign state     = $signed(state_b_i);
  assign view      = $signed(view_b_o);
  assign half_view = (RoundHalfUp != 0) ? 26'sd1 <<< (Below - 1) : 26'sd0;

  always_comb begin
    assert ((view <<< Below) <= state + half_view);
    if (view != 26'sd32767) assert (state + half_view < ((view + 26'sd1) <<< Below));
  end

  // ---- C: what is multiplied.
  logic [15:0] operand_q, factor_q, coef_q;
  logic        clamped_c_q, clamped_d_q;

  always_ff @(posedge clk_i) begin
    coef_q    <= coef_b_i;
    operand_q <= word_b_i;
    factor_q  <= coef_b_i;
    if (noise_slot_b_i) begin
      clamped_c_q <= clamp_b_i;
      operand_q   <= minus_noise_b_i;
      factor_q    <= clamp_b_i ? 16'd0 : gain_b_i;
    end
    if (square_b_i || view_b_i) operand_q <= view_b_o;
    if (square_b_i) factor_q <= view_b_o;
    if (neighbour_slot_b_i) operand_q <= neighbour_b_i;
    if (table_slot_b_i) begin
      // As a fraction of the piece, which is 2^-TableBits of all operands.
      operand_q <= {4'd0, view_b_o[9:0], 2'd0};
      factor_q  <= dut.table_rdata;
    end
    clamped_d_q <= clamped_c_q;
  end

  always_comb begin
    if (began_q) assert (dut.operand_c_q == operand_q && dut.factor_c_q == factor_q);
  end

  // ---- D, E: the exact sum, in the state's units times 2^Shift.
  logic signed [47:0] exact_d, exact_q, addend_q, half;
  logic [StateW-1:0]  old_state_q;
  logic               exact_known_q = 1'b0, kept_q;

  assign half    = (RoundHalfUp != 0) ? 48'sd1 <<< (Shift - 1) : 48'sd0;
  assign exact_d = noise_d_q ? (48'($signed(old_state_q)) <<< Shift) : exact_q;

  always_ff @(posedge clk_i) begin
    if (noise_slot_b_i) old_state_q <= state_b_i;
    // Subtracted with the product: of a table slot its left end, of a noise slot the field, added.
    addend_q <= 48'sd0;
    if (noise_c_q) addend_q <= -(48'($signed(coef_q)) <<< 12);
    if (table_slot_c_q) addend_q <= 48'($signed(dut.table_rdata)) <<< 12;
    if (update_d_q) begin
      if (!clamped_d_q) exact_q <= exact_d - 48'($signed(dut.product_d_q)) - addend_q;
      else if (noise_d_q) exact_q <= exact_d;
      if (noise_d_q) begin
        exact_known_q <= third_q;
        kept_q        <= clamped_d_q;
      end
    end
  end

  // What makes it inductive, once there was a first slot: state and clamp are the ones remembered there.
  logic seen_c_q = 1'b0, seen_d_q = 1'b0;

  always_ff @(posedge clk_i) begin
    seen_c_q <= seen_c_q || noise_slot_b_i;
    seen_d_q <= seen_c_q;
  end

  always_comb begin
    if (seen_c_q) assert (dut.clamp_c_q == clamped_c_q && own_state_o == old_state_q);
    if (seen_d_q) assert (dut.clamp_d_q == clamped_d_q);
    if (seen_d_q && !noise_d_q) assert (clamped_c_q == clamped_d_q || noise_c_q);
    if (exact_known_q) assert (seen_d_q);
    if (exact_known_q && !noise_d_q) assert (kept_q == clamped_d_q);
  end

  localparam logic signed [47:0] Most = 48'sd1 <<< (AccW - 2);
  localparam logic signed [47:0] Highest = (48'sd1 <<< (StateW - 1)) - 48'sd1;
  logic signed [47:0] result;
  logic               kept_half;    // a clamped cell's sum lacks the field's one
  assign kept_half = kept_q && (RoundHalfUp != 0);
  assign result = 48'($signed(state_e_o));

  always_comb begin
    assume (exact_q < Most && exact_q > -Most);
    if (exact_known_q) begin
      assert (dut.acc_q == AccW'(-exact_q - half + 48'(kept_half) - 48'sd1));
      if (kept_q) assert (exact_q[Shift-1:0] == '0 && !saturated_e_o);
      if (exact_q + half < (result <<< Shift)) assert (result == -Highest - 48'sd1 && saturated_e_o);
      else if (exact_q + half >= ((result + 48'sd1) <<< Shift)) assert (result == Highest && saturated_e_o);
      else assert (!saturated_e_o);
    end
    cover (exact_known_q && !kept_q && saturated_e_o && result == Highest);
    cover (exact_known_q && !kept_q && !saturated_e_o && result == 48'sd5 && exact_q[Shift-1:0] != '0);
    cover (exact_known_q && kept_q);
  end

endmodule

module ram_1r1w #(
  parameter int Width = 16,
  parameter int Depth = 256,
  localparam int AddrW = settle_pkg::idx_width(Depth)
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Width-1:0] wdata_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);

  (* anyseq *) logic [Width-1:0] any_data;
  assign rdata_o = any_data;

endmodule
