// Nearest OutW-bit signed value of an InW-bit signed one. The check looks at sign bits only: no wide comparison.
module saturate #(
  parameter int InW = 32,
  parameter int OutW = 16
) (
  input  logic [InW-1:0]  value_i,
  output logic [OutW-1:0] value_o,
  output logic            saturated_o
);

  logic [InW-OutW:0] upper;  // every bit from the result's sign upwards: all alike if the value fits

  assign upper       = value_i[InW-1:OutW-1];
  assign saturated_o = (upper != '0) && (upper != {(InW-OutW+1){1'b1}});
  assign value_o     = !saturated_o ? value_i[OutW-1:0] : {value_i[InW-1], {(OutW-1){!value_i[InW-1]}}};

endmodule
