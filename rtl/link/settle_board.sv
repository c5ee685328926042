// The array and its host link, as a board's clock and pins see them: the same on every board and in simulation.
module settle_board #(
  parameter int Divisor16 = 64  // sixteenths of a clock cycle per bit of the line
) (
  input  logic clk_i,
  input  logic rst_i,   // synchronous
  input  logic rx_i,    // the host's line, asynchronous
  output logic tx_o,
  output logic busy_o   // the array runs: an LED
);

  logic        array_rst, req_valid, req_write, rsp_valid, rsp_error, busy;
  logic [23:0] req_addr;
  logic [31:0] req_wdata, rsp_rdata;

  host_link #(
    .Divisor16(Divisor16)
  ) u_link (
    .clk_i      (clk_i),
    .rst_i      (rst_i),
    .rx_i       (rx_i),
    .tx_o       (tx_o),
    .array_rst_o(array_rst),
    .req_valid_o(req_valid),
    .req_write_o(req_write),
    .req_addr_o (req_addr),
    .req_wdata_o(req_wdata),
    .rsp_valid_i(rsp_valid),
    .rsp_error_i(rsp_error),
    .rsp_rdata_i(rsp_rdata),
    .busy_i     (busy)
  );

  settle_array u_array (
    .clk_i      (clk_i),
    .rst_i      (array_rst),
    .req_valid_i(req_valid),
    .req_write_i(req_write),
    .req_addr_i (req_addr),
    .req_wdata_i(req_wdata),
    .rsp_valid_o(rsp_valid),
    .rsp_error_o(rsp_error),
    .rsp_rdata_o(rsp_rdata),
    .busy_o     (busy)
  );

  assign busy_o = busy;

endmodule
