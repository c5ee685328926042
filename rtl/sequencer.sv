// Decides the slots of a step, one per cycle, from the program: projections and trace, a barrier, then layer by layer,
// site by site and group by group the slots of every cell update. A slot is one multiplication in every lane. Outputs
// are registered; address_generator shows the addresses of the same slot in the same cycle.
//
// The program memory answers a cycle after its address: pc_next_o is the address of the operation that is executed in
// the next cycle. Order of slots: project takes the sites of the words, their words, the sites of a block, taps,
// groups, the last of these fastest; an update takes sites, groups, operations and, in a bus, taps and words. A tap
// range that leads out of the grid altogether takes one slot, without products. grid_walk keeps the place among sites,
// blocks and taps and is told here when to move on.
//
// Limits on programs (the host keeps them, the C++ model shares them): count from 1 to the
// configuration's rank in project and bus, layers of at least one group and one operation after the layer operation,
// one barrier between the last trace or project and the first layer; with Side = 1 no tap ranges, blocks, means or
// halves.
module sequencer #(
  parameter int Lanes = 4,
  parameter int Layers = 2,
  parameter int SiteCells = 64,
  parameter int PcW = 5,
  parameter int Segments = 8,
  parameter int CountW = 5,
  parameter int AddressDelay = 0,
  localparam int CellW = $clog2(SiteCells + 1),
  localparam int GroupsW = $clog2(SiteCells / Lanes + 1),
  localparam int LayerW = settle_pkg::idx_width(Layers),
  localparam int SegmentW = settle_pkg::idx_width(Segments),
  localparam int GainAddrW = settle_pkg::idx_width(Segments * Layers)
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
  output logic [CellW-1:0]     group_next_o,     // first cell of the group after the current one
  input  logic                 site_ends_i,      // the site has no such group
  // Place in the layer's grid: see grid_walk.
  output logic                 next_tap_o,
  output logic                 next_block_o,
  output logic                 next_site_o,
  input  logic                 first_site_i,
  input  logic                 last_site_i,
  input  logic                 first_tap_i,
  input  logic                 last_tap_i,
  input  logic                 last_block_i,
  input  logic                 empty_i,
  input  logic [1:0]           mean_shift_i,
  // Noise.
  input  logic                 noise_valid_i,
  // The slot that is decided, for address_generator.
  output logic                 issue_o,
  output logic [GroupsW-1:0]   group_o,          // row of the site
  output logic [CountW-1:0]    count_o,          // word, or trace sum, of the operation
  output logic                 first_of_sum_o,
  // The slot that was decided a cycle ago.
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
  output logic [CellW-1:0]     group_cell_o      // first cell of the group, in its site
);

  typedef enum logic [1:0] {StIdle, StRun, StDrain} state_e;

  // Cycles from the decision on a slot until its result can be read: the pipeline's depth (see settle_array). A word is
  // read as late as it is written: the barrier need not wait for addresses.
  localparam int DrainUpdate = 4 + AddressDelay;
  localparam int DrainProject = 3 + $clog2(Lanes);
  // Cycles from one cell's first slot to the next one's: until the noise that was taken is gone.
  localparam int MinCell = (AddressDelay > 1) ? 3 + AddressDelay : 4;
  localparam int MinSummedCell = 9;   // the same while statistics run
  localparam int TraceGap = 3;        // cycles after a trace sum, which stands until it is in memory
  localparam int FirstGap = (Lanes < 4) ? 2 : 0;  // the trace entry is made zero before a sum of one group is there

  generate
    if (DrainUpdate > 16 || DrainProject > 16 || MinCell > MinSummedCell) begin : gen_bad_delays
      // Elaboration stops here in every tool: there is no such module.
      error_more_lanes_or_address_stages_than_the_drain_counter_counts u_error ();
    end
  endgenerate

  // ---- Operation being executed.
  logic [3:0]  op_code, op_gain;
  logic        op_last;
  logic [6:0]  op_layer;
  logic [15:0] op_count;

  assign op_code  = op_i[settle_pkg::OpCodeLsb +: settle_pkg::OpCodeW];
  assign op_last  = op_i[settle_pkg::OpLastLsb];
  assign op_gain  = op_i[settle_pkg::OpGainLsb +: settle_pkg::OpGainW];
  assign op_layer = op_i[settle_pkg::OpLayerLsb +: settle_pkg::OpLayerW];
  assign op_count = op_i[settle_pkg::OpCountLsb +: settle_pkg::OpCountW];

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
  logic [CellW-1:0]     cell_d, cell_q;            // first cell of the current group in its site
  logic [CellW-1:0]     next_cell_d, next_cell_q;  // of the group after it: no adder on the way to the end of a site
  logic [GroupsW-1:0]   group_d, group_q;          // the current group as a row in the site
  logic [CountW-1:0]    count_d, count_q;          // current word or trace sum
  logic                 squared_d, squared_q;      // layer operation: noise is done, the square is next
  logic [3:0]           gap_d, gap_q;              // cycles until the next cell, or sum, may begin
  logic [3:0]           drain_d, drain_q;
  logic                 drain_end_d, drain_end_q;

  logic [LayerW-1:0]    layer_sel;
  logic [CountW-1:0]    count_next;
  logic                 last_group, last_count, issue, op_done, sum_due;

  assign layer_sel   = (is_layer || is_sum) ? LayerW'(op_layer) : layer_q;
  assign layer_sel_o = layer_sel;
  assign last_group  = site_ends_i;
  assign group_next_o = next_cell_q;
  assign count_next  = count_q + CountW'(1);
  assign last_count  = (count_next == CountW'(op_count));
  assign sum_due     = is_trace ? trace_due_i : project_due_i;

  // ---- Next state.
  logic next_tap, next_block, next_site, null_slot;
  logic to_first, to_next;   // group of the site; to_first goes before to_next
  logic noise_slot_d, square_slot_d, last_d, sum_first_d, sum_last_d;

  assign null_slot   = empty_i && (is_project || is_bus);
  assign sum_first_d = (group_q == '0) && (is_trace ? first_site_i : first_tap_i);
  assign sum_last_d  = (last_group || null_slot) && (is_trace ? last_site_i : last_tap_i && last_block_i);

  always_comb begin
    state_d       = state_q;
    pc_d          = pc_q;
    layer_pc_d    = layer_pc_q;
    layer_d       = layer_q;
    to_first      = 1'b0;
    to_next       = 1'b0;
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
          to_first  = 1'b1;
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
            to_next = 1'b1;
            if (last_group || null_slot) begin
              to_first = 1'b1;
              if (is_trace) next_site = 1'b1;
              else next_tap = 1'b1;
              next_block = is_project && last_tap_i;
            end
            if (sum_last_d) begin
              count_d = count_next;
              if (is_trace) begin
                gap_d   = 4'(TraceGap);
                op_done = (count_q != '0);
              end else if (last_count) begin
                count_d   = '0;
                next_site = 1'b1;
                op_done   = last_site_i;
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
              op_done  = next_tap && last_tap_i;
            end
          end
          if (op_done) begin
            last_d = op_last;
            if (!op_last) begin
              pc_d = pc_q + PcW'(1);
            end else begin
              pc_d      = (last_group && last_site_i) ? pc_q + PcW'(1) : layer_pc_d;
              to_next   = 1'b1;
              to_first  = last_group;
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

  // ---- The group, in cells and in rows.
  always_comb begin
    cell_d      = cell_q;
    next_cell_d = next_cell_q;
    group_d     = group_q;
    if (to_first) begin
      cell_d      = '0;
      next_cell_d = CellW'(Lanes);
      group_d     = '0;
    end else if (to_next) begin
      cell_d      = next_cell_q;
      next_cell_d = next_cell_q + CellW'(Lanes);
      group_d     = group_q + GroupsW'(1);
    end
  end

  assign pc_next_o      = pc_d;
  assign program_done_o = (state_q == StDrain) && (drain_q == 4'd0) && drain_end_q;

  assign next_tap_o     = next_tap;
  assign next_block_o   = next_block;
  assign next_site_o    = next_site;
  assign issue_o        = issue;
  assign group_o        = group_q;
  assign count_o        = count_q;
  assign first_of_sum_o = sum_first_d;

  // ---- Slot registers.
  always_ff @(posedge clk_i) begin
    if (issue) layer_o <= layer_sel;
    gain_addr_o  <= GainAddrW'(segment_i) * GainAddrW'(Layers) + GainAddrW'(layer_sel);
    group_cell_o <= cell_q;
    sum_first_o  <= sum_first_d;
    sum_last_o   <= sum_last_d;
    sum_null_o   <= null_slot;
    sum_trace_o  <= is_trace;
    sum_gain_o   <= op_gain;
    sum_mean_o   <= mean_shift_i;
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

  always_ff @(posedge clk_i) begin
    pc_q        <= pc_d;
    layer_pc_q  <= layer_pc_d;
    layer_q     <= layer_d;
    cell_q      <= cell_d;
    next_cell_q <= next_cell_d;
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

  // ---- Limits on programs.
  logic running, summed_q;   // summed_q: a sum since the last barrier
  assign running = (state_q == StRun);

  always_ff @(posedge clk_i) begin
    if (state_q == StIdle || op_code == settle_pkg::OpBarrier) summed_q <= 1'b0;
    else if (running && is_sum) summed_q <= 1'b1;
  end

  assert_limit u_count_not_0_and_in_its_width (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!running || !(is_project || is_bus) || (op_count != '0 && 32'(op_count) < 32'd1 << CountW))
  );

  assert_limit u_an_operation_after_the_layer_operation (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!(running && is_layer && op_last))
  );

  assert_limit u_a_barrier_between_sums_and_layers (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!(running && is_layer && summed_q))
  );

  logic unused_bits;
  assign unused_bits = ^{op_i, op_layer, op_count};

endmodule
