// The array: memories, lanes and sequencer behind one 32-bit word port. Register map and formats: rtl/registers.json
// and rtl/configurations.json, from which settle_pkg is generated.
//
// Port: one request at a time; req_valid_i for one cycle, rsp_valid_o answers every request, four cycles later.
// rsp_error_o: refused, because the array was busy or the address does not exist; nothing was changed.
//
// Pipeline of a slot (see lane for B to G): A addresses leave the sequencer, B memories answer, C operands, D product,
// E force sum, F and G the new state. Projection products leave at D.
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
  localparam int CellW = $clog2(settle_pkg::LayerCells + 1);
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
    if ((Lanes & (Lanes - 1)) != 0 || settle_pkg::Cells % Lanes != 0 || settle_pkg::LayerCells % Lanes != 0 ||
        settle_pkg::Coefficients % Lanes != 0 || Lanes % settle_pkg::NoiseLanes != 0) begin : gen_bad_lanes
      // Elaboration stops here in every tool: there is no such module.
      error_lanes_must_be_a_power_of_two_dividing_cells_and_coefficients u_error ();
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
  logic [63:0]         seed_q;
  logic [39:0]         step_q;
  logic [SegmentW:0]   segments_q;
  logic [15:0]         refresh_q, trace_stride_q;
  logic [31:0]         saturated_states_q, saturated_words_q, window_steps_q;
  logic [63:0]         cycles_q;
  logic                refused_q, no_segments_q, bank_q;
  logic                start, start_request, stop, clear, zero;
  logic                step_done, window, fresh, stopped;
  logic [TraceCountW-1:0] trace_count;
  logic [31:0]         register_rdata;
  logic [Lanes-1:0]    saturated_states;
  logic                saturated_word;
  logic [6:0]          saturated_now;

  assign start_request = host_we && is_control && host_wdata_q[0];
  assign start = start_request && (segments_q != '0);
  assign zero  = host_wdata_q[1];
  assign clear = host_we && is_control && host_wdata_q[2];
  assign stop  = host_valid_q && host_write_q && is_control && host_wdata_q[3];

  always_comb begin
    saturated_now = '0;
    for (int i = 0; i < Lanes; i++) saturated_now = saturated_now + 7'(saturated_states[i]);
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      seed_q             <= '0;
      step_q             <= '0;
      segments_q         <= '0;
      refresh_q          <= 16'd1;
      trace_stride_q     <= '0;
      saturated_states_q <= '0;
      saturated_words_q  <= '0;
      window_steps_q     <= '0;
      cycles_q           <= '0;
      refused_q          <= 1'b0;
      no_segments_q      <= 1'b0;
      bank_q             <= 1'b0;
    end else begin
      if (running) cycles_q <= cycles_q + 64'd1;
      saturated_states_q <= saturated_states_q + 32'(saturated_now);
      saturated_words_q  <= saturated_words_q + 32'(saturated_word);
      if (step_done) begin
        step_q <= step_q + 40'd1;
        bank_q <= !bank_q;
        if (window) window_steps_q <= window_steps_q + 32'd1;
      end
      if (host_valid_q && host_refused) refused_q <= 1'b1;
      if (start_request) begin
        refused_q     <= 1'b0;
        no_segments_q <= (segments_q == '0);
      end
      if (clear) begin
        saturated_states_q <= '0;
        saturated_words_q  <= '0;
        window_steps_q     <= '0;
        cycles_q           <= '0;
      end
      if (host_we && in_registers) begin
        case (host_word_q)
          settle_pkg::RegSeedLo:      seed_q[31:0]   <= host_wdata_q;
          settle_pkg::RegSeedHi:      seed_q[63:32]  <= host_wdata_q;
          settle_pkg::RegStepLo:      step_q[31:0]   <= host_wdata_q;
          settle_pkg::RegStepHi:      step_q[39:32]  <= host_wdata_q[7:0];
          settle_pkg::RegSegments:    segments_q     <= host_wdata_q[SegmentW:0];
          settle_pkg::RegRefresh:     refresh_q      <= host_wdata_q[15:0];
          settle_pkg::RegTraceStride: trace_stride_q <= host_wdata_q[15:0];
          default: ;
        endcase
      end
    end
  end

  always_comb begin
    known_register = 1'b1;
    case (host_word_q)
      settle_pkg::RegMagic:           register_rdata = settle_pkg::Magic;
      settle_pkg::RegVersion:         register_rdata = settle_pkg::Version;
      settle_pkg::RegConfigHashLo:    register_rdata = settle_pkg::ConfigHashLo;
      settle_pkg::RegConfigHashHi:    register_rdata = settle_pkg::ConfigHashHi;
      settle_pkg::RegGitHash:         register_rdata = settle_pkg::GitHash;
      settle_pkg::RegSizes:           register_rdata = {16'(Layers), 16'(Lanes)};
      settle_pkg::RegCells:           register_rdata = 32'(settle_pkg::Cells);
      settle_pkg::RegControl:         register_rdata = 32'd0;
      settle_pkg::RegStatus:          register_rdata = {28'd0, no_segments_q, stopped, refused_q, busy_o};
      settle_pkg::RegSeedLo:          register_rdata = seed_q[31:0];
      settle_pkg::RegSeedHi:          register_rdata = seed_q[63:32];
      settle_pkg::RegStepLo:          register_rdata = step_q[31:0];
      settle_pkg::RegStepHi:          register_rdata = {24'd0, step_q[39:32]};
      settle_pkg::RegSegments:        register_rdata = 32'(segments_q);
      settle_pkg::RegRefresh:         register_rdata = {16'd0, refresh_q};
      settle_pkg::RegTraceStride:     register_rdata = {16'd0, trace_stride_q};
      settle_pkg::RegTraceCount:      register_rdata = 32'(trace_count);
      settle_pkg::RegSaturatedStates: register_rdata = saturated_states_q;
      settle_pkg::RegSaturatedWords:  register_rdata = saturated_words_q;
      settle_pkg::RegCyclesLo:        register_rdata = cycles_q[31:0];
      settle_pkg::RegCyclesHi:        register_rdata = cycles_q[63:32];
      settle_pkg::RegWindowSteps:     register_rdata = window_steps_q;
      default: begin
        register_rdata = 32'd0;
        known_register = 1'b0;
      end
    endcase
  end

  // ---- Sequencer with program and schedule memories.
  logic [SegmentW-1:0]  segment;
  logic [31:0]          segment_steps, segment_flags;
  logic [PcW-1:0]       pc_next;
  logic [63:0]          op;
  logic [31:0]          layer_rdata;
  logic                 noise_valid, noise_restart, trace_write, zero_write;
  logic [RowW-1:0]      zero_row, row_a, first_row_a;
  logic                 noise_a, square_a, stiffness_a, table_a, neighbour_a, bus_a, project_a, norm_a, last_a;
  logic                 sum_first_a, sum_last_a, sum_trace_a;
  logic [3:0]           sum_gain_a, columns_log2_a;
  logic [CoefRowW-1:0]  coef_row_a;
  logic [WordAddrW-1:0] word_addr_a;
  logic [LayerW-1:0]    layer_a;
  logic [GainAddrW-1:0] gain_addr_a;
  logic [CellW-1:0]     group_cell_a, layer_rows_a, rows_down_a, columns_right_a;

  sequencer #(
    .Lanes     (Lanes),
    .Layers    (Layers),
    .Rows      (Rows),
    .CellW     (CellW),
    .CoefRowW  (CoefRowW),
    .WordAddrW (WordAddrW),
    .PcW       (PcW),
    .Segments  (Segments),
    .TraceDepth(settle_pkg::TraceDepth)
  ) u_sequencer (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .start_i         (start),
    .zero_i          (zero),
    .clear_i         (clear),
    .stop_i          (stop),
    .segments_i      (segments_q),
    .refresh_i       (refresh_q),
    .trace_stride_i  (trace_stride_q),
    .busy_o          (running),
    .stopped_o       (stopped),
    .segment_o       (segment),
    .segment_steps_i (segment_steps),
    .segment_window_i(segment_flags[0]),
    .pc_next_o       (pc_next),
    .op_i            (op),
    .layer_we_i      (host_we && host_region_q == settle_pkg::RegionLayer),
    .layer_half_i    (host_word_q[0]),
    .layer_waddr_i   (LayerW'(host_word_q >> 1)),
    .layer_wdata_i   (host_wdata_q),
    .layer_rdata_o   (layer_rdata),
    .noise_valid_i   (noise_valid),
    .noise_restart_o (noise_restart),
    .step_done_o     (step_done),
    .trace_write_o   (trace_write),
    .trace_count_o   (trace_count),
    .window_o        (window),
    .fresh_o         (fresh),
    .zero_write_o    (zero_write),
    .zero_row_o      (zero_row),
    .noise_slot_o    (noise_a),
    .square_slot_o   (square_a),
    .stiffness_slot_o(stiffness_a),
    .table_slot_o    (table_a),
    .neighbour_slot_o(neighbour_a),
    .bus_slot_o      (bus_a),
    .project_slot_o  (project_a),
    .norm_slot_o     (norm_a),
    .last_o          (last_a),
    .sum_first_o     (sum_first_a),
    .sum_last_o      (sum_last_a),
    .sum_trace_o     (sum_trace_a),
    .sum_gain_o      (sum_gain_a),
    .coef_row_o      (coef_row_a),
    .word_addr_o     (word_addr_a),
    .row_o           (row_a),
    .first_row_o     (first_row_a),
    .layer_o         (layer_a),
    .gain_addr_o     (gain_addr_a),
    .group_cell_o    (group_cell_a),
    .layer_rows_o    (layer_rows_a),
    .columns_log2_o  (columns_log2_a),
    .rows_down_o     (rows_down_a),
    .columns_right_o (columns_right_a)
  );

  generate
    for (genvar h = 0; h < 2; h++) begin : gen_program_half
      ram_1r1w #(
        .Width(32),
        .Depth(settle_pkg::Program)
      ) u_program (
        .clk_i  (clk_i),
        .we_i   (host_we && host_region_q == settle_pkg::RegionProgram && host_word_q[0] == 1'(h)),
        .waddr_i(PcW'(host_word_q >> 1)),
        .wdata_i(host_wdata_q),
        .raddr_i(host_idle ? PcW'(host_word_q >> 1) : pc_next),
        .rdata_o(op[32*h +: 32])
      );
    end
  endgenerate

  ram_1r1w #(
    .Width(32),
    .Depth(1 << SegmentW)
  ) u_segment_steps (
    .clk_i  (clk_i),
    .we_i   (host_we && host_region_q == settle_pkg::RegionSegment && !host_word_q[0]),
    .waddr_i(SegmentW'(host_word_q >> 1)),
    .wdata_i(host_wdata_q),
    .raddr_i(host_idle ? SegmentW'(host_word_q >> 1) : segment),
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
    .raddr_i(host_idle ? SegmentW'(host_word_q >> 1) : segment),
    .rdata_o(segment_flags[0])
  );
  assign segment_flags[31:1] = '0;

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
    .layer_rows_i    (layer_rows_a),
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
        .Rounds        (settle_pkg::NoiseRounds),
        .RoundsPerCycle(settle_pkg::NoiseRoundsPerCycle)
      ) u_noise (
        .clk_i    (clk_i),
        .rst_i    (rst_i),
        .seed_i   (seed_q),
        .step_i   (step_q),
        .restart_i(noise_restart),
        .take_i   (noise_b),
        .valid_o  (noise_valids[u]),
        .samples_o(noise[16*settle_pkg::NoiseLanes*u +: 16*settle_pkg::NoiseLanes])
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
  logic [6:0]           sum_flags_b, sum_flags_c, sum_flags_d;

  always_ff @(posedge clk_i) begin
    layer_b     <= layer_a;
    row_b       <= row_a;
    row_c       <= row_b;
    row_d       <= row_c;
    row_e       <= row_d;
    row_f       <= row_e;
    row_g       <= row_f;
    sum_flags_b <= {sum_gain_a, sum_trace_a, sum_last_a, sum_first_a};
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
        .Layers     (Layers)
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
    .WordGainBits(settle_pkg::WordGainBits)
  ) u_projection (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .products_i      (products_d),
    .valid_i         (sum_d),
    .first_i         (sum_flags_d[0]),
    .last_i          (sum_flags_d[1]),
    .trace_i         (sum_flags_d[2]),
    .gain_i          (sum_flags_d[6:3]),
    .word_valid_o    (word_valid),
    .word_o          (word_new),
    .word_saturated_o(saturated_word),
    .trace_valid_o   (trace_valid),
    .sum_o           (sum)
  );

  always_ff @(posedge clk_i) word_addr_pipe <= {word_addr_pipe[WordAddrW*(WordDelay-1)-1:0], word_addr_a};
  assign word_write_addr = word_addr_pipe[WordAddrW*(WordDelay-1) +: WordAddrW];

  logic [ProjW-1:0]   overlap_q, square_sum_q;
  logic               trace_half_q;
  logic [2*ProjW-1:0] trace_rdata;

  always_ff @(posedge clk_i) begin
    if (noise_restart) begin  // a step begins
      overlap_q    <= '0;
      square_sum_q <= '0;
      trace_half_q <= 1'b0;
    end else if (trace_valid) begin
      trace_half_q <= !trace_half_q;
      if (trace_half_q) square_sum_q <= square_sum_q + sum;
      else overlap_q <= overlap_q + sum;
    end
  end

  ram_1r1w #(
    .Width(2 * ProjW),
    .Depth(settle_pkg::TraceDepth)
  ) u_trace (
    .clk_i  (clk_i),
    .we_i   (trace_write),
    .waddr_i(TraceAddrW'(trace_count)),
    .wdata_i({square_sum_q, overlap_q}),
    .raddr_i(TraceAddrW'(host_word_q >> 2)),
    .rdata_o(trace_rdata)
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
    .read_addr_i(SumAddrW'((host_word_q >> 3) / 20'(Lanes)) * SumAddrW'(6) + SumAddrW'(host_word_q[2:0])),
    .read_data_o(sum_words)
  );

  // ---- Answer: memories have their data a cycle after host_valid_q.
  logic             answer_q, answer_error_q;
  logic [3:0]       answer_region_q;
  logic [19:0]      answer_word_q;
  logic [31:0]      answer_register_q, memory_rdata;
  logic [LaneW-1:0] answer_lane, answer_sum_lane;

  always_ff @(posedge clk_i) begin
    answer_q          <= host_valid_q && !rst_i;
    answer_error_q    <= host_refused || (in_registers && !known_register) ||
                         (host_region_q > settle_pkg::RegionWord);
    answer_region_q   <= host_region_q;
    answer_word_q     <= host_word_q;
    answer_register_q <= (host_region_q == settle_pkg::RegionLayer) ? layer_rdata : register_rdata;
  end

  assign answer_lane     = (Lanes > 1) ? answer_word_q[LaneW-1:0] : '0;
  assign answer_sum_lane = (Lanes > 1) ? answer_word_q[3 +: LaneW] : '0;

  logic [StateW-1:0] answer_state;
  logic [CoefW-1:0]  answer_coef;
  logic [15:0]       answer_sum;
  assign answer_state = states_b[StateW*answer_lane +: StateW];
  assign answer_coef  = coef_b[CoefW*answer_lane +: CoefW];
  assign answer_sum   = (fresh || answer_word_q[2:1] == 2'd3) ? 16'd0 : sum_words[16*answer_sum_lane +: 16];

  always_comb begin
    case (answer_region_q)
      settle_pkg::RegionState:       memory_rdata = 32'($signed(answer_state));
      settle_pkg::RegionCoefficient: memory_rdata = 32'($signed(answer_coef));
      settle_pkg::RegionClamp:       memory_rdata = 32'(clamps_b[answer_lane]);
      settle_pkg::RegionProgram:     memory_rdata = answer_word_q[0] ? op[63:32] : op[31:0];
      settle_pkg::RegionSegment:     memory_rdata = answer_word_q[0] ? segment_flags : segment_steps;
      settle_pkg::RegionGain:        memory_rdata = 32'($signed(gain_b));
      settle_pkg::RegionSum:         memory_rdata = 32'(answer_sum);
      settle_pkg::RegionTrace:
        case (answer_word_q[1:0])
          2'd0:    memory_rdata = trace_rdata[31:0];
          2'd1:    memory_rdata = 32'($signed(trace_rdata[ProjW-1:32]));
          2'd2:    memory_rdata = trace_rdata[ProjW+31:ProjW];
          default: memory_rdata = 32'($signed(trace_rdata[2*ProjW-1:ProjW+32]));
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
