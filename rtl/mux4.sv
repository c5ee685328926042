// One of four values, in two look-up tables of four inputs per bit: select_i[1] turns the first one's answer into
// select_i[0], which then is the second one's select. Logic optimisers would make three of them; the module boundary of
// mux4_first keeps them from it.
module mux4 #(
  parameter int Width = 16
) (
  input  logic [1:0]       select_i,
  input  logic [Width-1:0] value_0_i,
  input  logic [Width-1:0] value_1_i,
  input  logic [Width-1:0] value_2_i,
  input  logic [Width-1:0] value_3_i,
  output logic [Width-1:0] value_o
);

  logic [Width-1:0] first;

  mux4_first #(
    .Width(Width)
  ) u_first (
    .select_i (select_i),
    .value_0_i(value_0_i),
    .value_1_i(value_1_i),
    .first_o  (first)
  );

  assign value_o = !select_i[1] ? first : (first & value_3_i) | (~first & value_2_i);

endmodule
