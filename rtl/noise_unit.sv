// Noise for the lanes FirstLane .. FirstLane + Lanes - 1 of a group of GroupCells cells: a sample is a function of
// (seed, step, cell) alone. restart_i begins a step at cell 0; from then on the unit works ahead by one group:
// valid_o says that samples_o holds the group in turn, take_i releases it.
//
// A cipher block serves an even cell (upper half) and the odd one behind it (lower half). With one lane a group holds
// one cell and half of each block goes unused.
module noise_unit #(
  parameter int Lanes = 4,
  parameter int GroupCells = 4,
  parameter int FirstLane = 0,
  parameter int Rounds = 16,
  parameter int RoundsPerCycle = 2,
  parameter int NoiseFrac = 12
) (
  input  logic                clk_i,
  input  logic                rst_i,
  input  logic [63:0]         seed_i,
  input  logic [39:0]         step_i,
  input  logic                restart_i,
  input  logic                take_i,
  output logic                valid_o,
  output logic [16*Lanes-1:0] samples_o
);

  localparam int IndexW = (Lanes > 1) ? $clog2(Lanes) : 1;
  localparam logic [IndexW-1:0] LastIndex = IndexW'(Lanes - 1);
  localparam logic [IndexW-1:0] LastPair = IndexW'((Lanes - 1) & ~1);  // the lower lane of the group's last pair
  localparam logic [24:0] PairStep = (Lanes > 1) ? 25'd2 : 25'd1;

  // Cells asked of the cipher: cell_q runs over this unit's cells, lane_q is its place in the group.
  logic [24:0] cell_q;
  logic [IndexW-1:0] ask_lane_q;
  logic ask_q;                      // a block is wanted
  logic pending_q;                  // the cipher works on it or holds it
  logic cipher_start, cipher_done;
  logic [63:0] cipher_block;
  // The block handed to the table: its halves in turn.
  logic [31:0] second_q;
  logic second_valid_q;
  logic gaussian_start, gaussian_ready, gaussian_valid;
  logic [31:0] gaussian_uniform;
  logic [15:0] gaussian_sample;
  logic cell_odd_q;                 // half wanted of the pending block (one lane)
  // Samples start and, four cycles later, arrive in lane order.
  logic [IndexW-1:0] start_lane_q, fill_lane_q;
  logic [1:0] ahead_q;              // groups of which every sample was started, but that samples_o has not shown
  logic group_started, group_moves;
  logic [16*Lanes-1:0] fill_q, out_q;
  logic fill_full_q, out_valid_q;
  logic room;
  logic flush, release_block;

  assign flush         = restart_i || rst_i;
  assign release_block = gaussian_start && !second_valid_q;
  assign cipher_start  = ask_q && (!pending_q || release_block) && !flush;

  noise_cipher #(
    .Rounds        (Rounds),
    .RoundsPerCycle(RoundsPerCycle)
  ) u_cipher (
    .clk_i    (clk_i),
    .rst_i    (flush),
    .seed_i   (seed_i),
    .start_i  (cipher_start),
    .counter_i({step_i, cell_q[24:1]}),
    .done_o   (cipher_done),
    .block_o  (cipher_block)
  );

  // While a group waits in fill_q or is on its way there, a sample of the next one may start only if the way on is
  // free: then fill_q, too, is free a cycle before it arrives at the latest (samples start three cycles or more apart).
  assign group_moves      = fill_full_q && (!out_valid_q || take_i);
  assign group_started    = gaussian_start && start_lane_q == LastIndex;
  assign room             = (ahead_q == 2'd0) || (ahead_q == 2'd1 && (!out_valid_q || take_i));
  assign gaussian_start   = gaussian_ready && room && (second_valid_q || (cipher_done && pending_q));
  assign gaussian_uniform = second_valid_q ? second_q
                          : (Lanes > 1 || !cell_odd_q) ? cipher_block[63:32] : cipher_block[31:0];

  noise_gaussian #(
    .NoiseFrac(NoiseFrac)
  ) u_gaussian (
    .clk_i    (clk_i),
    .rst_i    (flush),
    .start_i  (gaussian_start),
    .uniform_i(gaussian_uniform),
    .ready_o  (gaussian_ready),
    .valid_o  (gaussian_valid),
    .sample_o (gaussian_sample)
  );

  always_ff @(posedge clk_i) begin
    if (flush) begin
      cell_q         <= 25'(FirstLane);
      ask_lane_q     <= '0;
      ask_q          <= !rst_i;
      pending_q      <= 1'b0;
      second_valid_q <= 1'b0;
      start_lane_q   <= '0;
      ahead_q        <= '0;
      fill_lane_q    <= '0;
      fill_full_q    <= 1'b0;
      out_valid_q    <= 1'b0;
      cell_odd_q     <= 1'b0;
    end else begin
      if (cipher_start) begin
        cell_odd_q <= cell_q[0];
        // Next block of this unit: the next pair, or the first pair of its lanes in the next group.
        if (Lanes <= 2 || ask_lane_q == LastPair) begin
          ask_lane_q <= '0;
          cell_q     <= cell_q + 25'(GroupCells) - 25'(ask_lane_q);
        end else begin
          ask_lane_q <= ask_lane_q + IndexW'(PairStep);
          cell_q     <= cell_q + PairStep;
        end
      end
      pending_q <= cipher_start || (pending_q && !release_block);
      ahead_q   <= ahead_q + 2'(group_started) - 2'(group_moves);
      if (gaussian_start) begin
        start_lane_q <= group_started ? '0 : start_lane_q + IndexW'(1);
        if (second_valid_q) begin
          second_valid_q <= 1'b0;
        end else begin
          second_q       <= cipher_block[31:0];
          second_valid_q <= (Lanes > 1);
        end
      end
      if (gaussian_valid) begin
        fill_q[16*fill_lane_q +: 16] <= gaussian_sample;
        fill_lane_q <= (fill_lane_q == LastIndex) ? '0 : fill_lane_q + IndexW'(1);
      end
      if (group_moves) begin
        out_q       <= fill_q;
        out_valid_q <= 1'b1;
        fill_full_q <= 1'b0;
      end else begin
        if (take_i) out_valid_q <= 1'b0;
        if (gaussian_valid && fill_lane_q == LastIndex) fill_full_q <= 1'b1;
      end
    end
  end

  assign valid_o   = out_valid_q;
  assign samples_o = out_q;

endmodule
