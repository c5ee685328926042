// frame_receiver against the frames of rtl/link/README.md, counted here by a model of its own: a frame appears in the
// buffer, whole and with its length before it, if and only if it was right; nothing else moves end_o or touches what
// lies between head_i and end_o; error_o and late_o say what was dropped. Contents are followed at one address, which
// may be any.
//
// Assumed: bytes nine cycles apart, the first one as long after a reset; the user moves head_i up to end_o and no
// further; fewer than four bytes never have the residue.
//
// Two modules stand in for those of their names, which have proofs of their own: the check may have any value at any
// time (but it must be cleared and be given bytes as the model says), and of the buffer one word is kept.
module frame_receiver_properties #(
  parameter int Buffer = settle_pkg::LinkBuffer,
  parameter int Longest = settle_pkg::LongestRequest,
  parameter int Guided = 0,    // 1: one line of bytes, for the covers, which are too far away to be searched for
  localparam int AddrW = $clog2(Buffer)
) (
  input logic             clk_i,
  input logic             rst_i,
  input logic             valid_i,
  input logic [7:0]       byte_i,
  input logic             tick_i,
  input logic [AddrW-1:0] head_i,
  input logic [AddrW-1:0] raddr_i
);

  localparam int CountW = AddrW + 1;                // also counts Longest + 5 bytes
  localparam logic [31:0] Residue = 32'hdebb20e3;

  logic             error_o, late_o;
  logic [AddrW-1:0] end_o;
  logic [7:0]       rdata_o;

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

  // Inside the module.
  (* hierconn *) logic             \dut.begun_q ;
  (* hierconn *) logic             \dut.escaped_q ;
  (* hierconn *) logic             \dut.bad_q ;
  (* hierconn *) logic [7:0]       \dut.length_q ;
  (* hierconn *) logic [AddrW-1:0] \dut.write_q ;
  (* hierconn *) logic [3:0]       \dut.ticks_q ;
  (* hierconn *) logic [31:0]      \dut.crc ;
  (* hierconn *) logic             \dut.u_crc.clear_i ;
  (* hierconn *) logic             \dut.u_crc.valid_i ;
  (* hierconn *) logic [7:0]       \dut.u_crc.byte_i ;
  (* hierconn *) logic [AddrW-1:0] \dut.u_buffer.address ;
  (* hierconn *) logic [7:0]       \dut.u_buffer.word_q ;

  // ---- What the line and the user promise.
  logic             began_q = 1'b0;
  logic             reset_q;
  logic [3:0]       since_q;         // cycles since a byte or a reset, no more than 9 counted
  logic [AddrW-1:0] head_q, end_q;

  always_ff @(posedge clk_i) begin
    began_q <= 1'b1;
    reset_q <= rst_i;
    since_q <= (rst_i || valid_i) ? 4'd1 : (since_q == 4'd9) ? 4'd9 : since_q + 4'd1;
    head_q  <= head_i;
    end_q   <= end_o;
  end

  always_comb begin
    if (!began_q) assume (rst_i);
    if (rst_i || since_q < 4'd9) assume (!valid_i);
    if (began_q) begin
      if (reset_q) assume (head_i == '0);
      else assume (AddrW'(head_i - head_q) <= AddrW'(end_q - head_q));
    end
  end

  // ---- The model: what came since the last flag.
  logic              some_q;      // anything
  logic              escape_q;    // an escape last
  logic              dropped_q;   // a byte more than may be or fits
  logic [CountW-1:0] count_q;     // content and check: not counted further once dropped
  logic [4:0]        ticks_q;     // since the last byte
  logic              flag, content, late, fits, right;
  logic [7:0]        decoded;
  logic [CountW-1:0] held;        // bytes of the buffer that are taken

  assign flag    = valid_i && byte_i == 8'h7e;
  assign content = valid_i && byte_i != 8'h7e && byte_i != 8'h7d;
  assign decoded = {byte_i[7:6], byte_i[5] ^ escape_q, byte_i[4:0]};
  assign late    = some_q && !valid_i && tick_i && ticks_q == 5'd15;
  assign held    = {1'b0, AddrW'(end_o - head_i)};
  // Its length before it, its bytes so far and this one.
  assign fits    = held + count_q + CountW'(2) <= CountW'(Buffer);
  assign right   = some_q && !escape_q && !dropped_q && count_q >= CountW'(9) && count_q <= CountW'(Longest + 4) &&
                   dut.crc == Residue;

  always_ff @(posedge clk_i) begin
    if (rst_i || flag || late) begin
      some_q    <= 1'b0;
      escape_q  <= 1'b0;
      dropped_q <= 1'b0;
      count_q   <= '0;
    end else if (valid_i) begin
      some_q   <= 1'b1;
      escape_q <= !content;
      if (content && !dropped_q) begin
        if (!fits || count_q == CountW'(Longest + 4)) dropped_q <= 1'b1;
        count_q <= count_q + CountW'(1);
      end
    end
    if (valid_i) ticks_q <= 5'd0;
    else if (tick_i && ticks_q != 5'd16) ticks_q <= ticks_q + 5'd1;
  end

  always_comb begin
    if (began_q && !dropped_q && count_q < CountW'(4)) assume (dut.crc != Residue);
    if (began_q) begin
      assert (dut.u_crc.clear_i == (rst_i || flag || late));
      assert (dut.u_crc.valid_i == content);
      if (content) assert (dut.u_crc.byte_i == decoded);
    end
  end

  // ---- What the address that is followed must hold.
  logic [7:0]        slot_q, read_q;
  logic              read_known_q;
  logic [CountW-1:0] place;     // of the address, counted from the oldest byte that is held

  assign place = {1'b0, AddrW'(dut.u_buffer.address - head_i)};

  always_ff @(posedge clk_i) begin
    if (content && !dropped_q && fits && place == held + CountW'(1) + count_q) slot_q <= decoded;
    if (flag && right && place == held) slot_q <= 8'(count_q - CountW'(4));
    read_known_q <= !rst_i && raddr_i == dut.u_buffer.address && place < held;
    read_q       <= slot_q;
  end

  // ---- What is said.
  logic              was_right_q, was_wrong_q, was_late_q;
  logic [CountW-1:0] was_count_q;

  always_ff @(posedge clk_i) begin
    was_right_q <= !rst_i && flag && right;
    was_wrong_q <= !rst_i && flag && some_q && !right;
    was_late_q  <= !rst_i && late;
    was_count_q <= count_q;
  end

  always_comb begin
    if (began_q) begin
      assert (error_o == (was_wrong_q || was_late_q));
      if (error_o) assert (late_o == was_late_q);
      if (reset_q) assert (end_o == '0);
      else if (was_right_q) assert (end_o == AddrW'(end_q + AddrW'(was_count_q) - AddrW'(3)));
      else assert (end_o == end_q);
      if (read_known_q) assert (rdata_o == read_q);
    end
  end

  // ---- What makes it inductive: the model's state is the module's.
  always_comb begin
    if (began_q) begin
      assert (since_q >= 4'd1 && since_q <= 4'd9);
      assert (dut.begun_q == some_q && dut.escaped_q == escape_q && dut.bad_q == dropped_q);
      if (!some_q) assert (count_q == '0 && !escape_q && !dropped_q);
      if (some_q) assert (dut.ticks_q == ticks_q[3:0] && !ticks_q[4]);
      if (!dropped_q) begin
        assert (dut.length_q == 8'(count_q - CountW'(4)));
        // A byte or a reset ago the place to write at may still have to go back.
        if (since_q != 4'd1) assert (dut.write_q == AddrW'(end_o + AddrW'(count_q)));
        if (some_q) assert (dut.write_q == AddrW'(end_o + AddrW'(count_q)));
        assert (held + count_q < CountW'(Buffer));
        assert (count_q <= CountW'(Longest + 4));
      end
      if (place < held || (!dropped_q && place > held && place <= held + count_q)) begin
        assert (dut.u_buffer.word_q == slot_q);
      end
    end
  end

  // ---- Covers: a right frame, one with a wrong check, one that is late, one that is too long.
  generate
    if (Guided != 0) begin : gen_guided
      logic [5:0] sent_q;     // bytes so far

      always_ff @(posedge clk_i) sent_q <= rst_i ? 6'd0 : sent_q + 6'(valid_i);

      always_comb begin
        assume (rst_i == !began_q);
        assume (tick_i);
        assume (head_i == '0);
        assume (raddr_i == AddrW'(3) && dut.u_buffer.address == AddrW'(3));
        if (began_q) begin
          assume (valid_i == (since_q == 4'd9 && (sent_q != 6'd14 || (!some_q && ticks_q == 5'd16))));
          assume (byte_i == ((sent_q == 6'd10 || sent_q == 6'd12) ? 8'h7e : (sent_q == 6'd4) ? 8'h7d :
                             {2'b00, sent_q}));
          assume ((dut.crc == Residue) == (sent_q == 6'd10));
        end
        cover (began_q && was_right_q);
        cover (began_q && was_wrong_q);
        cover (began_q && was_late_q);
        cover (began_q && dropped_q);
        cover (began_q && read_known_q && rdata_o == 8'h02);
      end
    end
  endgenerate

endmodule

module crc32_serial (
  input  logic        clk_i,
  input  logic        clear_i,
  input  logic        valid_i,
  input  logic [7:0]  byte_i,
  output logic        busy_o,
  output logic [31:0] crc_o
);

  (* anyseq *) logic        any_busy;
  (* anyseq *) logic [31:0] any_crc;
  assign busy_o = any_busy;
  assign crc_o  = any_crc;

endmodule

`include "any_word_ram.svh"
