// In place of ram_1r1w: one word at an address that stands for every one keeps what was written, and all others read
// as anything. The memory itself has a proof of its own.
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

  (* anyconst *) logic [AddrW-1:0] address;
  (* anyseq *) logic [Width-1:0]   any_data;
  logic [Width-1:0]                word_q;

  always_ff @(posedge clk_i) begin
    if (we_i && waddr_i == address) word_q <= wdata_i;
    rdata_o <= (raddr_i == address && !(we_i && waddr_i == address)) ? word_q : any_data;
  end

endmodule
