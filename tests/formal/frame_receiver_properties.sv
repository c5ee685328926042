// frame_receiver against the frames of rtl/link/README.md, counted here by a model of its own: a frame appears in the
// buffer, whole and with its length before it, if and only if it was right; nothing else moves end_o or touches what lies
// between head_i and end_o; error_o and late_o say what was dropped. Contents are followed at one address, which may be
// any.
//
// Assumed: bytes nine cycles apart, the first one as long behind a reset; the user moves head_i up to end_o and no
// further. The check is crc32_serial's, which has a proof of its own: another one, fed by the model, must agree.
module frame_receiver_properties #(
  parameter int Longest = 6
) (
  input logic       clk_i,
  input logic       rst_i,
  input logic       valid_i,
  input logic [7:0] byte_i,
  input logic       tick_i,
  input logic [3:0] head_i,
  input logic [3:0] raddr_i
);

  localparam int Buffer = 16;

  logic       error_o, late_o;
  logic [3:0] end_o;
  logic [7:0] rdata_o;

  frame_receiver #(
    .Buffer (Buffer),
    .Longest(Longest)
  ) dut (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .valid_i(valid_i),
    .byte_i (byte_i),
    .tick_i (tick_i),
    .error_o(error_o),
    .late_o (late_o),
    .end_o  (end_o),
    .head_i (head_i),
    .raddr_i(raddr_i),
    .rdata_o(rdata_o)
  );

  // ---- The line's promises.
  logic       began_q = 1'b0;
  logic [3:0] since_q;   // cycles since a byte or a reset, no more than 9 counted
  logic [3:0] head_q, end_q;
  logic       reset_q;

  always_ff @(posedge clk_i) begin
    began_q <= 1'b1;
    since_q <= (rst_i || valid_i) ? 4'd1 : (since_q == 4'd9) ? 4'd9 : since_q + 4'd1;
    head_q  <= head_i;
    end_q   <= end_o;
    reset_q <= rst_i;
  end

  always_comb begin
    if (!began_q) assume (rst_i);
    if (began_q) begin
      if (rst_i || since_q < 4'd9) assume (!valid_i);
      if (reset_q) assume (head_i == 4'd0);
      else assume (4'(head_i - head_q) <= 4'(end_q - head_q));
    end else begin
      assume (!valid_i);
    end
  end

  // ---- The model: what came since the last flag.
  logic        some_q;      // anything
  logic        escape_q;    // an escape last
  logic        dropped_q;   // a byte more than may be or fits
  logic [4:0]  count_q;     // content and check: not counted further once dropped
  logic [4:0]  ticks_q;     // since the last byte
  logic [31:0] crc;
  logic        flag, content, late, right, unused_busy;
  logic [7:0]  decoded;
  logic [4:0]  held;        // bytes of the buffer that are taken

  assign flag    = valid_i && byte_i == 8'h7e;
  assign content = valid_i && byte_i != 8'h7e && byte_i != 8'h7d;
  assign decoded = {byte_i[7:6], byte_i[5] ^ escape_q, byte_i[4:0]};
  assign late    = some_q && !valid_i && tick_i && ticks_q == 5'd15;
  assign held    = {1'b0, 4'(end_o - head_i)};
  assign right   = some_q && !escape_q && !dropped_q && count_q >= 5'd9 && count_q <= 5'(Longest + 4) &&
                   crc == 32'hdebb20e3;

  crc32_serial u_check (
    .clk_i  (clk_i),
    .clear_i(rst_i || flag || late),
    .valid_i(content),
    .byte_i (decoded),
    .busy_o (unused_busy),
    .crc_o  (crc)
  );

  always_ff @(posedge clk_i) begin
    if (rst_i || flag || late) begin
      some_q    <= 1'b0;
      escape_q  <= 1'b0;
      dropped_q <= 1'b0;
      count_q   <= 5'd0;
    end else if (valid_i) begin
      some_q   <= 1'b1;
      escape_q <= !content;
      if (content && !dropped_q) begin
        // Its length before it, its bytes so far and this one, and one byte always free.
        if (held + 5'd1 + count_q + 5'd1 > 5'd16 || count_q == 5'(Longest + 4)) dropped_q <= 1'b1;
        count_q <= count_q + 5'd1;
      end
    end
    if (valid_i) ticks_q <= 5'd0;
    else if (tick_i && ticks_q != 5'd16) ticks_q <= ticks_q + 5'd1;
  end

  // ---- One address of the buffer.
  (* anyconst *) logic [3:0] address;
  logic [7:0] slot_q, read_q;
  logic       read_known_q;
  logic [4:0] place;     // of the address, counted from the oldest byte that is held

  assign place = {1'b0, 4'(address - head_i)};

  always_ff @(posedge clk_i) begin
    if (content && !dropped_q && address == 4'(end_o + 4'd1 + 4'(count_q))) slot_q <= decoded;
    if (flag && right && address == end_o) slot_q <= 8'(count_q - 5'd4);
    read_known_q <= raddr_i == address && place < held && !rst_i;
    read_q       <= slot_q;
  end

  // ---- What is said.
  logic       was_right_q, was_wrong_q, was_late_q;
  logic [4:0] was_count_q;

  always_ff @(posedge clk_i) begin
    was_right_q <= !rst_i && flag && right;
    was_wrong_q <= !rst_i && flag && some_q && !right;
    was_late_q  <= late;
    was_count_q <= count_q;
  end

  always_comb begin
    if (began_q) begin
      assert (error_o == (was_wrong_q || (was_late_q && !reset_q)));
      assert (late_o == was_late_q);
      if (reset_q) assert (end_o == 4'd0);
      else if (was_right_q) assert (end_o == 4'(end_q + 4'(was_count_q) - 4'd3));
      else assert (end_o == end_q);
      if (read_known_q) assert (rdata_o == read_q);
    end
  end

  // ---- What makes it inductive: the model's state is the module's.
  (* hierconn *) logic       \dut.begun_q ;
  (* hierconn *) logic       \dut.escaped_q ;
  (* hierconn *) logic       \dut.bad_q ;
  (* hierconn *) logic [7:0] \dut.length_q ;
  (* hierconn *) logic [3:0] \dut.write_q ;
  (* hierconn *) logic [3:0] \dut.ticks_q ;
  (* hierconn *) logic [31:0] \dut.u_crc.crc_q ;
  (* hierconn *) logic [8:0] \dut.u_crc.shift_q ;
  (* hierconn *) logic [31:0] \u_check.crc_q ;
  (* hierconn *) logic [8:0] \u_check.shift_q ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[0] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[1] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[2] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[3] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[4] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[5] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[6] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[7] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[8] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[9] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[10] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[11] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[12] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[13] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[14] ;
  (* hierconn *) logic [7:0] \dut.u_buffer.mem[15] ;
  logic [8*Buffer-1:0] words;
  assign words = {
    \dut.u_buffer.mem[15] , \dut.u_buffer.mem[14] , \dut.u_buffer.mem[13] , \dut.u_buffer.mem[12] ,
    \dut.u_buffer.mem[11] , \dut.u_buffer.mem[10] , \dut.u_buffer.mem[9] , \dut.u_buffer.mem[8] ,
    \dut.u_buffer.mem[7] , \dut.u_buffer.mem[6] , \dut.u_buffer.mem[5] , \dut.u_buffer.mem[4] ,
    \dut.u_buffer.mem[3] , \dut.u_buffer.mem[2] , \dut.u_buffer.mem[1] , \dut.u_buffer.mem[0] };

  always_comb begin
    if (began_q) begin
      assert (dut.begun_q == some_q && dut.escaped_q == escape_q && dut.bad_q == dropped_q);
      assert (some_q || count_q == 5'd0);
      assert (dut.u_crc.crc_q == u_check.crc_q && dut.u_crc.shift_q == u_check.shift_q);
      if (some_q) assert (dut.ticks_q == ticks_q[3:0] && !ticks_q[4]);
      if (!dropped_q) begin
        assert (dut.length_q == 8'(8'd252 + 8'(count_q)));
        // A byte or a reset ago the place to write at may still have to go back.
        if (since_q != 4'd1) assert (dut.write_q == 4'(end_o + 4'(count_q)));
        assert (held + count_q < 5'd16);
        assert (count_q <= 5'(Longest + 4));
      end
      if (place < held) assert (words[8*address +: 8] == slot_q);
      else if (!dropped_q && place > held && place <= held + count_q) assert (words[8*address +: 8] == slot_q);
    end
  end

  always_comb begin
    cover (began_q && was_late_q);
    cover (began_q && was_wrong_q && was_count_q > 5'd1);
    cover (began_q && dropped_q && held == 5'd0);
  end

endmodule
