// What an inference would cost, always as a table of stated assumptions. Nothing here was measured on a chip.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

/// Counts of one inference, that is of one image at the averaging that the quoted cosine needed.
struct EnergyCounts {
  std::int64_t cells = 0;                 ///< cells of the array
  std::int64_t steps = 0;                 ///< steps, settling and window
  std::int64_t cell_updates = 0;          ///< updates that the array made; cells * steps unless some cells are held
  std::int64_t array_products = 0;        ///< 16 x 16 products that the digital array made
  std::int64_t interface_parameters = 0;  ///< weights of the digital interface, one multiply-accumulate each
  std::int64_t decoder_cells = 0;         ///< D: as many words go in by a DAC and come out by an ADC
};

/// Floating-point operations counted for the digital network, one multiply-accumulate counts as 2.
struct FlopCount {
  std::string name;  ///< "whole U-Net", "the part that the array replaces"
  double flops = 0;  ///< per image, above 0
};

/// Unit energies, each an assumption with its source; change one and the table says so.
struct EnergyAssumptions {
  double boltzmann_joules = 1.380649e-23 * 300.0;  ///< kT at 300 K; the paper counts one per cell and step
  double cell_update_joules = 2e-15;               ///< CMOS probabilistic cell, published estimate, arXiv 2510.23972
  /// 16-bit product and 32-bit sum: 0.8 pJ (a quarter of the 3.1 pJ of a 32-bit product) + 0.1 pJ, 45 nm,
  /// M. Horowitz, ISSCC 2014. Memory, clock and wires are left out, so it is a floor.
  double mac_joules = 0.9e-12;
  double converter_joules = 10e-12;     ///< per DAC or ADC word: 10 bits at 10 fJ per conversion step, 2^10 of them
  double quoted_gpu_joules = 0.008;     ///< the paper's figure for an inference on an A100
  double flop_joules = 400.0 / 312e12;  ///< A100 data sheet: 400 W, 312e12 half-precision FLOP/s, all of them used
};

/// One way of counting, joules per inference.
struct EnergyRow {
  std::string name;
  double array = 0;       ///< cells
  double interface = 0;   ///< interface_parameters multiply-accumulates
  double converters = 0;  ///< D DAC and D ADC words
  double total = 0;
  double below_quoted = 0;            ///< quoted_gpu_joules / total
  std::vector<double> below_counted;  ///< flops * flop_joules / total, one per FlopCount
};

/// Three rows: (a) the paper's floor, kT * cells * steps; (b) cell_update_joules * cell_updates; (c) the digital array
/// itself, mac_joules * array_products. Each with the interface and with 2 D converter words, each word converted once,
/// after averaging on the analog side; (c) would not need converters and gets them so that the rows compare like with
/// like. The network that feeds the array is in no total.
/// Throws Error unless every count is at least 1 and every assumption and FLOP count is finite and above 0.
std::vector<EnergyRow> energy_rows(const EnergyCounts& counts, const std::vector<FlopCount>& flops,
                                   const EnergyAssumptions& assumptions = {});

/// The rows as text: joules, "x below" columns, then a line per assumption and count. ASCII.
std::string energy_text(const EnergyCounts& counts, const std::vector<FlopCount>& flops,
                        const EnergyAssumptions& assumptions = {});

}  // namespace settle
