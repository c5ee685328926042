#include "machine/check.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/lanczos.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

constexpr int kMostDenseCells = 2048;  // eigenvalues of a larger matrix take minutes
constexpr int kGrowthSteps = 300;      // of a power iteration, twice: to forget its start, and to measure

struct TableSlopes {
  double end = 0;       // the less steep of the two outermost pieces
  double steepest = 0;  // anywhere
};

TableSlopes table_slopes(const Layer& layer) {
  if (layer.force.size() < 2) return {};
  const double spacing = 2.0 * kStateRange * layer.scale / static_cast<double>(layer.force.size() - 1);
  std::vector<double> slopes;
  for (std::size_t i = 1; i < layer.force.size(); ++i)
    slopes.push_back((layer.force[i] - layer.force[i - 1]) / spacing);
  return {std::min(slopes.front(), slopes.back()), *std::max_element(slopes.begin(), slopes.end())};
}

// Cells of these layers that move, as places among the layers' cells one after the other.
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

// What is known of one group's eigenvalues is joined with the others'.
void join(Stability& result, double least, double greatest, double radius, double bound) {
  result.lambda_min = std::fmin(result.lambda_min, least);
  result.lambda_max = std::fmax(result.lambda_max, greatest);
  result.radius = std::fmax(result.radius, radius);
  result.step_bound = std::fmin(result.step_bound, bound);
}

void join_symmetric(Stability& result, double least, double greatest, double step) {
  join(result, least, greatest, std::fmax(std::fabs(1.0 - step * least), std::fabs(1.0 - step * greatest)),
       least > 0 ? 2.0 / greatest : 0.0);
}

void join_general(Stability& result, const Eigen::MatrixXd& m, double step) {
  const Eigen::VectorXcd lambda = eigenvalues(m);
  join(result, lambda.real().minCoeff(), lambda.cwiseAbs().maxCoeff(), (1.0 - step * lambda.array()).abs().maxCoeff(),
       (2.0 * lambda.real().array() / lambda.cwiseAbs2().array()).minCoeff());
}

// Layers that act on one another, directly or through others, belong together: M is block triangular over such groups,
// so its eigenvalues are those of the groups.
std::vector<std::vector<std::size_t>> groups(const Machine& machine) {
  const std::size_t n = machine.layers.size();
  std::vector<std::vector<bool>> reaches(n, std::vector<bool>(n, false));
  for (std::size_t l = 0; l < n; ++l) reaches[l][l] = true;
  for (const Bus& bus : machine.buses) {
    const auto s = static_cast<std::size_t>(bus.source), t = static_cast<std::size_t>(bus.target);
    reaches[s][t] = true;
    if (bus.reciprocal) reaches[t][s] = true;
  }
  for (std::size_t through = 0; through < n; ++through) {
    for (std::size_t from = 0; from < n; ++from) {
      for (std::size_t to = 0; to < n; ++to) {
        if (reaches[from][through] && reaches[through][to]) reaches[from][to] = true;
      }
    }
  }
  std::vector<std::vector<std::size_t>> result;
  std::vector<bool> placed(n, false);
  for (std::size_t l = 0; l < n; ++l) {
    if (placed[l]) continue;
    result.emplace_back();
    for (std::size_t other = l; other < n; ++other) {
      if (!reaches[l][other] || !reaches[other][l]) continue;
      placed[other] = true;
      result.back().push_back(other);
    }
  }
  return result;
}

// The layers of a group and the buses among them. A group of one layer without clamps keeps one of its sites: nothing
// joins them.
Machine part(const Machine& machine, const std::vector<std::size_t>& group) {
  Machine result;
  result.step = machine.step;
  std::vector<int> place(machine.layers.size(), -1);
  for (const std::size_t l : group) {
    place[l] = static_cast<int>(result.layers.size());
    result.layers.push_back(machine.layers[l]);
  }
  for (Bus bus : machine.buses) {
    bus.source = place[static_cast<std::size_t>(bus.source)];
    bus.target = place[static_cast<std::size_t>(bus.target)];
    if (bus.source >= 0 && bus.target >= 0) result.buses.push_back(std::move(bus));
  }
  if (group.size() == 1 && result.layers[0].clamp.empty()) {
    Layer& layer = result.layers[0];
    layer.height = layer.width = 1;
    layer.field = layer.field.head(layer.site_cells).eval();
  }
  return result;
}

// M with the force tables at these slopes, among the cells that move, applied without a matrix.
class FreeForce {
 public:
  FreeForce(const Machine& group, const std::vector<double>& slopes, const std::vector<int>& free)
      : force_(group), free_(free), slope_(force_.cells()) {
    for (std::size_t l = 0; l < group.layers.size(); ++l) {
      slope_.segment(layer_offset(group, static_cast<int>(l)), group.layers[l].cells()).setConstant(slopes[l]);
    }
  }

