// Sums of x and x^2 of every cell over the averaging window, word by word: six 16-bit words per cell, so that one
// narrow RAM and one 16-bit adder per lane are enough. start_i announces a group (one cell per lane): its squares are
// there two cycles later, for that cycle, its states four and five cycles later. busy_o shows for seven cycles after
// start_i. Limits: start_i comes six or more cycles apart.
//
// Each sum has 48 bits and wraps. fresh_i, with start_i or while the host reads: the old contents count as zero (first
// step after a clear); they are then read from a word that holds zeros and is never written.
module statistics #(
  parameter int Lanes = 4,
  parameter int Rows = 32,           // groups in all
  parameter int StateW = 24,
  localparam int RowW = settle_pkg::idx_width(Rows)
) (
  input  logic                    clk_i,
  input  logic                    rst_i,
  input  logic                    start_i,
  output logic                    busy_o,
  input  logic                    fresh_i,
  input  logic [RowW-1:0]         row_i,        // with start_i
  input  logic [32*Lanes-1:0]     squares_i,
  input  logic [StateW*Lanes-1:0] states_i,
  // Host reads while nothing runs; data a cycle later.
  input  logic                    read_i,
  input  logic [2:0]              read_part_i,  // 0 to 2 sum of x, 3 to 5 of x^2, low word first
  input  logic [RowW-1:0]         read_row_i,
  output logic [16*Lanes-1:0]     read_data_o
);

  // Part by part: address = part and row.
  localparam int AddrW = RowW + 3;
  localparam int ZeroWord = 6 << RowW;
  (* no_rw_check *) logic [16*Lanes-1:0] mem [0:ZeroWord];

  initial mem[ZeroWord] = '0;

  logic [2:0]          part_q, add_part_q;   // whose word is read; whose is added and written
  logic                busy_q, add_q, fresh_q;
  logic [RowW-1:0]     row_q, add_row_q;
  logic [16*Lanes-1:0] old_words, new_words;
  logic [AddrW-1:0]    raddr;

  // Squares first: parts 3, 4, 5, 0, 1, 2.
  always_ff @(posedge clk_i) begin
    if (start_i) begin
      part_q  <= 3'd3;
      row_q   <= row_i;
      fresh_q <= fresh_i;
    end else begin
      part_q <= (part_q == 3'd5) ? 3'd0 : part_q + 3'd1;
    end
    add_part_q <= part_q;
    add_row_q  <= row_q;
    if (rst_i) begin
      busy_q <= 1'b0;
      add_q  <= 1'b0;
    end else begin
      busy_q <= start_i || (busy_q && part_q != 3'd2);
      add_q  <= busy_q;
    end
  end

  assert_limit u_starts_six_cycles_apart (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .holds_i(!(start_i && busy_q && part_q != 3'd2))
  );

  assign raddr = (read_i ? fresh_i : fresh_q) ? AddrW'(ZeroWord)
               : read_i                       ? {read_part_i, read_row_i}
                                              : {part_q, row_q};

  always_ff @(posedge clk_i) begin
    // Before a reset any word may be meant, the zeros too.
    if (add_q && !rst_i) mem[{add_part_q, add_row_q}] <= new_words;
    old_words <= mem[raddr];
  end

  logic first_square, first_state;
  assign first_square = (add_part_q == 3'd3);
  assign first_state  = (add_part_q == 3'd0);

  generate
    for (genvar i = 0; i < Lanes; i++) begin : gen_lane
      logic [31:0] square;
      logic [47:0] state;
      logic [15:0] next_q, addend;   // next_q: the word to add, but for the square's low one
      logic        carry_q;
      logic [17:0] sum;

      assign square = squares_i[32*i +: 32];
      assign state  = 48'($signed(states_i[StateW*i +: StateW]));
      assign addend = first_square ? square[15:0] : next_q;
      // A one below the words carries into them.
      assign sum = {1'b0, addend, 1'b1} + {1'b0, old_words[16*i +: 16], carry_q && !first_square && !first_state};

      always_ff @(posedge clk_i) begin
        carry_q <= sum[17];
        case (add_part_q)
          3'd3:    next_q <= square[31:16];
          3'd5:    next_q <= state[15:0];
          3'd0:    next_q <= state[31:16];
          default: next_q <= {16{next_q[15]}};
        endcase
      end
      assign new_words[16*i +: 16] = sum[16:1];

      logic unused_bits;
      assign unused_bits = ^{state[47:32], sum[0]};
    end
  endgenerate

  assign busy_o      = busy_q || add_q;
  assign read_data_o = old_words;

endmodule
