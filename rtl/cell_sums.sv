// Sums over cells, made of the lanes' products: bus words, which go to their addresses, and the sums of the trace,
// which are kept here for the host.
//
// Stages are those of a slot (see settle_array): address and marks come in stage A, the products in stage D.
module cell_sums #(
  localparam int Lanes = settle_pkg::Lanes,
  localparam bit Grid = (settle_pkg::Side > 1),
  localparam int ProjW = settle_pkg::ProjW,
  localparam int WordAddrW = settle_pkg::idx_width(settle_pkg::Words),
  localparam int TraceAddrW = $clog2(settle_pkg::TraceDepth)
) (
  input  logic                  clk_i,
  input  logic                  rst_i,
  // Stage A: the word's address, the slot's part in a word or in a sum of the trace (see projection).
  input  logic [WordAddrW-1:0]  word_addr_i,
  input  logic                  first_i,
  input  logic                  last_i,
  input  logic                  null_i,
  input  logic                  trace_i,
  input  logic [3:0]            gain_i,
  input  logic [1:0]            mean_i,
  // Stage D.
  input  logic                  valid_i,
  input  logic [32*Lanes-1:0]   products_i,
  // Words as they are made, sign-extended.
  output logic                  word_valid_o,
  output logic [WordAddrW-1:0]  word_addr_o,
  output logic [15:0]           word_o,
  output logic                  word_saturated_o,
  // Trace: the step that begins has an entry (with trace_due_i a cycle later), entry_i.
  input  logic                  step_begin_i,
  input  logic                  trace_due_i,
  input  logic [TraceAddrW-1:0] entry_i,
  // Host, while nothing runs; data a cycle later.
  input  logic                  read_i,
  input  logic [TraceAddrW+1:0] read_word_i,       // four 32-bit words per entry: rtl/registers.json
  input  logic                  read_half_i,
  output logic [15:0]           read_data_o
);

  // ---- A slot's part in a sum, from stage A to its products.
  typedef struct packed {
    logic       first;
    logic       last;
    logic       no_product;
    logic       of_trace;
    logic [3:0] gain;
    logic [1:0] mean;
  } part_t;

  part_t part_a, part_b, part_c, part_d;

  assign part_a = {first_i, last_i, null_i, trace_i, gain_i, mean_i};

  always_ff @(posedge clk_i) begin
    part_b <= part_a;
    part_c <= part_b;
    part_d <= part_c;
  end

  // ---- Sums, and the words made of them.
  localparam int WordDelay = 3 + $clog2(Lanes) + 2;  // cycles from stage A to the word's arrival
  logic                           trace_valid;
  logic [ProjW-1:0]               sum;
  logic [settle_pkg::WordW-1:0]   word;
  logic [WordAddrW*WordDelay-1:0] word_addr_pipe;

  projection #(
    .Lanes       (Lanes),
    .ProjW       (ProjW),
    .WordW       (settle_pkg::WordW),
    .Drop        (settle_pkg::CoefFrac + settle_pkg::OperandFrac - settle_pkg::WordFrac),
    .WordGainBits(settle_pkg::WordGainBits),
    .Grid        (Grid ? 1 : 0),
    .MaxProducts (Grid ? 0 : settle_pkg::SiteCells),
    .RoundHalfUp (settle_pkg::RoundHalfUp)
  ) u_projection (
    .clk_i           (clk_i),
    .rst_i           (rst_i),
    .products_i      (products_i),
    .valid_i         (valid_i),
    .first_i         (part_d.first),
    .last_i          (part_d.last),
    .null_i          (part_d.no_product),
    .trace_i         (part_d.of_trace),
    .gain_i          (part_d.gain),
    .mean_i          (part_d.mean),
    .word_valid_o    (word_valid_o),
    .word_o          (word),
    .word_saturated_o(word_saturated_o),
    .trace_valid_o   (trace_valid),
    .sum_o           (sum)
  );

  always_ff @(posedge clk_i) word_addr_pipe <= {word_addr_pipe[WordAddrW*(WordDelay-1)-1:0], word_addr_i};
  assign word_addr_o = word_addr_pipe[WordAddrW*(WordDelay-1) +: WordAddrW];
  assign word_o      = 16'($signed(word));

  // ---- Trace. It is due from the step's beginning on: the entry is zero before the first sum comes.
  logic trace_begin_q;
  always_ff @(posedge clk_i) trace_begin_q <= step_begin_i && !rst_i;

  trace_memory #(
    .Depth(settle_pkg::TraceDepth),
    .SumW (ProjW)
  ) u_trace (
    .clk_i        (clk_i),
    .rst_i        (rst_i),
    .begin_i      (trace_begin_q && trace_due_i),
    .add_i        (trace_valid),
    .sum_i        (sum),
    .entry_i      (entry_i),
    .read_i       (read_i),
    .read_entry_i (read_word_i[TraceAddrW+1:2]),
    .read_square_i(read_word_i[1]),
    .read_word_i  (read_word_i[0] ? 2'd2 : {1'b0, read_half_i}),
    .read_data_o  (read_data_o)
  );

endmodule
