// The array's port: requests one at a time, and their answers, three cycles later. A request is req_valid_i for one cycle;
// address, data and direction stay until the answer.
//
// Behind the port all is 16 bits wide. A request addresses its lower half when it comes and its upper half a cycle later
// (half_o); memories answer a cycle after their address. What has no more than 16 bits has an upper half of its own
// kind: sign or zeros.
module host_port #(
  parameter int Lanes = 4,
  parameter int StateW = 24,
  parameter int CoefW = 16,
  localparam int LaneW = (Lanes > 1) ? $clog2(Lanes) : 1
) (
  input  logic                    clk_i,
  input  logic                    rst_i,
  input  logic                    req_valid_i,
  input  logic                    req_write_i,
  input  logic [23:0]             req_addr_i,
  output logic                    rsp_valid_o,
  output logic                    rsp_error_o,
  output logic [31:0]             rsp_rdata_o,
  input  logic                    idle_i,             // the array takes any access
  // The access.
  output logic [3:0]              region_o,
  output logic [19:0]             word_o,
  output logic                    half_o,
  output logic                    we_o,               // granted; once, with the lower half
  output logic                    half_we_o,          // granted; with either half
  output logic                    control_we_o,       // of registers, granted or not
  output logic                    refused_o,
  output logic [Lanes-1:0]        lane_mask_o,        // lane of the word, in memories of one word a cell
  // What memories and registers answer.
  input  logic                    known_register_i,
  input  logic                    identity_i,         // the register says what this array is
  input  logic [31:0]             register_i,
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

  assign region_o     = region;
  assign word_o       = word;
  assign half_o       = first_q;
  assign we_o         = req_valid_i && req_write_i && idle_i;
  assign half_we_o    = we_o || (first_q && req_write_i && granted_q);
  assign control_we_o = req_valid_i && req_write_i && in_registers;
  assign refused_o    = req_valid_i && refused;

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
      error_q   <= refused || (in_registers && !known_register_i) || (region > settle_pkg::RegionNoiseKey);
    end
  end
  assign rsp_error_o = error_q;

  // ---- Answer: the lower half first, shifted down by the upper one.
  logic [31:0] state, program_part, identity;
  logic [15:0] coefficient, sum, half, upper_q, sign;

  assign state        = 32'($signed(states_i[StateW*lane +: StateW]));
  assign coefficient  = 16'($signed(coefficients_i[CoefW*lane +: CoefW]));
  assign sum          = sums_i[16*lane +: 16];
  assign program_part = operation_i[32*word[1:0] +: 32];
  assign sign         = {16{rsp_rdata_o[31]}};

  // The registers that say what this array is.
  always_comb begin
    case (word[2:0])
      settle_pkg::RegMagic[2:0]:        identity = settle_pkg::Magic;
      settle_pkg::RegVersion[2:0]:      identity = settle_pkg::Version;
      settle_pkg::RegConfigHashLo[2:0]: identity = settle_pkg::ConfigHashLo;
      settle_pkg::RegConfigHashHi[2:0]: identity = settle_pkg::ConfigHashHi;
      settle_pkg::RegGitHash[2:0]:      identity = settle_pkg::GitHash;
      settle_pkg::RegSizes[2:0]:        identity = {16'(settle_pkg::Layers), 16'(Lanes)};
      default:                          identity = 32'(settle_pkg::Cells);
    endcase
  end

  always_comb begin
    case (region)
      settle_pkg::RegionState:       half = second_q ? state[31:16] : state[15:0];
      settle_pkg::RegionCoefficient: half = second_q ? sign : coefficient;
      settle_pkg::RegionClamp:       half = {15'd0, clamps_i[lane] && !second_q};
      settle_pkg::RegionProgram:     half = second_q ? program_part[31:16] : program_part[15:0];
      settle_pkg::RegionTable, settle_pkg::RegionNoiseKey: half = 16'd0;
      settle_pkg::RegionSum:         half = second_q ? 16'd0 : sum;
      settle_pkg::RegionTrace:       half = (second_q && word[0]) ? sign : trace_i;
      settle_pkg::RegionGain, settle_pkg::RegionWord: half = second_q ? sign : shared_i;
      settle_pkg::RegionLayer, settle_pkg::RegionSegment, settle_pkg::RegionConfiguration: half = shared_i;
      default: half = identity_i ? (second_q ? identity[31:16] : identity[15:0])
                     : second_q ? upper_q : register_i[15:0];
    endcase
  end

  always_ff @(posedge clk_i) begin
    upper_q     <= register_i[31:16];  // as the lower half was: a counter may run on
    rsp_rdata_o <= {half, rsp_rdata_o[31:16]};
  end

endmodule
