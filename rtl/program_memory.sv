// The program of a step: operations of the fields in rtl/registers.json, written by the host one 32-bit part at a time,
// read by the sequencer one operation at a time, a cycle after the address. Only bits that the configuration can use
// are stored, side by side in one memory; the others read as 0.
module program_memory #(
  parameter int Depth = 32,             // operations
  parameter int GainBits = 4,           // of part 0: gain,
  parameter int LayerBits = 1,          //   layer
  parameter int CountBits = 5,          //   and count
  parameter int CoefficientBits = 12,   // of part 1
  parameter int WordBits = 8,           // of part 2
  parameter int WindowBits = 22,        // of part 3
  localparam int PcW = settle_pkg::idx_width(Depth)
) (
  input  logic           clk_i,
  input  logic           we_i,
  input  logic [1:0]     part_i,
  input  logic [PcW-1:0] waddr_i,
  input  logic [31:0]    wdata_i,
  input  logic [PcW-1:0] raddr_i,
  output logic [127:0]   op_o
);

  localparam int HeadBits = settle_pkg::OpCodeW + settle_pkg::OpLastW;   // the lowest fields, always there
  localparam int FirstBits = HeadBits + GainBits + LayerBits + CountBits;
  localparam int Bits = FirstBits + CoefficientBits + WordBits + WindowBits;

  generate
    if (GainBits < 1 || GainBits > settle_pkg::OpGainW || LayerBits < 1 || LayerBits > settle_pkg::OpLayerW ||
        CountBits < 1 || CountBits > settle_pkg::OpCountW || CoefficientBits < 1 || CoefficientBits > 32 ||
        WordBits < 1 || WordBits > 32 || WindowBits < 1 || WindowBits > 32) begin : gen_bad_bits
      // Elaboration stops here in every tool: there is no such module.
      error_a_field_has_1_bit_to_all_of_its_bits u_error ();
    end
  endgenerate

  localparam int CoefficientLsb = FirstBits;
  localparam int WordLsb = CoefficientLsb + CoefficientBits;
  localparam int WindowLsb = WordLsb + WordBits;

  (* no_rw_check *) logic [Bits-1:0] mem [0:Depth-1];
  logic [Bits-1:0]            row_q;
  logic [GainBits-1:0]        gain;
  logic [LayerBits-1:0]       layer;
  logic [CountBits-1:0]       count;
  logic [CoefficientBits-1:0] coefficient;
  logic [WordBits-1:0]        word;
  logic [WindowBits-1:0]      window;
  logic [HeadBits-1:0]        head;

  always_ff @(posedge clk_i) begin
    if (we_i && part_i == 2'd0) begin
      mem[waddr_i][0 +: FirstBits] <=
          {wdata_i[settle_pkg::OpCountLsb +: CountBits], wdata_i[settle_pkg::OpLayerLsb +: LayerBits],
           wdata_i[settle_pkg::OpGainLsb +: GainBits], wdata_i[HeadBits-1:0]};
    end
    if (we_i && part_i == 2'd1) mem[waddr_i][CoefficientLsb +: CoefficientBits] <= wdata_i[CoefficientBits-1:0];
    if (we_i && part_i == 2'd2) mem[waddr_i][WordLsb +: WordBits] <= wdata_i[WordBits-1:0];
    if (we_i && part_i == 2'd3) mem[waddr_i][WindowLsb +: WindowBits] <= wdata_i[WindowBits-1:0];
    row_q <= mem[raddr_i];
  end

  assign {window, word, coefficient, count, layer, gain, head} = row_q;
  assign op_o = {32'(window), 32'(word), 32'(coefficient), settle_pkg::OpCountW'(count), settle_pkg::OpLayerW'(layer),
                 settle_pkg::OpGainW'(gain), head};

  logic unused_bits;
  assign unused_bits = ^wdata_i;

endmodule
