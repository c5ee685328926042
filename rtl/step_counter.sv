// The number of the next step, 40 bits, as the noise takes it and the host writes it. Bits above the lowest 16 follow a
// cycle later, as in halved_counter: before a step's noise begins, and when they are read. Limits: lower_we_i neither
// with count_i nor in the cycle after it.
module step_counter (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        count_i,
  input  logic        lower_we_i,    // bits 31 to 0
  input  logic        upper_we_i,    // bits 39 to 32
  input  logic [31:0] wdata_i,
  output logic [39:0] step_o
);

  logic [39:0] step_q;
  logic        carry_q;
  logic [16:0] lowest;

  assign lowest = {1'b0, step_q[15:0]} + 17'(count_i);

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      step_q  <= '0;
      carry_q <= 1'b0;
    end else begin
      step_q[15:0]  <= lowest[15:0];
      step_q[39:16] <= step_q[39:16] + 24'(carry_q);
      carry_q       <= lowest[16];
      if (lower_we_i) step_q[31:0] <= wdata_i;
      if (upper_we_i) step_q[39:32] <= wdata_i[7:0];
    end
  end

  // For the limit alone.
  logic counted_q;
  always_ff @(posedge clk_i) counted_q <= count_i;

  assert_limit u_no_write_while_a_carry_may_be_on_its_way (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!(lower_we_i && (count_i || counted_q)))
  );

  assign step_o = step_q;

endmodule
