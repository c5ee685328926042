// uart_transmitter into uart_receiver: every byte that the transmitter takes comes out of the receiver, the same, in
// order and once, at most five cycles after the middle of its stop bit; nothing else does; the line rests at one.
//
// The two ends' clocks are apart: each of the line's edges may reach the receiver a cycle later than the others do,
// which is what a clock of any phase and a first flip-flop that falls to either side may do. With a fraction in its
// divisor the transmitter begins a byte at any sixteenth of a cycle. Each end has a divisor of its own: another one is
// a baud rate that is off.
//
// Assumed: resets are of both ends and four cycles long, so that the receiver sees the line at one after them.
module uart_pair_properties #(
  parameter int Divisor = 64,      // the transmitter's
  parameter int RxDivisor = 64,
  parameter int Guided = 0         // 1: two bytes, for the covers
) (
  input logic       clk_i,
  input logic       rst_i,
  input logic       valid_i,
  input logic [7:0] byte_i,
  input logic       late_i     // an edge is late
);

  localparam int LeftW = $clog2(Divisor + 1) + 1;
  localparam int RxLeftW = $clog2(RxDivisor + 1) + 1;
  localparam int Longer = (Divisor > RxDivisor) ? Divisor : RxDivisor;
  localparam int W = $clog2(12 * Longer + 256);                             // times in sixteenths of a cycle
  localparam logic [W-1:0] Ever = W'(11 * Longer + 200);                    // counted no further
  localparam logic [W-1:0] Bit = W'(Divisor), RxBit = W'(RxDivisor), RxHalf = W'(RxDivisor / 2);
  localparam logic [W-1:0] Soonest = W'(33), Latest = W'(64);               // the line and its edge's detection
  localparam logic [W-1:0] Arrived = W'(9 * RxDivisor + RxDivisor / 2 + 80);

  logic       ready_o, tx_o, valid_o;
  logic [7:0] byte_o;
  logic       was_tx_q, line;

  uart_transmitter #(
    .Divisor16(Divisor)
  ) tx (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .valid_i(valid_i),
    .byte_i (byte_i),
    .ready_o(ready_o),
    .tx_o   (tx_o)
  );

  assign line = late_i ? was_tx_q : tx_o;

  uart_receiver #(
    .Divisor16(RxDivisor)
  ) rx (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .rx_i   (line),
    .valid_o(valid_o),
    .byte_o (byte_o)
  );

  // Inside the modules.
  (* hierconn *) logic               \tx.tick ;
  (* hierconn *) logic [LeftW-1:0]   \tx.left_q ;
  (* hierconn *) logic [9:0]         \tx.shift_q ;
  (* hierconn *) logic               \rx.sync_q ;
  (* hierconn *) logic               \rx.rx_q ;
  (* hierconn *) logic               \rx.active_q ;
  (* hierconn *) logic               \rx.start_q ;
  (* hierconn *) logic [RxLeftW-1:0] \rx.left_q ;
  (* hierconn *) logic [8:0]         \rx.shift_q ;

  // ---- Resets.
  logic       began_q = 1'b0;
  logic [2:0] resets_q = 3'd0;    // cycles of the reset just before this one, 4 for more

  always_ff @(posedge clk_i) begin
    began_q  <= 1'b1;
    was_tx_q <= tx_o;
    if (!rst_i) resets_q <= 3'd0;
    else if (resets_q != 3'd4) resets_q <= resets_q + 3'd1;
  end

  always_comb begin
    if (!began_q || (resets_q != 3'd0 && resets_q < 3'd4)) assume (rst_i);
  end

  // ---- The model: bytes that were taken and have not come out, and for how long they have been on the line.
  logic [1:0]   owed_q, owed;             // bytes; and without the one that comes out now
  logic [7:0]   sent_q, earlier_q;        // the last byte taken, the one before it
  logic [3:0]   bits_q;                   // of the last byte, begun on the line
  logic [W-1:0] time_q, earlier_time_q;   // since the start bit, which may begin within a cycle
  logic         take;

  assign take = valid_i && ready_o && !rst_i;
  assign owed = owed_q - 2'(valid_o);

  always_ff @(posedge clk_i) begin
    owed_q <= rst_i ? 2'd0 : owed + 2'(take);
    if (take) begin
      sent_q    <= byte_i;
      earlier_q <= sent_q;
    end
    if (rst_i) bits_q <= 4'd10;
    else if (take) bits_q <= 4'd0;
    else if (tx.tick && bits_q != 4'd10) bits_q <= bits_q + 4'd1;
    if (bits_q == 4'd0 && tx.tick) time_q <= W'(16) - W'(tx.left_q);
    else if (time_q < Ever) time_q <= time_q + W'(16);
    if (take) earlier_time_q <= time_q + W'(16);
    else if (earlier_time_q < Ever) earlier_time_q <= earlier_time_q + W'(16);
  end

  // The oldest byte that is owed; and the oldest that has not come out in this cycle either.
  logic [7:0]   oldest, coming;
  logic [W-1:0] oldest_time, coming_time;
  logic         began, coming_began;

  assign oldest       = (owed_q == 2'd2) ? earlier_q : sent_q;
  assign oldest_time  = (owed_q == 2'd2) ? earlier_time_q : time_q;
  assign coming       = (owed == 2'd2) ? earlier_q : sent_q;
  assign coming_time  = (owed == 2'd2) ? earlier_time_q : time_q;
  assign began        = (owed_q == 2'd2) || bits_q != 4'd0;
  assign coming_began = (owed == 2'd2) || bits_q != 4'd0;

  // ---- What is said.
  always_comb begin
    if (began_q) begin
      if (valid_o) assert (owed_q != 2'd0 && byte_o == oldest);
      if (owed_q != 2'd0 && began) assert (oldest_time <= Arrived);
      if (ready_o || owed_q == 2'd0) assert (tx_o);
      if (take) assert (owed <= 2'd1);
    end
  end

  // ---- What makes it inductive: what the two ends hold, and how far apart they are.
  logic [9:0]   frame;      // as it leaves, lowest bit first
  logic [8:0]   partial;    // what the receiver holds of it
  logic [3:0]   samples;    // it has taken
  logic [W-1:0] rx_time;    // since the edge, by its own count

  assign frame   = {1'b1, sent_q, 1'b0};
  assign partial = 9'({coming, 9'h100} >> (samples - 4'd1));
  assign rx_time = W'(samples) * RxBit + RxHalf - W'(rx.left_q);

  // Below the data bits that are there the receiver's register has a one.
  always_comb begin
    samples = 4'd9;
    for (int i = 1; i <= 8; i++) if (rx.shift_q << (9 - i) == '0 && rx.shift_q[i]) samples = 4'(9 - i);
    if (rx.start_q) samples = 4'd0;
  end

  always_comb begin
    if (began_q) begin
      assert (resets_q <= 3'd4 && bits_q <= 4'd10 && owed_q <= 2'd2);
      if (owed == 2'd2) assert (rx.active_q);
      if (bits_q != 4'd10) assert (owed_q != 2'd0);
      // The transmitter.
      assert (tx.shift_q == frame >> bits_q);
      assert (tx_o == (bits_q == 4'd0 || frame[bits_q-4'd1]));
      assert (W'(tx.left_q) < ((bits_q == 4'd0) ? W'(16) : Bit));
      if (owed_q != 2'd0) begin
        if (bits_q == 4'd10 && tx.tick) assert (time_q >= Bit * W'(10) - W'(tx.left_q));
        else if (bits_q != 4'd0) assert (time_q == Bit * W'(bits_q) - W'(tx.left_q));
      end
      if (owed_q == 2'd2) begin
        if (bits_q == 4'd0) assert (earlier_time_q >= Bit * W'(10) + W'(16) - W'(tx.left_q));
        else assert (earlier_time_q >= time_q + Bit * W'(10) + W'(16));
      end
      // The receiver.
      if (rx.active_q) begin
        assert (owed != 2'd0 && coming_began);
        assert (W'(rx.left_q) < RxBit && (!rx.start_q || W'(rx.left_q) <= RxHalf));
        assert (coming_time - rx_time >= Soonest && coming_time - rx_time <= Latest);
        if (!rx.start_q) assert (rx.shift_q == partial);
      end else if (owed != 2'd0) begin
        assert (!coming_began || coming_time <= Latest);
      end
      // Between bytes the line is at one as far as the receiver sees it; where a reset was, from the fourth cycle on.
      if (!rx.active_q && !(owed != 2'd0 && coming_began) && (resets_q == 3'd0 || resets_q == 3'd4)) begin
        assert (tx_o && was_tx_q && rx.sync_q && rx.rx_q);
      end
    end
  end

  // ---- Covers: a byte is taken while the one before it is still on its way; both come; the line is as slow as may be.
  generate
    if (Guided != 0) begin : gen_guided
      logic [1:0] taken_q, came_q;

      always_ff @(posedge clk_i) begin
        taken_q <= rst_i ? 2'd0 : taken_q + 2'(take);
        came_q  <= rst_i ? 2'd0 : came_q + 2'(valid_o);
      end

      always_comb begin
        assume (rst_i == (!began_q || (resets_q != 3'd0 && resets_q != 3'd4)));
        assume (valid_i == (taken_q != 2'd2) && byte_i == ((taken_q == 2'd0) ? 8'ha6 : 8'h3d));
        cover (began_q && owed == 2'd2);
        cover (began_q && valid_o && came_q == 2'd1 && byte_o == 8'h3d);
        cover (began_q && rx.active_q && coming_time - rx_time == Latest);
      end
    end
  endgenerate

endmodule
