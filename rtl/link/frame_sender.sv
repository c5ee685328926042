// Bytes to frames: flags, escapes and the check around what the user hands over. rtl/link/README.md has their form.
module frame_sender (
  input  logic       clk_i,
  input  logic       rst_i,
  // Content, at least one byte; last_i with the last one. valid_i, too, stays until the byte is taken.
  input  logic       valid_i,
  input  logic [7:0] byte_i,   // stays until it is taken
  input  logic       last_i,
  output logic       ready_o,
  // To the line.
  output logic       valid_o,
  output logic [7:0] byte_o,
  input  logic       ready_i
);

  localparam int FlipBit = $clog2(settle_pkg::FrameFlip);  // the one bit of a byte that an escape flips
  localparam logic [1:0] Idle = 2'd0, Content = 2'd1, Check = 2'd2, Close = 2'd3;

  logic [1:0]  state_q, check_q;  // check_q: byte of the check
  logic        escaped_q;         // the escape of the current byte is on the line
  logic [31:0] crc;
  logic [7:0]  plain;
  logic        there, there_q;    // a byte; and it was looked at in the cycle before
  logic        special_q, special, crc_busy, taken, done, in_check, in_frame;

  logic unused_crc;
  assign unused_crc = ^crc[31:8];

  assign in_check = (state_q == Check);
  assign in_frame = (state_q == Content) || in_check;
  assign plain    = in_check ? ~crc[7:0] : byte_i;
  assign special  = special_q && !escaped_q;

  // The check leaves low byte first: a register that takes in its own bits shifts.
  crc32_serial u_crc (
    .clk_i  (clk_i),
    .clear_i(state_q == Idle),
    .valid_i(done && in_frame),
    .byte_i (in_check ? crc[7:0] : byte_i),
    .busy_o (crc_busy),
    .crc_o  (crc)
  );

  always_comb begin
    case (state_q)
      Idle:    there = valid_i;
      Content: there = valid_i && !crc_busy;
      Check:   there = !crc_busy;
      default: there = 1'b1;
    endcase
    if (!in_frame) byte_o = settle_pkg::FrameFlag;
    else if (special) byte_o = settle_pkg::FrameEscape;
    else byte_o = plain ^ {{(7 - FlipBit){1'b0}}, escaped_q, {FlipBit{1'b0}}};
  end

  // What a byte is is known a cycle before it goes out: the way from the user's byte to ready_o was the longest.
  always_ff @(posedge clk_i) begin
    there_q   <= there && !taken && !rst_i;
    special_q <= in_frame && (plain == settle_pkg::FrameFlag || plain == settle_pkg::FrameEscape);
  end

  assign valid_o = there_q;
  assign taken   = there_q && ready_i;
  assign done    = taken && !special;
  assign ready_o = done && (state_q == Content);

  always_ff @(posedge clk_i) begin
    if (taken) escaped_q <= special;
    if (state_q == Idle) check_q <= 2'd0;
    else if (done && in_check) check_q <= check_q + 2'd1;
    if (rst_i) begin
      state_q <= Idle;
    end else if (done) begin
      case (state_q)
        Idle:    state_q <= Content;
        Content: if (last_i) state_q <= Check;
        Check:   if (check_q == 2'd3) state_q <= Close;
        default: state_q <= Idle;
      endcase
    end
  end

endmodule
