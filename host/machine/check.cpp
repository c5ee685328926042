#include "machine/check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/error.hpp"
#include "linear_algebra/eigenvalues.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

constexpr double kRange = 8;  // a state spans [-8, 8) in units of its layer's scale, and force tables with it

struct TableSlopes {
  double end = 0;       // the less steep of the two outermost segments
  double steepest = 0;  // anywhere
};

TableSlopes table_slopes(const Layer& layer) {
  if (layer.force.size() < 2) return {};
  const double spacing = 2.0 * kRange * layer.scale / static_cast<double>(layer.force.size() - 1);
  std::vector<double> slopes;
  for (std::size_t i = 1; i < layer.force.size(); ++i)
    slopes.push_back((layer.force[i] - layer.force[i - 1]) / spacing);
  return {std::min(slopes.front(), slopes.back()), *std::max_element(slopes.begin(), slopes.end())};
}

std::vector<int> free_cells(const Machine& machine) {
  std::vector<int> free;
  int first = 0;
  for (const Layer& layer : machine.layers) {
    for (int i = 0; i < layer.cells(); ++i) {
      if (layer.clamp.empty() || layer.clamp[static_cast<std::size_t>(i)] == 0) free.push_back(first + i);
    }
    first += layer.cells();
  }
  return free;
}

// Eigenvalues of the two linearisations that matter: at the ends of the range and where the tables are steepest.
void add_symmetric(const Eigen::MatrixXd& end, const Eigen::MatrixXd& steep, double step, Stability& result) {
  result.lambda_min = eigen_range(end).least;
  result.lambda_max = eigen_range(steep).greatest;
  result.radius = std::fmax(std::fabs(1.0 - step * result.lambda_min), std::fabs(1.0 - step * result.lambda_max));
  result.step_bound = 2.0 / result.lambda_max;
}

void add_general(const Eigen::MatrixXd& end, const Eigen::MatrixXd& steep, double step, Stability& result) {
  result.lambda_min = std::numeric_limits<double>::infinity();
  result.step_bound = std::numeric_limits<double>::infinity();
  for (const Eigen::MatrixXd* m : {&end, &steep}) {
    const Eigen::VectorXcd lambda = eigenvalues(*m);
    result.lambda_min = std::fmin(result.lambda_min, lambda.real().minCoeff());
    result.lambda_max = std::fmax(result.lambda_max, lambda.cwiseAbs().maxCoeff());
    result.radius = std::fmax(result.radius, (1.0 - step * lambda.array()).abs().maxCoeff());
    const double bound = (2.0 * lambda.real().array() / lambda.cwiseAbs2().array()).minCoeff();
    result.step_bound = std::fmin(result.step_bound, bound);
  }
}

}  // namespace

Stability stability(const Machine& machine) {
  Stability result;
  std::vector<double> ends, steepest;
  for (const Layer& layer : machine.layers) {
    const TableSlopes slopes = table_slopes(layer);
    ends.push_back(slopes.end);
    steepest.push_back(slopes.steepest);
  }
  result.reciprocal =
      std::all_of(machine.buses.begin(), machine.buses.end(), [](const Bus& bus) { return bus.reciprocal; });
  const std::vector<int> free = free_cells(machine);
  if (free.empty()) return result;  // nothing moves
  const Eigen::MatrixXd end = force_matrix(machine, ends)(free, free);
  const Eigen::MatrixXd steep = force_matrix(machine, steepest)(free, free);
  (result.reciprocal ? add_symmetric : add_general)(end, steep, machine.step, result);
  result.relaxation_steps = relaxation_steps(result.radius);
  return result;
}

Stability check_machine(const Machine& machine, const std::string& name) {
  const Stability found = stability(machine);
  if (found.reciprocal && !(found.lambda_min > 0) && found.lambda_max != 0) {
    throw error("{}: M is not positive definite: its least eigenvalue is {:.6g}, above 0 is needed", name,
                found.lambda_min);
  }
  if (!(found.radius < 1)) {
    if (found.step_bound > 0) {
      throw error("{}: the step is not stable: max|1 - e lambda| is {:.6g} at e = {}, below 1 is needed (e < {:.6g})",
                  name, found.radius, machine.step, found.step_bound);
    }
    throw error(
        "{}: the step is not stable: max|1 - e lambda| is {:.6g}, below 1 is needed (an eigenvalue of M has real "
        "part {:.6g}: no step would do)",
        name, found.radius, found.lambda_min);
  }
  return found;
}

}  // namespace settle
