// Frames from a line's bytes into a buffer. rtl/link/README.md has their form.
//
// In the buffer a frame is its length (one byte, the check left out) and its content. It appears (end_o moves past it)
// only when all of it is there and its check holds; what does not become a frame leaves no trace but error_o.
//
// The user reads with raddr_i (data a cycle later) and gives space back by moving head_i.
module frame_receiver #(
  parameter int Buffer = settle_pkg::LinkBuffer,           // bytes, a power of two
  parameter int Longest = settle_pkg::LongestRequest,      // content, at most 251
  localparam int AddrW = $clog2(Buffer)
) (
  input  logic             clk_i,
  input  logic             rst_i,
  input  logic             valid_i,       // at most every ninth cycle
  input  logic [7:0]       byte_i,
  input  logic             tick_i,        // a frame ends in 16 of these after its last byte
  output logic             error_o,       // for one cycle: no frame came of what came
  output logic             late_o,        // with error_o: it was begun and not ended in time
  output logic [AddrW-1:0] end_o,
  input  logic [AddrW-1:0] head_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [7:0]       rdata_o
);

  localparam int Shortest = settle_pkg::RequestHeader;  // number, kind, address

  logic             escaped_q, bad_q, begun_q;
  logic [7:0]       length_q;  // bytes so far less the check's, modulo 256: fewer than four never have the residue
  logic [AddrW-1:0] end_q, write_q, next;  // write_q: the byte that was written last
  logic [3:0]       ticks_q;
  logic             is_flag, is_escape, is_content, good, commit, late, full, we;
  logic [7:0]       content;
  logic [31:0]      crc;
  logic             unused_crc_busy;

  assign is_flag    = valid_i && (byte_i == settle_pkg::FrameFlag);
  assign is_escape  = valid_i && (byte_i == settle_pkg::FrameEscape);
  assign is_content = valid_i && !is_flag && !is_escape;
  assign content    = escaped_q ? (byte_i ^ settle_pkg::FrameFlip) : byte_i;
  assign next       = write_q + AddrW'(1);
  assign full       = (next == head_i);
  assign we         = is_content && !bad_q && !full;
  assign commit     = is_flag && begun_q && good;
  assign good       = !bad_q && !escaped_q && (length_q >= 8'(Shortest)) && (crc == 32'hdebb20e3);
  assign late       = begun_q && tick_i && !valid_i && (ticks_q == '1);

  crc32_serial u_crc (
    .clk_i  (clk_i),
    .clear_i(rst_i || is_flag || late),
    .valid_i(is_content),
    .byte_i (content),
    .busy_o (unused_crc_busy),
    .crc_o  (crc)
  );

  always_ff @(posedge clk_i) begin
    error_o <= !rst_i && (late || (is_flag && begun_q && !good));
    late_o  <= late;
    if (valid_i) ticks_q <= '0;
    else if (tick_i) ticks_q <= ticks_q + 4'd1;
    if (rst_i) end_q <= '0;
    else if (commit) end_q <= write_q - AddrW'(3);
    if (rst_i || is_flag || late) begin
      begun_q   <= 1'b0;
      escaped_q <= 1'b0;
      bad_q     <= 1'b0;
      length_q  <= 8'd252;
    end else if (valid_i) begin
      begun_q   <= 1'b1;
      escaped_q <= is_escape;
      if (is_content) begin
        length_q <= length_q + 8'd1;
        if (full || length_q == 8'(Longest)) bad_q <= 1'b1;
      end
    end
    if (we) write_q <= next;
    else if (!begun_q || late) write_q <= end_q;  // after a late frame a byte may come at once
  end

  ram_1r1w #(
    .Width(8),
    .Depth(Buffer)
  ) u_buffer (
    .clk_i  (clk_i),
    .we_i   (we || commit),
    .waddr_i(commit ? end_q : next),
    .wdata_i(commit ? length_q : content),
    .raddr_i(raddr_i),
    .rdata_o(rdata_o)
  );

  assign end_o = end_q;

endmodule
