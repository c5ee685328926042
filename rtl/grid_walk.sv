// Keeps where an operation stands in a layer's grid: the current site, in it a site of the 2 x 2 block, for that a tap
// of the range. The sequencer says when to move on; only sites and taps that exist are visited, in raster order.
//
// Outputs hold for the operation and the layer at the inputs, in the same cycle. A walk is over with last_tap_o,
// last_block_o and last_site_o; moving on from there leads back to its beginning. A range that leads nowhere (empty_o)
// counts as one tap. Side = 1: one site, one tap; nothing of all this is built. Limits: height and width from 1 to
// Side, and the same during a walk; to the next block site only from a last tap, within blocks to the next site only
// from the last block site; with Side = 1 no tap range, block, mean or half.
//
// project walks the words' grid (the layer's, or with block the one of half its sides, rounded up) and reads the states
// of site - offset; bus walks the layer's grid and reads the words of site + offset, or with half of half of that.
module grid_walk #(
  parameter int Side = 3,                    // most rows and most columns
  localparam int SideW = $clog2(Side + 1)
) (
  input  logic             clk_i,
  input  logic             restart_i,
  // Layer and operation.
  input  logic [SideW-1:0] height_i,
  input  logic [SideW-1:0] width_i,
  input  logic             project_i,
  input  logic             block_i,
  input  logic             mean_i,
  input  logic             odd_rows_i,
  input  logic             odd_columns_i,
  input  logic             half_i,
  input  logic [3:0]       top_i,            // signed
  input  logic [3:0]       left_i,           // signed
  input  logic [3:0]       rows_less_1_i,
  input  logic [3:0]       columns_less_1_i,
  // Moves at the clock edge.
  input  logic             next_tap_i,
  input  logic             next_block_i,
  input  logic             next_site_i,
  // Where the walk stands.
  output logic             first_site_o,
  output logic             last_site_o,
  output logic             first_tap_o,      // first tap of the site's first block site
  output logic             last_tap_o,
  output logic             last_block_o,
  output logic             empty_o,
  output logic [1:0]       mean_shift_o,     // log2 of the sites in the words' site, if the mean is wanted
  output logic [SideW-1:0] site_y_o,         // whose states are read
  output logic [SideW-1:0] site_x_o,
  output logic [SideW-1:0] word_y_o,         // whose words are read or written
  output logic [SideW-1:0] word_x_o,
  output logic [SideW-1:0] words_width_o,    // of their grid
  output logic [3:0]       tap_row_o,
  output logic [3:0]       tap_column_o
);

  generate
    if (Side > 1) begin : gen_grid
      logic [SideW-1:0] y_q, x_q;            // on the words' grid
      logic             block_y_q, block_x_q;
      logic             tap_begun_q;         // the two below are the current tap; otherwise it is the first one
      logic [3:0]       tap_y_q, tap_x_q;

      logic [SideW-1:0] half_height, half_width, rows, columns, centre_y, centre_x, place_y, place_x;
      logic             in_blocks, last_row, last_column, block_y_last, block_x_last;
      logic [3:0]       first_y, last_y, first_x, last_x, tap_y, tap_x;
      logic             empty_y, empty_x, tap_row_ends;

      assign half_height = SideW'(({1'b0, height_i} + (SideW+1)'(1)) >> 1);
      assign half_width  = SideW'(({1'b0, width_i} + (SideW+1)'(1)) >> 1);
      assign in_blocks   = project_i && block_i;
      assign rows        = in_blocks ? half_height : height_i;
      assign columns     = in_blocks ? half_width : width_i;
      assign last_row    = (y_q + SideW'(1) == rows);
      assign last_column = (x_q + SideW'(1) == columns);

      // A block at an odd edge has one row or one column.
      assign centre_y     = in_blocks ? SideW'({y_q, block_y_q}) : y_q;
      assign centre_x     = in_blocks ? SideW'({x_q, block_x_q}) : x_q;
      assign block_y_last = block_y_q || !in_blocks || (last_row && height_i[0]);
      assign block_x_last = block_x_q || !in_blocks || (last_column && width_i[0]);

      tap_range #(
        .Side(Side)
      ) u_rows (
        .position_i   (centre_y),
        .extent_i     (height_i),
        .offset_i     (top_i),
        .taps_less_1_i(rows_less_1_i),
        .reverse_i    (project_i),
        .first_o      (first_y),
        .last_o       (last_y),
        .empty_o      (empty_y),
        .tap_i        (tap_y),
        .place_o      (place_y)
      );

      tap_range #(
        .Side(Side)
      ) u_columns (
        .position_i   (centre_x),
        .extent_i     (width_i),
        .offset_i     (left_i),
        .taps_less_1_i(columns_less_1_i),
        .reverse_i    (project_i),
        .first_o      (first_x),
        .last_o       (last_x),
        .empty_o      (empty_x),
        .tap_i        (tap_x),
        .place_o      (place_x)
      );

      assign tap_y        = tap_begun_q ? tap_y_q : first_y;
      assign tap_x        = tap_begun_q ? tap_x_q : first_x;
      assign tap_row_ends = (tap_x == last_x);
      assign empty_o      = empty_y || empty_x;
      assign last_tap_o   = empty_o || (tap_row_ends && tap_y == last_y);
      assign last_block_o = block_y_last && block_x_last;
      assign last_site_o  = last_row && last_column;
      assign first_site_o = (y_q == '0) && (x_q == '0);
      assign first_tap_o  = !tap_begun_q && !block_y_q && !block_x_q;
      assign mean_shift_o = mean_i ? 2'(!(odd_rows_i && last_row)) + 2'(!(odd_columns_i && last_column)) : 2'd0;

      assign site_y_o      = project_i ? place_y : y_q;
      assign site_x_o      = project_i ? place_x : x_q;
      assign word_y_o      = project_i ? y_q : half_i ? place_y >> 1 : place_y;
      assign word_x_o      = project_i ? x_q : half_i ? place_x >> 1 : place_x;
      assign words_width_o = project_i ? columns : half_i ? half_width : width_i;
      assign tap_row_o     = tap_y;
      assign tap_column_o  = tap_x;

      assert_limit u_place_in_the_grid (
        .clk_i  (clk_i),
        .rst_i  (restart_i),
        .holds_i(!next_tap_i || (centre_y < height_i && centre_x < width_i && 32'(height_i) < 32'(Side + 1) &&
                                 32'(width_i) < 32'(Side + 1)))
      );

      assert_limit u_blocks_and_sites_follow_their_last_tap (
        .clk_i  (clk_i),
        .rst_i  (restart_i),
        .holds_i((!next_block_i || (next_tap_i && last_tap_o)) &&
                 (!next_site_i || !in_blocks || (next_block_i && last_block_o)))
      );

      always_ff @(posedge clk_i) begin
        if (next_tap_i) begin
          tap_begun_q <= !last_tap_o;
          tap_x_q     <= tap_row_ends ? first_x : tap_x + 4'd1;
          tap_y_q     <= tap_row_ends ? tap_y + 4'd1 : tap_y;
        end
        if (next_block_i) begin
          block_x_q <= !block_x_last;
          if (block_x_last) block_y_q <= !block_y_last;
        end
        if (next_site_i) begin
          x_q <= last_column ? '0 : x_q + SideW'(1);
          if (last_column) y_q <= last_row ? '0 : y_q + SideW'(1);
        end
        if (restart_i) begin
          y_q         <= '0;
          x_q         <= '0;
          block_y_q   <= 1'b0;
          block_x_q   <= 1'b0;
          tap_begun_q <= 1'b0;
        end
      end
    end else begin : gen_one_site
      assign first_site_o  = 1'b1;
      assign last_site_o   = 1'b1;
      assign first_tap_o   = 1'b1;
      assign last_tap_o    = 1'b1;
      assign last_block_o  = 1'b1;
      assign empty_o       = 1'b0;
      assign mean_shift_o  = 2'd0;
      assign site_y_o      = '0;
      assign site_x_o      = '0;
      assign word_y_o      = '0;
      assign word_x_o      = '0;
      assign words_width_o = SideW'(1);
      assign tap_row_o     = 4'd0;
      assign tap_column_o  = 4'd0;

      assert_limit u_no_window_on_one_site (
        .clk_i  (clk_i),
        .rst_i  (restart_i),
        .holds_i(!next_tap_i || {block_i, mean_i, half_i, top_i, left_i, rows_less_1_i, columns_less_1_i} == '0)
      );

      logic unused_inputs;
      assign unused_inputs = ^{clk_i, restart_i, height_i, width_i, project_i, block_i, mean_i, odd_rows_i,
                               odd_columns_i, half_i, top_i, left_i, rows_less_1_i, columns_less_1_i, next_tap_i,
                               next_block_i, next_site_i};
    end
  endgenerate

endmodule
