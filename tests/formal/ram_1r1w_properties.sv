// ram_1r1w: a word read is the word written last at its address. It is shown for one address, which may be any.
//
// Not said: what a read gives of a word never written, or written in the same cycle.
module ram_1r1w_properties #(
  parameter int Width = 8,
  localparam int Depth = 8
) (
  input logic             clk_i,
  input logic             we_i,
  input logic [2:0]       waddr_i,
  input logic [Width-1:0] wdata_i,
  input logic [2:0]       raddr_i
);

  logic [Width-1:0] rdata_o;

  ram_1r1w #(
    .Width(Width),
    .Depth(Depth)
  ) dut (
    .clk_i  (clk_i),
    .we_i   (we_i),
    .waddr_i(waddr_i),
    .wdata_i(wdata_i),
    .raddr_i(raddr_i),
    .rdata_o(rdata_o)
  );

  // The memory's words themselves.
  (* hierconn *) logic [Width-1:0] \dut.mem[0] ;
  (* hierconn *) logic [Width-1:0] \dut.mem[1] ;
  (* hierconn *) logic [Width-1:0] \dut.mem[2] ;
  (* hierconn *) logic [Width-1:0] \dut.mem[3] ;
  (* hierconn *) logic [Width-1:0] \dut.mem[4] ;
  (* hierconn *) logic [Width-1:0] \dut.mem[5] ;
  (* hierconn *) logic [Width-1:0] \dut.mem[6] ;
  (* hierconn *) logic [Width-1:0] \dut.mem[7] ;
  logic [Width*Depth-1:0] words;
  assign words = {\dut.mem[7] , \dut.mem[6] , \dut.mem[5] , \dut.mem[4] ,
                  \dut.mem[3] , \dut.mem[2] , \dut.mem[1] , \dut.mem[0] };

  (* anyconst *) logic [2:0] address;
  logic [Width-1:0] last_q, read_q;
  logic             known_q = 1'b0, read_known_q = 1'b0, rewritten_q = 1'b0;

  always_ff @(posedge clk_i) begin
    if (we_i && waddr_i == address) begin
      last_q  <= wdata_i;
      known_q <= 1'b1;
    end
    read_known_q <= known_q && raddr_i == address && !(we_i && waddr_i == address);
    read_q       <= last_q;
    rewritten_q  <= known_q && we_i && waddr_i == address && wdata_i != last_q;
  end

  always_comb begin
    if (known_q) assert (words[Width*address +: Width] == last_q);
    if (read_known_q) assert (rdata_o == read_q);
    cover (read_known_q && rdata_o != '0 && address == 3'd5);
    cover (rewritten_q);
  end

endmodule
