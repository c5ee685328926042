// The program: four words an operation (fields: rtl/registers.json), written by the host one word at a time, read by
// the sequencer one operation at a time, a cycle after the address. Only bits that the configuration can use are
// stored; the others read as 0.
module program_memory #(
  parameter int Depth = 32,             // operations
  parameter int CoefficientBits = 12,   // of word 1
  parameter int WordBits = 8,           // of word 2
  parameter int WindowBits = 22,        // of word 3; 0: no grids, no such word
  localparam int PcW = (Depth > 1) ? $clog2(Depth) : 1
) (
  input  logic           clk_i,
  input  logic           we_i,
  input  logic [1:0]     part_i,
  input  logic [PcW-1:0] waddr_i,
  input  logic [31:0]    wdata_i,
  input  logic [PcW-1:0] raddr_i,
  output logic [127:0]   op_o
);

  generate
    if (CoefficientBits < 1 || CoefficientBits > 32 || WordBits < 1 || WordBits > 32 || WindowBits < 0 ||
        WindowBits > 32) begin : gen_bad_bits
      // Elaboration stops here in every tool: there is no such module.
      error_a_program_word_has_1_to_32_bits u_error ();
    end
    for (genvar p = 0; p < 4; p++) begin : gen_part
      localparam int Bits = (p == 0) ? 32 : (p == 1) ? CoefficientBits : (p == 2) ? WordBits : WindowBits;
      if (Bits > 0) begin : gen_stored
        logic [Bits-1:0] rdata;
        ram_1r1w #(
          .Width(Bits),
          .Depth(Depth)
        ) u_words (
          .clk_i  (clk_i),
          .we_i   (we_i && part_i == 2'(p)),
          .waddr_i(waddr_i),
          .wdata_i(wdata_i[Bits-1:0]),
          .raddr_i(raddr_i),
          .rdata_o(rdata)
        );
        assign op_o[32*p +: 32] = 32'(rdata);
      end else begin : gen_absent
        assign op_o[32*p +: 32] = 32'd0;
      end
    end
  endgenerate

endmodule
