// A host's line to the array: requests come in on rx_i, answers go out on tx_o. rtl/link/README.md has the protocol.
module host_link #(
  parameter int Divisor16 = 64  // sixteenths of a clock cycle per bit of the line
) (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        rx_i,
  output logic        tx_o,
  // The array's port and reset.
  output logic        array_rst_o,
  output logic        req_valid_o,
  output logic        req_write_o,
  output logic [23:0] req_addr_o,
  output logic [31:0] req_wdata_o,
  input  logic        rsp_valid_i,
  input  logic        rsp_error_i,
  input  logic [31:0] rsp_rdata_i,
  input  logic        busy_i
);

  localparam int AddrW = $clog2(settle_pkg::LinkBuffer);
  localparam int TickW = settle_pkg::WaitUnitLog2;  // clock cycles from tick to tick, as a power of two

  logic             rx_valid, tx_valid, tx_ready, frame_error, frame_late;
  logic [7:0]       rx_byte, tx_byte, frame_byte;
  logic [AddrW-1:0] frames_end, frames_head, frame_addr;
  logic             answer_valid, answer_last, answer_ready, tick_q;
  logic [7:0]       answer_byte;
  logic [TickW-1:0] cycles_q;

  always_ff @(posedge clk_i) begin
    cycles_q <= rst_i ? '0 : (cycles_q + TickW'(1));
    tick_q   <= (cycles_q == '1);
  end

  uart_receiver #(
    .Divisor16(Divisor16)
  ) u_receiver (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .rx_i   (rx_i),
    .valid_o(rx_valid),
    .byte_o (rx_byte)
  );

  frame_receiver u_frames (
    .clk_i       (clk_i),
    .rst_i       (rst_i),
    .valid_i     (rx_valid),
    .byte_i      (rx_byte),
    .tick_i      (tick_q),
    .error_o     (frame_error),
    .late_o      (frame_late),
    .end_o       (frames_end),
    .head_i      (frames_head),
    .raddr_i     (frame_addr),
    .rdata_o     (frame_byte)
  );

  link_executor u_executor (
    .clk_i       (clk_i),
    .rst_i       (rst_i),
    .tick_i      (tick_q),
    .end_i       (frames_end),
    .head_o      (frames_head),
    .raddr_o     (frame_addr),
    .rdata_i     (frame_byte),
    .error_i     (frame_error),
    .late_i      (frame_late),
    .valid_o     (answer_valid),
    .byte_o      (answer_byte),
    .last_o      (answer_last),
    .ready_i     (answer_ready),
    .array_rst_o (array_rst_o),
    .req_valid_o (req_valid_o),
    .req_write_o (req_write_o),
    .req_addr_o  (req_addr_o),
    .req_wdata_o (req_wdata_o),
    .rsp_valid_i (rsp_valid_i),
    .rsp_error_i (rsp_error_i),
    .rsp_rdata_i (rsp_rdata_i),
    .busy_i      (busy_i)
  );

  frame_sender u_answers (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .valid_i(answer_valid),
    .byte_i (answer_byte),
    .last_i (answer_last),
    .ready_o(answer_ready),
    .valid_o(tx_valid),
    .byte_o (tx_byte),
    .ready_i(tx_ready)
  );

  uart_transmitter #(
    .Divisor16(Divisor16)
  ) u_transmitter (
    .clk_i  (clk_i),
    .rst_i  (rst_i),
    .valid_i(tx_valid),
    .byte_i (tx_byte),
    .ready_o(tx_ready),
    .tx_o   (tx_o)
  );

endmodule
