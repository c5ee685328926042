// Adds to a slot's addresses what depends on site and tap, in three stages of at most one product each; everything else
// of the slot goes along beside them.
//
//   coefficient row += (tap * count) * groups, or site * groups where each site has its own
//   state row       += site * groups            tap  = tap row * range width + tap column
//   word            += words' site * count      site = y * grid width + x
//
// groups: rows of a site; count: words of a site. Products are cut to the width of their address: the host keeps every
// address inside its memory. Side = 1: every site and tap is number 0; no stage, no product.
module slot_address #(
  parameter int Side = 3,
  parameter int Stages = 3,                  // what the sequencer reckons with: 3, or 0 for Side = 1
  parameter int RowW = 6,
  parameter int CoefRowW = 10,
  parameter int WordAddrW = 9,
  parameter int GroupsW = 3,
  parameter int CountW = 5,
  parameter int FlagW = 9,
  parameter int AsideW = 8,
  localparam int SideW = $clog2(Side + 1)
) (
  input  logic                 clk_i,
  input  logic                 rst_i,
  // Without site and tap.
  input  logic [CoefRowW-1:0]  coef_row_i,
  input  logic [RowW-1:0]      row_i,
  input  logic [RowW-1:0]      first_row_i,  // of the site, for neighbours
  input  logic [WordAddrW-1:0] word_addr_i,
  // Site and tap.
  input  logic [SideW-1:0]     site_y_i,
  input  logic [SideW-1:0]     site_x_i,
  input  logic [SideW-1:0]     grid_width_i,
  input  logic [SideW-1:0]     word_y_i,
  input  logic [SideW-1:0]     word_x_i,
  input  logic [SideW-1:0]     words_width_i,
  input  logic [3:0]           tap_row_i,
  input  logic [3:0]           tap_column_i,
  input  logic [3:0]           window_width_less_1_i,
  input  logic [GroupsW-1:0]   groups_i,
  input  logic [CountW-1:0]    count_i,
  input  logic                 by_tap_i,     // coefficients: one matrix per tap
  input  logic                 by_site_i,    // or one row per site
  // Everything else of the slot.
  input  logic [FlagW-1:0]     flags_i,      // zero after reset
  input  logic [AsideW-1:0]    aside_i,
  // Stage A.
  output logic [CoefRowW-1:0]  coef_row_o,
  output logic [RowW-1:0]      row_o,
  output logic [RowW-1:0]      first_row_o,
  output logic [WordAddrW-1:0] word_addr_o,
  output logic [FlagW-1:0]     flags_o,
  output logic [AsideW-1:0]    aside_o
);

  generate
    if (Stages != ((Side > 1) ? 3 : 0)) begin : gen_bad_stages
      // Elaboration stops here in every tool: there is no such module.
      error_slot_address_has_three_stages_or_none_for_side_1 u_error ();
    end

    if (Side > 1) begin : gen_products
      localparam int SiteW = $clog2(Side * Side);
      localparam int TapW = 8;
      localparam int FactorW = CoefRowW;

      // Numbers of site and tap.
      logic [SiteW-1:0]     site_1_q, word_site_1_q;
      logic [TapW-1:0]      tap_1_q;
      logic [GroupsW-1:0]   groups_1_q, groups_2_q;
      logic [CountW-1:0]    count_1_q;
      logic                 by_tap_1_q, by_site_1_q;
      // What is multiplied by the groups, and the two finished products.
      logic [FactorW-1:0]   factor_2_q;
      logic [RowW-1:0]      site_rows_2_q;
      logic [WordAddrW-1:0] site_words_2_q;

      logic [CoefRowW-1:0]  coef_row_1_q, coef_row_2_q;
      logic [RowW-1:0]      row_1_q, row_2_q, first_row_1_q, first_row_2_q;
      logic [WordAddrW-1:0] word_addr_1_q, word_addr_2_q;
      logic [FlagW-1:0]     flags_1_q, flags_2_q;
      logic [AsideW-1:0]    aside_1_q, aside_2_q;

      always_ff @(posedge clk_i) begin
        site_1_q      <= SiteW'(site_y_i) * SiteW'(grid_width_i) + SiteW'(site_x_i);
        word_site_1_q <= SiteW'(word_y_i) * SiteW'(words_width_i) + SiteW'(word_x_i);
        tap_1_q       <= TapW'(tap_row_i) * (TapW'(window_width_less_1_i) + TapW'(1)) + TapW'(tap_column_i);
        groups_1_q    <= groups_i;
        count_1_q     <= count_i;
        by_tap_1_q    <= by_tap_i;
        by_site_1_q   <= by_site_i;
        coef_row_1_q  <= coef_row_i;
        row_1_q       <= row_i;
        first_row_1_q <= first_row_i;
        word_addr_1_q <= word_addr_i;
        aside_1_q     <= aside_i;

        factor_2_q     <= by_tap_1_q  ? FactorW'(tap_1_q) * FactorW'(count_1_q)
                        : by_site_1_q ? FactorW'(site_1_q)
                        : '0;
        site_rows_2_q  <= RowW'(site_1_q) * RowW'(groups_1_q);
        site_words_2_q <= WordAddrW'(word_site_1_q) * WordAddrW'(count_1_q);
        groups_2_q     <= groups_1_q;
        coef_row_2_q   <= coef_row_1_q;
        row_2_q        <= row_1_q;
        first_row_2_q  <= first_row_1_q;
        word_addr_2_q  <= word_addr_1_q;
        aside_2_q      <= aside_1_q;

        coef_row_o  <= coef_row_2_q + CoefRowW'(factor_2_q) * CoefRowW'(groups_2_q);
        row_o       <= row_2_q + site_rows_2_q;
        first_row_o <= first_row_2_q + site_rows_2_q;
        word_addr_o <= word_addr_2_q + site_words_2_q;
        aside_o     <= aside_2_q;

        if (rst_i) begin
          flags_1_q <= '0;
          flags_2_q <= '0;
          flags_o   <= '0;
        end else begin
          flags_1_q <= flags_i;
          flags_2_q <= flags_1_q;
          flags_o   <= flags_2_q;
        end
      end

      // Few coefficients or words: numbers of sites and taps are wider than their addresses.
      logic unused_bits;
      assign unused_bits = ^{site_1_q, word_site_1_q, tap_1_q};
    end else begin : gen_straight
      assign coef_row_o  = coef_row_i;
      assign row_o       = row_i;
      assign first_row_o = first_row_i;
      assign word_addr_o = word_addr_i;
      assign flags_o     = flags_i;
      assign aside_o     = aside_i;
      logic unused_inputs;
      assign unused_inputs = ^{clk_i, rst_i, site_y_i, site_x_i, grid_width_i, word_y_i, word_x_i, words_width_i,
                               tap_row_i, tap_column_i, window_width_less_1_i, groups_i, count_i, by_tap_i, by_site_i};
    end
  endgenerate

endmodule
