// Says which taps of a window over a grid, counted from 0 on one of its axes, lead into the grid. Combinational.
//
// Tap i leads to position + offset + i or, reversed, to position - offset - i. Those inside 0 .. extent - 1 are a run
// first_o .. last_o of taps, or none (empty_o; first_o and last_o then mean nothing). Limits: position < extent,
// whenever the answer is used: grid_walk, which has a clock, checks it.
module tap_range #(
  parameter int Side = 3,                   // largest extent
  localparam int SideW = $clog2(Side + 1)
) (
  input  logic [SideW-1:0] position_i,
  input  logic [SideW-1:0] extent_i,
  input  logic [3:0]       offset_i,        // signed
  input  logic [3:0]       taps_less_1_i,
  input  logic             reverse_i,
  output logic [3:0]       first_o,
  output logic [3:0]       last_o,
  output logic             empty_o,
  // Where a tap leads, if it leads into the grid.
  input  logic [3:0]       tap_i,
  output logic [SideW-1:0] place_o
);

  // Wide enough for position + offset + taps, and for the 4-bit numbers beside them.
  localparam int W = ((SideW > 4) ? SideW : 4) + 3;

  generate
    if (Side < 1) begin : gen_bad_side
      // Elaboration stops here in every tool: there is no such module.
      error_side_must_be_at_least_1 u_error ();
    end
  endgenerate

  logic signed [W-1:0] position, highest, offset, start, room, below, taps_less_1, last, tap, place;

  // Seen from its other end, a reversed axis is a forward one: both have the same run of taps.
  assign position    = W'(position_i);
  assign highest     = W'(extent_i) - W'(1);
  assign offset      = W'($signed(offset_i));
  assign taps_less_1 = W'(taps_less_1_i);
  assign tap         = W'(tap_i);
  assign start       = reverse_i ? (highest - position) + offset : position + offset;  // where tap 0 leads
  assign below       = start[W-1] ? -start : W'(0);                                    // taps before the grid
  assign room        = highest - start;                                                // tap at its far end
  assign last        = (room < taps_less_1) ? room : taps_less_1;

  assign first_o = below[3:0];
  assign last_o  = last[3:0];
  assign empty_o = (last < below);
  assign place   = reverse_i ? position - offset - tap : position + offset + tap;
  assign place_o = place[SideW-1:0];

  logic unused_bits;
  assign unused_bits = ^{below, last, place};

endmodule
