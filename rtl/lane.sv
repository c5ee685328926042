// One lane, which updates one cell at a time: the multiplier that every product of a cell's update goes through, the
// sum of the products, and the new state that ends the update.
//
// Letters are pipeline stages. B: memories have answered; C: operands; D: product and sum; E: new state. Slots arrive
// one per cycle in stage B, each with the state of the current cell (but a neighbour slot with that of some other). A
// cell's slots begin with kind noise, which begins its sum. The next cell's first slot may follow the last one at once.
// In the cycle before a table slot the cell's state must be there: the table's piece is addressed then.
//
// Without neighbours a cell's state stays at the input for two cycles after its first slot, whatever else comes, and
// for as long as own_state_o is used; with them own_state_o stays from the cycle after the first slot on.
//
// Limits: of the four flags of a slot's kind at most one is high; no table slot in the cycle after a table slot; with
// neighbours, first slots (kind noise) are two or more cycles apart.
//
//   force = field + gain * noise - sum of coefficient * operand,  state <- sat(state + round(2^-StepShift * force))
//
// Rounding is half up, or towards -infinity. The sum is that of state and force, so that one rounding does, and is kept
// as its complement: products are subtracted from the force, and a complement adds them. A clamped cell's sum begins
// with the state alone and takes nothing in.
//
// Products of projection and trace leave from stage D and touch nothing here but the operands.
module lane #(
  parameter int StateW = 24,
  parameter int StateFrac = 20,
  parameter int OperandW = 16,
  parameter int OperandFrac = 12,
  parameter int CoefW = 16,
  parameter int CoefFrac = 12,
  parameter int AccW = 40,         // holds state and force: nothing overflows
  parameter int StepShift = 2,
  parameter int TableBits = 6,     // 0: no force table
  parameter int Layers = 2,
  parameter int Neighbours = 1,    // 0: no neighbour slots
  parameter int RoundHalfUp = 1,   // 0: cut, in the view and in the new state
  localparam int TableWords = (TableBits > 0) ? (2 * Layers << TableBits) : 2,
  localparam int TableAddrW = $clog2(TableWords),
  localparam int LayerW = settle_pkg::idx_width(Layers)
) (
  input  logic                  clk_i,
  // Stage B. The slot's kind; with none of these four flags the operand is a bus word.
  input  logic                  noise_slot_b_i,      // gain * noise, and the field
  input  logic                  table_slot_b_i,      // rise * offset in the piece, and its left end
  input  logic                  square_b_i,          // state * state
  input  logic                  view_b_i,            // coefficient * state
  input  logic                  neighbour_slot_b_i,  // coefficient * neighbour
  input  logic [CoefW-1:0]      coef_b_i,
  input  logic [StateW-1:0]     state_b_i,
  input  logic                  clamp_b_i,
  input  logic [15:0]           neighbour_b_i,
  input  logic [15:0]           word_b_i,
  input  logic [15:0]           minus_noise_b_i,     // noise * -1
  input  logic [15:0]           gain_b_i,
  input  logic [LayerW-1:0]     layer_b_i,
  output logic [15:0]           view_b_o,            // state_b_i as operand
  // Flags of the slot in later stages.
  input  logic                  table_slot_c_i,
  input  logic                  update_d_i,          // the term goes into the sum
  input  logic                  load_d_i,            // and begins it: noise slot
  // Results.
  output logic [31:0]           term_d_o,            // the product, of project and trace slots
  output logic [StateW-1:0]     own_state_o,
  output logic [StateW-1:0]     state_e_o,
  output logic                  saturated_e_o,
  // Host writes the force table while no slot is on its way: two words per piece, left end and rise.
  input  logic                  table_we_i,
  input  logic [TableAddrW-1:0] table_addr_i,
  input  logic [15:0]           table_wdata_i
);

  localparam int Below = StateFrac - OperandFrac;      // state bits that an operand does not see
  localparam int AccFrac = CoefFrac + OperandFrac;
  localparam int Shift = AccFrac - StateFrac + StepShift;
  localparam int InPiece = OperandW - TableBits;       // operand bits inside a table piece

  generate
    if (Shift < 1 || StateW + Shift > AccW) begin : gen_bad_shift
      // Elaboration stops here in every tool: there is no such module.
      error_the_state_does_not_fit_the_sum u_error ();
    end
  endgenerate

  // ---- B: the state as an operand. Rounding up is left out where it would leave the range.
  logic [OperandW-1:0] upper, view;
  logic                round_up;

  assign upper    = state_b_i[StateW-1:Below];
  assign round_up = (RoundHalfUp != 0) && state_b_i[Below-1] && (upper != {1'b0, {(OperandW-1){1'b1}}});
  assign view     = upper + OperandW'(round_up);
  assign view_b_o = 16'($signed(view));

  // Offset of the operand from the left end of its piece, as a fraction of the piece with OperandFrac bits.
  logic [15:0] in_piece, table_rdata;
  generate
    if (TableBits > 0) begin : gen_table
      logic [TableAddrW-1:0] raddr;
      logic [TableBits-1:0]  piece;
      assign in_piece = 16'(view[InPiece-1:0]) << (OperandFrac - InPiece);
      // The lowest operand has index 0: the sign bit is inverted.
      assign piece = {!view[OperandW-1], view[OperandW-2:InPiece]};
      // The rise arrives with the slot, the left end a stage later.
      if (Layers > 1) begin : gen_layers
        assign raddr = {layer_b_i, piece, !table_slot_b_i};
      end else begin : gen_layer
        assign raddr = {piece, !table_slot_b_i};
        logic unused_layer;
        assign unused_layer = ^layer_b_i;
      end
      ram_1r1w #(
        .Width(16),
        .Depth(TableWords)
      ) u_table (
        .clk_i  (clk_i),
        .we_i   (table_we_i),
        .waddr_i(table_addr_i),
        .wdata_i(table_wdata_i),
        .raddr_i(raddr),
        .rdata_o(table_rdata)
      );
    end else begin : gen_no_table
      assign in_piece    = 16'd0;
      assign table_rdata = 16'd0;
      logic unused_table;
      assign unused_table = ^{table_we_i, table_addr_i, table_wdata_i, layer_b_i};
    end
  endgenerate

  logic [StateW-1:0] own_state;
  logic [15:0]       coef_b, other_b, operand_b, factor_b;
  logic              table_b;

  assign coef_b  = 16'($signed(coef_b_i));
  assign table_b = (TableBits > 0) && table_slot_b_i;

  generate
    if (Neighbours != 0) begin : gen_neighbour
      logic [StateW-1:0] own_state_q;
      always_ff @(posedge clk_i) begin
        if (noise_slot_b_i) own_state_q <= state_b_i;
      end
      assign own_state = own_state_q;
      assign other_b   = neighbour_slot_b_i ? neighbour_b_i : word_b_i;
    end else begin : gen_no_neighbour
      assign own_state = state_b_i;
      assign other_b   = word_b_i;
      logic unused_neighbour;
      assign unused_neighbour = ^{neighbour_slot_b_i, neighbour_b_i};
    end
  endgenerate

  logic [1:0] operand_select, factor_select;
  assign operand_select = {table_b || square_b_i || view_b_i, noise_slot_b_i || square_b_i || view_b_i};
  assign factor_select  = {table_b || square_b_i, noise_slot_b_i || square_b_i};

  mux4 u_operand (
    .select_i (operand_select),
    .value_0_i(other_b),
    .value_1_i(minus_noise_b_i),
    .value_2_i(in_piece),
    .value_3_i(view_b_o),
    .value_o  (operand_b)
  );

  mux4 u_factor (
    .select_i (factor_select),
    .value_0_i(coef_b),
    .value_1_i(gain_b_i),
    .value_2_i(table_rdata),
    .value_3_i(view_b_o),
    .value_o  (factor_b)
  );

  // ---- C: operands. D: product and addend. Written as one multiplier block takes it in, with its registers and adder.
  logic signed [15:0] operand_c_q, factor_c_q;
  logic        [15:0] minus_field_c_q;
  logic               field_c_q, clamp_c_q, clamp_d_q;
  logic signed [31:0] product_d_q, addend_d_q, term_d;

  always_ff @(posedge clk_i) begin
    operand_c_q <= operand_b;
    if (noise_slot_b_i && clamp_b_i) factor_c_q <= '0;
    else factor_c_q <= factor_b;
    // The field's complement, -field - 1: the sum begins one higher.
    if (!noise_slot_b_i || clamp_b_i) minus_field_c_q <= '0;
    else minus_field_c_q <= ~coef_b;
    field_c_q <= noise_slot_b_i && !clamp_b_i;
    if (noise_slot_b_i) clamp_c_q <= clamp_b_i;

    product_d_q <= factor_c_q * operand_c_q;
    addend_d_q  <= (TableBits > 0 && table_slot_c_i) ? 32'($signed(table_rdata)) <<< OperandFrac
                                                     : 32'($signed({minus_field_c_q, {OperandFrac{field_c_q}}}));
    clamp_d_q   <= clamp_c_q;
  end

  assign term_d      = product_d_q + addend_d_q;
  assign term_d_o    = term_d;
  assign own_state_o = own_state;

  // Half up: the sum begins with -state - 1/2, and the field is one less. Cut: with -state - 1, and the field needs its
  // one back, if there is one.
  localparam logic [Shift-1:0] Low = (RoundHalfUp != 0) ? Shift'(1) << (Shift - 1) : {Shift{1'b1}};
  logic [AccW-1:0] acc_q, begin_d;
  logic            one_d;

  assign begin_d = load_d_i ? AccW'($signed({~own_state, Low})) : acc_q;
  assign one_d   = (RoundHalfUp == 0) && load_d_i && !clamp_d_q;

  always_ff @(posedge clk_i) begin
    if (update_d_i && (load_d_i || !clamp_d_q)) acc_q <= begin_d + AccW'(term_d) + AccW'(one_d);
  end

  assert_limit u_one_kind_of_slot (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .holds_i(2'(noise_slot_b_i) + 2'(table_slot_b_i) + 2'(square_b_i) <= 2'd1 &&
             (!view_b_i || {noise_slot_b_i, table_slot_b_i, square_b_i} == '0))
  );

  assert_limit u_no_table_slot_after_a_table_slot (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .holds_i(!(table_slot_b_i && table_slot_c_i))
  );

  // For the limit alone.
  logic noise_slot_c_q;
  always_ff @(posedge clk_i) noise_slot_c_q <= noise_slot_b_i;

  assert_limit u_first_slots_two_cycles_apart (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .holds_i(Neighbours == 0 || !(noise_slot_b_i && noise_slot_c_q))
  );

  // ---- E: new state.
  saturate #(
    .InW (AccW - Shift),
    .OutW(StateW)
  ) u_state (
    .value_i    (~acc_q[AccW-1:Shift]),
    .value_o    (state_e_o),
    .saturated_o(saturated_e_o)
  );

endmodule
