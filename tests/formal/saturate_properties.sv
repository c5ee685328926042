// saturate: the nearest value, and the flag exactly where it is another one.
module saturate_properties #(
  parameter int InW = 17,
  parameter int OutW = 16
) (
  input logic [InW-1:0] value_i
);

  logic [OutW-1:0] value_o;
  logic            saturated_o;

  saturate #(
    .InW (InW),
    .OutW(OutW)
  ) dut (
    .value_i    (value_i),
    .value_o    (value_o),
    .saturated_o(saturated_o)
  );

  logic signed [InW:0] exact, result, highest, lowest;
  assign exact   = $signed(value_i);
  assign result  = $signed(value_o);
  assign highest = $signed((InW+1)'(1) << (OutW - 1)) - 1;
  assign lowest  = -highest - 1;

  always_comb begin
    if (exact > highest) assert (result == highest && saturated_o);
    else if (exact < lowest) assert (result == lowest && saturated_o);
    else assert (result == exact && !saturated_o);
    cover (saturated_o && exact < lowest);
    cover (saturated_o && exact > highest);
    cover (!saturated_o && exact < 0);
  end

endmodule
