// The machine in double precision: what the fixed-point array would do with no rounding and no saturation.
//
// The same law, the same order of updates and, fed with the array's own noise, the same path; so what differs between
// this and the array is the price of fixed point alone.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "array/float64/neighbour_force.hpp"
#include "machine/bus_operator.hpp"
#include "machine/force_table.hpp"
#include "machine/machine.hpp"

namespace settle {

/// Fills `xi` [cells, concatenated by layer] with the unit normals of step number `step`. It is called once per step,
/// steps ascending, with `xi` already of the right size.
using Gaussian = std::function<void(std::uint64_t step, Eigen::VectorXd& xi)>;

/// Sums over the steps of a window, each taken of the state BEFORE that step's update, as the hardware does it.
struct Sums {
  std::int64_t steps = 0;     ///< how many states were added
  Eigen::VectorXd x;          ///< [cells] sum of x; empty before the first step
  Eigen::VectorXd x_squared;  ///< [cells] sum of x^2
};

/// All layers of a Machine as one vector of cells, concatenated by layer. Euler-Maruyama, every cell from the same old
/// x: x <- x + e F(x) + sqrt(2 e kT) xi, F as machine.hpp states it. Clamped cells keep their state and enter the sums
/// like the others. Bus words are refreshed at every step.
class Float64Array {
 public:
  /// Copies what it needs. `state_range`: Configuration::state_range(), 8 for the Q4.20 state; a layer's force table
  /// spans +-scale * state_range, and nothing else depends on it. Starts at x = 0 with the layers' static field. Throws
  /// Error, naming the layer or bus, on wrong shapes, values that are not finite, a bus to a layer that is not there or
  /// a self-bus of two matrices. Stability is not judged here.
  explicit Float64Array(const Machine& machine, double state_range = 8.0);

  /// All cells of all layers.
  Eigen::Index cells() const { return stiffness_.size(); }

  /// The total field h_i, static part included, force units [cells].
  const Eigen::VectorXd& field() const { return field_; }
  /// Replaces the total field. Throws Error on a wrong size or a value that is not finite.
  void set_field(const Eigen::VectorXd& h);

  /// Physical units [cells].
  const Eigen::VectorXd& state() const { return state_; }
  /// Throws Error on a wrong size or a value that is not finite. Clamped cells take and then hold these values.
  void set_state(const Eigen::VectorXd& x);

  /// F(x) [cells], clamped cells included; for a reciprocal machine minus the gradient of its energy. `x` as for
  /// set_state.
  Eigen::VectorXd force(const Eigen::VectorXd& x) const;

  /// Makes `steps` >= 0 steps numbered first_step, first_step + 1, ... at temperature `kt` >= 0 (units of the energy).
  /// `xi` is called once per step, or never if kt is 0, when it may be empty. `sums`, if given, is added to. Throws
  /// Error on arguments outside these ranges and if the state is no longer finite at the end.
  void run(std::uint64_t first_step, std::int64_t steps, double kt, const Gaussian& xi, Sums* sums = nullptr);

 private:
  struct Span {
    Eigen::Index first, size;
  };
  struct Local {
    ForceTable table;
    std::vector<NeighbourForce> neighbours;
  };
  struct Coupling {
    Span source, target;
    BusOperator action;
    bool returns;  // a force on the source too: reciprocal, and not a self-bus, which acts once
  };

  /// What a force is computed in.
  struct Scratch {
    Eigen::VectorXd pull;  // of all buses, [cells]
    BusOperator::Buffers bus;
  };

  void add_layer(const Layer& layer, double state_range);
  void add_bus(const Bus& bus, const std::vector<Layer>& layers);
  void check_cells(const char* name, const Eigen::VectorXd& values) const;
  void compute_force(const Eigen::VectorXd& x, Eigen::VectorXd& force, Scratch& scratch) const;

  double step_;
  std::vector<Span> spans_;
  std::vector<Local> locals_;
  std::vector<Coupling> couplings_;
  Eigen::VectorXd stiffness_, field_, state_;
  Scratch scratch_;       // kept from step to step
  Eigen::VectorXd free_;  // 1: the cell moves, 0: clamped
};

}  // namespace settle