  Eigen::VectorXd operator()(const Eigen::VectorXd& moved) const {
    Eigen::VectorXd x = Eigen::VectorXd::Zero(force_.cells());
    x(free_) = moved;
    return (force_(x) + slope_.cwiseProduct(x))(free_);
  }

 private:
  LinearForce force_;
  const std::vector<int>& free_;
  Eigen::VectorXd slope_;
};

// Greatest eigenvalue modulus of an operator, symmetric or not: how fast its powers make a vector grow.
double growth(const std::function<Eigen::VectorXd(const Eigen::VectorXd&)>& apply, Eigen::Index size) {
  Eigen::VectorXd v(size);
  for (Eigen::Index i = 0; i < size; ++i) v[i] = 1 + std::sin(static_cast<double>(i + 1));  // any start with all modes
  double logarithms = 0;
  for (int n = 0; n < 2 * kGrowthSteps; ++n) {
    v = apply(v);
    const double length = v.norm();
    if (!(length > 0)) return 0;
    v /= length;
    if (n >= kGrowthSteps) logarithms += std::log(length);
  }
  return std::exp(logarithms / kGrowthSteps);
}

// A group with one-way buses that is too large for a matrix: the radius by power iteration. |1 - e lambda| <= radius
// then bounds the real parts from below, and the step itself is the largest that is known to be stable.
void join_large_one_way(Stability& result, const Machine& group, const std::vector<double>& slopes,
                        const std::vector<int>& free) {
  const FreeForce force(group, slopes, free);
  const auto size = static_cast<Eigen::Index>(free.size());
  const double radius =
      growth([&](const Eigen::VectorXd& x) { return Eigen::VectorXd(x - group.step * force(x)); }, size);
  join(result, (1 - radius) / group.step, growth([&](const Eigen::VectorXd& x) { return force(x); }, size), radius,
       radius < 1 ? group.step : 0.0);
}

// A reciprocal group too large for a matrix.
void join_large(Stability& result, const Machine& group, const std::vector<double>& ends,
                const std::vector<double>& steepest, const std::vector<int>& free) {
  const auto size = static_cast<Eigen::Index>(free.size());
  const ExtremeEigenvalues end = extreme_eigenvalues(FreeForce(group, ends, free), size);
  const ExtremeEigenvalues steep = extreme_eigenvalues(FreeForce(group, steepest, free), size);
  join_symmetric(result, end.least - end.error, steep.greatest + steep.error, group.step);
}

void join_group(Stability& result, const Machine& group) {
  std::vector<double> ends, steepest;
  for (const Layer& layer : group.layers) {
    const TableSlopes slopes = table_slopes(layer);
    ends.push_back(slopes.end);
    steepest.push_back(slopes.steepest);
  }
  const std::vector<int> free = free_cells(group);
  if (free.empty()) return;  // nothing moves
  const bool reciprocal =
      std::all_of(group.buses.begin(), group.buses.end(), [](const Bus& bus) { return bus.reciprocal; });
  if (cell_count(group) > kMostDenseCells) {
    if (reciprocal) {
      join_large(result, group, ends, steepest, free);
    } else {
      join_large_one_way(result, group, ends, free);
      join_large_one_way(result, group, steepest, free);
    }
    return;
  }
  const Eigen::MatrixXd end = force_matrix(group, ends)(free, free);
  const Eigen::MatrixXd steep = force_matrix(group, steepest)(free, free);
  if (reciprocal) {
    join_symmetric(result, eigen_range(end).least, eigen_range(steep).greatest, group.step);
  } else {
    join_general(result, end, group.step);
    join_general(result, steep, group.step);
  }
}

}  // namespace

Stability stability(const Machine& machine) {
  Stability result;
  result.reciprocal =
      std::all_of(machine.buses.begin(), machine.buses.end(), [](const Bus& bus) { return bus.reciprocal; });
  for (const std::vector<std::size_t>& group : groups(machine)) {
    const Machine together = part(machine, group);
    const bool one_way =
        std::any_of(together.buses.begin(), together.buses.end(), [](const Bus& bus) { return !bus.reciprocal; });
    if (group.size() < 2 || !one_way) continue;
    std::string names;
    for (const Layer& layer : together.layers) names += (names.empty() ? "" : ", ") + layer.name;
    result.one_way_cycles.push_back(names);
  }
  if (free_cells(machine).empty()) return result;  // nothing moves
  result.lambda_min = result.step_bound = std::numeric_limits<double>::infinity();
  for (const std::vector<std::size_t>& group : groups(machine)) join_group(result, part(machine, group));
  result.relaxation_steps = relaxation_steps(result.radius);
  return result;
}

void check_stability(const Stability& found, const Machine& machine, const std::string& name) {
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
}

Stability check_machine(const Machine& machine, const std::string& name) {
  Stability found = stability(machine);
  check_stability(found, machine, name);
  return found;
}

}  // namespace settle
