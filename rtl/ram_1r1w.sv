// Memory with one write and one registered read port, as block RAM infers it.
//
// A read of the word that is written in the same cycle gives either value: users do not use it, and no tool needs to
// build a way around the memory for it (no_rw_check). Contents are undefined until written. Limits: writes go to
// addresses below Depth.
module ram_1r1w #(
  parameter int Width = 16,
  parameter int Depth = 256,
  localparam int AddrW = settle_pkg::idx_width(Depth)
) (
  input  logic             clk_i,
  input  logic             we_i,
  input  logic [AddrW-1:0] waddr_i,
  input  logic [Width-1:0] wdata_i,
  input  logic [AddrW-1:0] raddr_i,
  output logic [Width-1:0] rdata_o
);

  (* no_rw_check *) logic [Width-1:0] mem [0:Depth-1];

  always_ff @(posedge clk_i) begin
    if (we_i) mem[waddr_i] <= wdata_i;
    rdata_o <= mem[raddr_i];
  end

  assert_limit u_write_below_depth (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .holds_i(!we_i || 32'(waddr_i) < 32'(Depth))
  );

endmodule
