#include "fit/vectors/scaling.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/linear_algebra/solve.hpp"
#include "fit/vectors/mean_conditioning.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

constexpr double kCoefficientRange = 8;  // coefficients are Q4.12
constexpr double kDeviations = 6;        // thermal standard deviations kept free on both sides

double largest(const Eigen::MatrixXd& m) { return m.size() > 0 ? m.cwiseAbs().maxCoeff() : 0.0; }

}  // namespace

Peaks peaks(const Machine& machine, const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& bottleneck) {
  const Eigen::MatrixXd force = force_matrix(machine);
  const Eigen::MatrixXd covariance = stationary_covariance(force, machine.step, machine.kt);
  Eigen::MatrixXd h(force.rows(), encoder.rows());
  for (Eigen::Index i = 0; i < encoder.rows(); ++i) {
    h.col(i) = fields(machine, mean_conditioning(machine, encoder.row(i), bottleneck.row(i)), InterfaceMode::normal);
  }
  // Modes relax at different rates, so a cell may pass beyond its rest value on the way from 0: look along the path
  // too.
  const Eigen::MatrixXd rest = solve(force, h);
  Eigen::MatrixXd left = Eigen::MatrixXd::Identity(force.rows(), force.cols());
  const Eigen::MatrixXd step = step_matrix(force, machine.step);

  Peaks peaks;
  peaks.field = largest(h);
  constexpr int kPath = 8;  // rest, and after 1, 2, 4 ... 64 steps
  for (int p = 0; p < kPath; ++p) {
    Eigen::MatrixXd x = rest;
    if (p > 0) {
      left = p == 1 ? step : Eigen::MatrixXd(left * left);
      x -= left * rest;
    }
    const Eigen::VectorXd reach = x.cwiseAbs().rowwise().maxCoeff() + kDeviations * covariance.diagonal().cwiseSqrt();
    peaks.state = std::max(peaks.state, reach.maxCoeff());
    for (const Bus& bus : machine.buses) {
      for (const bool end : {false, true}) {
        const Eigen::MatrixXd& matrix = end ? bus.target_matrix : bus.source_matrix;
        const int offset = layer_offset(machine, end ? bus.target : bus.source);
        const Eigen::MatrixXd words = matrix.transpose() * x.middleRows(offset, matrix.rows());
        const Eigen::MatrixXd spread =
            matrix.transpose() * covariance.block(offset, offset, matrix.rows(), matrix.rows()) * matrix;
        const Eigen::VectorXd word_reach =
            words.cwiseAbs().rowwise().maxCoeff() + kDeviations * spread.diagonal().cwiseSqrt();
        peaks.word = std::max(peaks.word, word_reach.maxCoeff());
      }
    }
  }
  for (const Layer& layer : machine.layers) {
    peaks.coefficient = std::max(peaks.coefficient, largest(layer.stiffness));
    for (const Neighbour& n : layer.neighbours) peaks.coefficient = std::max(peaks.coefficient, largest(n.coupling));
  }
  for (const Bus& bus : machine.buses) {
    peaks.coefficient = std::max({peaks.coefficient, largest(bus.source_matrix), largest(bus.target_matrix)});
  }
  return peaks;
}

Peaks choose_scale(Machine& machine, const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& bottleneck, double span) {
  const Peaks found = peaks(machine, encoder, bottleneck);
  if (!(found.coefficient < kCoefficientRange)) {
    throw error("{}: the largest coefficient is {:.4g}, below {} is needed", machine.preset, found.coefficient,
                kCoefficientRange);
  }
  const double needed = std::max({found.state, found.field, found.word}) / span;
  const double scale = std::exp2(std::ceil(std::log2(needed)));
  for (Layer& layer : machine.layers) layer.scale = scale;
  return found;
}

}  // namespace settle
