// The array's registers (rtl/registers.json): what the host sets before a run, what it can ask during and after one,
// and the control register that starts and stops it.
module control_registers #(
  parameter int Lanes = 4,
  localparam int Segments = settle_pkg::Segments,
  localparam int SegmentW = (Segments > 1) ? $clog2(Segments) : 1,
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
  output logic [31:0]            rdata_o,
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

  logic [39:0]       step_q;
  logic [SegmentW:0] segments_q;
  logic [15:0]       refresh_q, trace_stride_q;
  logic [31:0]       saturated_states_q, saturated_words_q, window_steps_q;
  logic [47:0]       cycles_q;
  logic              refused_q, no_segments_q;
  logic              is_control, start_request;
  logic [6:0]        saturated_now;

  assign is_control    = (register_i == settle_pkg::RegControl);
  assign start_request = we_i && is_control && wdata_i[0];
  assign start_o       = start_request && (segments_q != '0);
  assign zero_o        = wdata_i[1];
  assign clear_o       = we_i && is_control && wdata_i[2];
  assign stop_o        = stop_we_i && is_control && wdata_i[3];

  always_comb begin
    saturated_now = '0;
    for (int i = 0; i < Lanes; i++) saturated_now = saturated_now + 7'(saturated_states_i[i]);
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
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
    end else begin
      if (running_i) cycles_q <= cycles_q + 48'd1;
      saturated_states_q <= saturated_states_q + 32'(saturated_now);
      saturated_words_q  <= saturated_words_q + 32'(saturated_word_i);
      if (step_done_i) begin
        step_q <= step_q + 40'd1;
        if (window_i) window_steps_q <= window_steps_q + 32'd1;
      end
      if (refused_i) refused_q <= 1'b1;
      if (start_request) begin
        refused_q     <= 1'b0;
        no_segments_q <= (segments_q == '0);
      end
      if (clear_o) begin
        saturated_states_q <= '0;
        saturated_words_q  <= '0;
        window_steps_q     <= '0;
        cycles_q           <= '0;
      end
      if (we_i) begin
        case (register_i)
          settle_pkg::RegStepLo:      step_q[31:0]   <= wdata_i;
          settle_pkg::RegStepHi:      step_q[39:32]  <= wdata_i[7:0];
          settle_pkg::RegSegments:    segments_q     <= wdata_i[SegmentW:0];
          settle_pkg::RegRefresh:     refresh_q      <= wdata_i[15:0];
          settle_pkg::RegTraceStride: trace_stride_q <= wdata_i[15:0];
          default: ;
        endcase
      end
    end
  end

  always_comb begin
    known_o    = 1'b1;
    identity_o = 1'b0;
    case (register_i)
      settle_pkg::RegControl:         rdata_o = 32'd0;
      settle_pkg::RegStatus:          rdata_o = {28'd0, no_segments_q, stopped_i, refused_q, busy_i};
      settle_pkg::RegStepLo:          rdata_o = step_q[31:0];
      settle_pkg::RegStepHi:          rdata_o = {24'd0, step_q[39:32]};
      settle_pkg::RegSegments:        rdata_o = 32'(segments_q);
      settle_pkg::RegRefresh:         rdata_o = {16'd0, refresh_q};
      settle_pkg::RegTraceStride:     rdata_o = {16'd0, trace_stride_q};
      settle_pkg::RegTraceCount:      rdata_o = 32'(trace_count_i);
      settle_pkg::RegSaturatedStates: rdata_o = saturated_states_q;
      settle_pkg::RegSaturatedWords:  rdata_o = saturated_words_q;
      settle_pkg::RegCyclesLo:        rdata_o = cycles_q[31:0];
      settle_pkg::RegCyclesHi:        rdata_o = {16'd0, cycles_q[47:32]};
      settle_pkg::RegWindowSteps:     rdata_o = window_steps_q;
      settle_pkg::RegMagic, settle_pkg::RegVersion, settle_pkg::RegConfigHashLo, settle_pkg::RegConfigHashHi,
      settle_pkg::RegGitHash, settle_pkg::RegSizes, settle_pkg::RegCells: begin
        rdata_o    = 32'd0;
        identity_o = 1'b1;
      end
      default: begin
        rdata_o = 32'd0;
        known_o = 1'b0;
      end
    endcase
  end

  assign step_o         = step_q;
  assign segments_o     = segments_q;
  assign refresh_o      = refresh_q;
  assign trace_stride_o = trace_stride_q;

endmodule
