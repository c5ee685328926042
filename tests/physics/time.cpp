// Time: relaxation by T^n, settling_steps, autocorrelation_steps.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/linear_algebra/solve.hpp"
#include "machine/linear.hpp"
#include "physics/context.hpp"
#include "physics/loaded_array.hpp"
#include "physics/machines.hpp"
#include "physics/p_values.hpp"
#include "study/measures/autocorrelation.hpp"
#include "study/measures/settling.hpp"

namespace settle::physics::time {

namespace {

constexpr int kShift = 2;  // e = 1/4, the step of the verilated `tiny` that every test build has
constexpr double kKt = 0.01;

Claim claim_of(const std::string& text, const char* against, const std::string& engine) {
  return {"time", text, against, engine};
}

double norm(const Eigen::MatrixXd& m) { return m.cwiseAbs().rowwise().sum().maxCoeff(); }

/// Two runs with the same noise, from the rest point and from elsewhere: their difference is T^n d, to what rounding of
/// operands and words can add to a force while it dies out.
void relaxation(const Context& context, const NamedMachine& named, const std::string& engine, std::uint64_t seed) {
  LoadedArray array(context, engine, tiny(kShift), named.machine, kKt, seed);
  const Configuration c = tiny(kShift);
  const Eigen::MatrixXd m = force_matrix(array.machine()), t = step_matrix(m, c.step());
  const Eigen::VectorXd rest = solve(m, array.fields());
  const Eigen::VectorXd d = 2 * on_grid(array.cells(), 1, 1, seed);
  constexpr int kSteps = 120;
  Eigen::MatrixXd paths[2];
  for (int k = 0; k < 2; ++k) {
    array.set_noise(seed);
    array.set_states(k == 0 ? rest : rest + d);
    paths[k].resize(kSteps + 1, array.cells());
    paths[k].row(0) = array.states().transpose();
    for (int n = 1; n <= kSteps; ++n) {
      array.run(1);
      paths[k].row(n) = array.states().transpose();
    }
  }
  if (array.counters().saturated_states + array.counters().saturated_words > 0) {
    throw error("{}: a state or word saturated, the comparison needs room", named.name);
  }
  Eigen::VectorXd exact = (paths[1].row(0) - paths[0].row(0)).transpose();
  const Eigen::VectorXd start = exact;
  double worst = 0;
  for (int n = 1; n <= kSteps; ++n) {
    exact = t * exact;
    worst = std::max(worst, (paths[1].row(n) - paths[0].row(n) - exact.transpose()).cwiseAbs().maxCoeff());
  }
  // Half a unit of each operand and word, in both runs; at most 22 words of size 0.6 act on a cell.
  const double allowed = norm(solve(m, Eigen::MatrixXd::Identity(m.rows(), m.cols()))) *
                         (norm(m) * c.operand.unit() + 22 * 0.6 * c.word.unit());
  context.suite.exact(claim_of(named.name + ": same-noise pair, largest difference to T^n d", "0, to rounding", engine),
                      worst, 0, allowed);
  const auto settled = settling_steps(distances(paths[1], paths[0]));
  const auto predicted = predicted_steps(t, start);
  if (!settled || !predicted) throw error("{}: not settled in {} steps", named.name, kSteps);
  context.suite.exact(claim_of(named.name + ": settling_steps less predicted_steps", "0", engine),
                      static_cast<double>(*settled - *predicted), -1, 1);
}

/// A single cell is a series of known autocorrelation, r^n with r = 1 - e a: time (1 + r) / (1 - r). The error of the
/// estimate is Sokal's, 2 (2 W + 1) / N of its square.
void autocorrelation(const Context& context, const std::string& engine, int steps, std::uint64_t seed) {
  Machine cells = linear_machines(std::ldexp(1.0, -kShift)).front().machine;
  LoadedArray array(context, engine, tiny(kShift), cells, kKt, seed);
  const Eigen::VectorXd rest = cells.layers[0].field.cwiseQuotient(cells.layers[0].stiffness);
  array.set_states(rest);
  array.run(400);
  Eigen::MatrixXd series(steps, array.cells());
  for (int n = 0; n < steps; ++n) {
    if (n % 1000 == 0 && context.stop()) return;
    array.run(1);
    series.row(n) = array.states().transpose();
  }
  std::vector<double> p;
  double sees = 0;
  for (Eigen::Index i = 0; i < series.cols(); ++i) {
    const double r = 1 - array.machine().step * cells.layers[0].stiffness[i];
    const double exact = (1 + r) / (1 - r);
    const Autocorrelation found = autocorrelation_steps(series.col(i));
    const double relative = std::sqrt(2.0 * (2.0 * static_cast<double>(found.window) + 1) / steps);
    // The window leaves out r^W of the sum: less than a tenth of the error at these lengths.
    p.push_back(normal_p((found.steps / exact - 1) / relative));
    sees = std::max(sees, 5.3 * relative);
  }
  context.suite.statistical(claim_of("single cells: autocorrelation_steps", "(1 + r) / (1 - r), r = 1 - e a", engine),
                            p, sees);
}

}  // namespace

void claims(const Context& context) {
  for (const std::string& engine : context.engines) {
    std::uint64_t seed = context.seed * 15485863;
    for (const NamedMachine& named : linear_machines(std::ldexp(1.0, -kShift))) {
      if (context.stop()) return;
      relaxation(context, named, engine, ++seed);
    }
    autocorrelation(context, engine, engine == "rtl" ? 20000 : context.fast ? 50000 : 1000000, ++seed);
  }
}

}  // namespace settle::physics::time
