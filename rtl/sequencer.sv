// Walks the program once a step: projections and trace, a barrier, then layer by layer, site by site and group by group
// the slots of every cell update. One slot a cycle; outputs are registered. Addresses still lack what depends on site
// and tap: slot_address adds that, AddressDelay cycles on the way to stage A.
//
// The program memory answers a cycle after its address: pc_next_o is the address of the operation that is executed in
// the next cycle. Order of slots: project takes the sites of the words, their words, the sites of a block, taps,
// groups, the last of these fastest; an update takes sites, groups, operations and, in a bus, taps and words. A window
// that leads out of the grid altogether takes one slot, without products.
//
// Limits on programs (the host keeps them, the C++ model shares them): count from 1 to the
// configuration's rank in project and bus, layers of at least one group and one operation behind the layer operation,
// one barrier between the last trace or project and the first layer; with Side = 1 no windows, blocks, means or halves.
module sequencer #(
  parameter int Lanes = 4,
  parameter int Layers = 2,
  parameter int Side = 1,
  parameter int Rows = 32,
  parameter int SiteCells = 64,
  parameter int CoefRowW = 10,
  parameter int WordAddrW = 6,
  parameter int PcW = 5,
  parameter int Segments = 8,
  parameter int CountW = 5,
  parameter int AddressDelay = 0,
  localparam int RowW = (Rows > 1) ? $clog2(Rows) : 1,
  localparam int CellW = $clog2(SiteCells + 1),
  localparam int GroupsW = $clog2(SiteCells / Lanes + 1),
  localparam int SideW = $clog2(Side + 1),
  localparam int LayerW = (Layers > 1) ? $clog2(Layers) : 1,
  localparam int SegmentW = (Segments > 1) ? $clog2(Segments) : 1,
  localparam int GainAddrW = (Segments * Layers > 1) ? $clog2(Segments * Layers) : 1
) (
  input  logic                 clk_i,
  input  logic                 rst_i,
  // The step.
  input  logic                 step_begin_i,
  output logic                 program_done_o,
  input  logic [SegmentW-1:0]  segment_i,
  input  logic                 project_due_i,
  input  logic                 trace_due_i,
  input  logic                 window_i,
  // Program memory.
  output logic [PcW-1:0]       pc_next_o,
  input  logic [127:0]         op_i,
  // Layer memory, answers in the same cycle.
  output logic [LayerW-1:0]    layer_sel_o,
  input  logic [RowW-1:0]      layer_first_row_i,
  input  logic [CellW-1:0]     site_cells_i,
  output logic [CellW-1:0]     group_next_o,     // first cell of the group behind the present one
  input  logic                 site_ends_i,      // and that is none
  input  logic [SideW-1:0]     height_i,
  input  logic [SideW-1:0]     width_i,
  // Noise.
  input  logic                 noise_valid_i,
  // Slot.
  output logic                 noise_slot_o,
  output logic                 square_slot_o,
  output logic                 stiffness_slot_o,
  output logic                 table_slot_o,
  output logic                 neighbour_slot_o,
  output logic                 bus_slot_o,
  output logic                 project_slot_o,
  output logic                 norm_slot_o,
  output logic                 last_o,           // of a group's update
  output logic                 sum_first_o,      // of a word's or trace sum's products
  output logic                 sum_last_o,
  output logic                 sum_null_o,       // no product
  output logic                 sum_trace_o,
  output logic [3:0]           sum_gain_o,
  output logic [1:0]           sum_mean_o,
  output logic [LayerW-1:0]    layer_o,
  output logic [GainAddrW-1:0] gain_addr_o,
  output logic [CellW-1:0]     group_cell_o,     // in its site
  output logic [CellW-1:0]     rows_down_o,
  output logic [CellW-1:0]     columns_right_o,
  // Its addresses, and what they lack.
  output logic [CoefRowW-1:0]  coef_row_o,
  output logic [RowW-1:0]      row_o,
  output logic [RowW-1:0]      first_row_o,
  output logic [WordAddrW-1:0] word_addr_o,
  output logic [SideW-1:0]     site_y_o,
  output logic [SideW-1:0]     site_x_o,
  output logic [SideW-1:0]     grid_width_o,
  output logic [SideW-1:0]     word_y_o,
  output logic [SideW-1:0]     word_x_o,
  output logic [SideW-1:0]     words_width_o,
  output logic [3:0]           tap_row_o,
  output logic [3:0]           tap_column_o,
  output logic [3:0]           window_width_less_1_o,
  output logic [GroupsW-1:0]   groups_o,
  output logic [CountW-1:0]    count_o,
  output logic                 by_tap_o,
  output logic                 by_site_o
);

  typedef enum logic [1:0] {StIdle, StRun, StDrain} state_e;

  // Cycles from the decision on a slot until its result can be read: the pipeline's depth (see settle_array). A word is
  // read as late as it is written: the barrier need not wait for addresses.
  localparam int DrainUpdate = 4 + AddressDelay;
  localparam int DrainProject = 3 + $clog2(Lanes);
  // Cycles from one cell's first slot to the next one's: until the noise that was taken is gone.
  localparam int MinCell = (AddressDelay > 1) ? 3 + AddressDelay : 4;
  localparam int MinSummedCell = 9;   // the same while statistics run
  localparam int TraceGap = 3;        // cycles behind a trace sum, which stands until it is in memory
  localparam int FirstGap = (Lanes < 4) ? 2 : 0;  // the trace entry is made zero before a sum of one group is there
  localparam bit Grid = (Side > 1);

  generate
    if (DrainUpdate > 16 || DrainProject > 16 || MinCell > MinSummedCell) begin : gen_bad_delays
      // Elaboration stops here in every tool: there is no such module.
      error_more_lanes_or_address_stages_than_the_drain_counter_counts u_error ();
    end
  endgenerate

  // ---- Operation being executed.
  logic [3:0]  op_code, op_gain, op_top, op_left, op_rows_less_1, op_columns_less_1;
  logic        op_last, op_per_site, op_block, op_mean, op_odd_rows, op_odd_columns, op_half;
  logic [6:0]  op_layer;
  logic [15:0] op_count;
  logic [19:0] op_coefficient, op_word;

  assign op_code           = op_i[settle_pkg::OpCodeLsb +: settle_pkg::OpCodeW];
  assign op_last           = op_i[settle_pkg::OpLastLsb];
  assign op_gain           = op_i[settle_pkg::OpGainLsb +: settle_pkg::OpGainW];
  assign op_layer          = op_i[settle_pkg::OpLayerLsb +: settle_pkg::OpLayerW];
  assign op_count          = op_i[settle_pkg::OpCountLsb +: settle_pkg::OpCountW];
  assign op_coefficient    = op_i[settle_pkg::OpCoefficientLsb +: settle_pkg::OpCoefficientW];
  assign op_word           = op_i[settle_pkg::OpWordLsb +: settle_pkg::OpWordW];
  assign op_top            = op_i[settle_pkg::OpTopLsb +: settle_pkg::OpTopW];
  assign op_left           = op_i[settle_pkg::OpLeftLsb +: settle_pkg::OpLeftW];
  assign op_rows_less_1    = op_i[settle_pkg::OpHeightLsb +: settle_pkg::OpHeightW];
  assign op_columns_less_1 = op_i[settle_pkg::OpWidthLsb +: settle_pkg::OpWidthW];
  assign op_per_site       = op_i[settle_pkg::OpPerSiteLsb];
  assign op_block          = op_i[settle_pkg::OpBlockLsb];
  assign op_mean           = op_i[settle_pkg::OpMeanLsb];
  assign op_odd_rows       = op_i[settle_pkg::OpOddRowsLsb];
  assign op_odd_columns    = op_i[settle_pkg::OpOddColumnsLsb];
  assign op_half           = op_i[settle_pkg::OpHalfLsb];

  logic is_layer, is_sum, is_trace, is_project, is_bus, in_update;
  assign is_layer   = (op_code == settle_pkg::OpLayer);
  assign is_trace   = (op_code == settle_pkg::OpTrace);
  assign is_project = (op_code == settle_pkg::OpProject);
  assign is_bus     = (op_code == settle_pkg::OpBus);
  assign is_sum     = is_trace || is_project;
  assign in_update  = !is_sum && (op_code != settle_pkg::OpEnd) && (op_code != settle_pkg::OpBarrier);

  // ---- State.
  state_e               state_d, state_q;
  logic [PcW-1:0]       pc_d, pc_q, layer_pc_d, layer_pc_q;
  logic [LayerW-1:0]    layer_d, layer_q;
  logic [CellW-1:0]     cell_d, cell_q;            // first cell of the present group in its site
  logic [GroupsW-1:0]   group_d, group_q;          // the same as a row in the site
  logic [CountW-1:0]    count_d, count_q;          // word or trace sum in turn
  logic                 squared_d, squared_q;      // layer operation: noise is done, the square is next
  logic [3:0]           gap_d, gap_q;              // cycles until the next cell, or sum, may begin
  logic [3:0]           drain_d, drain_q;
  logic                 drain_end_d, drain_end_q;

  logic [LayerW-1:0]    layer_sel;
  logic [CellW-1:0]     group_next;
  logic [CountW-1:0]    count_next;
  logic [GroupsW-1:0]   groups;
  logic                 last_group, last_count, issue, op_done, sum_due;

  assign layer_sel   = (is_layer || is_sum) ? LayerW'(op_layer) : layer_q;
  assign layer_sel_o = layer_sel;
  assign groups      = GroupsW'(site_cells_i >> $clog2(Lanes));
  assign group_next  = cell_q + CellW'(Lanes);
  assign last_group  = site_ends_i;
  assign group_next_o = group_next;
  assign count_next  = count_q + CountW'(1);
  assign last_count  = (count_next == CountW'(op_count));
  assign sum_due     = is_trace ? trace_due_i : project_due_i;

  // ---- Place in the layer's grid.
  logic             next_tap, next_block, next_site;
  logic             first_site, last_site, first_tap, last_tap, last_block, empty, null_slot;
  logic [1:0]       mean_shift;
  logic [SideW-1:0] site_y, site_x, word_y, word_x, words_width;
  logic [3:0]       tap_row, tap_column;

  grid_walk #(
    .Side(Side)
  ) u_walk (
    .clk_i           (clk_i),
    .restart_i       (step_begin_i),
    .height_i        (height_i),
    .width_i         (width_i),
    .project_i       (is_project),
    .block_i         (op_block),
    .mean_i          (op_mean),
    .odd_rows_i      (op_odd_rows),
    .odd_columns_i   (op_odd_columns),
    .half_i          (op_half),
    .top_i           (op_top),
    .left_i          (op_left),
    .rows_less_1_i   (op_rows_less_1),
    .columns_less_1_i(op_columns_less_1),
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

  assign null_slot = empty && (is_project || is_bus);

  // ---- Next state.
  logic noise_slot_d, square_slot_d, last_d, sum_first_d, sum_last_d;

  assign sum_first_d = (group_q == '0) && (is_trace ? first_site : first_tap);
  assign sum_last_d  = (last_group || null_slot) && (is_trace ? last_site : last_tap && last_block);

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
    issue         = 1'b0;
    op_done       = 1'b0;
    next_tap      = 1'b0;
    next_block    = 1'b0;
    next_site     = 1'b0;
    noise_slot_d  = 1'b0;
    square_slot_d = 1'b0;
    last_d        = 1'b0;

    case (state_q)
      StIdle: begin
        if (step_begin_i) begin
          pc_d      = '0;
          cell_d    = '0;
          group_d   = '0;
          count_d   = '0;
          squared_d = 1'b0;
          gap_d     = 4'(FirstGap);
          state_d   = StRun;
        end
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
          end else if (gap_q == 4'd0) begin
            issue   = 1'b1;
            cell_d  = group_next;
            group_d = group_q + GroupsW'(1);
            if (last_group || null_slot) begin
              cell_d  = '0;
              group_d = '0;
              if (is_trace) next_site = 1'b1;
              else next_tap = 1'b1;
              next_block = is_project && last_tap;
            end
            if (sum_last_d) begin
              count_d = count_next;
              if (is_trace) begin
                gap_d   = 4'(TraceGap);
                op_done = (count_q != '0);
              end else if (last_count) begin
                count_d   = '0;
                next_site = 1'b1;
                op_done   = last_site;
              end
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
              squared_d    = window_i;
              op_done      = !window_i;
              gap_d        = window_i ? 4'(MinSummedCell - 1) : 4'(MinCell - 1);
            end
          end else if (!((neighbour_slot_o || table_slot_o) && op_code == settle_pkg::OpTable)) begin
            // A table is addressed by the cell's own state, a cycle before its slot and once more with it.
            issue   = 1'b1;
            op_done = 1'b1;
            if (is_bus) begin
              next_tap = last_count || null_slot;
              count_d  = next_tap ? '0 : count_next;
              op_done  = next_tap && last_tap;
            end
          end
          if (op_done) begin
            last_d = op_last;
            if (!op_last) begin
              pc_d = pc_q + PcW'(1);
            end else begin
              pc_d      = (last_group && last_site) ? pc_q + PcW'(1) : layer_pc_d;
              cell_d    = last_group ? '0 : group_next;
              group_d   = last_group ? '0 : group_q + GroupsW'(1);
              next_site = last_group;
            end
          end
        end
      end

      StDrain: begin
        drain_d = drain_q - 4'd1;
        if (drain_q == 4'd0) begin
          if (drain_end_q) state_d = StIdle;
          else state_d = StRun;
        end
      end

      default: state_d = StIdle;
    endcase
  end

  assign pc_next_o      = pc_d;
  assign program_done_o = (state_q == StDrain) && (drain_q == 4'd0) && drain_end_q;

  // ---- Coefficient row of the slot, but for site and tap: group and word in turn by additions alone.
  logic [CoefRowW-1:0]  coef_begin, coef_add, coef_row_d, coef_row_q, word_coef_row_q;
  logic [WordAddrW-1:0] word_addr_q;
  logic                 coef_first, word_again;

  assign coef_first = is_trace ? sum_first_d : (count_q == '0) && (!is_project || group_q == '0);
  // With grids every tap takes a word's row from its first group on; without, that is the row that comes next.
  assign word_again = Grid && is_project && group_q == '0;

  always_comb begin
    coef_begin = coef_row_q;
    if (word_again) coef_begin = word_coef_row_q;
    if (coef_first) coef_begin = CoefRowW'(op_coefficient / 20'(Lanes));
    if (is_sum) begin
      coef_add = CoefRowW'(!coef_first);
      if (word_again) coef_add = (!coef_first && first_tap) ? CoefRowW'(groups) : '0;
    end else begin
      coef_add = coef_first ? CoefRowW'(group_q) : CoefRowW'(groups);
    end
  end

  assign coef_row_d = coef_begin + coef_add;

  // ---- Slot registers.
  always_ff @(posedge clk_i) begin
    if (issue) begin
      coef_row_q  <= coef_row_d;
      word_addr_q <= WordAddrW'(op_word) + WordAddrW'(count_q);
      if (is_project && group_q == '0) word_coef_row_q <= coef_row_d;
    end
    // Between slots the place stays: a lane looks at its state for a while.
    if (issue) begin
      row_o        <= layer_first_row_i + RowW'(group_q);
      first_row_o  <= layer_first_row_i;
      layer_o      <= layer_sel;
      site_y_o     <= site_y;
      site_x_o     <= site_x;
      grid_width_o <= width_i;
      groups_o     <= groups;
    end
    gain_addr_o           <= GainAddrW'(segment_i) * GainAddrW'(Layers) + GainAddrW'(layer_sel);
    group_cell_o          <= cell_q;
    rows_down_o           <= CellW'(op_word);
    columns_right_o       <= CellW'(op_count);
    sum_first_o           <= sum_first_d;
    sum_last_o            <= sum_last_d;
    sum_null_o            <= null_slot;
    sum_trace_o           <= is_trace;
    sum_gain_o            <= op_gain;
    sum_mean_o            <= mean_shift;
    word_y_o              <= word_y;
    word_x_o              <= word_x;
    words_width_o         <= words_width;
    tap_row_o             <= tap_row;
    tap_column_o          <= tap_column;
    window_width_less_1_o <= op_columns_less_1;
    count_o               <= CountW'(op_count);
    by_tap_o              <= is_project || is_bus;
    by_site_o             <= is_layer && op_per_site;
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
      bus_slot_o       <= issue && is_bus && !null_slot;
      project_slot_o   <= issue && is_sum && !(is_trace && count_q[0]);
      norm_slot_o      <= issue && is_trace && count_q[0];
      last_o           <= issue && in_update && last_d;
    end
  end

  assign coef_row_o  = coef_row_q;
  assign word_addr_o = word_addr_q;

  always_ff @(posedge clk_i) begin
    pc_q        <= pc_d;
    layer_pc_q  <= layer_pc_d;
    layer_q     <= layer_d;
    cell_q      <= cell_d;
    group_q     <= group_d;
    count_q     <= count_d;
    squared_q   <= squared_d;
    drain_q     <= drain_d;
    drain_end_q <= drain_end_d;
    if (rst_i) begin
      state_q <= StIdle;
      gap_q   <= '0;
    end else begin
      state_q <= state_d;
      gap_q   <= gap_d;
    end
  end

  logic unused_bits;
  assign unused_bits = ^{op_i, op_layer, op_word, op_count};

endmodule
