// Noisy nonlinear cells: the law that the array samples against the transfer operator of its own chain, and that
// against Boltzmann's law as the step and the table are refined.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "machine/force_table.hpp"
#include "physics/context.hpp"
#include "physics/loaded_array.hpp"
#include "physics/machines.hpp"
#include "physics/nonlinear_cells.hpp"
#include "physics/p_values.hpp"
#include "physics/transfer_operator.hpp"

namespace settle::physics::nonlinear {

namespace {

constexpr double kApart = 8;          // relaxation times between snapshots: correlations of e^-8 are left
constexpr double kBefore = 25;        // relaxation times before the first
constexpr double kFarDistance = 3.1;  // a Kolmogorov-Smirnov distance of this over sqrt(n) has p = 1e-8

double square(double x) { return x * x; }

Claim claim_of(const NonlinearCell& cell, const std::string& text, const char* against, const std::string& engine) {
  return {"nonlinear cells", cell.name + text, against, engine};
}

/// The chain that the array runs: its table, its step, the temperature of its rounded noise gain.
Chain array_chain(const NonlinearCell& cell, const Configuration& c, double kt) {
  const ForceTable table(cell.name, cell_knots(cell, c), c.state_range());
  return {[=](double x) { return cell.field - cell.stiffness * x - table(x); }, c.step(), kt, cell.low, cell.high};
}

/// Largest difference of the cumulative samples to the law's.
double kolmogorov_distance(std::vector<double> samples, const TransferOperator& law) {
  std::sort(samples.begin(), samples.end());
  const auto count = static_cast<double>(samples.size());
  double distance = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double expected = law.cumulative(samples[i]), below = static_cast<double>(i) / count;
    distance = std::max({distance, expected - below, below + 1 / count - expected});
  }
  return distance;
}

/// All cells of a full layer of `tiny` are alike and independent: their snapshots against the operator's law.
void sampled(const Context& context, const NonlinearCell& cell, const std::string& engine, const Configuration& c,
             int snapshots, std::uint64_t seed) {
  LoadedArray array(context, engine, c, single_cells(16, 3, cell.stiffness, cell.field, cell_knots(cell, c), c.step()),
                    cell.kt, seed);
  const TransferOperator law(array_chain(cell, c, array.kt()));
  array.run(static_cast<std::uint32_t>(std::ceil(kBefore * law.relaxation_steps())));
  const auto apart = static_cast<std::uint32_t>(std::ceil(kApart * law.relaxation_steps()));
  const double mean = law.mean([](double x) { return x; });
  const double variance = law.mean([&](double x) { return square(x - mean); });
  Eigen::MatrixXd cells = Eigen::MatrixXd::Zero(array.cells(), 2);  // of each: mean of x - <x>, of its square
  std::vector<double> all;
  for (int n = 0; n < snapshots; ++n) {
    if (context.stop()) return;
    array.run(apart);
    const Eigen::VectorXd x = array.states();
    cells.col(0) += (x.array() - mean).matrix() / snapshots;
    cells.col(1) += (x.array() - mean).square().matrix() / snapshots;
    all.insert(all.end(), x.begin(), x.end());
  }
  const std::string where = fmt::format(", e = 1/{}, {} pieces: ", 1 << c.step_shift, c.table_pieces());
  const BatchTest moments =
      batch_test(cells, Eigen::Vector2d(0, variance), Eigen::Vector2d(std::sqrt(variance), variance));
  context.suite.statistical(claim_of(cell, where + "mean and variance", "transfer operator", engine), moments.p,
                            moments.sees);
  const auto count = static_cast<double>(all.size());
  context.suite.statistical(claim_of(cell, where + "Kolmogorov-Smirnov", "transfer operator", engine),
                            {kolmogorov_p(kolmogorov_distance(all, law), count)}, kFarDistance / std::sqrt(count));
}

/// Distances of the exact force's chain at step `step` to Boltzmann's law.
struct BoltzmannError {
  double distribution = 0;  ///< largest difference of the cumulative laws
  double square = 0;        ///< <x^2> less Boltzmann's
};

BoltzmannError boltzmann_error(const NonlinearCell& cell, double step) {
  const TransferOperator law({cell.force, step, cell.kt, cell.low, cell.high});
  const Eigen::VectorXd exact = boltzmann(law.points(), cell.energy, cell.kt);
  BoltzmannError error;
  double difference = 0;
  for (Eigen::Index i = 0; i < exact.size(); ++i) {
    difference += law.weights()[i] - exact[i];
    error.distribution = std::max(error.distribution, std::abs(difference));
  }
  error.square = (law.weights() - exact).dot(law.points().cwiseAbs2());
  return error;
}

/// Without the array: the chain's law goes to Boltzmann's with the step, and a table's to the force's with its
/// pieces.
void refined(const Context& context, const NonlinearCell& cell) {
  const BoltzmannError coarse = boltzmann_error(cell, 1.0 / 32), fine = boltzmann_error(cell, 1.0 / 64);
  const auto claim = [&](const char* text, const char* against) { return claim_of(cell, text, against, "-"); };
  context.suite.exact(claim(": distance to Boltzmann's law at e = 1/64", "0"), fine.distribution, 0, 0.01);
  context.suite.exact(claim(": that at e = 1/32 over that at 1/64", "2: first order in e"),
                      coarse.distribution / fine.distribution, 1.85, 2.15);
  context.suite.exact(claim(": weak error of <x^2> at e = 1/32 over that at 1/64", "2: first order in e"),
                      coarse.square / fine.square, 1.85, 2.15);
  if (cell.kinked) return;  // its table is exact: the kink is a knot
  Configuration c = tiny(4);
  const auto mean_square = [&](const Chain& chain) { return TransferOperator(chain).mean(square); };
  const double exact = mean_square({cell.force, c.step(), cell.kt, cell.low, cell.high});
  std::array<double, 2> error{};
  for (int k = 0; k < 2; ++k) {
    c.table_bits = 6 + k;
    error[static_cast<std::size_t>(k)] = mean_square(array_chain(cell, c, cell.kt)) - exact;
  }
  context.suite.exact(claim(": error of <x^2> by 64 pieces over that by 128", "4: second order"), error[0] / error[1],
                      3.4, 4.6);
}

}  // namespace

void claims(const Context& context) {
  const std::vector<NonlinearCell> cells = nonlinear_cells();
  for (const NonlinearCell& cell : cells) refined(context, cell);
  const std::vector<int> shifts = context.fast ? std::vector<int>{2} : std::vector<int>{2, 3, 4};
  const std::size_t all = cells.size() * shifts.size() * context.engines.size();
  const auto seed = [&](long long n) { return context.seed * 7919 + static_cast<std::uint64_t>(n); };
  long long done = 0;
  for (const std::string& engine : context.engines) {
    const int snapshots = engine == "rtl" ? 40 : context.fast ? 60 : 3000;
    for (const NonlinearCell& cell : cells) {
      for (const int shift : shifts) {
        context.progress(done, static_cast<long long>(all));
        sampled(context, cell, engine, tiny(shift), snapshots, seed(done++));
        if (context.stop()) return;
      }
    }
  }
  if (context.fast) return;
  for (const int bits : {5, 8}) {  // other tables than the verilated array's
    Configuration c = tiny(3);
    c.table_bits = bits;
    sampled(context, cells.front(), "model", c, 3000, seed(done++));
  }
}

}  // namespace settle::physics::nonlinear
