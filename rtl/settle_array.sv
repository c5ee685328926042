// The array: memories, lanes and sequencer behind one 32-bit word port. Register map and formats: rtl/registers.json
// and rtl/configurations.json, from which settle_pkg is generated.
//
// Port: one request at a time; req_valid_i for one cycle, the rest stays until rsp_valid_o, which answers every request
// three cycles later. rsp_error_o: refused, because the array was busy or the address does not exist; nothing was
// changed.
//
// Pipeline of a slot (see lane for B to E): S the slot leaves the sequencer; with grids, three stages add to its
// addresses what depends on site and tap; A addresses, B memories answer, C operands, D product and sum, E the new
// state. Projection products leave at D. Without grids S is A.
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
  localparam int WordW = settle_pkg::WordW;
  localparam int ProjW = settle_pkg::ProjW;
  localparam int Segments = settle_pkg::Segments;
  localparam int Rows = settle_pkg::Cells / Lanes;
  localparam int RowW = (Rows > 1) ? $clog2(Rows) : 1;
  localparam int LaneW = (Lanes > 1) ? $clog2(Lanes) : 1;
  localparam int LayerW = (Layers > 1) ? $clog2(Layers) : 1;
  localparam int Side = settle_pkg::Side;
  localparam int SideW = $clog2(Side + 1);
  localparam int CellW = $clog2(settle_pkg::SiteCells + 1);
  localparam int GroupsW = $clog2(settle_pkg::SiteCells / Lanes + 1);
  localparam int CountW = $clog2(settle_pkg::Rank + 1);
  localparam int AddressStages = (Side > 1) ? 3 : 0;
  localparam int CoefRows = settle_pkg::Coefficients / Lanes;
  localparam int CoefRowW = $clog2(CoefRows);
  localparam int WordAddrW = (settle_pkg::Words > 1) ? $clog2(settle_pkg::Words) : 1;
  localparam int PcW = $clog2(settle_pkg::Program);
  localparam int SegmentW = (Segments > 1) ? $clog2(Segments) : 1;
  localparam int GainAddrW = (Segments * Layers > 1) ? $clog2(Segments * Layers) : 1;
  localparam int TraceAddrW = $clog2(settle_pkg::TraceDepth);
  localparam int TraceCountW = $clog2(settle_pkg::TraceDepth + 1);
  localparam int TableWords = (settle_pkg::TableBits > 0) ? (2 * Layers << settle_pkg::TableBits) : 2;
  localparam int TableAddrW = $clog2(TableWords);

  generate
    if ((Lanes & (Lanes - 1)) != 0 || settle_pkg::Cells % Lanes != 0 || settle_pkg::SiteCells % Lanes != 0 ||
        settle_pkg::Coefficients % Lanes != 0 || Lanes % settle_pkg::NoiseLanes != 0) begin : gen_bad_lanes
      // Elaboration stops here in every tool: there is no such module.
      error_lanes_must_be_a_power_of_two_dividing_cells_and_coefficients u_error ();
    end
    if (settle_pkg::SiteCells > settle_pkg::Cells || settle_pkg::Words > 65536 || settle_pkg::Cells > 65536 ||
        settle_pkg::Coefficients > 1048576) begin : gen_bad_sizes
      error_sites_must_fit_the_cells_and_memories_the_address_fields u_error ();
    end
    // Where statistics, lanes and trace take fields of their words for given: each lies where the memory holds it.
    if (settle_pkg::SumStatesPart != 0 || settle_pkg::SumSquaresPart != 3 || settle_pkg::TableLeftLsb != 0 ||
        settle_pkg::TableRiseLsb != 16 || settle_pkg::TraceOverlapLoWord != 0 ||
        settle_pkg::TraceOverlapHiWord != 1 || settle_pkg::TraceSquareLoWord != 2 ||
        settle_pkg::TraceSquareHiWord != 3) begin : gen_bad_layout
      error_sums_tables_and_traces_must_lie_as_their_memories_hold_them u_error ();
    end
  endgenerate

  // ---- Host.
  logic             host_idle, host_we, host_half_we, host_half, control_we, refused, known_register, identity, running,
                    stats_busy;
  logic [3:0]       region;
  logic [19:0]      host_word;
  logic [15:0]      host_half_word;
  logic [19:0]      host_row;        // in memories of one word a cell
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

  // ---- Registers.
  logic [39:0]            step;
  logic [SegmentW:0]      segments;
  logic [15:0]            refresh, trace_stride;
  logic                   start, stop, clear, zero;
  logic                   step_done, window, fresh, stopped;
  logic [TraceCountW-1:0] trace_count;
  logic [Lanes-1:0]       saturated_states;
  logic                   saturated_word;

  control_registers #(
    .Lanes(Lanes)
  ) u_registers (
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
    .start_o           (start),
    .zero_o            (zero),
    .clear_o           (clear),
    .stop_o            (stop),
    .step_o            (step),
    .segments_o        (segments),
    .refresh_o         (refresh),
    .trace_stride_o    (trace_stride),
    .busy_i            (busy_o),
    .running_i         (running),
    .stopped_i         (stopped),
    .step_done_i       (step_done),
    .window_i          (window),
    .trace_count_i     (trace_count),
    .saturated_states_i(saturated_states),
    .saturated_word_i  (saturated_word)
  );

  // ---- Schedule.
  logic                bank_q;             // of the state, that the present step reads
  logic [SegmentW-1:0] segment_addr, segment;
  logic [1:0]          segment_part;
  logic                segment_read;
  logic                step_begin, program_done, project_due, trace_due, zero_write;
  logic [RowW-1:0]     zero_row;

  schedule #(
    .Rows      (Rows),
    .Segments  (Segments),
    .TraceDepth(settle_pkg::TraceDepth)
  ) u_schedule (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .start_i         (start),
    .zero_i          (zero),
    .clear_i         (clear),
    .stop_i          (stop),
    .segments_i      (segments),
    .refresh_i       (refresh),
    .trace_stride_i  (trace_stride),
    .busy_o          (running),
    .stopped_o       (stopped),
    .segment_read_o  (segment_read),
    .segment_addr_o  (segment_addr),
    .segment_part_o  (segment_part),
    .segment_word_i  (shared_rdata),
    .step_begin_o    (step_begin),
    .program_done_i  (program_done),
    .step_done_o     (step_done),
    .segment_o       (segment),
    .project_due_o   (project_due),
    .trace_due_o     (trace_due),
    .trace_count_o   (trace_count),
    .window_o        (window),
    .fresh_o         (fresh),
    .zero_write_o    (zero_write),
    .zero_row_o      (zero_row)
  );

  always_ff @(posedge clk_i) begin
    if (rst_i) bank_q <= 1'b0;
    else if (step_done) bank_q <= !bank_q;
  end

  // ---- Sequencer with program and layer memories. _s: as a slot leaves it.
  localparam int ProgramWordBits = (settle_pkg::Neighbours != 0 && CellW > WordAddrW) ? CellW : WordAddrW;
  logic [PcW-1:0]       pc_next;
  logic [LayerW-1:0]    layer_sel, layer_s;
  logic [RowW-1:0]      layer_first_row, row_s, first_row_s;
  logic                 site_ends;
  logic [CellW-1:0]     group_next, site_cells, torus_rows, torus_rows_s, group_cell_s, rows_down_s, columns_right_s;
  logic [SideW-1:0]     height, width, site_y_s, site_x_s, grid_width_s, word_y_s, word_x_s, words_width_s;
  logic [3:0]           columns_log2, columns_log2_s, sum_gain_s, tap_row_s, tap_column_s, window_width_less_1_s;
  logic [1:0]           sum_mean_s;
  logic [GroupsW-1:0]   groups_s;
  logic [CountW-1:0]    count_s;
  logic                 by_tap_s, by_site_s, noise_valid;
  logic                 noise_s, square_s, stiffness_s, table_s, neighbour_s, bus_s, project_s, norm_s, last_s;
  logic                 sum_first_s, sum_last_s, sum_null_s, sum_trace_s;
  logic [CoefRowW-1:0]  coef_row_s;
  logic [WordAddrW-1:0] word_addr_s;
  logic [GainAddrW-1:0] gain_addr_s;

  logic [PcW-1:0] program_row;
  assign program_row = host_idle ? host_word[2 +: PcW] : pc_next;

  program_memory #(
    .Depth          (settle_pkg::Program),
    .GainBits       ((settle_pkg::WordGainBits > 0) ? settle_pkg::WordGainBits : 1),
    .LayerBits      (LayerW),
    .CountBits      ((settle_pkg::Neighbours != 0 && CellW > CountW) ? CellW : CountW),
    .CoefficientBits($clog2(settle_pkg::Coefficients)),
    .WordBits       (ProgramWordBits),
    .WindowBits     ((Side > 1) ? settle_pkg::OpHalfLsb + settle_pkg::OpHalfW - 96 : 1)
  ) u_program (
    .clk_i  (clk_i),
    .we_i   (host_we && region == settle_pkg::RegionProgram),
    .part_i (host_word[1:0]),
    .waddr_i(PcW'(host_word >> 2)),
    .wdata_i(req_wdata_i),
    .raddr_i(program_row),
    .op_o   (op)
  );

  layer_memory #(
    .Lanes     (Lanes),
    .Layers    (Layers),
    .Side      (Side),
    .Neighbours(settle_pkg::Neighbours),
    .Rows      (Rows),
    .SiteCells (settle_pkg::SiteCells)
  ) u_layers (
    .clk_i         (clk_i),
    .we_i          (host_we && region == settle_pkg::RegionLayer),
    .part_i        (host_word[1:0]),
    .addr_i        (LayerW'(host_word >> 2)),
    .wdata_i       (req_wdata_i),
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

  always_ff @(posedge clk_i) begin
    columns_log2_s <= columns_log2;
    torus_rows_s   <= torus_rows;
  end

  sequencer #(
    .Lanes       (Lanes),
    .Layers      (Layers),
    .Side        (Side),
    .Rows        (Rows),
    .SiteCells   (settle_pkg::SiteCells),
    .CoefRowW    (CoefRowW),
    .WordAddrW   (WordAddrW),
    .PcW         (PcW),
    .Segments    (Segments),
    .CountW      (CountW),
    .AddressDelay(AddressStages)
  ) u_sequencer (
    .clk_i                (clk_i),
    .rst_i                (rst_i),
    .step_begin_i         (step_begin),
    .program_done_o       (program_done),
    .segment_i            (segment),
    .project_due_i        (project_due),
    .trace_due_i          (trace_due),
    .window_i             (window),
    .pc_next_o            (pc_next),
    .op_i                 (op),
    .layer_sel_o          (layer_sel),
    .layer_first_row_i    (layer_first_row),
    .site_cells_i         (site_cells),
    .group_next_o         (group_next),
    .site_ends_i          (site_ends),
    .height_i             (height),
    .width_i              (width),
    .noise_valid_i        (noise_valid),
    .noise_slot_o         (noise_s),
    .square_slot_o        (square_s),
    .stiffness_slot_o     (stiffness_s),
    .table_slot_o         (table_s),
    .neighbour_slot_o     (neighbour_s),
    .bus_slot_o           (bus_s),
    .project_slot_o       (project_s),
    .norm_slot_o          (norm_s),
    .last_o               (last_s),
    .sum_first_o          (sum_first_s),
    .sum_last_o           (sum_last_s),
    .sum_null_o           (sum_null_s),
    .sum_trace_o          (sum_trace_s),
    .sum_gain_o           (sum_gain_s),
    .sum_mean_o           (sum_mean_s),
    .layer_o              (layer_s),
    .gain_addr_o          (gain_addr_s),
    .group_cell_o         (group_cell_s),
    .rows_down_o          (rows_down_s),
    .columns_right_o      (columns_right_s),
    .coef_row_o           (coef_row_s),
    .row_o                (row_s),
    .first_row_o          (first_row_s),
    .word_addr_o          (word_addr_s),
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

  // ---- Stage A.
  localparam int AsideW = 10 + LayerW + GainAddrW + 4 * CellW + 4;
  logic                 noise_a, square_a, stiffness_a, table_a, neighbour_a, bus_a, project_a, norm_a, last_a;
  logic                 sum_first_a, sum_last_a, sum_null_a, sum_trace_a;
  logic [3:0]           sum_gain_a, columns_log2_a;
  logic [1:0]           sum_mean_a;
  logic [LayerW-1:0]    layer_a;
  logic [GainAddrW-1:0] gain_addr_a;
  logic [CellW-1:0]     group_cell_a, torus_rows_a, rows_down_a, columns_right_a;
  logic [CoefRowW-1:0]  coef_row_a;
  logic [RowW-1:0]      row_a, first_row_a;
  logic [WordAddrW-1:0] word_addr_a;

  slot_address #(
    .Side     (Side),
    .Stages   (AddressStages),
    .RowW     (RowW),
    .CoefRowW (CoefRowW),
    .WordAddrW(WordAddrW),
    .GroupsW  (GroupsW),
    .CountW   (CountW),
    .FlagW    (9),
    .AsideW   (AsideW)
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
    .flags_i              ({noise_s, square_s, stiffness_s, table_s, neighbour_s, bus_s, project_s, norm_s, last_s}),
    .aside_i              ({sum_first_s, sum_last_s, sum_null_s, sum_trace_s, sum_gain_s, sum_mean_s, layer_s,
                            gain_addr_s, group_cell_s, torus_rows_s, rows_down_s, columns_right_s, columns_log2_s}),
    .coef_row_o           (coef_row_a),
    .row_o                (row_a),
    .first_row_o          (first_row_a),
    .word_addr_o          (word_addr_a),
    .flags_o              ({noise_a, square_a, stiffness_a, table_a, neighbour_a, bus_a, project_a, norm_a, last_a}),
    .aside_o              ({sum_first_a, sum_last_a, sum_null_a, sum_trace_a, sum_gain_a, sum_mean_a, layer_a,
                            gain_addr_a, group_cell_a, torus_rows_a, rows_down_a, columns_right_a, columns_log2_a})
  );

  // ---- Coefficients: one RAM a lane, cell index fastest.
  logic [CoefRowW-1:0] coef_row;
  assign coef_row = host_idle ? host_row[CoefRowW-1:0] : coef_row_a;

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_coef
      ram_1rw #(
        .Width(CoefW),
        .Depth(CoefRows)
      ) u_coefficients (
        .clk_i  (clk_i),
        .we_i   (host_we && region == settle_pkg::RegionCoefficient && host_lane_mask[i]),
        .addr_i (coef_row),
        .wdata_i(req_wdata_i[CoefW-1:0]),
        .rdata_o(coefs_b[CoefW*i +: CoefW])
      );
    end
  endgenerate

  // ---- States, clamps.
  logic [StateW*Lanes-1:0] states_e;
  logic [LaneW*Lanes-1:0]  neighbour_lanes_b;
  logic [Lanes-1:0]        state_we;
  logic                    last_e, state_host_we;
  logic [RowW-1:0]         row_b, row_c, row_d, row_e, state_write_row;

  assign state_host_we   = host_we && region == settle_pkg::RegionState;
  assign state_we        = state_host_we ? host_lane_mask : {Lanes{last_e || zero_write}};
  assign state_write_row = zero_write ? zero_row : last_e ? row_e : RowW'(host_row);

  state_memory #(
    .Lanes     (Lanes),
    .Rows      (Rows),
    .StateW    (StateW),
    .Neighbours(settle_pkg::Neighbours),
    .CellW     (CellW)
  ) u_states (
    .clk_i           (clk_i),
    .bank_i          (bank_q),
    .row_i           (host_idle ? RowW'(host_row) : row_a),
    .neighbour_i     (neighbour_a),
    .first_row_i     (first_row_a),
    .group_cell_i    (group_cell_a),
    .torus_rows_i    (torus_rows_a),
    .columns_log2_i  (columns_log2_a),
    .rows_down_i     (rows_down_a),
    .columns_right_i (columns_right_a),
    .states_o        (states_b),
    .neighbour_lane_o(neighbour_lanes_b),
    .we_i            (state_we),
    .write_bank_i    (last_e ? !bank_q : bank_q),
    .write_row_i     (state_write_row),
    .write_states_i  (zero_write ? '0 : last_e ? states_e : {Lanes{req_wdata_i[StateW-1:0]}})
  );

  ram_1r1w_masked #(
    .Parts(Lanes),
    .PartW(1),
    .Depth(1 << RowW)
  ) u_clamps (
    .clk_i  (clk_i),
    .we_i   ((host_we && region == settle_pkg::RegionClamp) ? host_lane_mask : '0),
    .waddr_i(RowW'(host_row)),
    .wdata_i({Lanes{req_wdata_i[settle_pkg::ClampHeldLsb]}}),
    .raddr_i(host_idle ? RowW'(host_row) : row_a),
    .rdata_o(clamps_b)
  );

  // ---- Words, gains, schedule, and what the host reads back: one memory, addressed by whoever is in turn.
  logic [WordW-1:0]     word_new;
  logic [15:0]          word_new_wide;
  logic                 word_valid, shared_we;
  logic [WordAddrW-1:0] word_write_addr;

  assign word_new_wide = 16'($signed(word_new));
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
    .gain_read_i   (noise_a),
    .gain_addr_i   (gain_addr_a),
    .segment_read_i(segment_read),
    .segment_addr_i(segment_addr),
    .segment_part_i(segment_part),
    .rdata_o       (shared_rdata),
    .word_we_i     (word_valid),
    .word_waddr_i  (word_write_addr),
    .word_wdata_i  (word_new_wide)
  );

  // ---- Noise: one unit for every NoiseLanes lanes, all in step.
  localparam int NoiseUnits = Lanes / settle_pkg::NoiseLanes;
  localparam int KeyW = $clog2(settle_pkg::NoiseRounds);
  logic [16*Lanes-1:0]   minus_noise;
  logic [NoiseUnits-1:0] noise_valids;
  logic                  noise_b;

  assign noise_valid = &noise_valids;

  generate
    for (genvar u = 0; u < NoiseUnits; u++) begin : gen_noise
      noise_unit #(
        .Lanes         (settle_pkg::NoiseLanes),
        .GroupCells    (Lanes),
        .FirstLane     (u * settle_pkg::NoiseLanes),
        .CellW         ($clog2(settle_pkg::Cells)),
        .Rounds        (settle_pkg::NoiseRounds),
        .RoundsPerCycle(settle_pkg::NoiseRoundsPerCycle),
        .NoiseFrac     (settle_pkg::NoiseFrac)
      ) u_noise (
        .clk_i          (clk_i),
        .rst_i          (rst_i),
        .key_we_i       (host_we && region == settle_pkg::RegionNoiseKey),
        .key_addr_i     (KeyW'(host_word)),
        .key_wdata_i    (req_wdata_i),
        .step_i         (step),
        .restart_i      (step_begin),
        .take_i         (noise_b),
        .valid_o        (noise_valids[u]),
        .minus_samples_o(minus_noise[16*settle_pkg::NoiseLanes*u +: 16*settle_pkg::NoiseLanes])
      );
    end
  endgenerate

  // ---- Slot flags in later stages.
  logic                square_b, stiffness_b, table_b, neighbour_b, bus_b, project_b, norm_b, last_b;
  logic [LayerW-1:0]   layer_b;
  logic [9:0]          sum_flags_b, sum_flags_c, sum_flags_d;

  always_ff @(posedge clk_i) begin
    layer_b     <= layer_a;
    row_b       <= row_a;
    row_c       <= row_b;
    row_d       <= row_c;
    row_e       <= row_d;
    sum_flags_b <= {sum_mean_a, sum_gain_a, sum_trace_a, sum_null_a, sum_last_a, sum_first_a};
    sum_flags_c <= sum_flags_b;
    sum_flags_d <= sum_flags_c;
    {noise_b, square_b, stiffness_b, table_b} <= rst_i ? 4'd0 : {noise_a, square_a, stiffness_a, table_a};
    {neighbour_b, bus_b, project_b, norm_b, last_b} <=
        rst_i ? 5'd0 : {neighbour_a, bus_a, project_a, norm_a, last_a};
  end

  // ---- Lanes.
  logic                    sum_d;
  logic [32*Lanes-1:0]     terms_d;
  logic [StateW*Lanes-1:0] own_states;

  lane_array #(
    .Lanes     (Lanes),
    .StateW    (StateW),
    .CoefW     (CoefW),
    .Neighbours(settle_pkg::Neighbours)
  ) u_lanes (
    .clk_i              (clk_i),
    .rst_i              (rst_i),
    .noise_b_i          (noise_b),
    .square_b_i         (square_b),
    .stiffness_b_i      (stiffness_b),
    .table_b_i          (table_b),
    .neighbour_b_i      (neighbour_b),
    .bus_b_i            (bus_b),
    .project_b_i        (project_b),
    .norm_b_i           (norm_b),
    .last_b_i           (last_b),
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

  // ---- Projections and trace.
  localparam int WordDelay = 3 + $clog2(Lanes) + 2;  // stage A to the word's arrival
  logic                           trace_valid;
  logic [ProjW-1:0]               sum;
  logic [WordAddrW*WordDelay-1:0] word_addr_pipe;

  projection #(
    .Lanes       (Lanes),
    .ProjW       (ProjW),
    .WordW       (WordW),
    .Drop        (settle_pkg::CoefFrac + settle_pkg::OperandFrac - settle_pkg::WordFrac),
    .WordGainBits(settle_pkg::WordGainBits),
    .Grid        ((Side > 1) ? 1 : 0),
    .MaxProducts ((Side > 1) ? 0 : settle_pkg::SiteCells),
    .RoundHalfUp (settle_pkg::RoundHalfUp)
  ) u_projection (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .products_i      (terms_d),
    .valid_i         (sum_d),
    .first_i         (sum_flags_d[0]),
    .last_i          (sum_flags_d[1]),
    .null_i          (sum_flags_d[2]),
    .trace_i         (sum_flags_d[3]),
    .gain_i          (sum_flags_d[7:4]),
    .mean_i          (sum_flags_d[9:8]),
    .word_valid_o    (word_valid),
    .word_o          (word_new),
    .word_saturated_o(saturated_word),
    .trace_valid_o   (trace_valid),
    .sum_o           (sum)
  );

  always_ff @(posedge clk_i) word_addr_pipe <= {word_addr_pipe[WordAddrW*(WordDelay-1)-1:0], word_addr_a};
  assign word_write_addr = word_addr_pipe[WordAddrW*(WordDelay-1) +: WordAddrW];

  // The step's trace is due from its beginning on: the entry is zero before the first sum comes.
  logic trace_begin_q;
  always_ff @(posedge clk_i) trace_begin_q <= step_begin && !rst_i;

  trace_memory #(
    .Depth(settle_pkg::TraceDepth),
    .SumW (ProjW)
  ) u_trace (
    .clk_i        (clk_i),
    .rst_i        (rst_i),
    .begin_i      (trace_begin_q && trace_due),
    .add_i        (trace_valid),
    .sum_i        (sum),
    .entry_i      (TraceAddrW'(trace_count)),
    .read_i       (host_idle),
    .read_entry_i (TraceAddrW'(host_word >> 2)),
    .read_square_i(host_word[1]),
    .read_word_i  (host_word[0] ? 2'd2 : {1'b0, host_half}),
    .read_data_o  (trace_rdata)
  );

  // ---- Sums over the window.
  statistics #(
    .Lanes (Lanes),
    .Rows  (Rows),
    .StateW(StateW)
  ) u_statistics (
    .clk_i      (clk_i),
    .rst_i      (rst_i),
    .start_i    (square_b),
    .busy_o     (stats_busy),
    .fresh_i    (fresh),
    .row_i      (row_b),
    .squares_i  (terms_d),
    .states_i   (own_states),
    .read_i     (host_idle),
    .read_part_i(host_word[settle_pkg::SumAddressPartLsb +: settle_pkg::SumAddressPartW]),
    .read_row_i (RowW'(20'(host_word[settle_pkg::SumAddressCellLsb +: settle_pkg::SumAddressCellW]) / 20'(Lanes))),
    .read_data_o(sum_words)
  );

  logic unused_bits;
  assign unused_bits = ^{host_row, host_word};

endmodule
