// The array's port, by which the host reaches registers and memories: requests one at a time, and their answers, three
// cycles later. A request is req_valid_i for one cycle; address, data and direction stay until the answer.
//
// Inside the array all is read 16 bits at a time. A request addresses its lower half when it comes and its upper half a
// cycle later (half_o); memories answer a cycle after their address. The upper half of what has no more than 16 bits is
// made here: its sign or zeros. Limits: no request before the answer to the one before.
module host_port #(
  parameter int Lanes = 4,
  parameter int StateW = 24,
  parameter int CoefW = 16,
  localparam int LaneW = settle_pkg::idx_width(Lanes)
) (
  input  logic                    clk_i,
  input  logic                    rst_i,
  input  logic                    req_valid_i,
  input  logic                    req_write_i,
  input  logic [23:0]             req_addr_i,
  output logic                    rsp_valid_o,
  output logic                    rsp_error_o,
  output logic [31:0]             rsp_rdata_o,
  input  logic                    idle_i,              // the array takes any access
  // The access.
  output logic [3:0]              region_o,
  output logic [19:0]             word_o,
  output logic                    half_o,              // the half that is addressed
  output logic                    answer_half_o,       // the half that is answered
  output logic                    we_o,                // granted; once, with the lower half
  output logic                    half_we_o,           // granted; with either half
  output logic                    control_we_o,        // of registers, granted or not
  output logic                    refused_o,
  output logic [Lanes-1:0]        lane_mask_o,         // lane of the word, in memories of one word per cell
  // What memories and registers answer.
  input  logic                    known_register_i,
  input  logic                    identity_i,          // the register says what this array is
  input  logic [15:0]             register_i,          // the half that is answered
  input  logic [StateW*Lanes-1:0] states_i,
  input  logic [CoefW*Lanes-1:0]  coefficients_i,
  input  logic [Lanes-1:0]        clamps_i,
  input  logic [127:0]            operation_i,
  input  logic [16*Lanes-1:0]     sums_i,
  input  logic [15:0]             trace_i,
  input  logic [15:0]             shared_i
);

  logic [3:0]       region;
  logic [19:0]      word;
  logic [LaneW-1:0] lane;
  logic             in_registers, refused, first_q, second_q, granted_q, error_q;

  assign {region, word} = req_addr_i;
  assign in_registers   = (region == 4'd0);
  assign refused        = !idle_i && !(in_registers && (!req_write_i || word == settle_pkg::RegControl));
  assign lane           = (Lanes > 1) ? word[LaneW-1:0] : '0;

  assign region_o      = region;
  assign word_o        = word;
  assign half_o        = first_q;
  assign answer_half_o = second_q;
  assign we_o          = req_valid_i && req_write_i && idle_i;
  assign half_we_o     = we_o || (first_q && req_write_i && granted_q);
  assign control_we_o  = req_valid_i && req_write_i && in_registers;
  assign refused_o     = req_valid_i && refused;

  always_comb begin
    lane_mask_o       = '0;
    lane_mask_o[lane] = 1'b1;
  end

  always_ff @(posedge clk_i) begin
    first_q     <= req_valid_i && !rst_i;
    second_q    <= first_q && !rst_i;
    rsp_valid_o <= second_q && !rst_i;
    if (req_valid_i) begin
      granted_q <= !refused;
      error_q   <= refused || (in_registers && !known_register_i) || (region > settle_pkg::LastRegion);
    end
  end
  assign rsp_error_o = error_q;

  assert_limit u_one_request_at_a_time (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!(req_valid_i && (first_q || second_q)))
  );

  // ---- Answer: the lower half first, shifted down by the upper one. Chosen in three steps: what lies in the lanes'
  // memories, what is one word for all, and one of these or another word.
  logic [31:0]       state, program_part, identity;
  logic [StateW-1:0] lane_state;
  logic [CoefW-1:0]  lane_coefficient;
  logic [15:0]       coefficient, sum, of_lanes, of_all, other, half, sign;
  logic [1:0]        lanes_select_q, all_select_q, select_q;

  lane_select #(
    .Lanes(Lanes),
    .Width(StateW)
  ) u_state (
    .lane_i  (lane),
    .values_i(states_i),
    .value_o (lane_state)
  );

  lane_select #(
    .Lanes(Lanes),
    .Width(CoefW)
  ) u_coefficient (
    .lane_i  (lane),
    .values_i(coefficients_i),
    .value_o (lane_coefficient)
  );

  lane_select #(
    .Lanes(Lanes),
    .Width(16)
  ) u_sum (
    .lane_i  (lane),
    .values_i(sums_i),
    .value_o (sum)
  );

  assign state        = 32'($signed(lane_state));
  assign coefficient  = 16'($signed(lane_coefficient));
  assign program_part = operation_i[32*word[1:0] +: 32];
  assign sign         = {16{rsp_rdata_o[31]}};

  // The registers that say what this array is.
  always_comb begin
    case (word[2:0])
      settle_pkg::RegMagic[2:0]:        identity = settle_pkg::Magic;
      settle_pkg::RegVersion[2:0]:      identity = settle_pkg::Version;
      settle_pkg::RegConfigHashLo[2:0]: identity = settle_pkg::ConfigHashLo;
      settle_pkg::RegConfigHashHi[2:0]: identity = settle_pkg::ConfigHashHi;
      settle_pkg::RegHardwareHash[2:0]: identity = settle_pkg::HardwareHash;
      settle_pkg::RegSizes[2:0]:        identity = (32'(Lanes) << settle_pkg::SizesLanesLsb) |
                                                   (32'(settle_pkg::Layers) << settle_pkg::SizesLayersLsb);
      default:                          identity = 32'(settle_pkg::Cells);
    endcase
  end

  always_comb begin
    other = 16'd0;
    if (region == settle_pkg::RegionProgram) other = second_q ? program_part[31:16] : program_part[15:0];
    if (region == settle_pkg::RegionClamp) other = {15'd0, clamps_i[lane] && !second_q};
    if (in_registers) other = second_q ? identity[31:16] : identity[15:0];
  end

  // Chosen a cycle ahead, by the half that is addressed.
  localparam logic [1:0] OfLanes = 2'd0, OfAll = 2'd1, Other = 2'd2;
  localparam logic [1:0] State = 2'd0, UpperState = 2'd1, Coefficient = 2'd2, Sum = 2'd3;
  localparam logic [1:0] Trace = 2'd0, Shared = 2'd1, Register = 2'd2, Sign = 2'd3;

  always_ff @(posedge clk_i) begin
    select_q       <= Other;
    lanes_select_q <= State;
    all_select_q   <= Shared;
    case (region)
      settle_pkg::RegionState: begin
        select_q <= OfLanes;
        if (first_q) lanes_select_q <= UpperState;
      end
      settle_pkg::RegionCoefficient: begin
        select_q       <= first_q ? OfAll : OfLanes;
        lanes_select_q <= Coefficient;
        all_select_q   <= Sign;
      end
      settle_pkg::RegionSum, settle_pkg::RegionSquare: begin
        select_q       <= first_q ? Other : OfLanes;
        lanes_select_q <= Sum;
      end
      settle_pkg::RegionTrace: begin
        select_q     <= OfAll;
        all_select_q <= (first_q && word[0]) ? Sign : Trace;
      end
      settle_pkg::RegionGain, settle_pkg::RegionWord: begin
        select_q <= OfAll;
        if (first_q) all_select_q <= Sign;
      end
      settle_pkg::RegionLayer, settle_pkg::RegionSegment, settle_pkg::RegionConfiguration: select_q <= OfAll;
      default: begin
        if (in_registers && !identity_i) select_q <= OfAll;
        all_select_q <= Register;
      end
    endcase
  end

  mux4 u_of_lanes (
    .select_i (lanes_select_q),
    .value_0_i(state[15:0]),
    .value_1_i(state[31:16]),
    .value_2_i(coefficient),
    .value_3_i(sum),
    .value_o  (of_lanes)
  );

  mux4 u_of_all (
    .select_i (all_select_q),
    .value_0_i(trace_i),
    .value_1_i(shared_i),
    .value_2_i(register_i),
    .value_3_i(sign),
    .value_o  (of_all)
  );

  assign half = select_q[1] ? other : select_q[0] ? of_all : of_lanes;

  always_ff @(posedge clk_i) rsp_rdata_o <= {half, rsp_rdata_o[31:16]};

endmodule
