// uart_receiver on any line, spikes and missing stop bits included: after an edge downwards the line is looked at in
// the cycle that the middle of each bit lies in, reckoned from the edge, so that no fraction adds up; a start bit that
// is over by its middle was a spike; a byte comes if and only if its stop bit is there, and it is what was seen.
//
// Assumed: a reset of three cycles at power-up.
module uart_receiver_properties #(
  parameter int Divisor = 64
) (
  input logic clk_i,
  input logic rst_i,
  input logic rx_i
);

  localparam int LeftW = $clog2(Divisor + 1) + 1;
  localparam int W = $clog2(11 * Divisor);               // times in sixteenths of a cycle
  localparam logic [W-1:0] Bit = W'(Divisor), Half = W'(Divisor / 2);

  logic       valid_o;
  logic [7:0] byte_o;

  uart_receiver #(
    .Divisor16(Divisor)
  ) dut (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .rx_i   (rx_i),
    .valid_o(valid_o),
    .byte_o (byte_o)
  );

  // Inside the module.
  (* hierconn *) logic             \dut.sync_q ;
  (* hierconn *) logic             \dut.rx_q ;
  (* hierconn *) logic             \dut.before_q ;
  (* hierconn *) logic             \dut.active_q ;
  (* hierconn *) logic             \dut.start_q ;
  (* hierconn *) logic [LeftW-1:0] \dut.left_q ;
  (* hierconn *) logic [8:0]       \dut.shift_q ;

  // ---- The line.
  logic [1:0] age_q = 2'd0;    // cycles so far, 3 for more
  logic [2:0] line_q;          // one, two and three cycles ago
  logic       seen, edge_seen;

  assign seen      = line_q[1];
  assign edge_seen = line_q[2] && !line_q[1];

  always_ff @(posedge clk_i) begin
    if (age_q != 2'd3) age_q <= age_q + 2'd1;
    line_q <= {line_q[1:0], rx_i};
  end

  always_comb begin
    if (age_q != 2'd3) assume (rst_i);
  end

  // ---- The model.
  logic         busy_q, comes_q, missing_q, spike_q;
  logic [3:0]   bits_q;        // that were looked at
  logic [W-1:0] time_q;        // since the edge
  logic [W-1:0] middle;        // of the bit that is due
  logic [7:0]   data_q;
  logic         now;

  assign middle = Bit * W'(bits_q) + Half;
  assign now    = busy_q && time_q + W'(16) > middle;

  always_ff @(posedge clk_i) begin
    comes_q   <= !rst_i && now && bits_q == 4'd9 && seen;
    missing_q <= !rst_i && now && bits_q == 4'd9 && !seen;
    spike_q   <= !rst_i && now && bits_q == 4'd0 && seen;
    time_q    <= busy_q ? time_q + W'(16) : W'(16);
    if (rst_i) busy_q <= 1'b0;
    else if (!busy_q) busy_q <= edge_seen;
    else if (now && (bits_q == 4'd9 || (bits_q == 4'd0 && seen))) busy_q <= 1'b0;
    if (!busy_q) bits_q <= 4'd0;
    else if (now) bits_q <= bits_q + 4'd1;
    for (int i = 0; i < 8; i++) if (now && bits_q == 4'(i + 1)) data_q[i] <= seen;
  end

  // ---- What is said.
  always_comb begin
    if (age_q == 2'd3) begin
      assert (valid_o == comes_q);
      if (valid_o) assert (byte_o == data_q);
    end
  end

  // ---- What makes it inductive: the model is the module.
  logic [8:0] partial;    // what it holds of a byte

  assign partial = 9'({data_q, 9'h100} >> (bits_q - 4'd1));

  always_comb begin
    if (age_q == 2'd3) begin
      assert ({dut.before_q, dut.rx_q, dut.sync_q} == line_q && dut.active_q == busy_q);
      if (busy_q) begin
        assert (bits_q <= 4'd9 && dut.start_q == (bits_q == 4'd0));
        assert (time_q <= middle && W'(dut.left_q) == middle - time_q && W'(dut.left_q) < Bit);
        if (bits_q != 4'd0) assert (dut.shift_q == partial);
      end
      if (comes_q) assert (dut.shift_q == {data_q, 1'b1});
    end
  end

  always_comb begin
    cover (age_q == 2'd3 && valid_o && byte_o == 8'h65);
    cover (age_q == 2'd3 && missing_q);
    cover (age_q == 2'd3 && spike_q);
  end

endmodule
