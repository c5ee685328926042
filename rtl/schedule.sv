// Runs the schedule: segments of steps, with what is due in each step (projection, trace, sums) and the two ways out,
// its end and a stop. A step is one pass of the sequencer through the program: step_begin_o starts it in the next
// cycle, program_done_i ends it.
module schedule #(
  parameter int Rows = 32,
  parameter int Segments = 8,
  parameter int TraceDepth = 256,
  localparam int RowW = (Rows > 1) ? $clog2(Rows) : 1,
  localparam int SegmentW = (Segments > 1) ? $clog2(Segments) : 1,
  localparam int TraceCountW = $clog2(TraceDepth + 1)
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
  // Schedule memory, data a cycle after the address: the segment memory's fields (rtl/registers.json) in parts of 16
  // bits: 0 and 1 the steps, low one first; WindowPart has the window.
  output logic                   segment_read_o,
  output logic [SegmentW-1:0]    segment_addr_o,
  output logic [1:0]             segment_part_o,
  input  logic [15:0]            segment_word_i,
  // Steps.
  output logic                   step_begin_o,
  input  logic                   program_done_i,
  output logic                   step_done_o,      // one cycle at the end of each step
  output logic [SegmentW-1:0]    segment_o,        // that the step belongs to
  output logic                   project_due_o,
  output logic                   trace_due_o,
  output logic [TraceCountW-1:0] trace_count_o,
  output logic                   window_o,         // current step is summed
  output logic                   fresh_o,          // it is the first one since a clear
  // State clear.
  output logic                   zero_write_o,
  output logic [RowW-1:0]        zero_row_o
);

  localparam int WindowPart = 2 * settle_pkg::SegmentWindowWord + settle_pkg::SegmentWindowLsb / 16;
  localparam int WindowBit = settle_pkg::SegmentWindowLsb % 16;

  generate
    if (settle_pkg::SegmentStepsWord != 0 || settle_pkg::SegmentStepsW != 32 || WindowPart != 2) begin : gen_bad_parts
      // Elaboration stops here in every tool: there is no such module.
      error_steps_must_be_the_first_word_and_the_window_in_the_part_after_them u_error ();
    end
  endgenerate

  typedef enum logic [2:0] {
    StIdle, StZero, StSegment, StFetch, StStep, StProgram, StEnd
  } state_e;

  state_e                 state_d, state_q;
  logic [SegmentW:0]      segment_d, segment_q;    // next segment: the one after the current step's
  logic [1:0]             part_d, part_q;          // that is addressed
  logic [31:0]            steps_left_d, steps_left_q;
  logic [15:0]            refresh_d, refresh_q, stride_d, stride_q;
  logic                   project_due_d, project_due_q, trace_due_d, trace_due_q;
  logic                   window_d, window_q, fresh_d, fresh_q;
  logic                   stopping_d, stopping_q, stopped_d, stopped_q;
  logic [TraceCountW-1:0] trace_count_d, trace_count_q;
  logic [RowW-1:0]        zero_row_d, zero_row_q;

  always_comb begin
    state_d       = state_q;
    segment_d     = segment_q;
    part_d        = 2'd0;
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

    case (state_q)
      StIdle: begin
        stopping_d = 1'b0;
        if (clear_i) begin
          trace_count_d = '0;
          fresh_d       = 1'b1;
        end
        if (start_i) begin
          stopped_d  = 1'b0;
          segment_d  = '0;
          refresh_d  = '0;
          stride_d   = '0;
          zero_row_d = '0;
          state_d    = StSegment;
          if (zero_i) state_d = StZero;
        end
      end

      StZero: begin
        zero_row_d = zero_row_q + RowW'(1);
        if (zero_row_q == RowW'(Rows - 1)) state_d = StSegment;
      end

      StSegment: begin  // its first part is addressed
        part_d = 2'd1;
        if (segment_q == segments_i) state_d = StIdle;
        else state_d = StFetch;
      end

      StFetch: begin  // the part before the one that is addressed arrives
        part_d = part_q + 2'd1;
        if (part_q != 2'(WindowPart + 1)) begin
          steps_left_d = {segment_word_i, steps_left_q[31:16]};
        end else begin
          window_d  = segment_word_i[WindowBit];
          segment_d = segment_q + (SegmentW+1)'(1);
          state_d   = StStep;
          if (steps_left_q == 32'd0) state_d = StSegment;
        end
      end

      StStep: begin
        project_due_d = (refresh_q == 16'd0);
        trace_due_d   = (trace_stride_i != 16'd0) && (stride_q == 16'd0) &&
                        (trace_count_q != TraceCountW'(TraceDepth));
        refresh_d     = (refresh_q + 16'd1 >= refresh_i) ? 16'd0 : refresh_q + 16'd1;
        stride_d      = (stride_q + 16'd1 >= trace_stride_i) ? 16'd0 : stride_q + 16'd1;
        state_d       = StProgram;
      end

      StProgram: if (program_done_i) state_d = StEnd;

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

  always_ff @(posedge clk_i) begin
    segment_q     <= segment_d;
    part_q        <= part_d;
    steps_left_q  <= steps_left_d;
    refresh_q     <= refresh_d;
    stride_q      <= stride_d;
    project_due_q <= project_due_d;
    trace_due_q   <= trace_due_d;
    window_q      <= window_d;
    zero_row_q    <= zero_row_d;
    if (rst_i) begin
      state_q       <= StIdle;
      stopping_q    <= 1'b0;
      stopped_q     <= 1'b0;
      trace_count_q <= '0;
      fresh_q       <= 1'b1;
    end else begin
      state_q       <= state_d;
      stopping_q    <= stopping_d;
      stopped_q     <= stopped_d;
      trace_count_q <= trace_count_d;
      fresh_q       <= fresh_d;
    end
  end

  assign busy_o         = (state_q != StIdle);
  assign stopped_o      = stopped_q;
  assign segment_read_o = (state_q == StSegment) || (state_q == StFetch);
  assign segment_addr_o = segment_q[SegmentW-1:0];
  assign segment_part_o = part_q;
  assign segment_o      = SegmentW'(segment_q - (SegmentW+1)'(1));
  assign step_begin_o   = (state_q == StStep);
  assign step_done_o    = (state_q == StEnd);
  assign project_due_o  = project_due_q;
  assign trace_due_o    = trace_due_q;
  assign trace_count_o  = trace_count_q;
  assign window_o       = window_q;
  assign fresh_o        = fresh_q;
  assign zero_write_o   = (state_q == StZero);
  assign zero_row_o     = zero_row_q;

endmodule
