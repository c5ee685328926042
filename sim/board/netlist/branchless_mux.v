// A choice by gates: jumps that a processor cannot foresee make the simulation slow.
(* techmap_celltype = "$_MUX_" *)
module _branchless_mux (
  input  A,
  input  B,
  input  S,
  output Y
);

  assign Y = A ^ (S & (A ^ B));

endmodule
