// Picks the value of one lane, for the host, who reads single words.
module lane_select #(
  parameter int Lanes = 4,
  parameter int Width = 16,
  localparam int LaneW = settle_pkg::idx_width(Lanes)
) (
  input  logic [LaneW-1:0]       lane_i,
  input  logic [Width*Lanes-1:0] values_i,
  output logic [Width-1:0]       value_o
);

  generate
    if (Lanes == 4) begin : gen_four
      mux4 #(
        .Width(Width)
      ) u_mux (
        .select_i (lane_i),
        .value_0_i(values_i[0 +: Width]),
        .value_1_i(values_i[Width +: Width]),
        .value_2_i(values_i[2*Width +: Width]),
        .value_3_i(values_i[3*Width +: Width]),
        .value_o  (value_o)
      );
    end else if (Lanes > 1) begin : gen_any
      assign value_o = values_i[Width*lane_i +: Width];
    end else begin : gen_one
      assign value_o = values_i;
      logic unused_lane;
      assign unused_lane = ^lane_i;
    end
  endgenerate

endmodule
