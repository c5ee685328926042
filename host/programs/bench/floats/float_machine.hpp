// A machine as plain numbers, for programs that make its steps in float32 with a library of their own: what
// settle-bench writes to a file and these programs read. Nothing of the host's linear algebra is in it, so that they
// may be compiled with other instructions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace settle {

/// A layer: height x width sites of `site_cells` cells; cell i of site (y, x) is cell (y * width + x) * site_cells + i.
/// Everything is in the state's physical units.
struct FloatLayer {
  int height = 1, width = 1, site_cells = 1;
  std::vector<float> stiffness;  ///< [site cells]
  /// [samples][sites][site cells], where samples or sites of which all are alike stand there once.
  std::vector<float> field;
  int field_samples = 1, field_sites = 1;
  float noise = 0;           ///< standard deviation that the noise adds in each step
  std::vector<float> force;  ///< force table: knots at equal distances over [-range, range]; empty: a linear cell
  float range = 0;

  int sites() const { return height * width; }
  int cells() const { return sites() * site_cells; }
};

/// How the grid of a bus's source lies to that of its target (Resolution of machine.hpp).
enum class Grids { same, from_half, from_double };

/// A bus as machine.hpp has it, matrices row by row.
struct FloatBus {
  int source = 0, target = 0, rank = 1;
  bool reciprocal = false;
  Grids grids = Grids::same;
  int top = 0, left = 0, height = 1, width = 1;  ///< tap range
  std::vector<float> source_matrix;              ///< [source site cells][rank]
  std::vector<float> target_matrix;              ///< [target site cells][taps * rank]

  int taps() const { return height * width; }
};

struct FloatMachine {
  std::string name;
  float step = 0;   ///< e
  int samples = 0;  ///< inputs of which the fields are
  std::vector<FloatLayer> layers;
  std::vector<FloatBus> buses;

  std::int64_t cells() const;
};

/// The file's text; every float with the digits that bring back its bits.
std::string to_text(const FloatMachine& machine);

/// Reads what to_text wrote. Throws Error naming file and field for anything else.
FloatMachine read_float_machine(const std::filesystem::path& file);

}  // namespace settle
