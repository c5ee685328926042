// Walks the schedule (segments of steps) and, in each step, the program: projections and trace, a barrier, then layer
// by layer and group by group the slots of every cell update. One slot a cycle; outputs are the slot of stage A,
// registered.
//
// The program memory answers a cycle after its address: pc_next_o is the address of the operation that is executed in
// the next cycle. Limits on programs (the host's image builder keeps them, the C++ model shares them): count >= 1 in
// project and bus, layers of at least one group and one operation behind the layer operation, one barrier between the
// last project and the first layer.
module sequencer #(
  parameter int Lanes = 4,
  parameter int Layers = 2,
  parameter int Rows = 32,
  parameter int CellW = 7,
  parameter int CoefRowW = 10,
  parameter int WordAddrW = 6,
  parameter int PcW = 5,
  parameter int Segments = 8,
  parameter int TraceDepth = 256,
  localparam int RowW = (Rows > 1) ? $clog2(Rows) : 1,
  localparam int LayerW = (Layers > 1) ? $clog2(Layers) : 1,
  localparam int SegmentW = (Segments > 1) ? $clog2(Segments) : 1,
  localparam int TraceCountW = $clog2(TraceDepth + 1),
  localparam int GainAddrW = (Segments * Layers > 1) ? $clog2(Segments * Layers) : 1
) (
  input  logic                   clk_i,
  input  logic                   rst_i,
  // Run control.
  input  logic                   start_i,
  input  logic                   zero_i,
  input  logic                   clear_i,
  input  logic                   stop_i,
  input  logic [SegmentW:0]      segments_i,
  input  logic [15:0]            refresh_i,
  input  logic [15:0]            trace_stride_i,
  output logic                   busy_o,
  output logic                   stopped_o,
  // Schedule memory, data a cycle after the address.
  output logic [SegmentW-1:0]    segment_o,
  input  logic [31:0]            segment_steps_i,
  input  logic                   segment_window_i,
  // Program memory.
  output logic [PcW-1:0]         pc_next_o,
  input  logic [63:0]            op_i,
  // Layer memory, written by the host.
  input  logic                   layer_we_i,
  input  logic                   layer_half_i,
  input  logic [LayerW-1:0]      layer_waddr_i,
  input  logic [31:0]            layer_wdata_i,
  output logic [31:0]            layer_rdata_o,
  // Noise.
  input  logic                   noise_valid_i,
  output logic                   noise_restart_o,
  // Steps.
  output logic                   step_done_o,      // one cycle at the end of each step
  output logic                   trace_write_o,    // with step_done_o: write the trace entry
  output logic [TraceCountW-1:0] trace_count_o,
  output logic                   window_o,         // present step is summed
  output logic                   fresh_o,          // it is the first one since a clear
  // State clear.
  output logic                   zero_write_o,
  output logic [RowW-1:0]        zero_row_o,
  // Slot, stage A.
  output logic                   noise_slot_o,
  output logic                   square_slot_o,
  output logic                   stiffness_slot_o,
  output logic                   table_slot_o,
  output logic                   neighbour_slot_o,
  output logic                   bus_slot_o,
  output logic                   project_slot_o,
  output logic                   norm_slot_o,
  output logic                   last_o,           // of a group's update
  output logic                   sum_first_o,      // of a word's or trace sum's products
  output logic                   sum_last_o,
  output logic                   sum_trace_o,
  output logic [3:0]             sum_gain_o,
  output logic [CoefRowW-1:0]    coef_row_o,
  output logic [WordAddrW-1:0]   word_addr_o,
  output logic [RowW-1:0]        row_o,
  output logic [RowW-1:0]        first_row_o,
  output logic [LayerW-1:0]      layer_o,
  output logic [GainAddrW-1:0]   gain_addr_o,
  output logic [CellW-1:0]       group_cell_o,
  output logic [CellW-1:0]       layer_rows_o,
  output logic [3:0]             columns_log2_o,
  output logic [CellW-1:0]       rows_down_o,
  output logic [CellW-1:0]       columns_right_o
);

  typedef enum logic [2:0] {
    StIdle, StZero, StSegment, StFetch, StStep, StRun, StDrain, StEnd
  } state_e;

  // Cycles from the decision on a slot until its result can be read: the pipeline's depth (see settle_array).
  localparam int DrainUpdate = 6;
  localparam int DrainProject = 3 + $clog2(Lanes);
  localparam int MinCell = 4;         // slots of a cell, see lane
  localparam int MinSummedCell = 9;   // the same while statistics run

  // ---- Layer memory.
  logic [RowW-1:0]  layer_first_q [0:Layers-1];
  logic [CellW-1:0] site_cells_q [0:Layers-1];
  logic [3:0]       layer_columns_log2_q [0:Layers-1];
  logic [CellW-1:0] layer_rows_q [0:Layers-1];

  always_ff @(posedge clk_i) begin
    if (layer_we_i && !layer_half_i) begin
      layer_first_q[layer_waddr_i] <= RowW'(layer_wdata_i[15:0] / 16'(Lanes));
      site_cells_q[layer_waddr_i] <= CellW'(layer_wdata_i[31:16]);
    end
    if (layer_we_i && layer_half_i) begin
      layer_columns_log2_q[layer_waddr_i] <= layer_wdata_i[3:0];
      layer_rows_q[layer_waddr_i]         <= CellW'(layer_wdata_i[31:16]);
    end
  end

  assign layer_rdata_o = layer_half_i
      ? {16'(layer_rows_q[layer_waddr_i]), 12'd0, layer_columns_log2_q[layer_waddr_i]}
      : {16'(site_cells_q[layer_waddr_i]), 16'(layer_first_q[layer_waddr_i]) * 16'(Lanes)};

  // ---- Operation being executed.
  logic [3:0]  op_code, op_gain;
  logic        op_last;
  logic [6:0]  op_layer;
  logic [15:0] op_count;
  logic [19:0] op_coefficient;
  logic [11:0] op_word;

  assign op_code        = op_i[settle_pkg::OpCodeLsb +: settle_pkg::OpCodeW];
  assign op_last        = op_i[settle_pkg::OpLastLsb];
  assign op_gain        = op_i[settle_pkg::OpGainLsb +: settle_pkg::OpGainW];
  assign op_layer       = op_i[settle_pkg::OpLayerLsb +: settle_pkg::OpLayerW];
  assign op_count       = op_i[settle_pkg::OpCountLsb +: settle_pkg::OpCountW];
  assign op_coefficient = op_i[settle_pkg::OpCoefficientLsb +: settle_pkg::OpCoefficientW];
  assign op_word        = op_i[settle_pkg::OpWordLsb +: settle_pkg::OpWordW];

  logic is_layer, is_sum, is_trace, is_project, in_update;
  assign is_layer   = (op_code == settle_pkg::OpLayer);
  assign is_trace   = (op_code == settle_pkg::OpTrace);
  assign is_project = (op_code == settle_pkg::OpProject);
  assign is_sum     = is_trace || is_project;
  assign in_update  = !is_sum && (op_code != settle_pkg::OpEnd) && (op_code != settle_pkg::OpBarrier);

  // ---- State.
  state_e                 state_d, state_q;
  logic [PcW-1:0]         pc_d, pc_q, layer_pc_d, layer_pc_q;
  logic [LayerW-1:0]      layer_d, layer_q;
  logic [CellW-1:0]       cell_d, cell_q;          // first cell of the present group in its layer
  logic [RowW-1:0]        group_d, group_q;        // the same as a row in the layer
  logic [15:0]            count_d, count_q;        // word or trace sum in turn
  logic                   squared_d, squared_q;    // layer operation: noise is done, the square is next
  logic [3:0]             gap_d, gap_q;            // slots until the next cell may begin
  logic [3:0]             drain_d, drain_q;
  logic                   drain_end_d, drain_end_q;
  logic [SegmentW:0]      segment_d, segment_q;
  logic [31:0]            steps_left_d, steps_left_q;
  logic [15:0]            refresh_d, refresh_q, stride_d, stride_q;
  logic                   project_due_d, project_due_q, trace_due_d, trace_due_q;
  logic                   window_d, window_q, fresh_d, fresh_q;
  logic                   stopping_d, stopping_q, stopped_d, stopped_q;
  logic [TraceCountW-1:0] trace_count_d, trace_count_q;
  logic [RowW-1:0]        zero_row_d, zero_row_q;

  logic [LayerW-1:0]      layer_sel;
  logic [CellW-1:0]       cells_sel, group_next;
  logic [RowW-1:0]        groups_sel;
  logic                   last_group, issue, first_of_op, op_done, sum_due, sums_left;

  assign layer_sel  = (is_layer || is_sum) ? LayerW'(op_layer) : layer_q;
  assign cells_sel  = site_cells_q[layer_sel];
  assign groups_sel = RowW'(16'(cells_sel) >> $clog2(Lanes));
  assign group_next = cell_q + CellW'(Lanes);
  assign last_group = (group_next == cells_sel);
  assign sum_due    = is_trace ? trace_due_q : project_due_q;
  assign sums_left  = is_trace ? (count_q == 16'd0) : (count_q + 16'd1 != op_count);

  // ---- Next state.
  logic noise_slot_d, square_slot_d, last_d;

  always_comb begin
    state_d       = state_q;
    pc_d          = pc_q;
    layer_pc_d    = layer_pc_q;
    layer_d       = layer_q;
    cell_d        = cell_q;
    group_d       = group_q;
    count_d       = count_q;
    squared_d     = squared_q;
    gap_d         = (gap_q == 4'd0) ? 4'd0 : gap_q - 4'd1;
    drain_d       = drain_q;
    drain_end_d   = drain_end_q;
    segment_d     = segment_q;
    steps_left_d  = steps_left_q;
    refresh_d     = refresh_q;
    stride_d      = stride_q;
    project_due_d = project_due_q;
    trace_due_d   = trace_due_q;
    window_d      = window_q;
    fresh_d       = fresh_q;
    stopping_d    = stopping_q || stop_i;
    stopped_d     = stopped_q;
    trace_count_d = trace_count_q;
    zero_row_d    = zero_row_q;
    issue         = 1'b0;
    op_done       = 1'b0;
    noise_slot_d  = 1'b0;
    square_slot_d = 1'b0;
    last_d        = 1'b0;

    case (state_q)
      StIdle: begin
        stopping_d = 1'b0;
        if (start_i) begin
          stopped_d  = 1'b0;
          segment_d  = '0;
          refresh_d  = '0;
          stride_d   = '0;
          zero_row_d = '0;
          state_d    = StSegment;
          if (zero_i) state_d = StZero;
          if (clear_i) begin
            trace_count_d = '0;
            fresh_d       = 1'b1;
          end
        end
      end

      StZero: begin
        zero_row_d = zero_row_q + RowW'(1);
        if (zero_row_q == RowW'(Rows - 1)) state_d = StSegment;
      end

      StSegment: begin  // segment_o is out
        if (segment_q == segments_i) state_d = StIdle;
        else state_d = StFetch;
      end

      StFetch: begin
        steps_left_d = segment_steps_i;
        window_d     = segment_window_i;
        segment_d    = segment_q + (SegmentW+1)'(1);
        state_d      = StStep;
        if (segment_steps_i == 32'd0) state_d = StSegment;
      end

      StStep: begin
        pc_d          = '0;
        cell_d        = '0;
        group_d       = '0;
        count_d       = '0;
        squared_d     = 1'b0;
        project_due_d = (refresh_q == 16'd0);
        trace_due_d   = (trace_stride_i != 16'd0) && (stride_q == 16'd0) &&
                        (trace_count_q != TraceCountW'(TraceDepth));
        refresh_d     = (refresh_q + 16'd1 >= refresh_i) ? 16'd0 : refresh_q + 16'd1;
        stride_d      = (stride_q + 16'd1 >= trace_stride_i) ? 16'd0 : stride_q + 16'd1;
        state_d       = StRun;
      end

      StRun: begin
        if (op_code == settle_pkg::OpEnd) begin
          drain_d     = 4'(DrainUpdate - 1);
          drain_end_d = 1'b1;
          state_d     = StDrain;
        end else if (op_code == settle_pkg::OpBarrier) begin
          drain_d     = 4'(DrainProject - 1);
          drain_end_d = 1'b0;
          pc_d        = pc_q + PcW'(1);
          state_d     = StDrain;
        end else if (is_sum) begin
          if (!sum_due) begin
            op_done = 1'b1;
          end else begin
            issue   = 1'b1;
            cell_d  = last_group ? '0 : group_next;
            group_d = last_group ? '0 : group_q + RowW'(1);
            if (last_group) begin
              count_d = count_q + 16'd1;
              if (!sums_left) op_done = 1'b1;
            end
          end
          if (op_done) begin
            count_d = '0;
            pc_d    = pc_q + PcW'(1);
          end
        end else begin
          if (is_layer) begin
            layer_pc_d = pc_q;
            layer_d    = LayerW'(op_layer);
            if (squared_q) begin
              issue         = 1'b1;
              square_slot_d = 1'b1;
              squared_d     = 1'b0;
              op_done       = 1'b1;
            end else if (noise_valid_i && gap_q == 4'd0) begin
              issue        = 1'b1;
              noise_slot_d = 1'b1;
              squared_d    = window_q;
              op_done      = !window_q;
              gap_d        = window_q ? 4'(MinSummedCell - 1) : 4'(MinCell - 1);
            end
          end else begin
            issue   = 1'b1;
            op_done = (op_code != settle_pkg::OpBus) || (count_q + 16'd1 == op_count);
            count_d = op_done ? 16'd0 : count_q + 16'd1;
          end
          if (op_done) begin
            last_d = op_last;
            if (!op_last) begin
              pc_d = pc_q + PcW'(1);
            end else if (last_group) begin
              pc_d    = pc_q + PcW'(1);
              cell_d  = '0;
              group_d = '0;
            end else begin
              pc_d    = layer_pc_d;
              cell_d  = group_next;
              group_d = group_q + RowW'(1);
            end
          end
        end
      end

      StDrain: begin
        drain_d = drain_q - 4'd1;
        if (drain_q == 4'd0) begin
          if (drain_end_q) state_d = StEnd;
          else state_d = StRun;
        end
      end

      StEnd: begin
        if (trace_due_q) trace_count_d = trace_count_q + TraceCountW'(1);
        if (window_q) fresh_d = 1'b0;
        steps_left_d = steps_left_q - 32'd1;
        if (stopping_d) begin
          stopped_d = !(steps_left_q == 32'd1 && segment_q == segments_i);
          state_d   = StIdle;
        end else if (steps_left_q == 32'd1) begin
          state_d = StSegment;
        end else begin
          state_d = StStep;
        end
      end

      default: state_d = StIdle;
    endcase
  end

  assign first_of_op = (count_q == 16'd0) && (!is_sum || group_q == '0);

  // ---- Slot registers.
  logic [CoefRowW-1:0]  coef_base, coef_row_q;
  logic [WordAddrW-1:0] word_addr_q;

  assign coef_base = CoefRowW'(op_coefficient / 20'(Lanes));

  always_ff @(posedge clk_i) begin
    if (issue) begin
      if (first_of_op) coef_row_q <= coef_base + (is_sum ? '0 : CoefRowW'(group_q));
      else coef_row_q <= coef_row_q + (is_sum ? CoefRowW'(1) : CoefRowW'(groups_sel));
      word_addr_q <= WordAddrW'(op_word) + WordAddrW'(count_q);
    end
    row_o           <= layer_first_q[layer_sel] + group_q;
    first_row_o     <= layer_first_q[layer_sel];
    layer_o         <= layer_sel;
    gain_addr_o     <= GainAddrW'((segment_q - (SegmentW+1)'(1)) * (SegmentW+1)'(Layers)) + GainAddrW'(layer_sel);
    group_cell_o    <= cell_q;
    layer_rows_o    <= layer_rows_q[layer_sel];
    columns_log2_o  <= layer_columns_log2_q[layer_sel];
    rows_down_o     <= CellW'(op_word);
    columns_right_o <= CellW'(op_count);
    sum_first_o     <= (group_q == '0);
    sum_last_o      <= last_group;
    sum_trace_o     <= is_trace;
    sum_gain_o      <= op_gain;
    if (rst_i) begin
      noise_slot_o     <= 1'b0;
      square_slot_o    <= 1'b0;
      stiffness_slot_o <= 1'b0;
      table_slot_o     <= 1'b0;
      neighbour_slot_o <= 1'b0;
      bus_slot_o       <= 1'b0;
      project_slot_o   <= 1'b0;
      norm_slot_o      <= 1'b0;
      last_o           <= 1'b0;
    end else begin
      noise_slot_o     <= noise_slot_d;
      square_slot_o    <= square_slot_d;
      stiffness_slot_o <= issue && (op_code == settle_pkg::OpStiffness);
      table_slot_o     <= issue && (op_code == settle_pkg::OpTable);
      neighbour_slot_o <= issue && (op_code == settle_pkg::OpNeighbour);
      bus_slot_o       <= issue && (op_code == settle_pkg::OpBus);
      project_slot_o   <= issue && is_sum && !(is_trace && count_q[0]);
      norm_slot_o      <= issue && is_trace && count_q[0];
      last_o           <= issue && in_update && last_d;
    end
  end

  always_ff @(posedge clk_i) begin
    pc_q          <= pc_d;
    layer_pc_q    <= layer_pc_d;
    layer_q       <= layer_d;
    cell_q        <= cell_d;
    group_q       <= group_d;
    count_q       <= count_d;
    squared_q     <= squared_d;
    drain_q       <= drain_d;
    drain_end_q   <= drain_end_d;
    segment_q     <= segment_d;
    steps_left_q  <= steps_left_d;
    refresh_q     <= refresh_d;
    stride_q      <= stride_d;
    project_due_q <= project_due_d;
    trace_due_q   <= trace_due_d;
    window_q      <= window_d;
    zero_row_q    <= zero_row_d;
    if (rst_i) begin
      state_q       <= StIdle;
      gap_q         <= '0;
      stopping_q    <= 1'b0;
      stopped_q     <= 1'b0;
      trace_count_q <= '0;
      fresh_q       <= 1'b1;
    end else begin
      state_q       <= state_d;
      gap_q         <= gap_d;
      stopping_q    <= stopping_d;
      stopped_q     <= stopped_d;
      trace_count_q <= trace_count_d;
      fresh_q       <= fresh_d;
    end
  end

  assign busy_o          = (state_q != StIdle);
  assign stopped_o       = stopped_q;
  assign segment_o       = segment_q[SegmentW-1:0];
  assign pc_next_o       = pc_d;
  assign noise_restart_o = (state_q == StStep);
  assign step_done_o     = (state_q == StEnd);
  assign trace_write_o   = (state_q == StEnd) && trace_due_q;
  assign trace_count_o   = trace_count_q;
  assign window_o        = window_q;
  assign fresh_o         = fresh_q;
  assign zero_write_o    = (state_q == StZero);
  assign zero_row_o      = zero_row_q;
  assign coef_row_o      = coef_row_q;
  assign word_addr_o     = word_addr_q;

  logic unused_layer_bits;
  assign unused_layer_bits = ^{op_layer, op_word, op_count};

endmodule
