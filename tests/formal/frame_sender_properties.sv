// frame_sender: what leaves it is a frame of rtl/link/README.md around what the user hands over, byte by byte and in
// order; read here by a receiver that only knows the form. A byte that is offered stays until it is taken, and the
// sender never waits longer than the check needs.
//
// Assumed: the user's byte stays until it is taken. The check is crc32_serial's (its own proof); here it must be
// cleared between frames, be given the content, and leave inverted and low byte first.
module frame_sender_properties #(
  parameter int Guided = 0    // 1: a quick line and frames of one byte, for the covers
) (
  input logic       clk_i,
  input logic       rst_i,
  input logic       valid_i,
  input logic [7:0] byte_i,
  input logic       last_i,
  input logic       ready_i
);

  logic       ready_o, valid_o;
  logic [7:0] byte_o;

  frame_sender dut (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .valid_i(valid_i),
    .byte_i (byte_i),
    .last_i (last_i),
    .ready_o(ready_o),
    .valid_o(valid_o),
    .byte_o (byte_o),
    .ready_i(ready_i)
  );

  // Inside the module.
  (* hierconn *) logic [1:0]  \dut.state_q ;
  (* hierconn *) logic [1:0]  \dut.check_q ;
  (* hierconn *) logic        \dut.escaped_q ;
  (* hierconn *) logic        \dut.special_q ;
  (* hierconn *) logic        \dut.there_q ;
  (* hierconn *) logic        \dut.crc_busy ;
  (* hierconn *) logic [31:0] \dut.crc ;
  (* hierconn *) logic        \dut.u_crc.clear_i ;
  (* hierconn *) logic        \dut.u_crc.valid_i ;
  (* hierconn *) logic [7:0]  \dut.u_crc.byte_i ;

  // ---- The user keeps what is not taken yet.
  logic       began_q = 1'b0;
  logic       reset_q, waits_q, offered_q, was_last_q;
  logic [7:0] was_byte_q, was_out_q;

  always_ff @(posedge clk_i) begin
    began_q    <= 1'b1;
    reset_q    <= rst_i;
    waits_q    <= valid_i && !ready_o && !rst_i;
    was_byte_q <= byte_i;
    was_last_q <= last_i;
    offered_q  <= valid_o && !ready_i && !rst_i;
    was_out_q  <= byte_o;
  end

  always_comb begin
    if (!began_q) assume (rst_i);
    if (began_q && waits_q) assume (valid_i && byte_i == was_byte_q && last_i == was_last_q);
  end

  // ---- A receiver.
  logic        inside_q;     // a frame
  logic        escape_q;
  logic        tail_q;       // the content is over
  logic [2:0]  checks_q;     // bytes of the check so far
  logic [31:0] first_q, check;
  logic        taken, flag, escape, plain;
  logic [7:0]  decoded;

  assign taken   = valid_o && ready_i;
  assign flag    = taken && byte_o == 8'h7e;
  assign escape  = taken && byte_o == 8'h7d;
  assign plain   = taken && !flag && !escape;
  assign decoded = escape_q ? byte_o ^ 8'h20 : byte_o;
  assign check   = (checks_q == 3'd0) ? ~dut.crc : ~first_q;    // as it was when the content was over

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      inside_q <= 1'b0;
      escape_q <= 1'b0;
      tail_q   <= 1'b0;
      checks_q <= 3'd0;
    end else if (flag) begin
      inside_q <= !inside_q;
      tail_q   <= 1'b0;
      checks_q <= 3'd0;
    end else if (taken) begin
      escape_q <= escape;
      if (plain && tail_q) checks_q <= checks_q + 3'd1;
      if (plain && last_i) tail_q <= 1'b1;
    end
    if (checks_q == 3'd0) first_q <= dut.crc;
  end

  // ---- What is said.
  logic [3:0] idle_q;    // cycles in which nothing was offered although there was something to send

  always_ff @(posedge clk_i) begin
    if (rst_i || valid_o || !(valid_i || tail_q)) idle_q <= 4'd0;
    else idle_q <= idle_q + 4'd1;
  end

  always_comb begin
    if (began_q) begin
      if (taken && !inside_q) assert (flag);
      if (flag && inside_q) assert (tail_q && checks_q == 3'd4 && !escape_q);
      if (escape) assert (!escape_q);
      if (plain && escape_q) assert (decoded == 8'h7d || decoded == 8'h7e);
      if (plain && !tail_q) assert (valid_i && decoded == byte_i);
      if (plain && tail_q) assert (checks_q < 3'd4 && decoded == check[8*checks_q[1:0] +: 8]);
      assert (ready_o == (plain && !tail_q));
      if (offered_q) assert (valid_o && byte_o == was_out_q);
      if (!reset_q) assert (idle_q <= 4'd9);
      assert (dut.u_crc.clear_i == !inside_q || reset_q);
      assert (dut.u_crc.valid_i == plain);
      if (plain && !tail_q) assert (dut.u_crc.byte_i == byte_i);
    end
  end

  // ---- What makes it inductive.
  always_comb begin
    if (began_q && !reset_q) begin
      assert (dut.state_q == (!inside_q ? 2'd0 : !tail_q ? 2'd1 : (checks_q < 3'd4) ? 2'd2 : 2'd3));
      assert (checks_q <= 3'd4 && (tail_q || checks_q == 3'd0));
      if (!inside_q) assert (!escape_q && !tail_q);
      if (inside_q && checks_q < 3'd4) assert (dut.check_q == checks_q[1:0]);
      if (inside_q) assert (dut.escaped_q == escape_q);
      if (checks_q == 3'd4) assert (!escape_q);
      if (escape_q && !tail_q) assert (valid_i && (byte_i == 8'h7d || byte_i == 8'h7e));
      if (escape_q && tail_q) assert (!dut.crc_busy && (dut.crc[7:0] == 8'h82 || dut.crc[7:0] == 8'h81));
      // What was looked at a cycle ago is still there.
      if (dut.there_q && !inside_q) assert (valid_i);
      if (dut.there_q && inside_q && !tail_q) begin
        assert (valid_i && !dut.crc_busy && dut.special_q == (byte_i == 8'h7d || byte_i == 8'h7e));
      end
      if (dut.there_q && tail_q && checks_q < 3'd4) begin
        assert (!dut.crc_busy && dut.special_q == (dut.crc[7:0] == 8'h82 || dut.crc[7:0] == 8'h81));
      end
      if (dut.there_q && checks_q == 3'd4) assert (!dut.special_q);
      // The register shifts its own bits out.
      if (tail_q && !dut.crc_busy && checks_q != 3'd0) assert (dut.crc == first_q >> (8 * checks_q));
    end
  end

  generate
    if (Guided != 0) begin : gen_guided
      always_comb begin
        assume (rst_i == !began_q);
        assume (valid_i && last_i && ready_i);
        cover (began_q && flag && inside_q);
        cover (began_q && plain && !tail_q && escape_q);
        cover (began_q && plain && tail_q && escape_q);
        cover (began_q && !reset_q && idle_q == 4'd9);
      end
    end
  endgenerate

endmodule
