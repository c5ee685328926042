// frame_sender into frame_receiver: what a user hands over as one frame appears in the buffer as one, the same bytes
// after its length, with the first flag after its check; a frame of fewer than 5 or more than Longest bytes, or one
// with a byte that found no room, gives error_o instead; nothing else moves end_o or touches what is held. At most nine
// bytes of the line come after a frame's last byte, and nothing of the next frame is taken before it has appeared.
// Contents are followed at one address, which may be any.
//
// Assumed: the line takes a byte at most every ninth cycle, the first one as long after a reset; a reset is of both
// ends; the sending user's byte stays until it is taken, and fewer than 16 ticks pass between two bytes of a frame; the
// receiving user moves head_i up to end_o and no further.
//
// The check is the module's own at both ends: while it is sent, the two registers differ by what depends on the number
// of its bits alone. Of the buffer one word is kept; the memory has a proof of its own.
module frame_link_properties #(
  parameter int Buffer = settle_pkg::LinkBuffer,
  parameter int Longest = settle_pkg::LongestRequest,
  parameter int Guided = 0,    // for the covers: one frame of so many bytes
  localparam int AddrW = $clog2(Buffer)
) (
  input logic             clk_i,
  input logic             rst_i,
  input logic             valid_i,
  input logic [7:0]       byte_i,
  input logic             last_i,
  input logic             ready_i,
  input logic             tick_i,
  input logic [AddrW-1:0] head_i,
  input logic [AddrW-1:0] raddr_i
);

  localparam int CountW = AddrW + 1;                // also counts Longest + 5 bytes
  localparam int Shortest = 5;

  logic             ready_o, line_valid, error_o, late_o;
  logic [7:0]       line, rdata_o;
  logic [AddrW-1:0] end_o;

  frame_sender tx (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .valid_i(valid_i),
    .byte_i (byte_i),
    .last_i (last_i),
    .ready_o(ready_o),
    .valid_o(line_valid),
    .byte_o (line),
    .ready_i(ready_i)
  );

  frame_receiver #(
    .Buffer (Buffer),
    .Longest(Longest)
  ) rx (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .valid_i(line_valid && ready_i),
    .byte_i (line),
    .tick_i (tick_i),
    .error_o(error_o),
    .late_o (late_o),
    .end_o  (end_o),
    .head_i (head_i),
    .raddr_i(raddr_i),
    .rdata_o(rdata_o)
  );

  // Inside the modules.
  (* hierconn *) logic [1:0]       \tx.state_q ;
  (* hierconn *) logic [1:0]       \tx.check_q ;
  (* hierconn *) logic             \tx.escaped_q ;
  (* hierconn *) logic             \tx.special_q ;
  (* hierconn *) logic             \tx.there_q ;
  (* hierconn *) logic [31:0]      \tx.u_crc.crc_q ;
  (* hierconn *) logic [8:0]       \tx.u_crc.shift_q ;
  (* hierconn *) logic             \rx.begun_q ;
  (* hierconn *) logic             \rx.escaped_q ;
  (* hierconn *) logic             \rx.bad_q ;
  (* hierconn *) logic [7:0]       \rx.length_q ;
  (* hierconn *) logic [AddrW-1:0] \rx.write_q ;
  (* hierconn *) logic [3:0]       \rx.ticks_q ;
  (* hierconn *) logic [31:0]      \rx.u_crc.crc_q ;
  (* hierconn *) logic [8:0]       \rx.u_crc.shift_q ;
  (* hierconn *) logic [AddrW-1:0] \rx.u_buffer.address ;
  (* hierconn *) logic [7:0]       \rx.u_buffer.word_q ;

  // ---- What the users and the line promise.
  logic             began_q = 1'b0;
  logic             reset_q, waits_q, was_last_q;
  logic [7:0]       was_byte_q;
  logic [3:0]       since_q;     // cycles since a byte of the line or a reset, no more than 9 counted
  logic [3:0]       ticks_q;     // since the last byte of the line
  logic [AddrW-1:0] head_q, end_q;
  logic             passes, flag, escape, plain;

  assign passes = line_valid && ready_i && !rst_i;
  assign flag   = passes && line == 8'h7e;
  assign escape = passes && line == 8'h7d;
  assign plain  = passes && !flag && !escape;

  always_ff @(posedge clk_i) begin
    began_q    <= 1'b1;
    reset_q    <= rst_i;
    waits_q    <= valid_i && !ready_o && !rst_i;
    was_byte_q <= byte_i;
    was_last_q <= last_i;
    since_q    <= (rst_i || passes) ? 4'd1 : (since_q == 4'd9) ? 4'd9 : since_q + 4'd1;
    head_q     <= head_i;
    end_q      <= end_o;
    if (passes) ticks_q <= 4'd0;
    else if (tick_i) ticks_q <= ticks_q + 4'd1;
  end

  always_comb begin
    if (!began_q) assume (rst_i);
    if (began_q && waits_q) assume (valid_i && byte_i == was_byte_q && last_i == was_last_q);
    if (rst_i || since_q < 4'd9) assume (!ready_i);
    if (began_q) begin
      if (reset_q) assume (head_i == '0);
      else assume (AddrW'(head_i - head_q) <= AddrW'(end_q - head_q));
    end
  end

  // ---- The model: the frame that the user hands over.
  logic              inside_q;     // its first flag has passed
  logic              tail_q;       // all of its content has
  logic              escape_q;     // an escape was the last byte of the line
  logic              dropped_q;    // a byte found no room or was one more than may be
  logic [CountW-1:0] content_q;    // bytes so far: not counted further once dropped
  logic [2:0]        checks_q;     // bytes of the check so far
  logic [3:0]        after_q;      // bytes of the line after the content's last one
  logic [CountW-1:0] used;         // of the buffer, so far, without the length
  logic [CountW-1:0] held, place;  // of the buffer, taken; of the address, counted from the oldest byte that is held
  logic              some, fits, right, take, ends;

  assign used  = content_q + CountW'(checks_q);
  assign some  = escape_q || used != '0;
  assign held  = {1'b0, AddrW'(end_o - head_i)};
  assign place = {1'b0, AddrW'(rx.u_buffer.address - head_i)};
  assign fits  = held + used + CountW'(2) <= CountW'(Buffer);
  assign right = !dropped_q && content_q >= CountW'(Shortest);
  assign take  = valid_i && ready_o && !rst_i;
  assign ends  = flag && tail_q;

  always_ff @(posedge clk_i) begin
    if (rst_i || ends) begin
      inside_q  <= 1'b0;
      tail_q    <= 1'b0;
      escape_q  <= 1'b0;
      dropped_q <= 1'b0;
      content_q <= '0;
      checks_q  <= 3'd0;
      after_q   <= 4'd0;
    end else if (passes) begin
      inside_q <= 1'b1;
      escape_q <= escape;
      if (take && last_i) tail_q <= 1'b1;
      if (plain && (!fits || used == CountW'(Longest + 4))) dropped_q <= 1'b1;
      if (take && !dropped_q) content_q <= content_q + CountW'(1);
      if (plain && tail_q) checks_q <= checks_q + 3'd1;
      if (tail_q) after_q <= after_q + 4'd1;
    end
  end

  always_comb if (some && !passes && ticks_q == 4'd15) assume (!tick_i);

  // ---- What the address that is followed must hold.
  logic [7:0] slot_q, read_q;
  logic       read_known_q;

  always_ff @(posedge clk_i) begin
    if (take && !dropped_q && fits && place == held + CountW'(1) + content_q) slot_q <= byte_i;
    if (ends && right && place == held) slot_q <= 8'(content_q);
    read_known_q <= !rst_i && raddr_i == rx.u_buffer.address && place < held;
    read_q       <= slot_q;
  end

  // ---- What is said.
  logic              was_right_q, was_wrong_q;
  logic [CountW-1:0] was_content_q;

  always_ff @(posedge clk_i) begin
    was_right_q   <= ends && right;
    was_wrong_q   <= ends && !right;
    was_content_q <= content_q;
  end

  always_comb begin
    if (began_q) begin
      if (reset_q) assert (end_o == '0);
      else if (was_right_q) assert (end_o == AddrW'(end_q + AddrW'(was_content_q) + AddrW'(1)));
      else assert (end_o == end_q);
      if (was_right_q) assert (was_content_q <= CountW'(Longest));
      assert (error_o == was_wrong_q && !(error_o && late_o));
      if (read_known_q) assert (rdata_o == read_q);
      if (take) assert (inside_q && !tail_q);
      if (plain && !tail_q) assert (take);
      if (tail_q) assert (after_q <= 4'd8);
    end
  end

  // ---- What makes it inductive. Both ends are where the model is.
  logic [3:0]  bits_q;        // that the check's registers have not yet taken of the last byte
  logic [5:0]  check_bits;    // of the check, taken
  logic [31:0] apart, step;   // what the registers then differ by
  logic        special;       // the byte that is to be sent next

  always_ff @(posedge clk_i) begin
    if (rst_i || flag) bits_q <= 4'd0;
    else if (plain) bits_q <= 4'd8;
    else if (bits_q != 4'd0) bits_q <= bits_q - 4'd1;
  end

  assign check_bits = 6'({checks_q, 3'd0}) - 6'(bits_q);
  assign special    = tail_q ? (tx.u_crc.crc_q[7:0] == 8'h82 || tx.u_crc.crc_q[7:0] == 8'h81) :
                               (byte_i == 8'h7d || byte_i == 8'h7e);

  // The sender's register takes in its own bits and shifts; the receiver's is given them inverted.
  always_comb begin
    apart = '0;
    step  = '0;
    for (int i = 0; i <= 32; i++) begin
      if (check_bits == 6'(i)) apart = step;
      step = {1'b0, step[31:1]} ^ (step[0] ? 32'd0 : 32'hedb88320);
    end
  end

  always_comb begin
    if (began_q) begin
      assert (since_q >= 4'd1 && since_q <= 4'd9 && bits_q <= 4'd9 - since_q);
      assert (checks_q <= 3'd4 && after_q <= 4'({checks_q, 1'b0}) + 4'(escape_q));
      assert (content_q <= CountW'(Longest + 5) && (used != '0 || bits_q == 4'd0));
      if (!inside_q) assert (!tail_q && !some && !dropped_q);
      if (!tail_q) assert (checks_q == 3'd0 && after_q == 4'd0);
      if (tail_q || dropped_q) assert (content_q != '0);
      if (checks_q == 3'd4) assert (!escape_q);
      // The sender.
      assert (tx.state_q == (!inside_q ? 2'd0 : !tail_q ? 2'd1 : (checks_q < 3'd4) ? 2'd2 : 2'd3));
      if (inside_q) begin
        assert (tx.escaped_q == escape_q && tx.check_q == checks_q[1:0]);
        if (escape_q) assert (special && bits_q == 4'd0 && (tail_q || valid_i));
      end
      if (tx.there_q) begin
        if (!tail_q) assert (valid_i);
        if (!inside_q || checks_q == 3'd4) assert (!tx.special_q);
        else assert (bits_q == 4'd0 && tx.special_q == special);
      end
      // The receiver.
      assert (rx.begun_q == some && rx.escaped_q == escape_q && rx.bad_q == dropped_q);
      if (some) assert (rx.ticks_q == ticks_q);
      if (!dropped_q) begin
        assert (rx.length_q == 8'(used - CountW'(4)));
        // A byte or a reset ago the place to write at may still have to go back.
        if (since_q != 4'd1 || some) assert (rx.write_q == AddrW'(end_o + AddrW'(used)));
        assert (held + used < CountW'(Buffer) && used <= CountW'(Longest + 4));
      end
      if (place < held || (!dropped_q && place > held && place <= held + content_q)) begin
        assert (rx.u_buffer.word_q == slot_q);
      end
      // The registers of the check.
      if (inside_q) begin
        assert (tx.u_crc.shift_q >> bits_q == {8'd0, used != '0} && rx.u_crc.shift_q >> bits_q == {8'd0, used != '0});
        if (checks_q == 3'd0) begin
          assert (tx.u_crc.crc_q == rx.u_crc.crc_q && tx.u_crc.shift_q == rx.u_crc.shift_q);
        end else begin
          assert ((tx.u_crc.shift_q ^ rx.u_crc.shift_q) == 9'((9'd1 << bits_q) - 9'd1));
          assert ((tx.u_crc.crc_q ^ rx.u_crc.crc_q) == apart);
          assert (((tx.u_crc.shift_q ^ tx.u_crc.crc_q[8:0]) & 9'((9'd1 << bits_q) - 9'd1)) == 9'd0);
          assert ((tx.u_crc.crc_q & ~(32'hffffffff >> check_bits)) == 32'd0);
        end
      end
    end
  end

  // ---- Covers: a frame, one byte of it escaped, is read; or one that is too short is refused.
  generate
    if (Guided != 0) begin : gen_guided
      logic [2:0] taken_q;

      always_ff @(posedge clk_i) taken_q <= rst_i ? 3'd0 : taken_q + 3'(take);

      always_comb begin
        assume (rst_i == !began_q);
        assume (!tick_i && head_i == '0);
        assume (raddr_i == AddrW'(2) && rx.u_buffer.address == AddrW'(2));
        if (began_q) begin
          assume (valid_i == (taken_q != 3'(Guided)) && last_i == (taken_q == 3'(Guided - 1)));
          assume (byte_i == ((taken_q == 3'd1) ? 8'h7e : {5'd0, taken_q}) && ready_i == (since_q == 4'd9));
        end
        if (Guided >= Shortest) cover (began_q && read_known_q && rdata_o == 8'h7e);
        else cover (began_q && was_wrong_q);
      end
    end
  endgenerate

endmodule

`include "any_word_ram.svh"
