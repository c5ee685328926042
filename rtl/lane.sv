// One lane: the multiplier that everything of a cell goes through, its force sum, and the step that ends an update.
//
// Letters are pipeline stages. B: memories have answered; C: operands; D: product; E: sum; F: new state before
// saturation; G: new state. Slots arrive one a cycle in stage B. A cell's slots begin with kind noise (which loads the
// force sum with field + noise and remembers the cell's old state) and end with last. The next cell's first slot may
// follow at once, but lasts are at least two slots apart and first slots four, or what stage F reads is overwritten.
//
//   force = field + gain * noise - sum of coefficient * operand,  state <- sat(state + round(2^-StepShift * force))
//
// Rounding is half up, or towards -infinity.
//
// projection and trace products leave from stage D and touch nothing here.
module lane #(
  parameter int StateW = 24,
  parameter int StateFrac = 20,
  parameter int OperandW = 16,
  parameter int OperandFrac = 12,
  parameter int CoefW = 16,
  parameter int CoefFrac = 12,
  parameter int AccW = 40,
  parameter int StepShift = 2,
  parameter int TableBits = 6,     // 0: no force table
  parameter int Layers = 2,
  parameter int RoundHalfUp = 1,   // 0: cut, in the view and in the new state
  localparam int TableDepth = (TableBits > 0) ? (Layers << TableBits) : 2,
  localparam int TableAddrW = $clog2(TableDepth),
  localparam int LayerW = (Layers > 1) ? $clog2(Layers) : 1
) (
  input  logic                    clk_i,
  // Stage B.
  input  logic                    noise_slot_b_i,   // also: remember state and clamp
  input  logic                    square_slot_b_i,
  input  logic                    table_slot_b_i,
  input  logic                    neighbour_slot_b_i,
  input  logic                    bus_slot_b_i,
  input  logic                    project_slot_b_i,
  input  logic                    norm_slot_b_i,    // trace: state squared
  input  logic [CoefW-1:0]        coef_b_i,
  input  logic [StateW-1:0]       state_b_i,
  input  logic                    clamp_b_i,
  input  logic [15:0]             neighbour_b_i,
  input  logic [15:0]             word_b_i,
  input  logic [15:0]             noise_b_i,
  input  logic [15:0]             gain_b_i,
  input  logic [LayerW-1:0]       layer_b_i,
  output logic [15:0]             view_b_o,         // state_b_i as operand
  // Flags of the slot in later stages.
  input  logic                    last_c_i,
  input  logic                    table_slot_c_i,
  input  logic                    load_e_i,
  input  logic                    last_e_i,
  input  logic                    subtract_e_i,
  // Results.
  output logic [31:0]             product_d_o,
  output logic [StateW-1:0]       own_state_o,
  output logic [StateW-1:0]       state_g_o,
  output logic                    saturated_g_o,
  // Host writes the force table while no slot is on its way.
  input  logic                    table_we_i,
  input  logic [TableAddrW-1:0]   table_addr_i,
  input  logic [31:0]             table_wdata_i
);

  localparam int Below = StateFrac - OperandFrac;      // state bits that an operand does not see
  localparam int AccFrac = CoefFrac + OperandFrac;
  localparam int Shift = AccFrac - StateFrac + StepShift;
  localparam int InSegment = OperandW - TableBits;     // operand bits inside a table segment
  localparam int SumW = ((AccW > StateW + Shift) ? AccW : StateW + Shift) + 1;

  // ---- B: the state as an operand, rounded.
  logic [OperandW:0]   view_wide;
  logic [OperandW-1:0] view;
  logic                unused_view_saturated;

  assign view_wide = {state_b_i[StateW-1], state_b_i[StateW-1:Below]}
                   + (OperandW+1)'((RoundHalfUp != 0) && state_b_i[Below-1]);

  saturate #(
    .InW (OperandW + 1),
    .OutW(OperandW)
  ) u_view (
    .value_i    (view_wide),
    .value_o    (view),
    .saturated_o(unused_view_saturated)
  );

  assign view_b_o = 16'($signed(view));

  logic [StateW-1:0]   own_state_q, leaving_state_q, final_state_q;
  logic [OperandW-1:0] own_view_q;
  logic                own_clamp_q, leaving_clamp_q, final_clamp_q;
  logic [15:0]         own_view, coef_b;
  logic [15:0]         operand_c_q, coef_c_q, field_c_q;

  assign own_view = 16'($signed(own_view_q));
  assign coef_b   = 16'($signed(coef_b_i));

  // Offset of the operand from the left end of its segment, as a fraction of the segment with OperandFrac bits.
  logic [15:0] in_segment;
  generate
    if (TableBits > 0) begin : gen_in_segment
      assign in_segment = 16'(own_view_q[InSegment-1:0]) << (OperandFrac - InSegment);
    end else begin : gen_no_segment
      assign in_segment = 16'd0;
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (noise_slot_b_i) begin
      own_state_q <= state_b_i;
      own_view_q  <= view;
      own_clamp_q <= clamp_b_i;
    end
    operand_c_q <= noise_slot_b_i                      ? noise_b_i
                 : neighbour_slot_b_i                  ? neighbour_b_i
                 : bus_slot_b_i                        ? word_b_i
                 : table_slot_b_i                      ? in_segment
                 : (project_slot_b_i || norm_slot_b_i) ? view_b_o
                 : own_view;
    coef_c_q    <= noise_slot_b_i  ? gain_b_i
                 : square_slot_b_i ? own_view
                 : norm_slot_b_i   ? view_b_o
                 : coef_b;
    field_c_q   <= noise_slot_b_i ? coef_b : 16'd0;
  end

  // ---- C: the table answers here; its address left in stage B.
  logic [15:0] left_c, rise_c;
  generate
    if (TableBits > 0) begin : gen_table
      logic [TableAddrW-1:0] raddr;
      logic [TableBits-1:0]  segment;
      // The lowest operand has index 0: the sign bit is inverted.
      assign segment = {!own_view_q[OperandW-1], own_view_q[OperandW-2:InSegment]};
      if (Layers > 1) begin : gen_layers
        assign raddr = {layer_b_i, segment};
      end else begin : gen_layer
        assign raddr = segment;
        logic unused_layer;
        assign unused_layer = ^layer_b_i;
      end
      ram_1r1w #(
        .Width(32),
        .Depth(TableDepth)
      ) u_table (
        .clk_i  (clk_i),
        .we_i   (table_we_i),
        .waddr_i(table_addr_i),
        .wdata_i(table_wdata_i),
        .raddr_i(raddr),
        .rdata_o({rise_c, left_c})
      );
    end else begin : gen_no_table
      assign left_c = 16'd0;
      assign rise_c = 16'd0;
      logic unused_table;
      assign unused_table = ^{table_we_i, table_addr_i, table_wdata_i, layer_b_i};
    end
  endgenerate

  logic signed [15:0] factor_c, operand_c;
  logic        [15:0] addend_c, addend_d_q;
  logic signed [31:0] product_d_q;

  assign factor_c  = table_slot_c_i ? rise_c : coef_c_q;
  assign operand_c = operand_c_q;
  assign addend_c  = table_slot_c_i ? left_c : field_c_q;

  always_ff @(posedge clk_i) begin
    product_d_q <= factor_c * operand_c;
    addend_d_q  <= addend_c;
    if (last_c_i) begin  // the next cell is about to overwrite own
      leaving_state_q <= own_state_q;
      leaving_clamp_q <= own_clamp_q;
    end
    if (last_e_i) begin
      final_state_q <= leaving_state_q;
      final_clamp_q <= leaving_clamp_q;
    end
  end

  assign product_d_o = product_d_q;
  assign own_state_o = own_state_q;

  // ---- D, E: term and force sum.
  logic signed [33:0] term_d, term_e_q;
  logic [AccW-1:0]    acc_q, term_e;

  assign term_d = 34'(product_d_q) + (34'($signed(addend_d_q)) <<< OperandFrac);
  assign term_e = AccW'(term_e_q);

  always_ff @(posedge clk_i) begin
    term_e_q <= term_d;
    if (load_e_i) acc_q <= term_e;
    else if (subtract_e_i) acc_q <= acc_q - term_e;
  end

  // ---- F, G: one rounding for force and noise together, then saturation.
  logic signed [SumW-1:0]       sum_f, state_f;
  logic        [SumW-Shift-1:0] new_state_g_q;
  logic [StateW-1:0]            new_state_g, old_state_g_q;
  logic                         clamp_g_q, saturated_g, unused_below;

  generate
    if (Shift > 1) begin : gen_round
      assign state_f = SumW'($signed({final_state_q, (RoundHalfUp != 0), {(Shift-1){1'b0}}}));
    end else if (Shift == 1) begin : gen_round_one
      assign state_f = SumW'($signed({final_state_q, (RoundHalfUp != 0)}));
    end else begin : gen_no_round
      assign state_f = SumW'($signed(final_state_q));
    end
  endgenerate
  assign sum_f   = state_f + SumW'($signed(acc_q));

  always_ff @(posedge clk_i) begin
    new_state_g_q <= sum_f[SumW-1:Shift];
    old_state_g_q <= final_state_q;
    clamp_g_q     <= final_clamp_q;
  end

  saturate #(
    .InW (SumW - Shift),
    .OutW(StateW)
  ) u_state (
    .value_i    (new_state_g_q),
    .value_o    (new_state_g),
    .saturated_o(saturated_g)
  );

  assign unused_below  = ^{sum_f, term_e_q};  // rounded-off bits; a term's top bit if AccW is 33
  assign state_g_o     = clamp_g_q ? old_state_g_q : new_state_g;
  assign saturated_g_o = saturated_g && !clamp_g_q;

endmodule
