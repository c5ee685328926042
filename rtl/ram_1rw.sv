// Memory with one port, which reads or writes, as large single-port RAM (UP5K's SPRAM) and block RAM infer it.
//
// In the cycle after a write rdata_o is undefined. Contents are undefined until written. Limits: writes go to addresses
// below Depth.
module ram_1rw #(
  parameter int Width = 16,
  parameter int Depth = 1024,
  localparam int AddrW = settle_pkg::idx_width(Depth)
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] addr_i,
  input  logic [Width-1:0] wdata_i,
  output logic [Width-1:0] rdata_o
);

  (* no_rw_check *) logic [Width-1:0] mem [0:Depth-1];

  always_ff @(posedge clk_i) begin
    if (we_i) mem[addr_i] <= wdata_i;
    rdata_o <= mem[addr_i];
  end

  assert_limit u_write_below_depth (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .holds_i(!we_i || 32'(addr_i) < 32'(Depth))
  );

endmodule
