// The check by which a frame's receiver knows that nothing was changed on the way: CRC-32 of IEEE 802.3 (reflected
// polynomial 0xedb88320, begins with all ones), one bit per cycle: a byte is complete eight cycles after valid_i. The
// check that is sent is ~crc_o, low byte first; a receiver that has taken in data and check holds the residue
// 0xdebb20e3. Limits: valid_i comes eight or more cycles apart, but with clear_i at any time.
module crc32_serial (
  input  logic        clk_i,
  input  logic        clear_i,
  input  logic        valid_i,
  input  logic [7:0]  byte_i,
  output logic        busy_o,
  output logic [31:0] crc_o
);

  logic [31:0] crc_q;
  logic [8:0]  shift_q;  // a one runs ahead of the bits
  logic        busy, feedback;

  assign busy     = (shift_q[8:1] != '0);
  assign feedback = crc_q[0] ^ shift_q[0];

  always_ff @(posedge clk_i) begin
    if (valid_i) shift_q <= {1'b1, byte_i};
    else if (clear_i) shift_q <= 9'd0;
    else if (busy) shift_q <= {1'b0, shift_q[8:1]};
    if (clear_i) crc_q <= '1;
    else if (busy) crc_q <= {1'b0, crc_q[31:1]} ^ (feedback ? 32'hedb88320 : 32'd0);
  end

  assert_limit u_one_byte_at_a_time (
    .clk_i  (clk_i),
    .rst_i  (clear_i),
    .holds_i(!(valid_i && shift_q[8:2] != '0))   // the last bit may be under way
  );

  assign busy_o = busy;
  assign crc_o  = crc_q;

endmodule
