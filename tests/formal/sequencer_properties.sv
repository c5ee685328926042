// sequencer, for any program of the form that its limits ask for, in machines without grids. Slots come one at a time
// and only while it runs; a group's update is its noise slot, its square while summing, then what the program has,
// all of one group, to the last; first slots are as far apart as noise and sums need; a sum is its groups in order,
// first and last marked; nothing of an update comes before a barrier's drain; the program is done only when its last
// slot has drained.
//
// Assumed: an operation stays while its address does, and a layer's is the same when the program comes back to it;
// layers of one group to four; window_i and what is due stay for a step.
module sequencer_properties #(
  parameter int Lanes = 4,
  parameter int AddressDelay = 0,
  localparam int SiteCells = 16,
  localparam int CellW = $clog2(SiteCells + 1),
  localparam int GroupsW = $clog2(SiteCells / Lanes + 1)
) (
  input logic             clk_i,
  input logic             rst_i,
  input logic             step_begin_i,
  input logic [2:0]       segment_i,
  input logic             project_due_i,
  input logic             trace_due_i,
  input logic             window_i,
  input logic [127:0]     op_i,
  input logic [CellW-1:0] site_cells_i,
  input logic             noise_valid_i
);

  // As in the module.
  localparam int DrainUpdate = 4 + AddressDelay;
  localparam int DrainProject = 3 + $clog2(Lanes);
  localparam int MinCell = (AddressDelay > 1) ? 3 + AddressDelay : 4;
  localparam int MinSummedCell = 9;

  logic               program_done_o, noise_slot_o, square_slot_o, stiffness_slot_o, table_slot_o, neighbour_slot_o;
  logic               bus_slot_o, project_slot_o, norm_slot_o, last_o, sum_first_o, sum_last_o, sum_trace_o;
  logic [CellW-1:0]   group_next_o, group_cell_o;
  logic               site_ends_i;

  assign site_ends_i = (group_next_o == site_cells_i);

  sequencer #(
    .Lanes       (Lanes),
    .Layers      (2),
    .SiteCells   (SiteCells),
    .PcW         (5),
    .Segments    (8),
    .CountW      (5),
    .AddressDelay(AddressDelay)
  ) dut (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .step_begin_i    (step_begin_i),
    .program_done_o  (program_done_o),
    .segment_i       (segment_i),
    .project_due_i   (project_due_i),
    .trace_due_i     (trace_due_i),
    .window_i        (window_i),
    .op_i            (op_i),
    .group_next_o    (group_next_o),
    .site_ends_i     (site_ends_i),
    // A walk over one site.
    .first_site_i    (1'b1),
    .last_site_i     (1'b1),
    .first_tap_i     (1'b1),
    .last_tap_i      (1'b1),
    .last_block_i    (1'b1),
    .empty_i         (1'b0),
    .mean_shift_i    (2'd0),
    .noise_valid_i   (noise_valid_i),
    .noise_slot_o    (noise_slot_o),
    .square_slot_o   (square_slot_o),
    .stiffness_slot_o(stiffness_slot_o),
    .table_slot_o    (table_slot_o),
    .neighbour_slot_o(neighbour_slot_o),
    .bus_slot_o      (bus_slot_o),
    .project_slot_o  (project_slot_o),
    .norm_slot_o     (norm_slot_o),
    .last_o          (last_o),
    .sum_first_o     (sum_first_o),
    .sum_last_o      (sum_last_o),
    .sum_trace_o     (sum_trace_o),
    .group_cell_o    (group_cell_o)
  );

  // Inside the module. States: idle, run, drain.
  (* hierconn *) logic [1:0]         \dut.state_q ;
  (* hierconn *) logic [4:0]         \dut.pc_q ;
  (* hierconn *) logic [4:0]         \dut.layer_pc_q ;
  (* hierconn *) logic [3:0]         \dut.gap_q ;
  (* hierconn *) logic [3:0]         \dut.drain_q ;
  (* hierconn *) logic               \dut.drain_end_q ;
  (* hierconn *) logic               \dut.squared_q ;
  (* hierconn *) logic [CellW-1:0]   \dut.cell_q ;
  (* hierconn *) logic [CellW-1:0]   \dut.next_cell_q ;
  (* hierconn *) logic [GroupsW-1:0] \dut.group_q ;
  (* hierconn *) logic [4:0]         \dut.count_q ;

  logic [3:0]  code;
  logic        op_last;
  logic [15:0] op_count;
  assign code     = op_i[settle_pkg::OpCodeLsb +: settle_pkg::OpCodeW];
  assign op_last  = op_i[settle_pkg::OpLastLsb];
  assign op_count = op_i[settle_pkg::OpCountLsb +: settle_pkg::OpCountW];

  logic running, is_sum, is_update;
  assign running   = (dut.state_q == 2'd1);
  assign is_sum    = (code == settle_pkg::OpTrace) || (code == settle_pkg::OpProject);
  assign is_update = (code == settle_pkg::OpStiffness) || (code == settle_pkg::OpTable) ||
                     (code == settle_pkg::OpNeighbour) || (code == settle_pkg::OpBus);

  // ---- The program's form.
  logic             began_q = 1'b0;
  logic             stays_q;           // the operation is the one before
  logic [127:0]     op_q, layer_op_q;
  logic [CellW-1:0] cells_q;
  logic             window_q, project_due_q, trace_due_q, running_q;
  logic             inside_q;          // a group's update is under way: its layer operation was executed
  logic             returns_q;         // the program comes back to the layer operation
  logic             issued_noise;

  assign issued_noise = running && code == settle_pkg::OpLayer && !dut.squared_q && noise_valid_i && dut.gap_q == 4'd0;

  always_ff @(posedge clk_i) begin
    began_q       <= 1'b1;
    op_q          <= op_i;
    cells_q       <= site_cells_i;
    window_q      <= window_i;
    project_due_q <= project_due_i;
    trace_due_q   <= trace_due_i;
    running_q     <= running && !rst_i;
  end

  // The module's own program counter tells whether the next cycle has another operation.
  logic [4:0] pc_q_q;
  always_ff @(posedge clk_i) pc_q_q <= dut.pc_q;
  assign stays_q = running_q && dut.pc_q == pc_q_q;

  always_ff @(posedge clk_i) begin
    if (rst_i || !running) inside_q <= 1'b0;
    else if (issued_noise) inside_q <= 1'b1;
    else if (last_now) inside_q <= 1'b0;
    if (running && code == settle_pkg::OpLayer) layer_op_q <= op_i;
    returns_q <= !rst_i && last_now && !site_ends_i;
  end

  // The cycle in which the update's last slot is decided.
  logic last_now;
  assign last_now = running && is_update && op_last &&
                    !((neighbour_slot_o || table_slot_o) && code == settle_pkg::OpTable) &&
                    (code != settle_pkg::OpBus || 16'(dut.count_q) + 16'd1 == op_count);

  always_comb begin
    if (!began_q) assume (rst_i);
    assume (site_cells_i != '0 && site_cells_i <= CellW'(SiteCells) && site_cells_i % CellW'(Lanes) == '0);
    if (running) begin
      assume (code == settle_pkg::OpEnd || code == settle_pkg::OpBarrier || code == settle_pkg::OpLayer || is_sum ||
              is_update);
      if (code == settle_pkg::OpLayer) assume (!op_last);
      if (is_update || code == settle_pkg::OpProject) assume (op_count != 16'd0 && op_count <= 16'd4);
      // Updates only inside of a layer, and nothing else there; its layer has the same cells throughout.
      if (inside_q && !dut.squared_q) assume (is_update);
      if (!inside_q) assume (!is_update);
      if (stays_q) assume (op_i == op_q);
      if (returns_q) assume (op_i == layer_op_q);
      if (running_q && (stays_q || inside_q || returns_q)) assume (site_cells_i == cells_q);
    end
    if (began_q && dut.state_q != 2'd0) begin
      assume (window_i == window_q && project_due_i == project_due_q && trace_due_i == trace_due_q);
    end
  end

  // ---- What is said.
  logic [3:0] slots;
  logic       update_slot, sum_slot;
  assign update_slot = noise_slot_o || square_slot_o || stiffness_slot_o || table_slot_o || neighbour_slot_o ||
                       bus_slot_o;
  assign sum_slot    = project_slot_o || norm_slot_o;
  assign slots       = 4'(noise_slot_o) + 4'(square_slot_o) + 4'(stiffness_slot_o) + 4'(table_slot_o) +
                       4'(neighbour_slot_o) + 4'(bus_slot_o) + 4'(project_slot_o) + 4'(norm_slot_o);

  logic [4:0]       since_noise_q;    // cycles, no more than 16 counted
  logic [4:0]       since_slot_q;
  logic [4:0]       since_barrier_q;  // since the program was at one
  logic             open_q;           // an update's slots have begun and not ended
  logic             summing_q;        // a sum's slots have begun and not ended
  logic [CellW-1:0] group_q;          // that update's group, or the sum's next
  logic             noise_was_q, neighbour_was_q, table_was_q;
  logic             noise_window_q;   // the last noise slot's cell was summed

  always_ff @(posedge clk_i) begin
    since_noise_q   <= noise_slot_o ? 5'd1 : (since_noise_q == 5'd16) ? 5'd16 : since_noise_q + 5'd1;
    since_slot_q    <= (slots != 4'd0) ? 5'd1 : (since_slot_q == 5'd16) ? 5'd16 : since_slot_q + 5'd1;
    since_barrier_q <= (running && code == settle_pkg::OpBarrier) ? 5'd1 : (since_barrier_q == 5'd16) ? 5'd16
                                                                                          : since_barrier_q + 5'd1;
    noise_was_q     <= noise_slot_o;
    if (noise_slot_o) noise_window_q <= window_i;
    neighbour_was_q <= neighbour_slot_o;
    table_was_q     <= table_slot_o;
    if (rst_i) begin
      since_noise_q   <= 5'd16;
      since_slot_q    <= 5'd16;
      since_barrier_q <= 5'd16;
      open_q          <= 1'b0;
      summing_q       <= 1'b0;
    end else begin
      if (noise_slot_o) open_q <= 1'b1;
      if (noise_slot_o) group_q <= group_cell_o;
      if (last_o) open_q <= 1'b0;
      if (sum_slot) begin
        summing_q <= !sum_last_o;
        group_q   <= group_cell_o + CellW'(Lanes);
      end
    end
  end

  always_comb begin
    if (began_q) begin
      assert (slots <= 4'd1);
      if (last_o) assert (update_slot && !noise_slot_o && !square_slot_o);
      // An update: noise, the square while summing, the program's slots, all of one group.
      if (noise_slot_o) assert (!open_q && !summing_q);
      if (update_slot && !noise_slot_o) assert (open_q && group_cell_o == group_q);
      if (square_slot_o) assert (noise_was_q && window_i);
      if (noise_was_q && window_i && dut.state_q != 2'd0) assert (square_slot_o);
      if (table_slot_o) assert (!neighbour_was_q && !table_was_q);
      if (noise_slot_o) assert (since_noise_q >= 5'(MinCell));
      if (noise_slot_o && noise_window_q) assert (since_noise_q >= 5'(MinSummedCell));
      // A sum: its groups from the first cell to the last, marked.
      if (sum_slot) assert (!open_q && sum_first_o == !summing_q);
      if (sum_slot && summing_q) assert (group_cell_o == group_q);
      if (sum_slot && sum_first_o) assert (group_cell_o == '0);
      if (norm_slot_o) assert (sum_trace_o);
      if (update_slot) assert (!summing_q);
      // Drains.
      if (slots != 4'd0) assert (since_barrier_q >= 5'(DrainProject + 1));
      if (program_done_o) assert (slots == 4'd0 && since_slot_q >= 5'(DrainUpdate) && !open_q && !summing_q);
      if (dut.state_q == 2'd0) assert (slots == 4'd0);
    end
  end

  // ---- What makes it inductive. The outputs show what was decided a cycle ago.
  logic opens, sums;
  assign opens = (open_q || noise_slot_o) && !last_o;
  assign sums  = sum_slot ? !sum_last_o : summing_q;

  always_comb begin
    if (began_q) begin
      assert (dut.state_q != 2'd3);
      assert (since_noise_q >= 5'd1 && since_slot_q >= 5'd1 && since_barrier_q >= 5'd1);
      assert (since_noise_q <= 5'd16 && since_slot_q <= 5'd16 && since_barrier_q <= 5'd16);
      assert (opens == (inside_q && running));
      assert (!sums || (running && is_sum && (code == settle_pkg::OpTrace ? trace_due_i : project_due_i)));
      if (running && dut.squared_q) assert (noise_slot_o && window_i && code == settle_pkg::OpLayer);
      if (dut.state_q != 2'd0) assert (dut.next_cell_q == dut.cell_q + CellW'(Lanes));
      if (running) begin
        assert (dut.cell_q < site_cells_i && dut.cell_q % CellW'(Lanes) == '0);
        assert (dut.cell_q == CellW'(dut.group_q) * CellW'(Lanes));
        if (!inside_q && !returns_q && !is_sum && code != settle_pkg::OpLayer) assert (dut.cell_q == '0);
        if (!is_sum && code != settle_pkg::OpBus) assert (dut.count_q == '0);
        if (opens) assert ((noise_slot_o ? group_cell_o : group_q) == dut.cell_q);
        if (is_sum) assert (sums == (dut.cell_q != '0));
        if (sums) assert ((sum_slot ? group_cell_o + CellW'(Lanes) : group_q) == dut.cell_q);
      end
      if (dut.state_q == 2'd2) assert (dut.cell_q == '0 && dut.group_q == '0 && dut.count_q == '0 && !dut.squared_q);
      if (inside_q || returns_q) begin
        assert (layer_op_q[settle_pkg::OpCodeLsb +: settle_pkg::OpCodeW] == settle_pkg::OpLayer);
        assert (!layer_op_q[settle_pkg::OpLastLsb]);
      end
      // The drains' counts, and the gap's, are cycles still to come.
      if (dut.state_q == 2'd0) begin
        assert (since_noise_q >= (noise_window_q ? 5'd7 : 5'd6));
      end else if (dut.state_q == 2'd2 && dut.drain_end_q) begin
        assert (slots == 4'd0 && dut.drain_q < 4'(DrainUpdate));
        assert (since_slot_q + 5'(dut.drain_q) >= 5'(DrainUpdate));
        assert (since_noise_q + 5'(dut.drain_q) >= (noise_window_q ? 5'd6 : 5'd5));
      end else begin
        assert (since_noise_q + 5'(dut.gap_q) >= (noise_window_q ? 5'(MinSummedCell - 1) : 5'(MinCell - 1)) ||
                noise_slot_o);
        if (noise_slot_o) assert (dut.gap_q == (window_i ? 4'(MinSummedCell - 1) : 4'(MinCell - 1)));
      end
      if (dut.state_q == 2'd2 && !dut.drain_end_q) begin
        assert (slots == 4'd0 && dut.drain_q < 4'(DrainProject));
        assert (since_barrier_q + 5'(dut.drain_q) >= 5'(DrainProject));
      end else begin
        assert (since_barrier_q > 5'(DrainProject));
      end
      if (running && !inside_q) assert (!noise_slot_o && since_noise_q >= (noise_window_q ? 5'd2 : 5'd1));
      if (running && inside_q && !dut.squared_q && window_i) assert (!noise_slot_o);
      if (opens && !noise_slot_o) assert (noise_window_q == window_i);
    end
  end

  always_comb begin
    cover (began_q && last_o && bus_slot_o);
    cover (began_q && noise_slot_o && window_i && since_noise_q == 5'(MinSummedCell));
    cover (began_q && noise_slot_o && !window_i && since_noise_q == 5'(MinCell));
    cover (began_q && norm_slot_o && sum_last_o);
    cover (began_q && program_done_o && since_noise_q < 5'd16);
  end

endmodule
