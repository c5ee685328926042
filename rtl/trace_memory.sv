// The trace, which shows how a run goes: one entry for every step that is due, of two sums over the cells of the layers
// traced, overlap with a reference and square. The two arrive alternately, overlap first, and are added up in the
// memory, word by word: a sum has 48 bits, in three 16-bit words, and wraps.
//
// begin_i: a step that is due begins; its entry becomes zero in the six cycles after. add_i takes a sum, which stays at
// sum_i for three more cycles. Limits: add_i seven or more cycles after begin_i, and four or more apart; SumW from 33
// to 48.
module trace_memory #(
  parameter int Depth = 256,
  parameter int SumW = 48,               // 33 to 48
  localparam int EntryW = $clog2(Depth)
) (
  input  logic              clk_i,
  input  logic              rst_i,
  input  logic              begin_i,
  input  logic              add_i,
  input  logic [SumW-1:0]   sum_i,
  input  logic [EntryW-1:0] entry_i,     // of the current step
  // Host, while nothing runs; data a cycle later.
  input  logic              read_i,
  input  logic [EntryW-1:0] read_entry_i,
  input  logic              read_square_i,
  input  logic [1:0]        read_word_i,  // 0 to 2, low word first
  output logic [15:0]       read_data_o
);

  localparam int AddrW = EntryW + 3;

  logic              zeroing_q, adding_q, add_q, square_q, word_square_q, carry_q;
  logic [1:0]        word_q, add_word_q;  // whose word is read; whose is added to
  logic [15:0]       old_word, addend;
  logic [47:0]       sum;
  logic [17:0]       total;
  logic [AddrW-1:0]  raddr, waddr;

  generate
    if (SumW < 33 || SumW > 48) begin : gen_bad_width
      // Elaboration stops here in every tool: there is no such module.
      error_sums_of_the_trace_have_33_to_48_bits u_error ();
    end
  endgenerate

  // Zeroing takes the six cycles after begin_i, adding the three after add_i.
  assert_limit u_add_not_before_the_entry_is_zero (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!(add_i && (begin_i || zeroing_q)))
  );

  assert_limit u_adds_four_cycles_apart (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!(add_i && (adding_q || add_q)))
  );

  // The upper words of all sums follow all the lower ones: no word is lost to rounding up to four.
  function logic [AddrW-1:0] place(input logic [EntryW-1:0] entry, input logic of_square, input logic [1:0] word);
    place = word[1] ? {2'b10, entry, of_square} : {1'b0, entry, of_square, word[0]};
  endfunction

  always_ff @(posedge clk_i) begin
    add_word_q    <= word_q;
    word_square_q <= square_q;
    if (rst_i) begin
      zeroing_q <= 1'b0;
      adding_q  <= 1'b0;
      add_q     <= 1'b0;
    end else begin
      add_q <= adding_q || add_i;
      if (begin_i) begin
        zeroing_q <= 1'b1;
        word_q    <= 2'd0;
        square_q  <= 1'b0;
      end else if (zeroing_q || adding_q || add_i) begin
        word_q <= (word_q == 2'd2) ? 2'd0 : word_q + 2'd1;
        if (word_q == 2'd2) begin
          square_q <= !square_q;
          adding_q <= 1'b0;
          if (square_q) zeroing_q <= 1'b0;
        end else if (add_i) begin
          adding_q <= 1'b1;
        end
      end
    end
  end

  assign sum    = 48'($signed(sum_i));
  assign addend = add_word_q[1] ? sum[47:32] : add_word_q[0] ? sum[31:16] : sum[15:0];
  assign total  = {1'b0, addend, 1'b1} + {1'b0, old_word, carry_q && add_word_q != 2'd0};
  assign raddr  = read_i ? place(read_entry_i, read_square_i, read_word_i) : place(entry_i, square_q, word_q);
  assign waddr  = zeroing_q ? place(entry_i, square_q, word_q) : place(entry_i, word_square_q, add_word_q);

  always_ff @(posedge clk_i) carry_q <= total[17];

  ram_1r1w #(
    .Width(16),
    .Depth(6 << EntryW)
  ) u_words (
    .clk_i  (clk_i),
    .we_i   (zeroing_q || add_q),
    .waddr_i(waddr),
    .wdata_i(zeroing_q ? 16'd0 : total[16:1]),
    .raddr_i(raddr),
    .rdata_o(old_word)
  );

  // The sums have SumW bits, whatever was carried beyond them.
  logic unused_bits;
  assign unused_bits = total[0];
  localparam int Upper = SumW - 32;
  logic read_upper_q;
  always_ff @(posedge clk_i) read_upper_q <= read_word_i[1];
  assign read_data_o = read_upper_q ? 16'($signed(old_word[Upper-1:0])) : old_word;

endmodule
