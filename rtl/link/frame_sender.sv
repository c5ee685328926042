// Bytes to frames: flags, escapes and the check around what the user hands over. rtl/link/README.md has their form.
module frame_sender (
  input  logic       clk_i,
  input  logic       rst_i,
  // Content, at least one byte; last_i with the last one.
  input  logic       valid_i,
  input  logic [7:0] byte_i,
  input  logic       last_i,
  output logic       ready_o,
  // To the line.
  output logic       valid_o,
  output logic [7:0] byte_o,
  input  logic       ready_i
);

  localparam logic [7:0] Flag = 8'h7e, Escape = 8'h7d;
  localparam logic [2:0] Idle = 3'd0, Content = 3'd1, Check = 3'd2, Close = 3'd3, Escaped = 3'd4;

  logic [2:0]  state_q;
  logic [1:0]  check_q;         // byte of the check
  logic        closing_q;       // the escaped byte belongs to the check
  logic        last_q;
  logic [7:0]  held_q;          // the escaped byte
  logic [31:0] crc;
  logic [7:0]  check_byte, plain;
  logic        special, crc_busy, taken;

  crc32_serial u_crc (
    .clk_i  (clk_i),
    .clear_i(state_q == Idle),
    .valid_i(valid_i && ready_o),
    .byte_i (byte_i),
    .busy_o (crc_busy),
    .crc_o  (crc)
  );

  always_comb begin
    case (check_q)
      2'd0:    check_byte = ~crc[7:0];
      2'd1:    check_byte = ~crc[15:8];
      2'd2:    check_byte = ~crc[23:16];
      default: check_byte = ~crc[31:24];
    endcase
  end

  assign plain   = (state_q == Check) ? check_byte : byte_i;
  assign special = (plain == Flag) || (plain == Escape);

  always_comb begin
    case (state_q)
      Idle:    valid_o = valid_i;
      Content: valid_o = valid_i && !crc_busy;
      Check:   valid_o = !crc_busy;
      default: valid_o = 1'b1;
    endcase
    case (state_q)
      Idle, Close: byte_o = Flag;
      Escaped:     byte_o = held_q;
      default:     byte_o = special ? Escape : plain;
    endcase
  end

  assign taken   = valid_o && ready_i;
  assign ready_o = taken && (state_q == Content);

  always_ff @(posedge clk_i) begin
    if (taken) begin
      held_q    <= plain ^ 8'h20;
      closing_q <= (state_q == Check);
      if (state_q == Content) last_q <= last_i;
      if (state_q == Check) check_q <= check_q + 2'd1;
      if (state_q == Idle) check_q <= 2'd0;
    end
    if (rst_i) begin
      state_q <= Idle;
    end else if (taken) begin
      case (state_q)
        Idle:    state_q <= Content;
        Content: state_q <= special ? Escaped : (last_i ? Check : Content);
        Check:   state_q <= special ? Escaped : ((check_q == 2'd3) ? Close : Check);
        Escaped: begin
          if (closing_q) state_q <= (check_q == 2'd0) ? Close : Check;
          else state_q <= last_q ? Check : Content;
        end
        default: state_q <= Idle;
      endcase
    end
  end

endmodule
