#include "machine/linear.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/solve.hpp"

namespace settle {
namespace {

bool symmetric(const Eigen::MatrixXd& m) {
  return (m - m.transpose()).cwiseAbs().maxCoeff() <= 1e-12 * std::fmax(1e-300, m.cwiseAbs().maxCoeff());
}

// Calls add(i, j, J_ij) once for each unordered pair of neighbours; i and j count within a site.
template <typename Add>
void each_neighbour_pair(const Layer& layer, const Add& add) {
  const int rows = layer.site_cells / layer.columns;
  for (const Neighbour& neighbour : layer.neighbours) {
    for (int i = 0; i < layer.site_cells; ++i) {
      const int r = (i / layer.columns + neighbour.dy) % rows;
      const int c = (i % layer.columns + neighbour.dx) % layer.columns;
      add(i, r * layer.columns + c, neighbour.coupling[i]);
    }
  }
}

SymmetricEigen stable_eigen(const Eigen::MatrixXd& force, double step) {
  SymmetricEigen eigen = symmetric_eigen(force);
  const double radius = (1.0 - step * eigen.values.array()).abs().maxCoeff();
  if (!(radius < 1.0)) throw error("thermal state: max|1 - e lambda| is {:.6g}, below 1 is needed", radius);
  return eigen;
}

}  // namespace

int cell_count(const Machine& machine) {
  return std::accumulate(machine.layers.begin(), machine.layers.end(), 0,
                         [](int sum, const Layer& layer) { return sum + layer.cells(); });
}

int layer_offset(const Machine& machine, int layer) {
  int offset = 0;
  for (int l = 0; l < layer; ++l) offset += machine.layers[static_cast<std::size_t>(l)].cells();
  return offset;
}

Eigen::MatrixXd site_matrix(const Machine& machine, int layer) {
  const Layer& own = machine.layers[static_cast<std::size_t>(layer)];
  Eigen::MatrixXd m = own.stiffness.asDiagonal();
  each_neighbour_pair(own, [&m](int i, int j, double coupling) {
    m(i, j) += coupling;
    m(j, i) += coupling;
  });
  for (const Bus& bus : machine.buses) {
    if (bus.source == layer && bus.target == layer) m += bus.target_matrix * bus.source_matrix.transpose();
  }
  return m;
}

LinearForce::LinearForce(const Machine& machine) {
  for (std::size_t l = 0; l < machine.layers.size(); ++l) {
    const Layer& layer = machine.layers[l];
    layers_.push_back({cells_, layer.cells(), site_matrix(machine, static_cast<int>(l))});
    cells_ += layer.cells();
  }
  for (const Bus& bus : machine.buses) {
    if (bus.source == bus.target) continue;
    const auto s = static_cast<std::size_t>(bus.source), t = static_cast<std::size_t>(bus.target);
    buses_.push_back({s, t, bus.reciprocal, BusOperator(bus, machine.layers[s], machine.layers[t])});
  }
}

Eigen::VectorXd LinearForce::operator()(const Eigen::VectorXd& x) const {
  if (x.size() != cells_) throw error("linear force: {} states for {} cells", x.size(), cells_);
  Eigen::VectorXd m(cells_);
  for (const Own& own : layers_) {
    const Eigen::Index site_cells = own.site.rows();
    const Eigen::Map<const Eigen::MatrixXd> sites(x.data() + own.first, site_cells, own.cells / site_cells);
    Eigen::Map<Eigen::MatrixXd>(m.data() + own.first, sites.rows(), sites.cols()).noalias() = own.site * sites;
  }
  BusOperator::Buffers buffers;
  for (const Coupling& bus : buses_) {
    const Own& s = layers_[bus.source];
    const Own& t = layers_[bus.target];
    bus.action.add_forward(x.segment(s.first, s.cells), m.segment(t.first, t.cells), buffers);
    if (bus.reciprocal) bus.action.add_adjoint(x.segment(t.first, t.cells), m.segment(s.first, s.cells), buffers);
  }
  return m;
}

Eigen::MatrixXd force_matrix(const Machine& machine, const std::vector<double>& table_slopes) {
  if (!table_slopes.empty() && table_slopes.size() != machine.layers.size()) {
    throw error("force matrix: {} table slopes for {} layers", table_slopes.size(), machine.layers.size());
  }
  const LinearForce force(machine);
  const int cells = cell_count(machine);
  Eigen::MatrixXd m(cells, cells);
  Eigen::VectorXd unit = Eigen::VectorXd::Zero(cells);
  for (int i = 0; i < cells; ++i) {
    unit[i] = 1;
    m.col(i) = force(unit);
    unit[i] = 0;
  }
  for (std::size_t l = 0; l < table_slopes.size(); ++l) {
    const int offset = layer_offset(machine, static_cast<int>(l));
    m.diagonal().segment(offset, machine.layers[l].cells()).array() += table_slopes[l];
  }
  return m;
}

Eigen::MatrixXd step_matrix(const Eigen::MatrixXd& force, double step) {
  return Eigen::MatrixXd::Identity(force.rows(), force.cols()) - step * force;
}

double spectral_radius(const Eigen::MatrixXd& matrix) {
  if (symmetric(matrix)) {
    const EigenRange range = eigen_range(matrix);
    return std::fmax(std::fabs(range.least), std::fabs(range.greatest));
  }
  return eigenvalues(matrix).cwiseAbs().maxCoeff();
}

EigenRange eigen_range(const Eigen::MatrixXd& symmetric) {
  const Eigen::VectorXd values = symmetric_eigenvalues(symmetric);
  return {values.minCoeff(), values.maxCoeff()};
}

double relaxation_steps(double radius) {
  if (radius >= 1.0) return std::numeric_limits<double>::infinity();
  return radius > 0.0 ? -1.0 / std::log(radius) : 0.0;
}

Eigen::VectorXd equilibrium(const Machine& machine, const Eigen::VectorXd& fields) {
  if (fields.size() != cell_count(machine)) {
    throw error("equilibrium: {} fields for {} cells", fields.size(), cell_count(machine));
  }
  for (const Layer& layer : machine.layers) {
    if (!layer.force.empty())
      throw error("equilibrium: layer {} has a force table, only linear cells are solved", layer.name);
  }
  return solve(force_matrix(machine), fields);
}

Eigen::MatrixXd lyapunov_covariance(const Eigen::MatrixXd& force, double step, double kt) {
  Eigen::MatrixXd power = step_matrix(force, step);
  const double radius = spectral_radius(power);
  if (!(radius < 1.0)) throw error("thermal state: max|1 - e lambda| is {:.6g}, below 1 is needed", radius);
  // After n doublings `sum` holds the first 2^n terms; what remains shrinks with the square of the last power.
  Eigen::MatrixXd sum = 2.0 * step * kt * Eigen::MatrixXd::Identity(force.rows(), force.cols());
  for (int doubling = 0; doubling < 64; ++doubling) {
    const Eigen::MatrixXd added = power * sum * power.transpose();
    sum += added;
    if (added.cwiseAbs().maxCoeff() <= 1e-16 * sum.cwiseAbs().maxCoeff()) break;
    power = (power * power).eval();
  }
  return sum;
}

Eigen::MatrixXd stationary_covariance(const Eigen::MatrixXd& force, double step, double kt) {
  if (!symmetric(force)) return lyapunov_covariance(force, step, kt);
  const SymmetricEigen eigen = stable_eigen(force, step);
  const Eigen::ArrayXd lambda = eigen.values.array();
  const Eigen::VectorXd variance = kt / (lambda * (1.0 - 0.5 * step * lambda));
  return eigen.vectors * variance.asDiagonal() * eigen.vectors.transpose();
}

Eigen::MatrixXd window_mean_covariance(const Eigen::MatrixXd& force, double step, double kt, int window) {
  if (window < 1) throw error("window mean: the window is {} steps, at least 1 is needed", window);
  if (!symmetric(force)) throw error("window mean: M is not symmetric");
  const SymmetricEigen eigen = stable_eigen(force, step);
  const Eigen::ArrayXd lambda = eigen.values.array();
  const Eigen::ArrayXd r = 1.0 - step * lambda;
  const double w = window;
  const Eigen::ArrayXd sum = (1.0 + r) / (1.0 - r) - 2.0 * r * (1.0 - r.pow(w)) / (w * (1.0 - r).square());
  const Eigen::VectorXd variance = kt / (lambda * (1.0 - 0.5 * step * lambda)) * sum / w;
  return eigen.vectors * variance.asDiagonal() * eigen.vectors.transpose();
}

}  // namespace settle
