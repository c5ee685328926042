// Control of a run: the registers that the host sets, starts with and asks, and the schedule that they set going.
module run_control #(
  localparam int Lanes = settle_pkg::Lanes,
  localparam int Segments = settle_pkg::Segments,
  localparam int Rows = settle_pkg::Cells / Lanes,
  localparam int RowW = settle_pkg::idx_width(Rows),
  localparam int SegmentW = settle_pkg::idx_width(Segments),
  localparam int TraceAddrW = $clog2(settle_pkg::TraceDepth)
) (
  input  logic                  clk_i,
  input  logic                  rst_i,
  // Host: see control_registers.
  input  logic                  we_i,
  input  logic                  stop_we_i,
  input  logic                  refused_i,
  input  logic [19:0]           register_i,
  input  logic [31:0]           wdata_i,
  input  logic                  upper_i,
  output logic [15:0]           rdata_o,
  output logic                  known_o,
  output logic                  identity_o,
  // What the registers count and show.
  input  logic                  busy_i,             // the array, its statistics included
  input  logic [Lanes-1:0]      saturated_states_i,
  input  logic                  saturated_word_i,
  // The run: see schedule.
  output logic                  running_o,
  output logic                  segment_read_o,
  output logic [SegmentW-1:0]   segment_addr_o,
  output logic [1:0]            segment_part_o,
  input  logic [15:0]           segment_word_i,
  output logic [39:0]           step_o,
  output logic                  step_begin_o,
  input  logic                  program_done_i,
  output logic                  step_done_o,
  output logic [SegmentW-1:0]   segment_o,
  output logic                  project_due_o,
  output logic                  trace_due_o,
  output logic [TraceAddrW-1:0] trace_entry_o,      // of the current step, while trace_due_o
  output logic                  window_o,
  output logic                  fresh_o,
  output logic                  zero_write_o,
  output logic [RowW-1:0]       zero_row_o
);

  localparam int TraceCountW = $clog2(settle_pkg::TraceDepth + 1);
  logic [SegmentW:0]      segments;
  logic [15:0]            refresh, trace_stride;
  logic                   start, stop, clear, zero, running, stopped, step_done, window;
  logic [TraceCountW-1:0] trace_count;

  control_registers #(
    .Lanes(Lanes)
  ) u_registers (
    .clk_i             (clk_i),
    .rst_i             (rst_i),
    .we_i              (we_i),
    .stop_we_i         (stop_we_i),
    .refused_i         (refused_i),
    .register_i        (register_i),
    .wdata_i           (wdata_i),
    .upper_i           (upper_i),
    .rdata_o           (rdata_o),
    .known_o           (known_o),
    .identity_o        (identity_o),
    .start_o           (start),
    .zero_o            (zero),
    .clear_o           (clear),
    .stop_o            (stop),
    .step_o            (step_o),
    .segments_o        (segments),
    .refresh_o         (refresh),
    .trace_stride_o    (trace_stride),
    .busy_i            (busy_i),
    .running_i         (running),
    .stopped_i         (stopped),
    .step_done_i       (step_done),
    .window_i          (window),
    .trace_count_i     (trace_count),
    .saturated_states_i(saturated_states_i),
    .saturated_word_i  (saturated_word_i)
  );

  schedule #(
    .Rows      (Rows),
    .Segments  (Segments),
    .TraceDepth(settle_pkg::TraceDepth)
  ) u_schedule (
    .clk_i          (clk_i),
    .rst_i          (rst_i),
    .start_i        (start),
    .zero_i         (zero),
    .clear_i        (clear),
    .stop_i         (stop),
    .segments_i     (segments),
    .refresh_i      (refresh),
    .trace_stride_i (trace_stride),
    .busy_o         (running),
    .stopped_o      (stopped),
    .segment_read_o (segment_read_o),
    .segment_addr_o (segment_addr_o),
    .segment_part_o (segment_part_o),
    .segment_word_i (segment_word_i),
    .step_begin_o   (step_begin_o),
    .program_done_i (program_done_i),
    .step_done_o    (step_done),
    .segment_o      (segment_o),
    .project_due_o  (project_due_o),
    .trace_due_o    (trace_due_o),
    .trace_count_o  (trace_count),
    .window_o       (window),
    .fresh_o        (fresh_o),
    .zero_write_o   (zero_write_o),
    .zero_row_o     (zero_row_o)
  );

  assign running_o     = running;
  assign step_done_o   = step_done;
  assign window_o      = window;
  assign trace_entry_o = TraceAddrW'(trace_count);

endmodule
