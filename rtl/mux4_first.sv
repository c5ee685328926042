// The first look-up table of mux4, a module of its own so that logic optimisers keep it as it is.
(* keep_hierarchy *)
module mux4_first #(
  parameter int Width = 16
) (
  input  logic [1:0]       select_i,
  input  logic [Width-1:0] value_0_i,
  input  logic [Width-1:0] value_1_i,
  output logic [Width-1:0] first_o
);

  assign first_o = select_i[1] ? {Width{select_i[0]}} : select_i[0] ? value_1_i : value_0_i;

endmodule
