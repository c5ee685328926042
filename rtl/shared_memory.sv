// One 16-bit memory for what is small or seldom read: bus words, noise gains, the schedule, and what the host reads
// back of layers and configuration. There is one read per cycle: of a segment, a gain, a word or the host's, the first
// of these that is asked for. Each kind has a place of its own in the memory.
//
// The configuration's fields are there from the start; a 32-bit number is two words, low one first.
module shared_memory #(
  parameter int Words = 64,          // bus words
  parameter int Gains = 16,
  parameter int Segments = 8,
  parameter int Layers = 2,
  // Places. Each begins at a multiple of its size, a power of two: an index can be put in by or.
  localparam int WordSize = 1 << $clog2(Words),
  localparam int FieldSize = 1 << $clog2(2 * settle_pkg::ConfigurationFields),
  localparam int GainSize = 1 << $clog2(Gains),
  localparam int SegmentSize = 4 << $clog2(Segments),   // steps, two words; window; none
  localparam int LayerSize = 8 << $clog2(Layers),
  localparam int FieldPlace = (WordSize + FieldSize - 1) / FieldSize * FieldSize,
  localparam int GainPlace = (FieldPlace + FieldSize + GainSize - 1) / GainSize * GainSize,
  localparam int SegmentPlace = (GainPlace + GainSize + SegmentSize - 1) / SegmentSize * SegmentSize,
  localparam int LayerPlace = (SegmentPlace + SegmentSize + LayerSize - 1) / LayerSize * LayerSize,
  localparam int Depth = LayerPlace + LayerSize,
  localparam int WordAddrW = settle_pkg::idx_width(Words),
  localparam int GainAddrW = settle_pkg::idx_width(Gains),
  localparam int SegmentW = settle_pkg::idx_width(Segments),
  localparam int AddrW = $clog2(Depth)
) (
  input  logic                  clk_i,
  // Host: an access to region_i, of which half_i is the half of the 32-bit word.
  input  logic [3:0]            region_i,
  input  logic [19:0]           host_word_i,
  input  logic                  half_i,
  input  logic                  host_we_i,          // granted, to a region that lives here
  input  logic [15:0]           host_wdata_i,
  // Readers: data a cycle later. Without any, the host's.
  input  logic                  word_read_i,
  input  logic [WordAddrW-1:0]  word_addr_i,
  input  logic                  gain_read_i,
  input  logic [GainAddrW-1:0]  gain_addr_i,
  input  logic                  segment_read_i,
  input  logic [SegmentW-1:0]   segment_addr_i,
  input  logic [1:0]            segment_part_i,
  output logic [15:0]           rdata_o,
  // Words as they are made.
  input  logic                  word_we_i,
  input  logic [WordAddrW-1:0]  word_waddr_i,
  input  logic [15:0]           word_wdata_i
);

  (* no_rw_check *) logic [15:0] mem [0:Depth-1];

  initial begin
    for (int i = 0; i < settle_pkg::ConfigurationFields; i++) begin
      mem[FieldPlace + 2*i]     = settle_pkg::ConfigurationWords[32*i +: 16];
      mem[FieldPlace + 2*i + 1] = settle_pkg::ConfigurationWords[32*i+16 +: 16];
    end
    for (int i = 2 * settle_pkg::ConfigurationFields; i < FieldSize; i++) mem[FieldPlace + i] = 16'd0;
  end

  logic [AddrW-1:0] host_half_addr, host_addr, raddr, waddr;

  assign host_half_addr = AddrW'({host_word_i, half_i});

  // A place's index is cut to its size: no access leads into another place.
  always_comb begin
    case (region_i)
      settle_pkg::RegionWord:          host_addr = AddrW'(host_word_i) & AddrW'(WordSize - 1);
      settle_pkg::RegionGain:          host_addr = AddrW'(GainPlace) | (AddrW'(host_word_i) & AddrW'(GainSize - 1));
      settle_pkg::RegionSegment:       host_addr = AddrW'(SegmentPlace) | (host_half_addr & AddrW'(SegmentSize - 1));
      settle_pkg::RegionLayer:         host_addr = AddrW'(LayerPlace) | (host_half_addr & AddrW'(LayerSize - 1));
      default:                         host_addr = AddrW'(FieldPlace) | (host_half_addr & AddrW'(FieldSize - 1));
    endcase
    raddr = host_addr;
    if (word_read_i) raddr = AddrW'(word_addr_i);
    if (gain_read_i) raddr = AddrW'(GainPlace) | AddrW'(gain_addr_i);
    if (segment_read_i) raddr = AddrW'(SegmentPlace) | AddrW'({segment_addr_i, segment_part_i});
  end

  assign waddr = word_we_i ? AddrW'(word_waddr_i) : host_addr;

  always_ff @(posedge clk_i) begin
    if (word_we_i || host_we_i) mem[waddr] <= word_we_i ? word_wdata_i : host_wdata_i;
    rdata_o <= mem[raddr];
  end

endmodule
