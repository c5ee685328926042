// settle_array as it is simulated: every input comes out of a register.
//
// A verilated model works out what depends on its inputs twice for every clock edge, once before it and once after. Here
// that is nothing (sim/README.md has the figures). The port answers a cycle later, which no result shows.
module registered_array (
  input  logic        clk_i,
  input  logic        rst_i,
  input  logic        req_valid_i,
  input  logic        req_write_i,
  input  logic [23:0] req_addr_i,
  input  logic [31:0] req_wdata_i,
  output logic        rsp_valid_o,
  output logic        rsp_error_o,
  output logic [31:0] rsp_rdata_o,
  output logic        busy_o
);
  logic rst_q, req_valid_q, req_write_q;
  logic [23:0] req_addr_q;
  logic [31:0] req_wdata_q;

  always_ff @(posedge clk_i) begin
    rst_q       <= rst_i;
    req_valid_q <= req_valid_i;
    req_write_q <= req_write_i;
    req_addr_q  <= req_addr_i;
    req_wdata_q <= req_wdata_i;
  end

  settle_array u_array (
    .clk_i,
    .rst_i       (rst_q),
    .req_valid_i (req_valid_q),
    .req_write_i (req_write_q),
    .req_addr_i  (req_addr_q),
    .req_wdata_i (req_wdata_q),
    .rsp_valid_o,
    .rsp_error_o,
    .rsp_rdata_o,
    .busy_o
  );
endmodule
