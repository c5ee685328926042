#include "fit/vectors/thermal.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/solve.hpp"
#include "fit/response/random.hpp"
#include "fit/vectors/mean_conditioning.hpp"
#include "machine/check.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

int decoder_cells(const Machine& machine) { return machine.layers[static_cast<std::size_t>(machine.decoder)].cells(); }

Eigen::MatrixXd decoder_block(const Machine& machine, const Eigen::MatrixXd& m) {
  const int offset = layer_offset(machine, machine.decoder);
  return m.block(offset, offset, decoder_cells(machine), decoder_cells(machine));
}

}  // namespace

double thermal_ratio(const Machine& machine, double kt, const Eigen::MatrixXd& target) {
  const Eigen::MatrixXd covariance =
      decoder_block(machine, stationary_covariance(force_matrix(machine), machine.step, kt));
  const Eigen::MatrixXd centred = target.rowwise() - target.colwise().mean();
  const double spread = centred.squaredNorm() / static_cast<double>(centred.rows());
  return std::sqrt(covariance.trace() / spread);
}

double temperature_for_ratio(const Machine& machine, double ratio, const Eigen::MatrixXd& target) {
  const double at_one = thermal_ratio(machine, 1.0, target);
  const double exact = ratio * ratio / (at_one * at_one);  // the variance is proportional to the temperature
  const double unit = std::pow(10.0, std::floor(std::log10(exact)) - 2.0);
  return std::stod(fmt::format("{:.3g}", std::round(exact / unit) * unit));
}

int settle_steps_for(const Machine& machine, double left) {
  const double steps = -std::log(left) * stability(machine).relaxation_steps;
  return 16 * static_cast<int>(std::ceil(steps / 16.0));
}

Eigen::MatrixXd rest_readout(const Machine& machine, const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& bottleneck,
                             bool frozen) {
  const InterfaceMode mode = frozen ? InterfaceMode::frozen : InterfaceMode::normal;
  Eigen::MatrixXd h(cell_count(machine), encoder.rows());
  for (Eigen::Index i = 0; i < encoder.rows(); ++i)
    h.col(i) = fields(machine, mean_conditioning(machine, encoder.row(i), bottleneck.row(i)), mode);
  const Eigen::MatrixXd rest = solve(force_matrix(machine), h);
  return rest.middleRows(layer_offset(machine, machine.decoder), decoder_cells(machine)).transpose();
}

Eigen::MatrixXd with_window_noise(const Machine& machine, const Eigen::MatrixXd& readout, std::uint64_t seed) {
  const Eigen::MatrixXd force = force_matrix(machine);
  Eigen::MatrixXd covariance;
  if (stability(machine).reciprocal) {
    covariance = window_mean_covariance(force, machine.step, machine.kt, machine.window_steps);
  } else {
    const double independent = std::fmax(1.0, machine.window_steps / (2.0 * stability(machine).relaxation_steps));
    covariance = stationary_covariance(force, machine.step, machine.kt) / independent;
  }
  const SymmetricEigen eigen = symmetric_eigen(decoder_block(machine, covariance));
  const Eigen::MatrixXd root = eigen.vectors * eigen.values.cwiseMax(0.0).cwiseSqrt().asDiagonal();
  return readout + gaussian_matrix(readout.rows(), readout.cols(), seed) * root.transpose();
}

}  // namespace settle
