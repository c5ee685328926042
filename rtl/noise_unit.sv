// Noise for the lanes FirstLane .. FirstLane + Lanes - 1 of a group of GroupCells cells: a sample is a function of
// (round keys, step, cell) alone. restart_i begins a step at cell 0; from then on valid_o says that minus_samples_o
// holds the samples of the current group, which stay until take_i releases them. The next group is made ahead as far as
// there are registers: its first two samples wait in the table, the others in the cipher, and follow when the current
// group is taken.
//
// A cipher block serves an even cell (upper half) and the odd cell that follows it (lower half). With one lane a group
// holds one cell and half of each block goes unused. Limits: Lanes and GroupCells are powers of two, Lanes divides
// FirstLane; take_i only with valid_o; a step has at most 2^CellW cells.
module noise_unit #(
  parameter int Lanes = 4,
  parameter int GroupCells = 4,
  parameter int FirstLane = 0,
  parameter int CellW = 25,
  parameter int Rounds = 16,
  parameter int RoundsPerCycle = 2,
  parameter int NoiseFrac = 12,
  localparam int KeyW = settle_pkg::idx_width(Rounds)
) (
  input  logic                clk_i,
  input  logic                rst_i,
  // Host, while no step is being made: see noise_cipher.
  input  logic                key_we_i,
  input  logic [KeyW-1:0]     key_addr_i,
  input  logic [31:0]         key_wdata_i,
  input  logic [39:0]         step_i,
  input  logic                restart_i,
  input  logic                take_i,
  output logic                valid_o,
  output logic [16*Lanes-1:0] minus_samples_o   // samples times -1
);

  generate
    if ((Lanes & (Lanes - 1)) != 0 || (GroupCells & (GroupCells - 1)) != 0 ||
        FirstLane % Lanes != 0) begin : gen_bad_lanes
      // Elaboration stops here in every tool: there is no such module.
      error_noise_lanes_must_be_a_power_of_two_dividing_the_first_lane u_error ();
    end
  endgenerate

  // Blocks asked of the cipher: group, and pair of this unit's lanes in it, count as one number. After a step's last
  // group it may begin anew: nobody takes those.
  localparam int PairW = (Lanes > 2) ? $clog2(Lanes) - 1 : 0;
  localparam int GroupShift = $clog2(GroupCells);
  localparam int GroupW = (CellW > GroupShift) ? CellW - GroupShift : 1;
  logic [GroupW+PairW-1:0] ask_q;
  logic [24:0] pair_first, ask_cell;

  logic begin_q;                    // the first block is to be asked for
  logic cipher_start, cipher_done;
  logic [63:0] cipher_block;
  // The block handed to the table: first its upper half, then the lower one.
  logic [31:0] second_q;
  logic second_valid_q;
  logic block_odd_q;                // half wanted of the block (one lane)
  logic gaussian_start, gaussian_ready, gaussian_valid;
  logic [31:0] gaussian_uniform;
  logic [15:0] minus_sample;
  // The current group: samples arrive in lane order.
  logic [16*Lanes-1:0] minus_samples_q;
  logic [Lanes-1:0] arrives_q;      // one of them: the lane that the next sample is for
  logic full_q;
  logic arrival;
  logic flush, release_block;

  assign flush         = restart_i || rst_i;
  assign release_block = gaussian_start && !second_valid_q;
  assign cipher_start  = begin_q || release_block;

  generate
    if (PairW > 0) begin : gen_pairs
      assign pair_first = 25'({ask_q[PairW-1:0], 1'b0});
    end else begin : gen_no_pairs
      assign pair_first = '0;
    end
  endgenerate
  assign ask_cell = (25'(ask_q[PairW +: GroupW]) << GroupShift) | 25'(FirstLane) | pair_first;

  noise_cipher #(
    .Rounds        (Rounds),
    .RoundsPerCycle(RoundsPerCycle)
  ) u_cipher (
    .clk_i      (clk_i),
    .rst_i      (flush),
    .key_we_i   (key_we_i),
    .key_addr_i (key_addr_i),
    .key_wdata_i(key_wdata_i),
    .start_i    (cipher_start),
    .counter_i  ({step_i, ask_cell[24:1]}),
    .done_o     (cipher_done),
    .block_o    (cipher_block)
  );

  assign gaussian_start   = gaussian_ready && (second_valid_q || cipher_done);
  assign gaussian_uniform = second_valid_q ? second_q
                          : (Lanes > 1 || !block_odd_q) ? cipher_block[63:32] : cipher_block[31:0];
  assign arrival          = gaussian_valid && (!full_q || take_i);

  noise_gaussian #(
    .NoiseFrac(NoiseFrac)
  ) u_gaussian (
    .clk_i    (clk_i),
    .rst_i    (flush),
    .start_i  (gaussian_start),
    .uniform_i(gaussian_uniform),
    .ready_o  (gaussian_ready),
    .valid_o  (gaussian_valid),
    .take_i   (arrival),
    .minus_sample_o(minus_sample)
  );

  always_ff @(posedge clk_i) begin
    if (cipher_start) block_odd_q <= ask_cell[0];
    if (release_block) second_q <= cipher_block[31:0];
    for (int i = 0; i < Lanes; i++) begin
      if (arrival && arrives_q[i]) minus_samples_q[16*i +: 16] <= minus_sample;
    end
    begin_q <= restart_i && !rst_i;
    if (flush) begin
      ask_q          <= '0;
      second_valid_q <= 1'b0;
      arrives_q      <= Lanes'(1);
      full_q         <= 1'b0;
    end else begin
      if (cipher_start) ask_q <= ask_q + (GroupW+PairW)'(1);
      if (gaussian_start) second_valid_q <= (Lanes > 1) && !second_valid_q;
      if (arrival) begin
        if (Lanes > 1) arrives_q <= (arrives_q << 1) | (arrives_q >> (Lanes - 1));
        full_q <= arrives_q[Lanes-1];
      end else if (take_i) begin
        full_q <= 1'b0;
      end
    end
  end

  assign valid_o         = full_q;
  assign minus_samples_o = minus_samples_q;

  assert_limit u_take_only_when_valid (
    .clk_i  (clk_i),
    .rst_i  (flush),
    .holds_i(full_q || !take_i)
  );

  // Groups taken in this step, for the limit on its cells alone.
  logic [GroupW:0] taken_q;
  always_ff @(posedge clk_i) begin
    if (flush) taken_q <= '0;
    else if (take_i) taken_q <= taken_q + (GroupW+1)'(1);
  end

  assert_limit u_no_more_cells_than_cell_w_counts (
    .clk_i  (clk_i),
    .rst_i  (flush),
    .holds_i(!(take_i && taken_q[GroupW]))
  );

endmodule
