// The trace: an entry a step that is due, of two sums over the cells of the layers traced: overlap with a reference,
// and square. Sums arrive in turns, overlap first; add_i takes one.
module trace_memory #(
  parameter int Depth = 256,
  parameter int SumW = 48,
  localparam int AddrW = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             begin_i,      // of a step: both sums are zero
  input  logic             add_i,
  input  logic [SumW-1:0]  sum_i,
  input  logic             write_i,      // the entry is complete
  input  logic [AddrW-1:0] entry_i,
  // Host, data a cycle later.
  input  logic [AddrW-1:0] raddr_i,
  output logic [SumW-1:0]  overlap_o,
  output logic [SumW-1:0]  square_o
);

  logic [SumW-1:0] overlap_q, square_q;
  logic            square_next_q;

  always_ff @(posedge clk_i) begin
    if (begin_i) begin
      overlap_q     <= '0;
      square_q      <= '0;
      square_next_q <= 1'b0;
    end else if (add_i) begin
      square_next_q <= !square_next_q;
      if (square_next_q) square_q <= square_q + sum_i;
      else overlap_q <= overlap_q + sum_i;
    end
  end

  ram_1r1w #(
    .Width(2 * SumW),
    .Depth(Depth)
  ) u_entries (
    .clk_i  (clk_i),
    .we_i   (write_i),
    .waddr_i(entry_i),
    .wdata_i({square_q, overlap_q}),
    .raddr_i(raddr_i),
    .rdata_o({square_o, overlap_o})
  );

endmodule
