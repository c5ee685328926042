// The array: memories, lanes and sequencer behind one 32-bit word port. Register map and formats: rtl/registers.json
// and rtl/configurations.json, from which settle_pkg is generated.
//
// Port: one request at a time; req_valid_i for one cycle, rsp_valid_o answers every request, four cycles later.
// rsp_error_o: refused, because the array was busy or the address does not exist; nothing was changed.
//
// Pipeline of a slot (see lane for B to G): S the slot leaves the sequencer; with grids, three stages add to its
// addresses what depends on site and tap; A addresses, B memories answer, C operands, D product, E force sum, F and G
// the new state. Projection products leave at D. Without grids S is A.
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
  localparam int SumAddrW = $clog2(6 * Rows);
  localparam int TableDepth = (settle_pkg::TableBits > 0) ? (Layers << settle_pkg::TableBits) : 2;
  localparam int TableAddrW = $clog2(TableDepth);

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
  endgenerate

  // ---- Request, registered; memories are addressed from it while the array is idle.
  logic        host_valid_q, host_write_q, host_refused, host_idle, host_we;
  logic [3:0]  host_region_q;
  logic [19:0] host_word_q;
  logic [31:0] host_wdata_q;
  logic        running, stats_busy;

  assign busy_o    = running || stats_busy;
  assign host_idle = !busy_o;

  always_ff @(posedge clk_i) begin
    host_valid_q  <= req_valid_i && !rst_i;
    host_write_q  <= req_write_i;
    host_region_q <= req_addr_i[23:20];
    host_word_q   <= req_addr_i[19:0];
    host_wdata_q  <= req_wdata_i;
  end

  logic in_registers, is_control, known_register;
  assign in_registers = (host_region_q == 4'd0);
  assign is_control   = in_registers && (host_word_q == settle_pkg::RegControl);
  assign host_refused = !host_idle && !(in_registers && (!host_write_q || is_control));
  assign host_we      = host_valid_q && host_write_q && host_idle;

  // Cell-wise memories: row and lane of the host's word.
  logic [19:0]      host_row;
  logic [LaneW-1:0] host_lane;
  logic [Lanes-1:0] host_lane_mask;
  assign host_row  = host_word_q / 20'(Lanes);
  assign host_lane = (Lanes > 1) ? host_word_q[LaneW-1:0] : '0;
  always_comb begin
    host_lane_mask = '0;
    host_lane_mask[host_lane] = 1'b1;
  end

  // ---- Registers.
  logic [39:0]            step;
  logic [SegmentW:0]      segments;
  logic [15:0]            refresh, trace_stride;
  logic                   start, stop, clear, zero;
  logic                   step_done, window, fresh, stopped;
  logic [TraceCountW-1:0] trace_count;
  logic [31:0]            register_rdata;
  logic [Lanes-1:0]       saturated_states;
  logic                   saturated_word;

  control_registers #(
    .Lanes(Lanes)
  ) u_registers (
    .clk_i             (clk_i),
    .rst_i             (rst_i),
    .we_i              (host_we && in_registers),
    .stop_we_i         (host_valid_q && host_write_q && in_registers),
    .refused_i         (host_valid_q && host_refused),
    .register_i        (host_word_q),
    .wdata_i           (host_wdata_q),
    .rdata_o           (register_rdata),
    .known_o           (known_register),
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
  logic [31:0]         segment_steps, segment_flags;
  logic                step_begin, program_done, project_due, trace_due, trace_write, zero_write;
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
    .segment_addr_o  (segment_addr),
    .segment_steps_i (segment_steps),
    .segment_window_i(segment_flags[0]),
    .step_begin_o    (step_begin),
    .program_done_i  (program_done),
    .step_done_o     (step_done),
    .segment_o       (segment),
    .project_due_o   (project_due),
    .trace_due_o     (trace_due),
    .trace_write_o   (trace_write),
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

  ram_1r1w #(
    .Width(32),
    .Depth(1 << SegmentW)
  ) u_segment_steps (
    .clk_i  (clk_i),
    .we_i   (host_we && host_region_q == settle_pkg::RegionSegment && !host_word_q[0]),
    .waddr_i(SegmentW'(host_word_q >> 1)),
    .wdata_i(host_wdata_q),
    .raddr_i(host_idle ? SegmentW'(host_word_q >> 1) : segment_addr),
    .rdata_o(segment_steps)
  );

  ram_1r1w #(
    .Width(1),
    .Depth(1 << SegmentW)
  ) u_segment_flags (
    .clk_i  (clk_i),
    .we_i   (host_we && host_region_q == settle_pkg::RegionSegment && host_word_q[0]),
    .waddr_i(SegmentW'(host_word_q >> 1)),
    .wdata_i(host_wdata_q[0]),
    .raddr_i(host_idle ? SegmentW'(host_word_q >> 1) : segment_addr),
    .rdata_o(segment_flags[0])
  );
  assign segment_flags[31:1] = '0;

  // ---- Sequencer with program and layer memories. _s: as a slot leaves it.
  localparam int ProgramWordBits = (settle_pkg::Neighbours != 0 && CellW > WordAddrW) ? CellW : WordAddrW;
  logic [PcW-1:0]       pc_next;
  logic [127:0]         op;
  logic [31:0]          layer_rdata;
  logic [LayerW-1:0]    layer_sel, layer_s;
  logic [RowW-1:0]      layer_first_row, row_s, first_row_s;
  logic [CellW-1:0]     site_cells, torus_rows, torus_rows_s, group_cell_s, rows_down_s, columns_right_s;
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

  program_memory #(
    .Depth          (settle_pkg::Program),
    .CoefficientBits($clog2(settle_pkg::Coefficients)),
    .WordBits       (ProgramWordBits),
    .WindowBits     ((Side > 1) ? settle_pkg::OpHalfLsb + settle_pkg::OpHalfW - 96 : 0)
  ) u_program (
    .clk_i  (clk_i),
    .we_i   (host_we && host_region_q == settle_pkg::RegionProgram),
    .part_i (host_word_q[1:0]),
    .waddr_i(PcW'(host_word_q >> 2)),
    .wdata_i(host_wdata_q),
    .raddr_i(host_idle ? PcW'(host_word_q >> 2) : pc_next),
    .op_o   (op)
  );

  layer_memory #(
    .Lanes    (Lanes),
    .Layers   (Layers),
    .Side     (Side),
    .Rows     (Rows),
    .SiteCells(settle_pkg::SiteCells)
  ) u_layers (
    .clk_i         (clk_i),
    .we_i          (host_we && host_region_q == settle_pkg::RegionLayer),
    .part_i        (host_word_q[1:0]),
    .addr_i        (LayerW'(host_word_q >> 2)),
    .wdata_i       (host_wdata_q),
    .rdata_o       (layer_rdata),
    .layer_i       (layer_sel),
    .first_row_o   (layer_first_row),
    .site_cells_o  (site_cells),
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
  logic [CoefW*Lanes-1:0] coef_b;
  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_coef
      ram_1r1w #(
        .Width(CoefW),
        .Depth(CoefRows)
      ) u_coefficients (
        .clk_i  (clk_i),
        .we_i   (host_we && host_region_q == settle_pkg::RegionCoefficient && host_lane_mask[i]),
        .waddr_i(CoefRowW'(host_row)),
        .wdata_i(host_wdata_q[CoefW-1:0]),
        .raddr_i(host_idle ? CoefRowW'(host_row) : coef_row_a),
        .rdata_o(coef_b[CoefW*i +: CoefW])
      );
    end
  endgenerate

  // ---- States, clamps.
  logic [StateW*Lanes-1:0] states_b, states_g;
  logic [LaneW*Lanes-1:0]  neighbour_lane_b;
  logic [Lanes-1:0]        clamps_b, state_we;
  logic                    last_g;
  logic [RowW-1:0]         row_g, state_write_row;
  logic                    state_host_we;

  assign state_host_we   = host_we && host_region_q == settle_pkg::RegionState;
  assign state_we        = state_host_we ? host_lane_mask : {Lanes{last_g || zero_write}};
  assign state_write_row = zero_write ? zero_row : last_g ? row_g : RowW'(host_row);

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
    .neighbour_lane_o(neighbour_lane_b),
    .we_i            (state_we),
    .write_bank_i    (last_g ? !bank_q : bank_q),
    .write_row_i     (state_write_row),
    .write_states_i  (zero_write ? '0 : last_g ? states_g : {Lanes{host_wdata_q[StateW-1:0]}})
  );

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_clamp
      ram_1r1w #(
        .Width(1),
        .Depth(1 << RowW)
      ) u_clamp (
        .clk_i  (clk_i),
        .we_i   (host_we && host_region_q == settle_pkg::RegionClamp && host_lane_mask[i]),
        .waddr_i(RowW'(host_row)),
        .wdata_i(host_wdata_q[0]),
        .raddr_i(host_idle ? RowW'(host_row) : row_a),
        .rdata_o(clamps_b[i])
      );
    end
  endgenerate

  // ---- Words and gains.
  logic [WordW-1:0]     word_b, word_new;
  logic [15:0]          word_operand_b;
  logic                 word_valid;
  logic [WordAddrW-1:0] word_write_addr;
  logic [15:0]          gain_b;

  ram_1r1w #(
    .Width(WordW),
    .Depth(1 << WordAddrW)
  ) u_words (
    .clk_i  (clk_i),
    .we_i   (word_valid),
    .waddr_i(word_write_addr),
    .wdata_i(word_new),
    .raddr_i(host_idle ? WordAddrW'(host_word_q) : word_addr_a),
    .rdata_o(word_b)
  );
  assign word_operand_b = 16'($signed(word_b)) << (settle_pkg::OperandFrac - settle_pkg::WordFrac);

  ram_1r1w #(
    .Width(16),
    .Depth(1 << GainAddrW)
  ) u_gains (
    .clk_i  (clk_i),
    .we_i   (host_we && host_region_q == settle_pkg::RegionGain),
    .waddr_i(GainAddrW'(host_word_q)),
    .wdata_i(host_wdata_q[15:0]),
    .raddr_i(host_idle ? GainAddrW'(host_word_q) : gain_addr_a),
    .rdata_o(gain_b)
  );

  // ---- Noise: one unit for every NoiseLanes lanes, all in step.
  localparam int NoiseUnits = Lanes / settle_pkg::NoiseLanes;
  localparam int KeyW = $clog2(settle_pkg::NoiseRounds);
  logic [16*Lanes-1:0]   noise;
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
        .clk_i      (clk_i),
        .rst_i      (rst_i),
        .key_we_i   (host_we && host_region_q == settle_pkg::RegionNoiseKey),
        .key_addr_i (KeyW'(host_word_q)),
        .key_wdata_i(host_wdata_q),
        .step_i     (step),
        .restart_i  (step_begin),
        .take_i     (noise_b),
        .valid_o    (noise_valids[u]),
        .samples_o  (noise[16*settle_pkg::NoiseLanes*u +: 16*settle_pkg::NoiseLanes])
      );
    end
  endgenerate

  // ---- Slot flags in later stages.
  logic                 square_b, stiffness_b, table_b, neighbour_b, bus_b, project_b, norm_b, last_b;
  logic                 noise_c, square_c, stiffness_c, table_c, neighbour_c, bus_c, sum_c, last_c;
  logic                 noise_d, square_d, subtract_d, sum_d, last_d;
  logic                 noise_e, subtract_e, last_e, last_f;
  logic [LayerW-1:0]    layer_b;
  logic [RowW-1:0]      row_b, row_c, row_d, row_e, row_f;
  logic [9:0]           sum_flags_b, sum_flags_c, sum_flags_d;

  always_ff @(posedge clk_i) begin
    layer_b     <= layer_a;
    row_b       <= row_a;
    row_c       <= row_b;
    row_d       <= row_c;
    row_e       <= row_d;
    row_f       <= row_e;
    row_g       <= row_f;
    sum_flags_b <= {sum_mean_a, sum_gain_a, sum_trace_a, sum_null_a, sum_last_a, sum_first_a};
    sum_flags_c <= sum_flags_b;
    sum_flags_d <= sum_flags_c;
    {noise_b, square_b, stiffness_b, table_b} <= rst_i ? 4'd0 : {noise_a, square_a, stiffness_a, table_a};
    {neighbour_b, bus_b, project_b, norm_b, last_b} <=
        rst_i ? 5'd0 : {neighbour_a, bus_a, project_a, norm_a, last_a};
    {noise_c, square_c, stiffness_c, table_c} <= rst_i ? 4'd0 : {noise_b, square_b, stiffness_b, table_b};
    {neighbour_c, bus_c, sum_c, last_c} <= rst_i ? 4'd0 : {neighbour_b, bus_b, project_b || norm_b, last_b};
    {noise_d, square_d, sum_d, last_d}  <= rst_i ? 4'd0 : {noise_c, square_c, sum_c, last_c};
    subtract_d <= !rst_i && (stiffness_c || table_c || neighbour_c || bus_c);
    {noise_e, subtract_e, last_e} <= rst_i ? 3'd0 : {noise_d, subtract_d, last_d};
    {last_f, last_g} <= rst_i ? 2'd0 : {last_e, last_f};
  end

  // ---- Lanes.
  logic [16*Lanes-1:0]     views_b;
  logic [32*Lanes-1:0]     products_d;
  logic [StateW*Lanes-1:0] own_states;
  logic [Lanes-1:0]        saturated_g;

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_lane
      logic [15:0] neighbour;
      if (settle_pkg::Neighbours != 0 && Lanes > 1) begin : gen_crossbar
        always_comb begin
          neighbour = '0;
          for (int j = 0; j < Lanes; j++) begin
            if (neighbour_lane_b[LaneW*i +: LaneW] == LaneW'(j)) neighbour = neighbour | views_b[16*j +: 16];
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
        .RoundHalfUp(settle_pkg::RoundHalfUp)
      ) u_lane (
        .clk_i             (clk_i),
        .noise_slot_b_i    (noise_b),
        .square_slot_b_i   (square_b),
        .table_slot_b_i    (table_b),
        .neighbour_slot_b_i(neighbour_b),
        .bus_slot_b_i      (bus_b),
        .project_slot_b_i  (project_b),
        .norm_slot_b_i     (norm_b),
        .coef_b_i          (coef_b[CoefW*i +: CoefW]),
        .state_b_i         (states_b[StateW*i +: StateW]),
        .clamp_b_i         (clamps_b[i]),
        .neighbour_b_i     (neighbour),
        .word_b_i          (word_operand_b),
        .noise_b_i         (noise[16*i +: 16]),
        .gain_b_i          (gain_b),
        .layer_b_i         (layer_b),
        .view_b_o          (views_b[16*i +: 16]),
        .last_c_i          (last_c),
        .table_slot_c_i    (table_c),
        .load_e_i          (noise_e),
        .last_e_i          (last_e),
        .subtract_e_i      (subtract_e),
        .product_d_o       (products_d[32*i +: 32]),
        .own_state_o       (own_states[StateW*i +: StateW]),
        .state_g_o         (states_g[StateW*i +: StateW]),
        .saturated_g_o     (saturated_g[i]),
        .table_we_i        (host_we && host_region_q == settle_pkg::RegionTable),
        .table_addr_i      (TableAddrW'(host_word_q)),
        .table_wdata_i     (host_wdata_q)
      );
    end
  endgenerate

  assign saturated_states = last_g ? saturated_g : '0;

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
    .RoundHalfUp (settle_pkg::RoundHalfUp)
  ) u_projection (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .products_i      (products_d),
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

  logic [ProjW-1:0] overlap, square;

  trace_memory #(
    .Depth(settle_pkg::TraceDepth),
    .SumW (ProjW)
  ) u_trace (
    .clk_i    (clk_i),
    .begin_i  (step_begin),
    .add_i    (trace_valid),
    .sum_i    (sum),
    .write_i  (trace_write),
    .entry_i  (TraceAddrW'(trace_count)),
    .raddr_i  (TraceAddrW'(host_word_q >> 2)),
    .overlap_o(overlap),
    .square_o (square)
  );

  // ---- Sums over the window.
  logic [16*Lanes-1:0] sum_words;

  statistics #(
    .Lanes (Lanes),
    .Rows  (Rows),
    .StateW(StateW)
  ) u_statistics (
    .clk_i      (clk_i),
    .rst_i      (rst_i),
    .start_i    (square_d),
    .busy_o     (stats_busy),
    .fresh_i    (fresh),
    .row_i      (row_d),
    .states_i   (own_states),
    .squares_i  (products_d),
    .read_i     (host_idle),
    .read_addr_i(SumAddrW'(20'(host_word_q[15:0]) / 20'(Lanes)) * SumAddrW'(6) + SumAddrW'(host_word_q[18:16])),
    .read_data_o(sum_words)
  );

  // ---- Answer: memories have their data a cycle after host_valid_q.
  logic [31:0] configuration_word;
  always_comb begin
    configuration_word = '0;
    for (int i = 0; i < settle_pkg::ConfigurationFields; i++) begin
      if (host_word_q == 20'(i)) configuration_word = settle_pkg::ConfigurationWords[32*i +: 32];
    end
  end

  logic             answer_q, answer_error_q;
  logic [3:0]       answer_region_q;
  logic [19:0]      answer_word_q;
  logic [31:0]      answer_register_q, memory_rdata;
  logic [LaneW-1:0] answer_lane;

  always_ff @(posedge clk_i) begin
    answer_q          <= host_valid_q && !rst_i;
    answer_error_q    <= host_refused || (in_registers && !known_register) ||
                         (host_region_q > settle_pkg::RegionNoiseKey);
    answer_region_q   <= host_region_q;
    answer_word_q     <= host_word_q;
    case (host_region_q)
      settle_pkg::RegionLayer:         answer_register_q <= layer_rdata;
      settle_pkg::RegionConfiguration: answer_register_q <= configuration_word;
      settle_pkg::RegionNoiseKey:      answer_register_q <= '0;
      default:                         answer_register_q <= register_rdata;
    endcase
  end

  assign answer_lane     = (Lanes > 1) ? answer_word_q[LaneW-1:0] : '0;

  logic [StateW-1:0] answer_state;
  logic [CoefW-1:0]  answer_coef;
  logic [15:0]       answer_sum;
  assign answer_state = states_b[StateW*answer_lane +: StateW];
  assign answer_coef  = coef_b[CoefW*answer_lane +: CoefW];
  assign answer_sum   = fresh ? 16'd0 : sum_words[16*answer_lane +: 16];

  always_comb begin
    case (answer_region_q)
      settle_pkg::RegionState:       memory_rdata = 32'($signed(answer_state));
      settle_pkg::RegionCoefficient: memory_rdata = 32'($signed(answer_coef));
      settle_pkg::RegionClamp:       memory_rdata = 32'(clamps_b[answer_lane]);
      settle_pkg::RegionProgram:     memory_rdata = op[32*answer_word_q[1:0] +: 32];
      settle_pkg::RegionSegment:     memory_rdata = answer_word_q[0] ? segment_flags : segment_steps;
      settle_pkg::RegionGain:        memory_rdata = 32'($signed(gain_b));
      settle_pkg::RegionSum:         memory_rdata = 32'(answer_sum);
      settle_pkg::RegionTrace:
        case (answer_word_q[1:0])
          2'd0:    memory_rdata = overlap[31:0];
          2'd1:    memory_rdata = 32'($signed(overlap[ProjW-1:32]));
          2'd2:    memory_rdata = square[31:0];
          default: memory_rdata = 32'($signed(square[ProjW-1:32]));
        endcase
      settle_pkg::RegionWord:        memory_rdata = 32'($signed(word_b));
      default:                       memory_rdata = answer_register_q;
    endcase
  end

  always_ff @(posedge clk_i) begin
    rsp_valid_o <= answer_q && !rst_i;
    rsp_error_o <= answer_error_q;
    rsp_rdata_o <= memory_rdata;
  end

  logic unused_bits;
  assign unused_bits = ^{host_row, host_word_q, answer_word_q, neighbour_lane_b};

endmodule
