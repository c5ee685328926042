// All lanes, which update one group of cells together, with the way from one lane's state to another one's operand that
// neighbours on a torus need. Stages and limits are lane's; sizes are the configuration's.
module lane_array #(
  localparam int Lanes = settle_pkg::Lanes,
  localparam int StateW = settle_pkg::StateW,
  localparam int CoefW = settle_pkg::CoefW,
  localparam int Layers = settle_pkg::Layers,
  localparam int Neighbours = settle_pkg::Neighbours,
  localparam int LayerW = settle_pkg::idx_width(Layers),
  localparam int LaneW = settle_pkg::idx_width(Lanes),
  localparam int TableWords = (settle_pkg::TableBits > 0) ? (2 * Layers << settle_pkg::TableBits) : 2,
  localparam int TableAddrW = $clog2(TableWords)
) (
  input  logic                    clk_i,
  input  logic                    rst_i,
  // Slot in stage B.
  input  logic                    noise_b_i,
  input  logic                    square_b_i,
  input  logic                    stiffness_b_i,
  input  logic                    table_b_i,
  input  logic                    neighbour_b_i,
  input  logic                    bus_b_i,
  input  logic                    project_b_i,
  input  logic                    norm_b_i,
  input  logic                    last_b_i,
  input  logic [LayerW-1:0]       layer_b_i,
  // What its memories hold.
  input  logic [CoefW*Lanes-1:0]  coefs_b_i,
  input  logic [StateW*Lanes-1:0] states_b_i,
  input  logic [Lanes-1:0]        clamps_b_i,
  input  logic [LaneW*Lanes-1:0]  neighbour_lanes_b_i,  // where each lane's neighbour lies
  input  logic [15:0]             word_b_i,
  input  logic [16*Lanes-1:0]     minus_noise_b_i,
  input  logic [15:0]             gain_b_i,
  // Results.
  output logic                    sum_d_o,              // products are a projection's or the trace's
  output logic [32*Lanes-1:0]     terms_d_o,
  output logic [StateW*Lanes-1:0] own_states_o,
  output logic                    last_e_o,             // new states are there
  output logic [StateW*Lanes-1:0] states_e_o,
  output logic [Lanes-1:0]        saturated_e_o,        // with last_e_o
  // Host, while nothing runs.
  input  logic                    table_we_i,
  input  logic [TableAddrW-1:0]   table_addr_i,
  input  logic [15:0]             table_wdata_i
);

  // ---- Flags in later stages.
  logic table_c, noise_c, update_c, sum_c, last_c;
  logic noise_d, update_d, sum_d, last_d, last_e;

  always_ff @(posedge clk_i) begin
    table_c  <= table_b_i;
    noise_c  <= noise_b_i;
    noise_d  <= noise_c;
    if (rst_i) begin
      {update_c, sum_c, last_c} <= 3'd0;
      {update_d, sum_d, last_d} <= 3'd0;
      last_e                    <= 1'b0;
    end else begin
      update_c <= noise_b_i || stiffness_b_i || table_b_i || neighbour_b_i || bus_b_i;
      sum_c    <= project_b_i || norm_b_i;
      last_c   <= last_b_i;
      {update_d, sum_d, last_d} <= {update_c, sum_c, last_c};
      last_e   <= last_d;
    end
  end

  assign sum_d_o  = sum_d;
  assign last_e_o = last_e;

  // ---- Lanes.
  logic [16*Lanes-1:0] views_b;
  logic [Lanes-1:0]    saturated_e;

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_lane
      logic [15:0] neighbour;
      if (Neighbours != 0 && Lanes > 1) begin : gen_crossbar
        always_comb begin
          neighbour = '0;
          for (int j = 0; j < Lanes; j++) begin
            if (neighbour_lanes_b_i[LaneW*i +: LaneW] == LaneW'(j)) neighbour = neighbour | views_b[16*j +: 16];
          end
        end
      end else begin : gen_straight
        assign neighbour = views_b[16*i +: 16];
      end

      lane #(
        .StateW     (StateW),
        .StateFrac  (settle_pkg::StateFrac),
        .OperandW   (settle_pkg::OperandW),
        .OperandFrac(settle_pkg::OperandFrac),
        .CoefW      (CoefW),
        .CoefFrac   (settle_pkg::CoefFrac),
        .AccW       (settle_pkg::AccW),
        .StepShift  (settle_pkg::StepShift),
        .TableBits  (settle_pkg::TableBits),
        .Layers     (Layers),
        .Neighbours (Neighbours),
        .RoundHalfUp(settle_pkg::RoundHalfUp)
      ) u_lane (
        .clk_i             (clk_i),
        .noise_slot_b_i    (noise_b_i),
        .table_slot_b_i    (table_b_i),
        .neighbour_slot_b_i(neighbour_b_i),
        .square_b_i        (square_b_i || norm_b_i),
        .view_b_i          (stiffness_b_i || project_b_i),
        .coef_b_i          (coefs_b_i[CoefW*i +: CoefW]),
        .state_b_i         (states_b_i[StateW*i +: StateW]),
        .clamp_b_i         (clamps_b_i[i]),
        .neighbour_b_i     (neighbour),
        .word_b_i          (word_b_i),
        .minus_noise_b_i   (minus_noise_b_i[16*i +: 16]),
        .gain_b_i          (gain_b_i),
        .layer_b_i         (layer_b_i),
        .view_b_o          (views_b[16*i +: 16]),
        .table_slot_c_i    (table_c),
        .update_d_i        (update_d),
        .load_d_i          (noise_d),
        .term_d_o          (terms_d_o[32*i +: 32]),
        .own_state_o       (own_states_o[StateW*i +: StateW]),
        .state_e_o         (states_e_o[StateW*i +: StateW]),
        .saturated_e_o     (saturated_e[i]),
        .table_we_i        (table_we_i),
        .table_addr_i      (table_addr_i),
        .table_wdata_i     (table_wdata_i)
      );
    end
  endgenerate

  assign saturated_e_o = last_e ? saturated_e : '0;

  logic unused_lanes;
  assign unused_lanes = ^neighbour_lanes_b_i;

endmodule
