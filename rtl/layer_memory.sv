// Where every layer lies among the cells, and its shape (words: rtl/registers.json), in registers: written by the host,
// read by the sequencer in the same cycle. First cell and cells of a site are multiples of Lanes (address_generator
// checks it when a layer is used). Side = 1: every layer is one site, its height and width are not stored and read as
// 1; Neighbours = 0: nor is its torus, which reads as 0.
module layer_memory #(
  parameter int Lanes = 4,
  parameter int Layers = 2,
  parameter int Side = 1,
  parameter int Neighbours = 1,
  parameter int Rows = 32,
  parameter int SiteCells = 64,
  localparam int RowW = settle_pkg::idx_width(Rows),
  localparam int CellW = $clog2(SiteCells + 1),
  localparam int SideW = $clog2(Side + 1),
  localparam int LayerW = settle_pkg::idx_width(Layers)
) (
  input  logic              clk_i,
  // Host.
  input  logic              we_i,
  input  logic [1:0]        part_i,
  input  logic [LayerW-1:0] addr_i,
  input  logic [31:0]       wdata_i,
  // Sequencer.
  input  logic [LayerW-1:0] layer_i,
  output logic [RowW-1:0]   first_row_o,
  output logic [CellW-1:0]  site_cells_o,
  input  logic [CellW-1:0]  cell_i,
  output logic              site_ends_o,     // at cell_i; compared in every layer, then selected
  output logic [SideW-1:0]  height_o,
  output logic [SideW-1:0]  width_o,
  output logic [3:0]        columns_log2_o,  // of the torus within a site
  output logic [CellW-1:0]  rows_o
);

  logic [RowW-1:0]   first_row_q [0:Layers-1];
  logic [CellW-1:0]  site_cells_q [0:Layers-1];
  logic [Layers-1:0] ends;

  always_ff @(posedge clk_i) begin
    if (we_i && part_i == 2'(settle_pkg::LayerFirstWord)) begin
      first_row_q[addr_i] <= RowW'(wdata_i[settle_pkg::LayerFirstLsb +: settle_pkg::LayerFirstW] /
                                   settle_pkg::LayerFirstW'(Lanes));
    end
    if (we_i && part_i == 2'(settle_pkg::LayerSiteCellsWord)) begin
      site_cells_q[addr_i] <= CellW'(wdata_i[settle_pkg::LayerSiteCellsLsb +: settle_pkg::LayerSiteCellsW]);
    end
  end

  always_comb begin
    for (int i = 0; i < Layers; i++) ends[i] = (cell_i == site_cells_q[i]);
  end

  assign first_row_o  = first_row_q[layer_i];
  assign site_cells_o = site_cells_q[layer_i];
  assign site_ends_o  = ends[layer_i];

  generate
    if (settle_pkg::LayerHeightWord != settle_pkg::LayerWidthWord ||
        settle_pkg::LayerColumnsLog2Word != settle_pkg::LayerRowsWord) begin : gen_bad_words
      // Elaboration stops here in every tool: there is no such module.
      error_height_and_width_share_a_word_and_so_do_columns_and_rows u_error ();
    end

    if (Side > 1) begin : gen_grid
      logic [SideW-1:0] height_q [0:Layers-1];
      logic [SideW-1:0] width_q [0:Layers-1];
      always_ff @(posedge clk_i) begin
        if (we_i && part_i == 2'(settle_pkg::LayerHeightWord)) begin
          height_q[addr_i] <= SideW'(wdata_i[settle_pkg::LayerHeightLsb +: settle_pkg::LayerHeightW]);
          width_q[addr_i]  <= SideW'(wdata_i[settle_pkg::LayerWidthLsb +: settle_pkg::LayerWidthW]);
        end
      end
      assign height_o = height_q[layer_i];
      assign width_o  = width_q[layer_i];
    end else begin : gen_one_site
      assign height_o = SideW'(1);
      assign width_o  = SideW'(1);
    end

    if (Neighbours != 0) begin : gen_torus
      logic [settle_pkg::LayerColumnsLog2W-1:0] columns_log2_q [0:Layers-1];
      logic [CellW-1:0] rows_q [0:Layers-1];
      always_ff @(posedge clk_i) begin
        if (we_i && part_i == 2'(settle_pkg::LayerColumnsLog2Word)) begin
          columns_log2_q[addr_i] <= wdata_i[settle_pkg::LayerColumnsLog2Lsb +: settle_pkg::LayerColumnsLog2W];
          rows_q[addr_i]         <= CellW'(wdata_i[settle_pkg::LayerRowsLsb +: settle_pkg::LayerRowsW]);
        end
      end
      assign columns_log2_o = columns_log2_q[layer_i];
      assign rows_o         = rows_q[layer_i];
    end else begin : gen_no_torus
      assign columns_log2_o = '0;
      assign rows_o         = '0;
    end
  endgenerate

  logic unused_bits;
  assign unused_bits = ^wdata_i;

endmodule
