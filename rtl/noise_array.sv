// The noise of all lanes: one noise_unit for every NoiseLanes of them, all of which make the same group at the same
// time and are taken from together.
module noise_array #(
  localparam int Lanes = settle_pkg::Lanes,
  localparam int UnitLanes = settle_pkg::NoiseLanes,
  localparam int Units = Lanes / UnitLanes,
  localparam int KeyW = settle_pkg::idx_width(settle_pkg::NoiseRounds)
) (
  input  logic                clk_i,
  input  logic                rst_i,
  // Host, while no step is being made: see noise_cipher.
  input  logic                key_we_i,
  input  logic [KeyW-1:0]     key_addr_i,
  input  logic [31:0]         key_wdata_i,
  // See noise_unit.
  input  logic [39:0]         step_i,
  input  logic                restart_i,
  input  logic                take_i,
  output logic                valid_o,
  output logic [16*Lanes-1:0] minus_samples_o   // samples times -1
);

  logic [Units-1:0] valids;
  assign valid_o = &valids;

  generate
    for (genvar u = 0; u < Units; u++) begin : gen_noise
      noise_unit #(
        .Lanes         (UnitLanes),
        .GroupCells    (Lanes),
        .FirstLane     (u * UnitLanes),
        .CellW         ($clog2(settle_pkg::Cells)),
        .Rounds        (settle_pkg::NoiseRounds),
        .RoundsPerCycle(settle_pkg::NoiseRoundsPerCycle),
        .NoiseFrac     (settle_pkg::NoiseFrac)
      ) u_noise (
        .clk_i          (clk_i),
        .rst_i          (rst_i),
        .key_we_i       (key_we_i),
        .key_addr_i     (key_addr_i),
        .key_wdata_i    (key_wdata_i),
        .step_i         (step_i),
        .restart_i      (restart_i),
        .take_i         (take_i),
        .valid_o        (valids[u]),
        .minus_samples_o(minus_samples_o[16*UnitLanes*u +: 16*UnitLanes])
      );
    end
  endgenerate

endmodule
