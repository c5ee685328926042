// Where a slot finds its coefficients, its word and its cells, but for what depends on site and tap: slot_address adds
// that later, from the numbers that leave here beside the addresses. The coefficient row follows from group and word by
// additions alone.
//
// sequencer decides on a slot (issue_i, with the operation and where it stands); the outputs show the slot a cycle
// later, as sequencer's own do. Rows are those of memories of one word per lane. Limits: with issue_i, a site has at
// least one group and no part of one.
module address_generator #(
  parameter int Lanes = 4,
  parameter int Side = 1,
  parameter int Rows = 32,
  parameter int SiteCells = 64,
  parameter int CoefRowW = 10,
  parameter int WordAddrW = 6,
  parameter int CountW = 5,
  localparam int RowW = settle_pkg::idx_width(Rows),
  localparam int CellW = $clog2(SiteCells + 1),
  localparam int GroupsW = $clog2(SiteCells / Lanes + 1),
  localparam int SideW = $clog2(Side + 1)
) (
  input  logic                 clk_i,
  // The slot that is decided.
  input  logic                 issue_i,
  input  logic [127:0]         op_i,
  input  logic [GroupsW-1:0]   group_i,            // row of the site
  input  logic [CountW-1:0]    count_i,            // word, or trace sum, of the operation
  input  logic                 sum_first_i,        // the first slot of a sum
  // Its layer.
  input  logic [RowW-1:0]      layer_first_row_i,
  input  logic [CellW-1:0]     site_cells_i,
  input  logic [SideW-1:0]     width_i,
  // Its place in the layer's grid: see grid_walk.
  input  logic                 first_tap_i,
  input  logic [SideW-1:0]     site_y_i,
  input  logic [SideW-1:0]     site_x_i,
  input  logic [SideW-1:0]     word_y_i,
  input  logic [SideW-1:0]     word_x_i,
  input  logic [SideW-1:0]     words_width_i,
  input  logic [3:0]           tap_row_i,
  input  logic [3:0]           tap_column_i,
  // Addresses.
  output logic [CoefRowW-1:0]  coef_row_o,
  output logic [RowW-1:0]      row_o,
  output logic [RowW-1:0]      first_row_o,        // of the site
  output logic [WordAddrW-1:0] word_addr_o,
  output logic [CellW-1:0]     rows_down_o,        // of a neighbour, from the cell itself
  output logic [CellW-1:0]     columns_right_o,
  // What they lack: see slot_address.
  output logic [SideW-1:0]     site_y_o,
  output logic [SideW-1:0]     site_x_o,
  output logic [SideW-1:0]     grid_width_o,
  output logic [SideW-1:0]     word_y_o,
  output logic [SideW-1:0]     word_x_o,
  output logic [SideW-1:0]     words_width_o,
  output logic [3:0]           tap_row_o,
  output logic [3:0]           tap_column_o,
  output logic [3:0]           window_width_less_1_o,
  output logic [GroupsW-1:0]   groups_o,           // rows of a site
  output logic [CountW-1:0]    count_o,            // words of a site
  output logic                 by_tap_o,
  output logic                 by_site_o
);

  localparam bit Grid = (Side > 1);

  // ---- The operation.
  logic [3:0]         code;
  logic [15:0]        op_count;
  logic [19:0]        op_coefficient, op_word;
  logic               is_trace, is_project, is_sum;
  logic [GroupsW-1:0] groups;

  assign code           = op_i[settle_pkg::OpCodeLsb +: settle_pkg::OpCodeW];
  assign op_count       = op_i[settle_pkg::OpCountLsb +: settle_pkg::OpCountW];
  assign op_coefficient = op_i[settle_pkg::OpCoefficientLsb +: settle_pkg::OpCoefficientW];
  assign op_word        = op_i[settle_pkg::OpWordLsb +: settle_pkg::OpWordW];
  assign is_trace       = (code == settle_pkg::OpTrace);
  assign is_project     = (code == settle_pkg::OpProject);
  assign is_sum         = is_trace || is_project;
  assign groups         = GroupsW'(site_cells_i >> $clog2(Lanes));

  // ---- Coefficient row. A project operation takes group after group of a word, and word after word; an update takes
  // the words of one group, each of them `groups` rows after the one before.
  logic [CoefRowW-1:0]  coef_begin, coef_add, coef_row_d, coef_row_q, word_coef_row_q;
  logic                 coef_first, word_again;

  assign coef_first = is_trace ? sum_first_i : (count_i == '0) && (!is_project || group_i == '0);
  // With grids every tap takes a word's row from its first group on; without, that is the row that comes next.
  assign word_again = Grid && is_project && group_i == '0;

  always_comb begin
    coef_begin = coef_row_q;
    if (word_again) coef_begin = word_coef_row_q;
    if (coef_first) coef_begin = CoefRowW'(op_coefficient / 20'(Lanes));
    if (is_sum) begin
      coef_add = CoefRowW'(!coef_first);
      if (word_again) coef_add = (!coef_first && first_tap_i) ? CoefRowW'(groups) : '0;
    end else begin
      coef_add = coef_first ? CoefRowW'(group_i) : CoefRowW'(groups);
    end
  end

  assign coef_row_d = coef_begin + coef_add;

  // ---- The slot.
  always_ff @(posedge clk_i) begin
    // Between slots the place stays: a lane looks at its state for a while.
    if (issue_i) begin
      coef_row_q   <= coef_row_d;
      word_addr_o  <= WordAddrW'(op_word) + WordAddrW'(count_i);
      row_o        <= layer_first_row_i + RowW'(group_i);
      first_row_o  <= layer_first_row_i;
      site_y_o     <= site_y_i;
      site_x_o     <= site_x_i;
      grid_width_o <= width_i;
      groups_o     <= groups;
      if (is_project && group_i == '0) word_coef_row_q <= coef_row_d;
    end
    rows_down_o           <= CellW'(op_word);
    columns_right_o       <= CellW'(op_count);
    word_y_o              <= word_y_i;
    word_x_o              <= word_x_i;
    words_width_o         <= words_width_i;
    tap_row_o             <= tap_row_i;
    tap_column_o          <= tap_column_i;
    window_width_less_1_o <= op_i[settle_pkg::OpWidthLsb +: settle_pkg::OpWidthW];
    count_o               <= CountW'(op_count);
    by_tap_o              <= is_project || (code == settle_pkg::OpBus);
    by_site_o             <= (code == settle_pkg::OpLayer) && op_i[settle_pkg::OpPerSiteLsb];
  end

  assign coef_row_o = coef_row_q;

  assert_limit u_site_of_whole_groups (
    .clk_i  (clk_i),
    .rst_i  (1'b0),
    .holds_i(!issue_i || (site_cells_i != '0 && 32'(site_cells_i) % 32'(Lanes) == '0))
  );

  logic unused_bits;
  assign unused_bits = ^{op_i, op_word, op_count};

endmodule
