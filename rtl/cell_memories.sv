// What the array holds of each cell, as the lanes need it: coefficients, states and clamps. A slot reads the row of its
// group, one word per lane; the host reads and writes single words while nothing runs.
//
// Stages are those of a slot (see settle_array): addresses in A, contents in B, new states in E. The states have two
// banks: a step reads one and writes the other, and step_done_i exchanges them; the host sees the one that the next
// step reads.
module cell_memories #(
  localparam int Lanes = settle_pkg::Lanes,
  localparam int StateW = settle_pkg::StateW,
  localparam int CoefW = settle_pkg::CoefW,
  localparam int Rows = settle_pkg::Cells / Lanes,
  localparam int CoefRows = settle_pkg::Coefficients / Lanes,
  localparam int RowW = settle_pkg::idx_width(Rows),
  localparam int LaneW = settle_pkg::idx_width(Lanes),
  localparam int CellW = $clog2(settle_pkg::SiteCells + 1),
  localparam int CoefRowW = $clog2(CoefRows)
) (
  input  logic                    clk_i,
  input  logic                    rst_i,
  input  logic                    step_done_i,
  // Host: an access to region_i.
  input  logic                    host_idle_i,        // addresses are the host's
  input  logic                    host_we_i,          // granted
  input  logic [3:0]              region_i,
  input  logic [19:0]             host_row_i,
  input  logic [Lanes-1:0]        host_lane_mask_i,   // the lane of the word
  input  logic [31:0]             host_wdata_i,
  // Before a run: a row of states becomes zero.
  input  logic                    zero_write_i,
  input  logic [RowW-1:0]         zero_row_i,
  // Stage A.
  input  logic [CoefRowW-1:0]     coef_row_i,
  input  logic [RowW-1:0]         row_i,
  input  logic                    neighbour_i,
  input  logic [RowW-1:0]         first_row_i,
  input  logic [CellW-1:0]        group_cell_i,
  input  logic [CellW-1:0]        torus_rows_i,
  input  logic [3:0]              columns_log2_i,
  input  logic [CellW-1:0]        rows_down_i,
  input  logic [CellW-1:0]        columns_right_i,
  // Stage B.
  output logic [CoefW*Lanes-1:0]  coefficients_o,
  output logic [StateW*Lanes-1:0] states_o,
  output logic [Lanes-1:0]        clamps_o,
  output logic [LaneW*Lanes-1:0]  neighbour_lane_o,
  // Stage E: new states of a group.
  input  logic                    new_states_we_i,
  input  logic [RowW-1:0]         new_states_row_i,
  input  logic [StateW*Lanes-1:0] new_states_i
);

  logic [RowW-1:0] host_row, row;
  assign host_row = RowW'(host_row_i);
  assign row      = host_idle_i ? host_row : row_i;

  // ---- Coefficients: one RAM per lane, cell index fastest.
  logic [CoefRowW-1:0] coef_row;
  assign coef_row = host_idle_i ? host_row_i[CoefRowW-1:0] : coef_row_i;

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_coef
      ram_1rw #(
        .Width(CoefW),
        .Depth(CoefRows)
      ) u_coefficients (
        .clk_i  (clk_i),
        .we_i   (host_we_i && region_i == settle_pkg::RegionCoefficient && host_lane_mask_i[i]),
        .addr_i (coef_row),
        .wdata_i(host_wdata_i[CoefW-1:0]),
        .rdata_o(coefficients_o[CoefW*i +: CoefW])
      );
    end
  endgenerate

  // ---- States. Writers are never two: the host, zeroing and the lanes each have their time.
  logic                    bank_q;             // that the current step reads
  logic [Lanes-1:0]        we;
  logic [RowW-1:0]         write_row;
  logic [StateW*Lanes-1:0] write_states;

  always_ff @(posedge clk_i) begin
    if (rst_i) bank_q <= 1'b0;
    else if (step_done_i) bank_q <= !bank_q;
  end

  assign we           = (host_we_i && region_i == settle_pkg::RegionState) ? host_lane_mask_i
                                                                           : {Lanes{new_states_we_i || zero_write_i}};
  assign write_row    = zero_write_i ? zero_row_i : new_states_we_i ? new_states_row_i : host_row;
  assign write_states = zero_write_i    ? '0
                      : new_states_we_i ? new_states_i
                                        : {Lanes{host_wdata_i[StateW-1:0]}};

  state_memory #(
    .Lanes     (Lanes),
    .Rows      (Rows),
    .StateW    (StateW),
    .Neighbours(settle_pkg::Neighbours),
    .CellW     (CellW)
  ) u_states (
    .clk_i           (clk_i),
    .bank_i          (bank_q),
    .row_i           (row),
    .neighbour_i     (neighbour_i),
    .first_row_i     (first_row_i),
    .group_cell_i    (group_cell_i),
    .torus_rows_i    (torus_rows_i),
    .columns_log2_i  (columns_log2_i),
    .rows_down_i     (rows_down_i),
    .columns_right_i (columns_right_i),
    .states_o        (states_o),
    .neighbour_lane_o(neighbour_lane_o),
    .we_i            (we),
    .write_bank_i    (new_states_we_i ? !bank_q : bank_q),
    .write_row_i     (write_row),
    .write_states_i  (write_states)
  );

  // ---- Clamps.
  ram_1r1w_masked #(
    .Parts(Lanes),
    .PartW(1),
    .Depth(1 << RowW)
  ) u_clamps (
    .clk_i  (clk_i),
    .we_i   ((host_we_i && region_i == settle_pkg::RegionClamp) ? host_lane_mask_i : '0),
    .waddr_i(host_row),
    .wdata_i({Lanes{host_wdata_i[settle_pkg::ClampHeldLsb]}}),
    .raddr_i(row),
    .rdata_o(clamps_o)
  );

  logic unused_bits;
  assign unused_bits = ^{host_row_i, host_wdata_i};

endmodule
