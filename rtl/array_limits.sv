// Stops every tool at elaboration where settle_pkg has sizes or layouts that no array can be built of: for whoever adds a
// configuration. It holds nothing else, and leaves nothing in the netlist.
module array_limits;

  localparam int Lanes = settle_pkg::Lanes;

  generate
    if ((Lanes & (Lanes - 1)) != 0 || settle_pkg::Cells % Lanes != 0 || settle_pkg::SiteCells % Lanes != 0 ||
        settle_pkg::Coefficients % Lanes != 0 || Lanes % settle_pkg::NoiseLanes != 0) begin : gen_bad_lanes
      // Elaboration stops here in every tool: there is no such module.
      error_lanes_must_be_a_power_of_two_dividing_cells_and_coefficients u_error ();
    end
    if (settle_pkg::SiteCells > settle_pkg::Cells || settle_pkg::Words > 262144 ||
        settle_pkg::Cells > 262144 || settle_pkg::Coefficients > 1048576) begin : gen_bad_sizes
      error_sites_must_fit_the_cells_and_memories_the_address_fields u_error ();
    end
    // Where statistics, lanes and trace take fields of their words for given: each lies where the memory holds it.
    if (settle_pkg::SumParts != 3 || settle_pkg::SquareParts != 3 ||
        settle_pkg::SquareAddressPartLsb != settle_pkg::SumAddressPartLsb ||
        settle_pkg::SquareAddressCellLsb != settle_pkg::SumAddressCellLsb || settle_pkg::TableLeftLsb != 0 ||
        settle_pkg::TableRiseLsb != 16 || settle_pkg::TraceOverlapLoWord != 0 ||
        settle_pkg::TraceOverlapHiWord != 1 || settle_pkg::TraceSquareLoWord != 2 ||
        settle_pkg::TraceSquareHiWord != 3) begin : gen_bad_layout
      error_sums_tables_and_traces_must_lie_as_their_memories_hold_them u_error ();
    end
  endgenerate

endmodule
