// Uniform random bits for the noise: 64 of them for every number that it is given, by the block cipher SPECK64 in
// counter mode with a settable number of rounds. Source: Beaulieu et al., "The SIMON and SPECK families of lightweight
// block ciphers", 2013; Rounds = 27 is SPECK64/128. The host makes the round keys from the seed and writes them
// (key_we_i), one per round, into as many RAMs as there are rounds per cycle.
//
// start_i takes a counter; done_o rises with the result Rounds / RoundsPerCycle cycles later and stays until the next
// start, which may come in the cycle in which the block is read. rst_i gives up the block. A key that is written while
// a block is being made spoils that block. Limits: RoundsPerCycle divides Rounds; no start while a block is being made.
module noise_cipher #(
  parameter int Rounds = 16,
  parameter int RoundsPerCycle = 2,
  localparam int KeyW = settle_pkg::idx_width(Rounds)
) (
  input  logic            clk_i,
  input  logic            rst_i,
  input  logic            key_we_i,
  input  logic [KeyW-1:0] key_addr_i,    // round
  input  logic [31:0]     key_wdata_i,
  input  logic            start_i,
  input  logic [63:0]     counter_i,
  output logic            done_o,
  output logic [63:0]     block_o
);

  localparam int Rows = Rounds / RoundsPerCycle;
  localparam int RowW = settle_pkg::idx_width(Rows);

  generate
    if (Rounds % RoundsPerCycle != 0) begin : gen_bad_rounds
      // Elaboration stops here in every tool: there is no such module.
      error_noise_rounds_per_cycle_must_divide_noise_rounds u_error ();
    end
  endgenerate

  // A RAM answers a cycle later: row_q is the row of the next cycle's keys, 0 unless a block is being made.
  logic [RowW-1:0]              row_q;
  logic [32*RoundsPerCycle-1:0] keys;
  logic [31:0]                  high_q, low_q;
  logic                         running_q, done_q, last, more;

  generate
    for (genvar i = 0; i < RoundsPerCycle; i++) begin : gen_keys
      ram_1r1w #(
        .Width(32),
        .Depth(1 << RowW)
      ) u_keys (
        .clk_i  (clk_i),
        .we_i   (key_we_i && (32'(key_addr_i) % 32'(RoundsPerCycle) == 32'(i))),
        .waddr_i(RowW'(32'(key_addr_i) / 32'(RoundsPerCycle))),
        .wdata_i(key_wdata_i),
        .raddr_i(row_q),
        .rdata_o(keys[32*i +: 32])
      );
    end
  endgenerate

  // The rounds of one cycle, unrolled.
  logic [31:0] high_r, low_r;

  always_comb begin
    high_r = high_q;
    low_r  = low_q;
    for (int i = 0; i < RoundsPerCycle; i++) begin
      high_r = ({high_r[7:0], high_r[31:8]} + low_r) ^ keys[32*i +: 32];
      low_r  = {low_r[28:0], low_r[31:29]} ^ high_r;
    end
  end

  assign last = running_q && (row_q == '0);
  assign more = start_i || (running_q && !last);

  always_ff @(posedge clk_i) begin
    if (start_i || running_q) begin
      high_q <= start_i ? counter_i[63:32] : high_r;
      low_q  <= start_i ? counter_i[31:0] : low_r;
    end
    running_q <= more && !rst_i;
    if (rst_i) row_q <= '0;
    else if (more) row_q <= (row_q == RowW'(Rows - 1)) ? '0 : row_q + RowW'(1);
    if (rst_i || start_i) done_q <= 1'b0;
    else if (last) done_q <= 1'b1;
  end

  assert_limit u_no_start_while_a_block_is_made (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!(start_i && running_q))
  );

  assign done_o  = done_q;
  assign block_o = {high_q, low_q};

endmodule
