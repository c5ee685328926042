// Makes the slots of a step and sends them into the pipeline: program and layer memories, the sequencer that walks
// through them, and the addresses of what each slot needs. Sizes are the configuration's.
//
// A slot leaves the sequencer in stage S. With grids, three stages add to its addresses what depends on site and tap;
// without, S is A. In stage A the slot's addresses are at the memories.
module slot_generator #(
  localparam int Lanes = settle_pkg::Lanes,
  localparam int Layers = settle_pkg::Layers,
  localparam int Segments = settle_pkg::Segments,
  localparam int Side = settle_pkg::Side,
  localparam int SiteCells = settle_pkg::SiteCells,
  localparam int Rows = settle_pkg::Cells / Lanes,
  localparam int RowW = settle_pkg::idx_width(Rows),
  localparam int LayerW = settle_pkg::idx_width(Layers),
  localparam int SegmentW = settle_pkg::idx_width(Segments),
  localparam int GainAddrW = settle_pkg::idx_width(Segments * Layers),
  localparam int CellW = $clog2(SiteCells + 1),
  localparam int CoefRowW = $clog2(settle_pkg::Coefficients / Lanes),
  localparam int WordAddrW = settle_pkg::idx_width(settle_pkg::Words)
) (
  input  logic                 clk_i,
  input  logic                 rst_i,
  // Host: writes both memories, reads the program while nothing runs.
  input  logic                 host_idle_i,
  input  logic                 program_we_i,
  input  logic                 layer_we_i,
  input  logic [19:0]          host_word_i,
  input  logic [31:0]          host_wdata_i,
  output logic [127:0]         op_o,              // a cycle after host_word_i
  // The step: see sequencer.
  input  logic                 step_begin_i,
  output logic                 program_done_o,
  input  logic [SegmentW-1:0]  segment_i,
  input  logic                 project_due_i,
  input  logic                 trace_due_i,
  input  logic                 window_i,
  input  logic                 noise_valid_i,
  // The slot in stage A: its kind, none or one of the first eight; zero after reset.
  output logic                 noise_o,
  output logic                 square_o,
  output logic                 stiffness_o,
  output logic                 table_o,
  output logic                 neighbour_o,
  output logic                 bus_o,
  output logic                 project_o,
  output logic                 norm_o,
  output logic                 last_o,            // of a group's update
  // Its part in a word or a trace sum.
  output logic                 sum_first_o,
  output logic                 sum_last_o,
  output logic                 sum_null_o,        // no product
  output logic                 sum_trace_o,
  output logic [3:0]           sum_gain_o,
  output logic [1:0]           sum_mean_o,
  // Its addresses.
  output logic [LayerW-1:0]    layer_o,
  output logic [GainAddrW-1:0] gain_addr_o,
  output logic [CoefRowW-1:0]  coef_row_o,
  output logic [WordAddrW-1:0] word_addr_o,
  output logic [RowW-1:0]      row_o,
  // A neighbour's place: see state_memory.
  output logic [RowW-1:0]      first_row_o,
  output logic [CellW-1:0]     group_cell_o,
  output logic [CellW-1:0]     torus_rows_o,
  output logic [3:0]           columns_log2_o,
  output logic [CellW-1:0]     rows_down_o,
  output logic [CellW-1:0]     columns_right_o
);

  localparam int PcW = $clog2(settle_pkg::Program);
  localparam int SideW = $clog2(Side + 1);
  localparam int GroupsW = $clog2(SiteCells / Lanes + 1);
  localparam int CountW = $clog2(settle_pkg::Rank + 1);
  localparam int AddressStages = (Side > 1) ? 3 : 0;
  // A neighbour operation has numbers of cells where others have a count and a word.
  localparam bit Neighbours = (settle_pkg::Neighbours != 0);
  localparam int ProgramCountW = (Neighbours && CellW > CountW) ? CellW : CountW;
  localparam int ProgramWordW = (Neighbours && CellW > WordAddrW) ? CellW : WordAddrW;

  // ---- Program and layers.
  logic [127:0]      op;
  logic [PcW-1:0]    pc_next;
  logic [LayerW-1:0] layer_sel;
  logic [RowW-1:0]   layer_first_row;
  logic [CellW-1:0]  site_cells, group_next, torus_rows;
  logic              site_ends;
  logic [SideW-1:0]  height, width;
  logic [3:0]        columns_log2;

  program_memory #(
    .Depth          (settle_pkg::Program),
    .GainBits       ((settle_pkg::WordGainBits > 0) ? settle_pkg::WordGainBits : 1),
    .LayerBits      (LayerW),
    .CountBits      (ProgramCountW),
    .CoefficientBits($clog2(settle_pkg::Coefficients)),
    .WordBits       (ProgramWordW),
    .WindowBits     ((Side > 1) ? settle_pkg::OpHalfLsb + settle_pkg::OpHalfW - 96 : 1)
  ) u_program (
    .clk_i  (clk_i),
    .we_i   (program_we_i),
    .part_i (host_word_i[1:0]),
    .waddr_i(PcW'(host_word_i >> 2)),
    .wdata_i(host_wdata_i),
    .raddr_i(host_idle_i ? host_word_i[2 +: PcW] : pc_next),
    .op_o   (op)
  );

  assign op_o = op;

  layer_memory #(
    .Lanes     (Lanes),
    .Layers    (Layers),
    .Side      (Side),
    .Neighbours(settle_pkg::Neighbours),
    .Rows      (Rows),
    .SiteCells (SiteCells)
  ) u_layers (
    .clk_i         (clk_i),
    .we_i          (layer_we_i),
    .part_i        (host_word_i[1:0]),
    .addr_i        (LayerW'(host_word_i >> 2)),
    .wdata_i       (host_wdata_i),
    .layer_i       (layer_sel),
    .first_row_o   (layer_first_row),
    .site_cells_o  (site_cells),
    .cell_i        (group_next),
    .site_ends_o   (site_ends),
    .height_o      (height),
    .width_o       (width),
    .columns_log2_o(columns_log2),
    .rows_o        (torus_rows)
  );

  // ---- The slot that is decided: its operation, where that stands in the grid, its addresses.
  logic               next_tap, next_block, next_site, first_site, last_site, first_tap, last_tap, last_block, empty;
  logic [1:0]         mean_shift;
  logic [SideW-1:0]   site_y, site_x, word_y, word_x, words_width;
  logic [3:0]         tap_row, tap_column;
  logic               issue, first_of_sum;
  logic [GroupsW-1:0] group;
  logic [CountW-1:0]  count;

  // What leaves stage S beside the addresses, and must wait for them.
  typedef struct packed {
    logic noise;
    logic square;
    logic stiffness;
    logic force_table;
    logic neighbour;
    logic bus;
    logic project;
    logic norm;
    logic last;
  } kind_t;

  typedef struct packed {
    logic                 sum_first;
    logic                 sum_last;
    logic                 sum_null;
    logic                 sum_trace;
    logic [3:0]           sum_gain;
    logic [1:0]           sum_mean;
    logic [LayerW-1:0]    layer;
    logic [GainAddrW-1:0] gain_addr;
    logic [CellW-1:0]     group_cell;
    logic [CellW-1:0]     torus_rows;
    logic [3:0]           columns_log2;
    logic [CellW-1:0]     rows_down;
    logic [CellW-1:0]     columns_right;
  } beside_t;

  localparam int KindW = 9;   // bits of the two: Icarus 11 does not know $bits of a struct
  localparam int BesideW = 14 + LayerW + GainAddrW + 4 * CellW;
  kind_t   kind_s, kind_a;
  beside_t beside_s, beside_a;

  sequencer #(
    .Lanes       (Lanes),
    .Layers      (Layers),
    .SiteCells   (SiteCells),
    .PcW         (PcW),
    .Segments    (Segments),
    .CountW      (CountW),
    .AddressDelay(AddressStages)
  ) u_sequencer (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .step_begin_i    (step_begin_i),
    .program_done_o  (program_done_o),
    .segment_i       (segment_i),
    .project_due_i   (project_due_i),
    .trace_due_i     (trace_due_i),
    .window_i        (window_i),
    .pc_next_o       (pc_next),
    .op_i            (op),
    .layer_sel_o     (layer_sel),
    .group_next_o    (group_next),
    .site_ends_i     (site_ends),
    .next_tap_o      (next_tap),
    .next_block_o    (next_block),
    .next_site_o     (next_site),
    .first_site_i    (first_site),
    .last_site_i     (last_site),
    .first_tap_i     (first_tap),
    .last_tap_i      (last_tap),
    .last_block_i    (last_block),
    .empty_i         (empty),
    .mean_shift_i    (mean_shift),
    .noise_valid_i   (noise_valid_i),
    .issue_o         (issue),
    .group_o         (group),
    .count_o         (count),
    .first_of_sum_o  (first_of_sum),
    .noise_slot_o    (kind_s.noise),
    .square_slot_o   (kind_s.square),
    .stiffness_slot_o(kind_s.stiffness),
    .table_slot_o    (kind_s.force_table),
    .neighbour_slot_o(kind_s.neighbour),
    .bus_slot_o      (kind_s.bus),
    .project_slot_o  (kind_s.project),
    .norm_slot_o     (kind_s.norm),
    .last_o          (kind_s.last),
    .sum_first_o     (beside_s.sum_first),
    .sum_last_o      (beside_s.sum_last),
    .sum_null_o      (beside_s.sum_null),
    .sum_trace_o     (beside_s.sum_trace),
    .sum_gain_o      (beside_s.sum_gain),
    .sum_mean_o      (beside_s.sum_mean),
    .layer_o         (beside_s.layer),
    .gain_addr_o     (beside_s.gain_addr),
    .group_cell_o    (beside_s.group_cell)
  );

  logic [CellW-1:0] torus_rows_q;
  logic [3:0]       columns_log2_q;
  always_ff @(posedge clk_i) begin
    torus_rows_q   <= torus_rows;
    columns_log2_q <= columns_log2;
  end
  assign beside_s.torus_rows   = torus_rows_q;
  assign beside_s.columns_log2 = columns_log2_q;

  grid_walk #(
    .Side(Side)
  ) u_walk (
    .clk_i           (clk_i),
    .restart_i       (step_begin_i),
    .height_i        (height),
    .width_i         (width),
    .project_i       (op[settle_pkg::OpCodeLsb +: settle_pkg::OpCodeW] == settle_pkg::OpProject),
    .block_i         (op[settle_pkg::OpBlockLsb]),
    .mean_i          (op[settle_pkg::OpMeanLsb]),
    .odd_rows_i      (op[settle_pkg::OpOddRowsLsb]),
    .odd_columns_i   (op[settle_pkg::OpOddColumnsLsb]),
    .half_i          (op[settle_pkg::OpHalfLsb]),
    .top_i           (op[settle_pkg::OpTopLsb +: settle_pkg::OpTopW]),
    .left_i          (op[settle_pkg::OpLeftLsb +: settle_pkg::OpLeftW]),
    .rows_less_1_i   (op[settle_pkg::OpHeightLsb +: settle_pkg::OpHeightW]),
    .columns_less_1_i(op[settle_pkg::OpWidthLsb +: settle_pkg::OpWidthW]),
    .next_tap_i      (next_tap),
    .next_block_i    (next_block),
    .next_site_i     (next_site),
    .first_site_o    (first_site),
    .last_site_o     (last_site),
    .first_tap_o     (first_tap),
    .last_tap_o      (last_tap),
    .last_block_o    (last_block),
    .empty_o         (empty),
    .mean_shift_o    (mean_shift),
    .site_y_o        (site_y),
    .site_x_o        (site_x),
    .word_y_o        (word_y),
    .word_x_o        (word_x),
    .words_width_o   (words_width),
    .tap_row_o       (tap_row),
    .tap_column_o    (tap_column)
  );

  // ---- Stage S: addresses, and what they still lack.
  logic [CoefRowW-1:0]  coef_row_s;
  logic [RowW-1:0]      row_s, first_row_s;
  logic [WordAddrW-1:0] word_addr_s;
  logic [SideW-1:0]     site_y_s, site_x_s, grid_width_s, word_y_s, word_x_s, words_width_s;
  logic [3:0]           tap_row_s, tap_column_s, window_width_less_1_s;
  logic [GroupsW-1:0]   groups_s;
  logic [CountW-1:0]    count_s;
  logic                 by_tap_s, by_site_s;

  address_generator #(
    .Lanes    (Lanes),
    .Side     (Side),
    .Rows     (Rows),
    .SiteCells(SiteCells),
    .CoefRowW (CoefRowW),
    .WordAddrW(WordAddrW),
    .CountW   (CountW)
  ) u_addresses (
    .clk_i                (clk_i),
    .issue_i              (issue),
    .op_i                 (op),
    .group_i              (group),
    .count_i              (count),
    .sum_first_i          (first_of_sum),
    .layer_first_row_i    (layer_first_row),
    .site_cells_i         (site_cells),
    .width_i              (width),
    .first_tap_i          (first_tap),
    .site_y_i             (site_y),
    .site_x_i             (site_x),
    .word_y_i             (word_y),
    .word_x_i             (word_x),
    .words_width_i        (words_width),
    .tap_row_i            (tap_row),
    .tap_column_i         (tap_column),
    .coef_row_o           (coef_row_s),
    .row_o                (row_s),
    .first_row_o          (first_row_s),
    .word_addr_o          (word_addr_s),
    .rows_down_o          (beside_s.rows_down),
    .columns_right_o      (beside_s.columns_right),
    .site_y_o             (site_y_s),
    .site_x_o             (site_x_s),
    .grid_width_o         (grid_width_s),
    .word_y_o             (word_y_s),
    .word_x_o             (word_x_s),
    .words_width_o        (words_width_s),
    .tap_row_o            (tap_row_s),
    .tap_column_o         (tap_column_s),
    .window_width_less_1_o(window_width_less_1_s),
    .groups_o             (groups_s),
    .count_o              (count_s),
    .by_tap_o             (by_tap_s),
    .by_site_o            (by_site_s)
  );

  slot_address #(
    .Side     (Side),
    .Stages   (AddressStages),
    .RowW     (RowW),
    .CoefRowW (CoefRowW),
    .WordAddrW(WordAddrW),
    .GroupsW  (GroupsW),
    .CountW   (CountW),
    .FlagW    (KindW),
    .AsideW   (BesideW)
  ) u_slot_address (
    .clk_i                (clk_i),
    .rst_i                (rst_i),
    .coef_row_i           (coef_row_s),
    .row_i                (row_s),
    .first_row_i          (first_row_s),
    .word_addr_i          (word_addr_s),
    .site_y_i             (site_y_s),
    .site_x_i             (site_x_s),
    .grid_width_i         (grid_width_s),
    .word_y_i             (word_y_s),
    .word_x_i             (word_x_s),
    .words_width_i        (words_width_s),
    .tap_row_i            (tap_row_s),
    .tap_column_i         (tap_column_s),
    .window_width_less_1_i(window_width_less_1_s),
    .groups_i             (groups_s),
    .count_i              (count_s),
    .by_tap_i             (by_tap_s),
    .by_site_i            (by_site_s),
    .flags_i              (kind_s),
    .aside_i              (beside_s),
    .coef_row_o           (coef_row_o),
    .row_o                (row_o),
    .first_row_o          (first_row_o),
    .word_addr_o          (word_addr_o),
    .flags_o              (kind_a),
    .aside_o              (beside_a)
  );

  // ---- Stage A.
  assign {noise_o, square_o, stiffness_o, table_o, neighbour_o, bus_o, project_o, norm_o, last_o} = kind_a;
  assign sum_first_o     = beside_a.sum_first;
  assign sum_last_o      = beside_a.sum_last;
  assign sum_null_o      = beside_a.sum_null;
  assign sum_trace_o     = beside_a.sum_trace;
  assign sum_gain_o      = beside_a.sum_gain;
  assign sum_mean_o      = beside_a.sum_mean;
  assign layer_o         = beside_a.layer;
  assign gain_addr_o     = beside_a.gain_addr;
  assign group_cell_o    = beside_a.group_cell;
  assign torus_rows_o    = beside_a.torus_rows;
  assign columns_log2_o  = beside_a.columns_log2;
  assign rows_down_o     = beside_a.rows_down;
  assign columns_right_o = beside_a.columns_right;

endmodule
