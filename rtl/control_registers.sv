// For the host, the way to run the array: registers that it sets before a run, registers that it can ask during and
// after one, and the control register that starts and stops it. Offsets and bits are those of rtl/registers.json.
module control_registers #(
  parameter int Lanes = 4,
  localparam int Segments = settle_pkg::Segments,
  localparam int SegmentW = settle_pkg::idx_width(Segments),
  localparam int TraceCountW = $clog2(settle_pkg::TraceDepth + 1)
) (
  input  logic                   clk_i,
  input  logic                   rst_i,
  // Host: access to the registers' region.
  input  logic                   we_i,            // granted
  input  logic                   stop_we_i,       // granted or not: a running array takes a stop
  input  logic                   refused_i,       // an access to any region was
  input  logic [19:0]            register_i,
  input  logic [31:0]            wdata_i,
  input  logic                   upper_i,         // half of the register that is read: the upper one a cycle later
  output logic [15:0]            rdata_o,
  output logic                   known_o,         // there is such a register
  output logic                   identity_o,      // it says what this array is: host_port has it
  // Run.
  output logic                   start_o,
  output logic                   zero_o,
  output logic                   clear_o,
  output logic                   stop_o,
  output logic [39:0]            step_o,
  output logic [SegmentW:0]      segments_o,
  output logic [15:0]            refresh_o,
  output logic [15:0]            trace_stride_o,
  // What happens.
  input  logic                   busy_i,          // the array, its statistics included
  input  logic                   running_i,
  input  logic                   stopped_i,
  input  logic                   step_done_i,
  input  logic                   window_i,
  input  logic [TraceCountW-1:0] trace_count_i,
  input  logic [Lanes-1:0]       saturated_states_i,
  input  logic                   saturated_word_i
);

  logic [SegmentW:0] segments_q;
  logic [15:0]       refresh_q, trace_stride_q;
  logic [39:0]       step;
  logic [31:0]       saturated_states, saturated_words, window_steps;
  logic [47:0]       cycles;
  logic              refused_q, no_segments_q;
  logic              is_control, start_request;
  logic [6:0]        saturated_now;

  assign is_control    = (register_i == settle_pkg::RegControl);
  assign start_request = we_i && is_control && wdata_i[settle_pkg::ControlStartBit];
  assign start_o       = start_request && (segments_q != '0);
  assign zero_o        = wdata_i[settle_pkg::ControlZeroBit];
  assign clear_o       = we_i && is_control && wdata_i[settle_pkg::ControlClearBit];
  assign stop_o        = stop_we_i && is_control && wdata_i[settle_pkg::ControlStopBit];

  always_comb begin
    saturated_now = '0;
    for (int i = 0; i < Lanes; i++) saturated_now = saturated_now + 7'(saturated_states_i[i]);
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      segments_q     <= '0;
      refresh_q      <= 16'd1;
      trace_stride_q <= '0;
      refused_q      <= 1'b0;
      no_segments_q  <= 1'b0;
    end else begin
      if (refused_i) refused_q <= 1'b1;
      if (start_request) begin
        refused_q     <= 1'b0;
        no_segments_q <= (segments_q == '0);
      end
      if (we_i) begin
        case (register_i)
          settle_pkg::RegSegments:    segments_q     <= wdata_i[SegmentW:0];
          settle_pkg::RegRefresh:     refresh_q      <= wdata_i[settle_pkg::RegRefreshW-1:0];
          settle_pkg::RegTraceStride: trace_stride_q <= wdata_i[settle_pkg::RegTraceStrideW-1:0];
          default: ;
        endcase
      end
    end
  end

  // ---- Counters, by halves: an upper half is counted a cycle later than the lower one, and read a cycle later too.
  logic clear_counters;
  assign clear_counters = rst_i || clear_o;

  step_counter u_step (
    .clk_i      (clk_i),
    .rst_i      (rst_i),
    .count_i    (step_done_i),
    .lower_we_i (we_i && register_i == settle_pkg::RegStepLo),
    .upper_we_i (we_i && register_i == settle_pkg::RegStepHi),
    .wdata_i    (wdata_i),
    .step_o     (step)
  );

  halved_counter #(
    .Halves(3),
    .AddW  (1)
  ) u_cycles (
    .clk_i  (clk_i),
    .clear_i(clear_counters),
    .add_i  (running_i),
    .value_o(cycles)
  );

  halved_counter #(
    .Halves(2),
    .AddW  (7)
  ) u_saturated_states (
    .clk_i  (clk_i),
    .clear_i(clear_counters),
    .add_i  (saturated_now),
    .value_o(saturated_states)
  );

  halved_counter #(
    .Halves(2),
    .AddW  (1)
  ) u_saturated_words (
    .clk_i  (clk_i),
    .clear_i(clear_counters),
    .add_i  (saturated_word_i),
    .value_o(saturated_words)
  );

  halved_counter #(
    .Halves(2),
    .AddW  (1)
  ) u_window_steps (
    .clk_i  (clk_i),
    .clear_i(clear_counters),
    .add_i  (step_done_i && window_i),
    .value_o(window_steps)
  );

  // ---- Reading.
  logic [15:0] status;  // the register's lower half: no bit lies in the upper one
  always_comb begin
    status = '0;
    status[settle_pkg::StatusBusyBit]       = busy_i;
    status[settle_pkg::StatusRefusedBit]    = refused_q;
    status[settle_pkg::StatusStoppedBit]    = stopped_i;
    status[settle_pkg::StatusNoSegmentsBit] = no_segments_q;
  end

  always_comb begin
    known_o    = 1'b1;
    identity_o = 1'b0;
    rdata_o    = 16'd0;
    case (register_i)
      settle_pkg::RegControl: ;
      settle_pkg::RegStatus:      if (!upper_i) rdata_o = status;
      settle_pkg::RegStepLo:      rdata_o = upper_i ? step[31:16] : step[15:0];
      settle_pkg::RegStepHi:      if (!upper_i) rdata_o = {8'd0, step[39:32]};
      settle_pkg::RegSegments:    if (!upper_i) rdata_o = 16'(segments_q);
      settle_pkg::RegRefresh:     if (!upper_i) rdata_o = refresh_q;
      settle_pkg::RegTraceStride: if (!upper_i) rdata_o = trace_stride_q;
      settle_pkg::RegTraceCount:  rdata_o = upper_i ? 16'(32'(trace_count_i) >> 16) : 16'(trace_count_i);
      settle_pkg::RegSaturatedStates: rdata_o = upper_i ? saturated_states[31:16] : saturated_states[15:0];
      settle_pkg::RegSaturatedWords:  rdata_o = upper_i ? saturated_words[31:16] : saturated_words[15:0];
      settle_pkg::RegCyclesLo:    rdata_o = upper_i ? cycles[31:16] : cycles[15:0];
      settle_pkg::RegCyclesHi:    if (!upper_i) rdata_o = cycles[47:32];
      settle_pkg::RegWindowSteps: rdata_o = upper_i ? window_steps[31:16] : window_steps[15:0];
      settle_pkg::RegMagic, settle_pkg::RegVersion, settle_pkg::RegConfigHashLo, settle_pkg::RegConfigHashHi,
      settle_pkg::RegHardwareHash, settle_pkg::RegSizes, settle_pkg::RegCells: identity_o = 1'b1;
      default: known_o = 1'b0;
    endcase
  end

  assign step_o         = step;
  assign segments_o     = segments_q;
  assign refresh_o      = refresh_q;
  assign trace_stride_o = trace_stride_q;

endmodule
