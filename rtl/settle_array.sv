// The array: a thermodynamic machine of cells that settle under forces and noise, behind one 32-bit word port. The host
// loads machine and state, starts a run and reads back states, sums and trace. Register map and formats:
// rtl/registers.json and rtl/configurations.json, from which settle_pkg is generated.
//
// Port: one request at a time; req_valid_i for one cycle, the others stay until rsp_valid_o, which answers every request
// three cycles later. rsp_error_o: refused, because the array was busy or the address does not exist; nothing was
// changed.
//
// schedule runs the steps, slot_generator makes the slots of each, one per cycle, and each slot goes down a pipeline.
// Its stages are the letters at the ends of names: S the slot leaves the sequencer; with grids, three stages add to its
// addresses what depends on site and tap; A addresses, B memories answer, C operands, D product and sum, E the new
// state (see lane for B to E). Projection products leave at D. Without grids S is A.
module settle_array (
  input  logic        clk_i,
  input  logic        rst_i,      // synchronous
  input  logic        req_valid_i,
  input  logic        req_write_i,
  input  logic [23:0] req_addr_i,
  input  logic [31:0] req_wdata_i,
  output logic        rsp_valid_o,
  output logic        rsp_error_o,
  output logic [31:0] rsp_rdata_o,
  output logic        busy_o
);

  localparam int Lanes = settle_pkg::Lanes;
  localparam int Layers = settle_pkg::Layers;
  localparam int StateW = settle_pkg::StateW;
  localparam int CoefW = settle_pkg::CoefW;
  localparam int Segments = settle_pkg::Segments;
  localparam int Rows = settle_pkg::Cells / Lanes;
  localparam int RowW = settle_pkg::idx_width(Rows);
  localparam int LaneW = settle_pkg::idx_width(Lanes);
  localparam int LayerW = settle_pkg::idx_width(Layers);
  localparam int CellW = $clog2(settle_pkg::SiteCells + 1);
  localparam int CoefRowW = $clog2(settle_pkg::Coefficients / Lanes);
  localparam int WordAddrW = settle_pkg::idx_width(settle_pkg::Words);
  localparam int SegmentW = settle_pkg::idx_width(Segments);
  localparam int GainAddrW = settle_pkg::idx_width(Segments * Layers);
  localparam int TraceAddrW = $clog2(settle_pkg::TraceDepth);
  localparam int TableWords = (settle_pkg::TableBits > 0) ? (2 * Layers << settle_pkg::TableBits) : 2;
  localparam int TableAddrW = $clog2(TableWords);
  localparam int KeyW = settle_pkg::idx_width(settle_pkg::NoiseRounds);

  array_limits u_limits ();

  // ---- Host port.
  logic             host_idle, host_we, host_half_we, host_half, control_we, refused, known_register, identity, running,
                    stats_busy;
  logic [3:0]       region;
  logic [19:0]      host_word;
  logic [15:0]      host_half_word;
  logic [19:0]      host_row;        // in memories of one word per cell
  logic [Lanes-1:0] host_lane_mask;
  logic             answer_half;
  logic [15:0]      register_rdata, trace_rdata, shared_rdata;
  logic [127:0]     op;
  logic [CoefW*Lanes-1:0]  coefs_b;
  logic [StateW*Lanes-1:0] states_b;
  logic [Lanes-1:0]        clamps_b;
  logic [16*Lanes-1:0]     sum_words;

  assign busy_o         = running || stats_busy;
  assign host_idle      = !busy_o;
  assign host_row       = host_word / 20'(Lanes);
  assign host_half_word = host_half ? req_wdata_i[31:16] : req_wdata_i[15:0];

  host_port #(
    .Lanes (Lanes),
    .StateW(StateW),
    .CoefW (CoefW)
  ) u_port (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .req_valid_i     (req_valid_i),
    .req_write_i     (req_write_i),
    .req_addr_i      (req_addr_i),
    .rsp_valid_o     (rsp_valid_o),
    .rsp_error_o     (rsp_error_o),
    .rsp_rdata_o     (rsp_rdata_o),
    .idle_i          (host_idle),
    .region_o        (region),
    .word_o          (host_word),
    .half_o          (host_half),
    .answer_half_o   (answer_half),
    .we_o            (host_we),
    .half_we_o       (host_half_we),
    .control_we_o    (control_we),
    .refused_o       (refused),
    .lane_mask_o     (host_lane_mask),
    .known_register_i(known_register),
    .identity_i      (identity),
    .register_i      (register_rdata),
    .states_i        (states_b),
    .coefficients_i  (coefs_b),
    .clamps_i        (clamps_b),
    .operation_i     (op),
    .sums_i          (sum_words),
    .trace_i         (trace_rdata),
    .shared_i        (shared_rdata)
  );

  // ---- Registers and schedule.
  logic                   segment_read, step_begin, program_done, step_done, project_due, trace_due, window, fresh;
  logic [SegmentW-1:0]    segment_addr, segment;
  logic [1:0]             segment_part;
  logic [39:0]            step;
  logic [TraceAddrW-1:0]  trace_entry;
  logic                   zero_write, saturated_word;
  logic [RowW-1:0]        zero_row;
  logic [Lanes-1:0]       saturated_states;

  run_control u_control (
    .clk_i             (clk_i),
    .rst_i             (rst_i),
    .we_i              (host_we && region == 4'd0),
    .stop_we_i         (control_we),
    .refused_i         (refused),
    .register_i        (host_word),
    .wdata_i           (req_wdata_i),
    .upper_i           (answer_half),
    .rdata_o           (register_rdata),
    .known_o           (known_register),
    .identity_o        (identity),
    .busy_i            (busy_o),
    .saturated_states_i(saturated_states),
    .saturated_word_i  (saturated_word),
    .running_o         (running),
    .segment_read_o    (segment_read),
    .segment_addr_o    (segment_addr),
    .segment_part_o    (segment_part),
    .segment_word_i    (shared_rdata),
    .step_o            (step),
    .step_begin_o      (step_begin),
    .program_done_i    (program_done),
    .step_done_o       (step_done),
    .segment_o         (segment),
    .project_due_o     (project_due),
    .trace_due_o       (trace_due),
    .trace_entry_o     (trace_entry),
    .window_o          (window),
    .fresh_o           (fresh),
    .zero_write_o      (zero_write),
    .zero_row_o        (zero_row)
  );

  // ---- Slots of a step, in stage A.
  typedef struct packed {   // what a slot is for, one of the first eight or none
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

  kind_t                kind_a, kind_b;
  logic                 noise_valid, sum_first_a, sum_last_a, sum_null_a, sum_trace_a;
  logic [3:0]           sum_gain_a, columns_log2_a;
  logic [1:0]           sum_mean_a;
  logic [LayerW-1:0]    layer_a, layer_b;
  logic [GainAddrW-1:0] gain_addr_a;
  logic [CoefRowW-1:0]  coef_row_a;
  logic [WordAddrW-1:0] word_addr_a;
  logic [RowW-1:0]      row_a, row_b, row_c, row_d, row_e, first_row_a;
  logic [CellW-1:0]     group_cell_a, torus_rows_a, rows_down_a, columns_right_a;

  slot_generator u_slots (
    .clk_i          (clk_i),
    .rst_i          (rst_i),
    .host_idle_i    (host_idle),
    .program_we_i   (host_we && region == settle_pkg::RegionProgram),
    .layer_we_i     (host_we && region == settle_pkg::RegionLayer),
    .host_word_i    (host_word),
    .host_wdata_i   (req_wdata_i),
    .op_o           (op),
    .step_begin_i   (step_begin),
    .program_done_o (program_done),
    .segment_i      (segment),
    .project_due_i  (project_due),
    .trace_due_i    (trace_due),
    .window_i       (window),
    .noise_valid_i  (noise_valid),
    .noise_o        (kind_a.noise),
    .square_o       (kind_a.square),
    .stiffness_o    (kind_a.stiffness),
    .table_o        (kind_a.force_table),
    .neighbour_o    (kind_a.neighbour),
    .bus_o          (kind_a.bus),
    .project_o      (kind_a.project),
    .norm_o         (kind_a.norm),
    .last_o         (kind_a.last),
    .sum_first_o    (sum_first_a),
    .sum_last_o     (sum_last_a),
    .sum_null_o     (sum_null_a),
    .sum_trace_o    (sum_trace_a),
    .sum_gain_o     (sum_gain_a),
    .sum_mean_o     (sum_mean_a),
    .layer_o        (layer_a),
    .gain_addr_o    (gain_addr_a),
    .coef_row_o     (coef_row_a),
    .word_addr_o    (word_addr_a),
    .row_o          (row_a),
    .first_row_o    (first_row_a),
    .group_cell_o   (group_cell_a),
    .torus_rows_o   (torus_rows_a),
    .columns_log2_o (columns_log2_a),
    .rows_down_o    (rows_down_a),
    .columns_right_o(columns_right_a)
  );

  // ---- The slot in later stages.
  always_ff @(posedge clk_i) begin
    kind_b  <= rst_i ? '0 : kind_a;
    layer_b <= layer_a;
    row_b   <= row_a;
    row_c   <= row_b;
    row_d   <= row_c;
    row_e   <= row_d;
  end

  // ---- Coefficients, states, clamps.
  logic [LaneW*Lanes-1:0]  neighbour_lanes_b;
  logic                    last_e;
  logic [StateW*Lanes-1:0] states_e;

  cell_memories u_cells (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .step_done_i     (step_done),
    .host_idle_i     (host_idle),
    .host_we_i       (host_we),
    .region_i        (region),
    .host_row_i      (host_row),
    .host_lane_mask_i(host_lane_mask),
    .host_wdata_i    (req_wdata_i),
    .zero_write_i    (zero_write),
    .zero_row_i      (zero_row),
    .coef_row_i      (coef_row_a),
    .row_i           (row_a),
    .neighbour_i     (kind_a.neighbour),
    .first_row_i     (first_row_a),
    .group_cell_i    (group_cell_a),
    .torus_rows_i    (torus_rows_a),
    .columns_log2_i  (columns_log2_a),
    .rows_down_i     (rows_down_a),
    .columns_right_i (columns_right_a),
    .coefficients_o  (coefs_b),
    .states_o        (states_b),
    .clamps_o        (clamps_b),
    .neighbour_lane_o(neighbour_lanes_b),
    .new_states_we_i (last_e),
    .new_states_row_i(row_e),
    .new_states_i    (states_e)
  );

  // ---- Words, gains, schedule, and what the host reads back: one memory, with one read at a time.
  logic                 word_we, shared_we;
  logic [WordAddrW-1:0] word_write_addr;
  logic [15:0]          new_word;

  // Of a gain only the lower half is there.
  assign shared_we = host_half_we && (region == settle_pkg::RegionLayer || region == settle_pkg::RegionSegment ||
                                      (region == settle_pkg::RegionGain && !host_half));

  shared_memory #(
    .Words   (settle_pkg::Words),
    .Gains   (Segments * Layers),
    .Segments(Segments),
    .Layers  (Layers)
  ) u_shared (
    .clk_i         (clk_i),
    .region_i      (region),
    .host_word_i   (host_word),
    .half_i        (host_half),
    .host_we_i     (shared_we),
    .host_wdata_i  (host_half_word),
    .word_read_i   (running),
    .word_addr_i   (word_addr_a),
    .gain_read_i   (kind_a.noise),
    .gain_addr_i   (gain_addr_a),
    .segment_read_i(segment_read),
    .segment_addr_i(segment_addr),
    .segment_part_i(segment_part),
    .rdata_o       (shared_rdata),
    .word_we_i     (word_we),
    .word_waddr_i  (word_write_addr),
    .word_wdata_i  (new_word)
  );

  // ---- Noise.
  logic [16*Lanes-1:0] minus_noise;

  noise_array u_noise (
    .clk_i          (clk_i),
    .rst_i          (rst_i),
    .key_we_i       (host_we && region == settle_pkg::RegionNoiseKey),
    .key_addr_i     (KeyW'(host_word)),
    .key_wdata_i    (req_wdata_i),
    .step_i         (step),
    .restart_i      (step_begin),
    .take_i         (kind_b.noise),
    .valid_o        (noise_valid),
    .minus_samples_o(minus_noise)
  );

  // ---- Lanes.
  logic                    sum_d;
  logic [32*Lanes-1:0]     terms_d;
  logic [StateW*Lanes-1:0] own_states;

  lane_array u_lanes (
    .clk_i              (clk_i),
    .rst_i              (rst_i),
    .noise_b_i          (kind_b.noise),
    .square_b_i         (kind_b.square),
    .stiffness_b_i      (kind_b.stiffness),
    .table_b_i          (kind_b.force_table),
    .neighbour_b_i      (kind_b.neighbour),
    .bus_b_i            (kind_b.bus),
    .project_b_i        (kind_b.project),
    .norm_b_i           (kind_b.norm),
    .last_b_i           (kind_b.last),
    .layer_b_i          (layer_b),
    .coefs_b_i          (coefs_b),
    .states_b_i         (states_b),
    .clamps_b_i         (clamps_b),
    .neighbour_lanes_b_i(neighbour_lanes_b),
    .word_b_i           (shared_rdata << (settle_pkg::OperandFrac - settle_pkg::WordFrac)),
    .minus_noise_b_i    (minus_noise),
    .gain_b_i           (shared_rdata),
    .sum_d_o            (sum_d),
    .terms_d_o          (terms_d),
    .own_states_o       (own_states),
    .last_e_o           (last_e),
    .states_e_o         (states_e),
    .saturated_e_o      (saturated_states),
    .table_we_i         (host_half_we && region == settle_pkg::RegionTable),
    .table_addr_i       (TableAddrW'({host_word, host_half})),
    .table_wdata_i      (host_half_word)
  );

  // ---- Sums over cells: bus words, trace.
  cell_sums u_sums (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .word_addr_i     (word_addr_a),
    .first_i         (sum_first_a),
    .last_i          (sum_last_a),
    .null_i          (sum_null_a),
    .trace_i         (sum_trace_a),
    .gain_i          (sum_gain_a),
    .mean_i          (sum_mean_a),
    .products_i      (terms_d),
    .valid_i         (sum_d),
    .word_valid_o    (word_we),
    .word_addr_o     (word_write_addr),
    .word_o          (new_word),
    .word_saturated_o(saturated_word),
    .step_begin_i    (step_begin),
    .trace_due_i     (trace_due),
    .entry_i         (trace_entry),
    .read_i          (host_idle),
    .read_word_i     (host_word[TraceAddrW+1:0]),
    .read_half_i     (host_half),
    .read_data_o     (trace_rdata)
  );

  // ---- Sums over the window, of each cell: parts of that of x, then of that of x^2. Other accesses do not look here.
  localparam logic [2:0] FirstOfSquares = 3'(settle_pkg::SumParts);
  logic [2:0] sum_part;
  assign sum_part = 3'(host_word[settle_pkg::SumAddressPartLsb +: settle_pkg::SumAddressPartW]) +
                    ((region != settle_pkg::RegionSum) ? FirstOfSquares : 3'd0);

  statistics #(
    .Lanes (Lanes),
    .Rows  (Rows),
    .StateW(StateW)
  ) u_statistics (
    .clk_i      (clk_i),
    .rst_i      (rst_i),
    .start_i    (kind_b.square),
    .busy_o     (stats_busy),
    .fresh_i    (fresh),
    .row_i      (row_b),
    .squares_i  (terms_d),
    .states_i   (own_states),
    .read_i     (host_idle),
    .read_part_i(sum_part),
    .read_row_i (RowW'(20'(host_word[settle_pkg::SumAddressCellLsb +: settle_pkg::SumAddressCellW]) / 20'(Lanes))),
    .read_data_o(sum_words)
  );

  logic unused_bits;
  assign unused_bits = ^{host_row, host_word};

endmodule
