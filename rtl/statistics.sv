// Sums of x and x^2 per cell over the averaging window, word-serial: six 16-bit words a cell, so that one narrow RAM a
// lane and one 16-bit adder a lane are enough. A group (one cell a lane) takes seven cycles; start_i may come again
// after eight.
//
// Each sum has 48 bits and wraps. fresh_i: the old contents count as zero (first step after a clear).
module statistics #(
  parameter int Lanes = 4,
  parameter int Rows = 32,           // groups in all
  parameter int StateW = 24,
  localparam int RowW = (Rows > 1) ? $clog2(Rows) : 1,
  localparam int Depth = 6 * Rows,
  localparam int AddrW = $clog2(Depth)
) (
  input  logic                    clk_i,
  input  logic                    rst_i,
  input  logic                    start_i,
  output logic                    busy_o,
  input  logic                    fresh_i,
  input  logic [RowW-1:0]         row_i,
  input  logic [StateW*Lanes-1:0] states_i,
  input  logic [32*Lanes-1:0]     squares_i,
  // Host reads while nothing runs; data a cycle later.
  input  logic                    read_i,
  input  logic [AddrW-1:0]        read_addr_i,
  output logic [16*Lanes-1:0]     read_data_o
);

  logic [2:0]              word_q, write_word_q;
  logic                    busy_q, write_q, fresh_q;
  logic [AddrW-1:0]        addr_q, write_addr_q;
  logic [48*Lanes-1:0]     states_q, squares_q;   // shifted right by a word at a time
  logic [16*Lanes-1:0]     addend_q, old_words, new_words;
  logic [Lanes-1:0]        carry_q, carry;

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      addr_q  <= (AddrW'(row_i) << 2) + (AddrW'(row_i) << 1);
      fresh_q <= fresh_i;
      word_q  <= 3'd0;
      for (int i = 0; i < Lanes; i++) begin
        states_q[48*i +: 48]  <= 48'($signed(states_i[StateW*i +: StateW]));
        squares_q[48*i +: 48] <= 48'($signed(squares_i[32*i +: 32]));
      end
    end else if (busy_q) begin
      addr_q <= addr_q + AddrW'(1);
      word_q <= word_q + 3'd1;
      for (int i = 0; i < Lanes; i++) begin
        addend_q[16*i +: 16] <= states_q[48*i +: 16];
        // Three words of the state's sum, then three of the square's.
        states_q[48*i +: 48] <= (word_q == 3'd2) ? squares_q[48*i +: 48] : {16'd0, states_q[48*i+16 +: 32]};
      end
    end
    write_addr_q <= addr_q;
    write_word_q <= word_q;
    carry_q      <= carry;
    if (rst_i) begin
      busy_q  <= 1'b0;
      write_q <= 1'b0;
    end else begin
      busy_q  <= start_i || (busy_q && word_q != 3'd5);
      write_q <= busy_q;
    end
  end

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_lane
      logic [16:0] sum;
      logic        carry_in;
      assign carry_in = (write_word_q == 3'd0 || write_word_q == 3'd3) ? 1'b0 : carry_q[i];
      assign sum = 17'(addend_q[16*i +: 16]) + (fresh_q ? 17'd0 : 17'(old_words[16*i +: 16])) + 17'(carry_in);
      assign carry[i]              = sum[16];
      assign new_words[16*i +: 16] = sum[15:0];
    end
  endgenerate

  ram_1r1w #(
    .Width(16 * Lanes),
    .Depth(Depth)
  ) u_sums (
    .clk_i  (clk_i),
    .we_i   (write_q),
    .waddr_i(write_addr_q),
    .wdata_i(new_words),
    .raddr_i(read_i ? read_addr_i : addr_q),
    .rdata_o(old_words)
  );

  assign busy_o      = busy_q || write_q;
  assign read_data_o = old_words;

endmodule
