// schedule, against a count of its own of one start's steps: each segment's steps are all done, in order and none
// more; projection is due in the first step and every refresh_i steps, the trace in the first and every
// trace_stride_i until its memory is full; a stop ends it after the current step and shows; busy_o from start to end;
// segments without steps are passed over.
//
// Assumed: settings stay while it is busy; the schedule's memory answers a cycle after the address, always the same; a
// program ends only while one runs. Steps of a segment are followed for one segment, which may be any.
module schedule_properties #(
  localparam int Segments = 4,
  localparam int TraceDepth = 5,
  localparam int Rows = 3
) (
  input logic        clk_i,
  input logic        rst_i,
  input logic        start_i,
  input logic        zero_i,
  input logic        clear_i,
  input logic        stop_i,
  input logic [2:0]  segments_i,
  input logic [15:0] refresh_i,
  input logic [15:0] trace_stride_i,
  input logic [15:0] segment_word_i,
  input logic        program_done_i
);

  logic       busy_o, stopped_o, segment_read_o, step_begin_o, step_done_o, project_due_o, trace_due_o, window_o;
  logic       fresh_o, zero_write_o;
  logic [1:0] segment_addr_o, segment_part_o, segment_o, zero_row_o;
  logic [2:0] trace_count_o;

  schedule #(
    .Rows      (Rows),
    .Segments  (Segments),
    .TraceDepth(TraceDepth)
  ) dut (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .start_i         (start_i),
    .zero_i          (zero_i),
    .clear_i         (clear_i),
    .stop_i          (stop_i),
    .segments_i      (segments_i),
    .refresh_i       (refresh_i),
    .trace_stride_i  (trace_stride_i),
    .busy_o          (busy_o),
    .stopped_o       (stopped_o),
    .segment_read_o  (segment_read_o),
    .segment_addr_o  (segment_addr_o),
    .segment_part_o  (segment_part_o),
    .segment_word_i  (segment_word_i),
    .step_begin_o    (step_begin_o),
    .program_done_i  (program_done_i),
    .step_done_o     (step_done_o),
    .segment_o       (segment_o),
    .project_due_o   (project_due_o),
    .trace_due_o     (trace_due_o),
    .trace_count_o   (trace_count_o),
    .window_o        (window_o),
    .fresh_o         (fresh_o),
    .zero_write_o    (zero_write_o),
    .zero_row_o      (zero_row_o)
  );

  // Inside the module: its states in order are idle, zero, segment, fetch, step, program, end.
  (* hierconn *) logic [2:0]  \dut.state_q ;
  (* hierconn *) logic [2:0]  \dut.segment_q ;
  (* hierconn *) logic [1:0]  \dut.part_q ;
  (* hierconn *) logic [31:0] \dut.steps_left_q ;
  (* hierconn *) logic [15:0] \dut.refresh_q ;
  (* hierconn *) logic [15:0] \dut.stride_q ;
  (* hierconn *) logic        \dut.stopping_q ;

  logic        began_q = 1'b0;
  logic        was_busy_q, was_reset_q;
  logic [2:0]  segments_q;
  logic [15:0] refresh_was_q, stride_was_q;

  // ---- The schedule's memory.
  (* anyconst *) logic [31:0] steps_0;
  (* anyconst *) logic [31:0] steps_1;
  (* anyconst *) logic [31:0] steps_2;
  (* anyconst *) logic [31:0] steps_3;
  (* anyconst *) logic [3:0]  windows;
  logic [127:0] steps;
  logic [1:0]   addr_q, part_q;
  logic         read_q;
  assign steps = {steps_3, steps_2, steps_1, steps_0};

  always_ff @(posedge clk_i) begin
    began_q       <= 1'b1;
    was_busy_q    <= busy_o;
    was_reset_q   <= rst_i;
    segments_q    <= segments_i;
    refresh_was_q <= refresh_i;
    stride_was_q  <= trace_stride_i;
    read_q        <= segment_read_o;
    addr_q        <= segment_addr_o;
    part_q        <= segment_part_o;
  end

  always_comb begin
    if (!began_q) assume (rst_i);
    assume (segments_i <= 3'(Segments));
    if (began_q && was_busy_q) begin
      assume (segments_i == segments_q && refresh_i == refresh_was_q && trace_stride_i == stride_was_q);
    end
    if (began_q && read_q) begin
      if (part_q == 2'd0) assume (segment_word_i == steps[32*addr_q +: 16]);
      if (part_q == 2'd1) assume (segment_word_i == steps[32*addr_q+16 +: 16]);
      if (part_q == 2'd2) assume (segment_word_i[0] == windows[addr_q]);
    end
    if (dut.state_q != 3'd5) assume (!program_done_i);
  end

  // ---- What was done since the start.
  logic        stepping_q;         // a step is under way
  logic        first_q;            // no step was begun since the start
  logic        stop_q;             // a stop came since the start, or with it
  logic [2:0]  present_q;          // segment whose steps are counted
  logic [31:0] done_q;             // its steps so far
  logic [15:0] since_project_q, since_trace_q;   // steps begun since one in which it was due
  logic [31:0] wanted;
  assign wanted = steps[32*segment_o +: 32];

  // The step that begins now is told what is due a cycle later.
  logic project_due, trace_due, project_was_due_q, trace_was_due_q;
  assign project_due = first_q || refresh_i <= 16'd1 || since_project_q == refresh_i;
  assign trace_due   = trace_stride_i != 16'd0 && trace_count_o != 3'(TraceDepth) &&
                       (first_q || since_trace_q == trace_stride_i || trace_stride_i == 16'd1);

  always_ff @(posedge clk_i) begin
    if (step_begin_o) begin
      project_was_due_q <= project_due;
      trace_was_due_q   <= trace_due;
    end
    if (rst_i) begin
      stepping_q <= 1'b0;
    end else if (!busy_o) begin
      stepping_q <= 1'b0;
      stop_q     <= 1'b0;
      if (start_i) begin
        first_q   <= 1'b1;
        present_q <= 3'd0;
        done_q    <= 32'd0;
      end
    end else begin
      stop_q <= stop_q || stop_i;
      if (step_begin_o) begin
        stepping_q <= 1'b1;
        first_q    <= 1'b0;
        // Steps that were due are 1, 1 + refresh, ... although the trace's may be left out when its memory is full.
        since_project_q <= (first_q || since_project_q == refresh_i || refresh_i == 16'd0) ? 16'd1
                                                                                          : since_project_q + 16'd1;
        since_trace_q   <= (first_q || since_trace_q == trace_stride_i || trace_stride_i == 16'd0) ? 16'd1
                                                                                             : since_trace_q + 16'd1;
      end
      if (step_done_o) begin
        stepping_q <= 1'b0;
        done_q     <= (done_q + 32'd1 == wanted) ? 32'd0 : done_q + 32'd1;
        if (done_q + 32'd1 == wanted) present_q <= present_q + 3'd1;
      end else if (busy_o && dut.state_q == 3'd3 && dut.part_q == 2'd3 && dut.steps_left_q == 32'd0) begin
        present_q <= present_q + 3'd1;
      end
    end
  end

  logic [2:0] was_trace_count_q;
  logic       was_done_q, was_last_q, was_stop_q, was_trace_q, was_clear_q, was_start_q;

  always_ff @(posedge clk_i) begin
    was_trace_count_q <= trace_count_o;
    was_done_q        <= step_done_o && !rst_i;
    was_last_q        <= done_q + 32'd1 == wanted && present_q + 3'd1 == segments_i;
    was_stop_q        <= stop_q || stop_i;
    was_trace_q       <= trace_due_o;
    was_clear_q       <= clear_i && !busy_o;
    was_start_q       <= start_i && !busy_o && !rst_i;
  end

  always_comb begin
    if (began_q && was_reset_q) assert (!busy_o && !stopped_o && trace_count_o == 3'd0);
    if (began_q && !was_reset_q) begin
      // Steps come one by one, in segments that there are, the right number of each.
      if (step_begin_o) assert (!stepping_q && present_q < segments_i);
      if (step_begin_o) assert (segment_o == present_q[1:0] && done_q < wanted);
      if (step_done_o) assert (stepping_q && segment_o == present_q[1:0] && done_q < wanted);
      if (stepping_q) assert (window_o == windows[segment_o]);
      // It ends after the last one, or after a step in which or before which a stop came.
      if (was_busy_q && !busy_o) assert (present_q == segments_i || (was_done_q && was_stop_q));
      if (was_done_q && was_stop_q) assert (!busy_o);
      if (was_busy_q && !busy_o) assert (stopped_o == (was_done_q && was_stop_q && !was_last_q));
      if (was_start_q) assert (busy_o && !stopped_o);
      if (!was_busy_q && !was_start_q) assert (!busy_o);
      // What is due.
      if (stepping_q) assert (project_due_o == project_was_due_q && trace_due_o == trace_was_due_q);
      if (was_done_q && was_trace_q) assert (trace_count_o == was_trace_count_q + 3'd1);
      else if (was_clear_q) assert (trace_count_o == 3'd0);
      else assert (trace_count_o == was_trace_count_q);
      assert (trace_count_o <= 3'(TraceDepth));
      if (zero_write_o) assert (zero_row_o < 2'(Rows) && !stepping_q);
    end
  end

  // ---- What makes it inductive.
  logic in_step;
  assign in_step = dut.state_q == 3'd5 || dut.state_q == 3'd6;

  always_comb begin
    if (began_q) begin
      assert (dut.state_q <= 3'd6);
      assert (stepping_q == in_step || was_reset_q);
      if (dut.state_q == 3'd0) assert (!stepping_q);
      if (dut.state_q >= 3'd1 && dut.state_q <= 3'd3) assert (present_q == dut.segment_q && done_q == 32'd0);
      if (dut.state_q == 3'd1) assert (dut.segment_q == 3'd0 && first_q && zero_row_o < 2'(Rows));
      if (dut.state_q == 3'd2) assert (dut.segment_q <= segments_i && dut.part_q == 2'd0);
      if (dut.state_q == 3'd3) begin
        assert (dut.segment_q < segments_i && dut.part_q >= 2'd1);
        assert (read_q && addr_q == dut.segment_q[1:0] && part_q + 2'd1 == dut.part_q);
        if (dut.part_q == 2'd2) assert (dut.steps_left_q[31:16] == steps[32*addr_q +: 16]);
        if (dut.part_q == 2'd3) assert (dut.steps_left_q == steps[32*addr_q +: 32]);
      end
      if (dut.state_q >= 3'd4 && dut.state_q <= 3'd6) begin
        assert (present_q < segments_i && dut.segment_q == present_q + 3'd1);
        assert (dut.steps_left_q == wanted - done_q && done_q < wanted);
      end
      if (in_step) assert (!trace_due_o || trace_count_o < 3'(TraceDepth));
      if (busy_o) begin
        assert (dut.stopping_q == stop_q && !stopped_o);
        assert (!first_q || !in_step);
        if (first_q) assert (dut.refresh_q == 16'd0 && dut.stride_q == 16'd0);
        else begin
          assert (dut.refresh_q == ((since_project_q == refresh_i || refresh_i == 16'd0) ? 16'd0 : since_project_q));
          assert (dut.stride_q ==
                  ((since_trace_q == trace_stride_i || trace_stride_i == 16'd0) ? 16'd0 : since_trace_q));
          assert (since_project_q >= 16'd1 && (refresh_i == 16'd0 || since_project_q <= refresh_i));
          assert (since_trace_q >= 16'd1 && (trace_stride_i == 16'd0 || since_trace_q <= trace_stride_i));
        end
      end
    end
  end

  always_comb begin
    cover (began_q && was_busy_q && !busy_o && stopped_o);
    cover (began_q && was_busy_q && !busy_o && !stopped_o && present_q == 3'd2 && !was_reset_q);
    cover (began_q && stepping_q && !first_q && project_due_o && !trace_due_o && present_q == 3'd1);
  end

endmodule
