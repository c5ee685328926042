// The table by which noise_gaussian gives noise its shape, in a block RAM that is only read. Contents:
// rtl/gaussian_table.hex, by way of settle_pkg, so that no tool has to find a file when it runs.
module gaussian_rom (
  input  logic        clk_i,
  input  logic [7:0]  addr_i,
  output logic [15:0] data_o   // a cycle later
);

  logic [15:0] mem [0:255];

  initial begin
    for (int i = 0; i < 256; i++) mem[i] = settle_pkg::GaussianTable[16*i +: 16];
  end

  always_ff @(posedge clk_i) data_o <= mem[addr_i];

endmodule
