// State of all cells in two banks: a step reads one and writes the other. With neighbours there is one RAM per lane, so
// that each lane can be given another row: that is what a torus needs.
//
// Cells of a group lie one per lane. For a neighbour at (rows_down, columns_right) lane l needs cell n of its site,
// which lies in lane n mod Lanes; neighbour_lane_o tells where, for the crossbar after the RAMs. Limits, while
// neighbour_i: the torus' columns are a power of two, its cells and group_cell_i multiples of Lanes, the cells of the
// group in the torus; rows_down_i is less than its rows, columns_right_i less than its columns.
module state_memory #(
  parameter int Lanes = 4,
  parameter int Rows = 32,
  parameter int StateW = 24,
  parameter int Neighbours = 1,      // 0: no neighbour addressing in hardware
  parameter int CellW = 7,           // bits of a cell's number in its site
  localparam int RowW = settle_pkg::idx_width(Rows),
  localparam int LaneW = settle_pkg::idx_width(Lanes)
) (
  input  logic                    clk_i,
  input  logic                    bank_i,             // read side
  // Stage A.
  input  logic [RowW-1:0]         row_i,              // row of the group itself
  input  logic                    neighbour_i,        // read neighbours instead
  input  logic [RowW-1:0]         first_row_i,        // of the site
  input  logic [CellW-1:0]        group_cell_i,       // first cell of the group, in its site
  input  logic [CellW-1:0]        torus_rows_i,
  input  logic [3:0]              columns_log2_i,
  input  logic [CellW-1:0]        rows_down_i,
  input  logic [CellW-1:0]        columns_right_i,
  // Stage B.
  output logic [StateW*Lanes-1:0] states_o,
  output logic [LaneW*Lanes-1:0]  neighbour_lane_o,
  // Write side: the other bank, or the same one for the host.
  input  logic [Lanes-1:0]        we_i,
  input  logic                    write_bank_i,
  input  logic [RowW-1:0]         write_row_i,
  input  logic [StateW*Lanes-1:0] write_states_i
);

  generate
    if (Neighbours != 0) begin : gen_neighbours
      logic [RowW*Lanes-1:0]  row_of_ram;
      logic [LaneW*Lanes-1:0] source_lane, source_lane_q;
      logic [RowW*Lanes-1:0]  source_row;
      logic [CellW-1:0]       column_mask;
      assign column_mask = CellW'((16'd1 << columns_log2_i) - 16'd1);

      assert_limit u_group_in_the_torus (
        .clk_i  (clk_i),
        .rst_i  (1'b0),
        .holds_i(!neighbour_i || (32'(group_cell_i) % 32'(Lanes) == '0 &&
                                  (32'(torus_rows_i) << columns_log2_i) % 32'(Lanes) == '0 &&
                                  32'(group_cell_i) < 32'(torus_rows_i) << columns_log2_i))
      );

      assert_limit u_neighbour_in_the_torus (
        .clk_i  (clk_i),
        .rst_i  (1'b0),
        .holds_i(!neighbour_i || (rows_down_i < torus_rows_i && columns_right_i <= column_mask))
      );

      for (genvar i = 0; i < Lanes; i++) begin : gen_source
        logic [CellW-1:0] own, column, source;
        logic [CellW:0]   row, row_wrapped;
        assign own         = group_cell_i + CellW'(i);
        assign row         = {1'b0, own >> columns_log2_i} + {1'b0, rows_down_i};
        assign row_wrapped = (row >= {1'b0, torus_rows_i}) ? row - {1'b0, torus_rows_i} : row;
        assign column      = (own + columns_right_i) & column_mask;
        assign source      = CellW'(row_wrapped << columns_log2_i) | column;
        assign source_lane[LaneW*i +: LaneW] = (Lanes > 1) ? source[LaneW-1:0] : '0;
        assign source_row[RowW*i +: RowW]    = first_row_i + RowW'(16'(source) >> $clog2(Lanes));
        logic unused_wrap;
        assign unused_wrap = row_wrapped[CellW];
      end

      always_comb begin
        row_of_ram = '0;
        for (int r = 0; r < Lanes; r++) begin
          for (int i = 0; i < Lanes; i++) begin
            if (neighbour_i && source_lane[LaneW*i +: LaneW] == LaneW'(r)) begin
              row_of_ram[RowW*r +: RowW] = row_of_ram[RowW*r +: RowW] | source_row[RowW*i +: RowW];
            end
          end
          if (!neighbour_i) row_of_ram[RowW*r +: RowW] = row_i;
        end
      end

      always_ff @(posedge clk_i) source_lane_q <= source_lane;
      assign neighbour_lane_o = source_lane_q;

      for (genvar i = 0; i < Lanes; i++) begin : gen_ram
        ram_1r1w #(
          .Width(StateW),
          .Depth(2 << RowW)
        ) u_states (
          .clk_i  (clk_i),
          .we_i   (we_i[i]),
          .waddr_i({write_bank_i, write_row_i}),
          .wdata_i(write_states_i[StateW*i +: StateW]),
          .raddr_i({bank_i, row_of_ram[RowW*i +: RowW]}),
          .rdata_o(states_o[StateW*i +: StateW])
        );
      end
    end else begin : gen_no_neighbours
      // All lanes read the same row: one memory for all packs into fewer blocks.
      ram_1r1w_masked #(
        .Parts(Lanes),
        .PartW(StateW),
        .Depth(2 << RowW)
      ) u_states (
        .clk_i  (clk_i),
        .we_i   (we_i),
        .waddr_i({write_bank_i, write_row_i}),
        .wdata_i(write_states_i),
        .raddr_i({bank_i, row_i}),
        .rdata_o(states_o)
      );
      assign neighbour_lane_o = '0;
      logic unused_neighbour;
      assign unused_neighbour = ^{neighbour_i, first_row_i, group_cell_i, torus_rows_i, columns_log2_i, rows_down_i,
                                  columns_right_i};
    end
  endgenerate

endmodule
