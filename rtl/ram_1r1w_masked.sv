// Memory of words with Parts parts, which are written one by one or together, and read together: ram_1r1w with one
// write enable per part, as block RAM with masked writes infers it. Part 0 is the lowest.
//
// Reads and limits: as for ram_1r1w.
module ram_1r1w_masked #(
  parameter int Parts = 4,
  parameter int PartW = 24,
  parameter int Depth = 64,
  localparam int AddrW = settle_pkg::idx_width(Depth)
) (
  input  logic                   clk_i,
  input  logic [Parts-1:0]       we_i,
  input  logic [AddrW-1:0]       waddr_i,
  input  logic [PartW*Parts-1:0] wdata_i,
  input  logic [AddrW-1:0]       raddr_i,
  output logic [PartW*Parts-1:0] rdata_o
);

  (* no_rw_check *) logic [PartW*Parts-1:0] mem [0:Depth-1];

  always_ff @(posedge clk_i) begin
    for (int i = 0; i < Parts; i++) begin
      if (we_i[i]) mem[waddr_i][PartW*i +: PartW] <= wdata_i[PartW*i +: PartW];
    end
    rdata_o <= mem[raddr_i];
  end

  assert_limit u_write_below_depth (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .holds_i(we_i == '0 || 32'(waddr_i) < 32'(Depth))
  );

endmodule
