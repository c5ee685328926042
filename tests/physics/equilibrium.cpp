// Equilibrium means equilibrium: detailed balance, and heat from trajectories.
//
// Heat of a step, into the bath: F at the mean of its ends (Stratonovich), (F(x) + F(x')) . (x' - x) / 2, in kT. With a
// quadratic energy that is V(x) - V(x') exactly. Without an energy, F = -M u about the rest point, its mean per step is
// tr(M T C - M C T') / 2 (C: covariance, T = I - e M): zero for symmetric M, above zero otherwise.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/linear_algebra/solve.hpp"
#include "machine/linear.hpp"
#include "physics/context.hpp"
#include "physics/machines.hpp"
#include "physics/nonlinear_cells.hpp"
#include "physics/p_values.hpp"
#include "physics/snapshots.hpp"
#include "physics/transfer_operator.hpp"

namespace settle::physics::equilibrium {

namespace {

constexpr int kBatches = 48;
constexpr int kBurnIn = 400;
constexpr int kLag = 2;
constexpr double kKt = 0.05;
constexpr int kShift = 2;  // e = 1/4, the step of the verilated `tiny` that every test build has

Claim claim_of(const std::string& text, const char* against, const std::string& engine) {
  return {"equilibrium", text, against, engine};
}

/// Upper half of x' x^T - x x'^T, without the diagonal.
Eigen::VectorXd antisymmetric(const Eigen::VectorXd& before, const Eigen::VectorXd& after) {
  const Eigen::Index n = after.size();
  Eigen::VectorXd out(n * (n - 1) / 2);
  Eigen::Index k = 0;
  for (Eigen::Index j = 1; j < n; ++j) {
    for (Eigen::Index i = 0; i < j; ++i) out[k++] = after[i] * before[j] - after[j] * before[i];
  }
  return out;
}

/// Lagged cross-correlations are symmetric in time for reciprocal couplings, and not for one-way ones.
void detailed_balance(const Context& context, const NamedMachine& named, const std::string& engine, int steps,
                      std::uint64_t seed) {
  LoadedArray array(context, engine, tiny(kShift), named.machine, kKt, seed);
  const Eigen::MatrixXd m = force_matrix(array.machine()), t = step_matrix(m, array.machine().step);
  const Eigen::VectorXd rest = solve(m, array.fields());
  const Eigen::MatrixXd covariance = lyapunov_covariance(m, array.machine().step, array.kt());
  const Eigen::MatrixXd batches = batch_means(
      context, array, rest, kBurnIn, kBatches, steps, kLag,
      [&](const Eigen::VectorXd& a, const Eigen::VectorXd& b) { return antisymmetric(a - rest, b - rest); });
  if (context.stop()) return;
  const Eigen::Index n = array.cells();
  const Eigen::MatrixXd later = t * t * covariance;
  Eigen::VectorXd expected(n * (n - 1) / 2), scale(expected.size());
  Eigen::Index k = 0;
  for (Eigen::Index j = 1; j < n; ++j) {
    for (Eigen::Index i = 0; i < j; ++i, ++k) {
      expected[k] = named.reciprocal ? 0 : later(i, j) - later(j, i);
      scale[k] = std::sqrt(covariance(i, i) * covariance(j, j));
    }
  }
  const BatchTest test = batch_test(batches, expected, scale);
  if (named.reciprocal) {
    context.suite.statistical(claim_of(named.name + ": <x_i(t+2) x_j(t)> = <x_j(t+2) x_i(t)>", "0", engine), test.p,
                              test.sees);
    return;
  }
  context.suite.statistical(claim_of(named.name + ": <x_i(t+2) x_j(t)> - <x_j(t+2) x_i(t)>", "T^2 C - C T'^2", engine),
                            test.p, test.sees);
  const BatchTest zero = batch_test(batches, Eigen::VectorXd::Zero(expected.size()), scale);
  context.suite.exact(claim_of(named.name + ": detailed balance is rejected, p", "below the suite's threshold", engine),
                      *std::min_element(zero.p.begin(), zero.p.end()), 0, 1e-9);
}

Eigen::VectorXd heat(const Eigen::MatrixXd& m, const Eigen::VectorXd& rest, double kt, const Eigen::VectorXd& before,
                     const Eigen::VectorXd& after) {
  const Eigen::VectorXd force_sum = -(m * (before + after - 2 * rest));
  return Eigen::VectorXd::Constant(1, 0.5 * force_sum.dot(after - before) / kt);
}

/// Mean heat of a step once the machine has settled.
void heat_rate(const Context& context, const NamedMachine& named, const std::string& engine, int steps,
               std::uint64_t seed) {
  LoadedArray array(context, engine, tiny(kShift), named.machine, kKt, seed);
  const Eigen::MatrixXd m = force_matrix(array.machine()), t = step_matrix(m, array.machine().step);
  const Eigen::VectorXd rest = solve(m, array.fields());
  const Eigen::MatrixXd covariance = lyapunov_covariance(m, array.machine().step, array.kt());
  const Eigen::MatrixXd batches =
      batch_means(context, array, rest, kBurnIn, kBatches, steps, 1,
                  [&](const Eigen::VectorXd& a, const Eigen::VectorXd& b) { return heat(m, rest, array.kt(), a, b); });
  if (context.stop()) return;
  const double rate = (m * t * covariance - m * covariance * t.transpose()).trace() / (2 * array.kt());
  const Eigen::VectorXd one = Eigen::VectorXd::Ones(1);
  const BatchTest test = batch_test(batches, rate * one, one);
  const char* what =
      named.reciprocal ? ": heat per step at equilibrium, kT" : ": heat per step that keeps it going, kT";
  context.suite.statistical(claim_of(named.name + what, named.reciprocal ? "0" : "tr(M T C - M C T') / 2 kT", engine),
                            test.p, test.sees);
  if (named.reciprocal) return;
  context.suite.figure(claim_of(named.name + ": that heat, kT", "-", "-"), rate);
}

/// Heat of an inference, from x = 0 to equilibrium: V(0) - <V>, with <V> = V(x*) + tr(M C) / 2.
void heat_of_inference(const Context& context, const NamedMachine& named, const std::string& engine, int runs,
                       std::uint64_t seed) {
  LoadedArray array(context, engine, tiny(kShift), named.machine, kKt, seed);
  const Eigen::MatrixXd m = force_matrix(array.machine());
  const Eigen::VectorXd rest = solve(m, array.fields());
  const Eigen::MatrixXd covariance = lyapunov_covariance(m, array.machine().step, array.kt());
  constexpr int kSteps = 300;
  Eigen::MatrixXd heats(runs, 1);
  for (int r = 0; r < runs; ++r) {
    if (context.stop()) return;
    array.set_noise(seed + static_cast<std::uint64_t>(r));
    heats.row(r) = kSteps * batch_means(context, array, Eigen::VectorXd::Zero(array.cells()), 0, 1, kSteps, 1,
                                        [&](const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
                                          return heat(m, rest, array.kt(), a, b);
                                        });
  }
  const double expected = (0.5 * rest.dot(m * rest) - 0.5 * (m * covariance).trace()) / array.kt();
  const Eigen::VectorXd one = Eigen::VectorXd::Ones(1);
  const BatchTest test = batch_test(heats, expected * one, std::abs(expected) * one);
  context.suite.statistical(claim_of(named.name + ": heat of an inference", "V(0) - <V>", engine), test.p, test.sees);
  context.suite.figure(claim_of(named.name + ": that heat, kT", "-", "-"), expected);
}

/// A step of finite size breaks the detailed balance of a nonlinear cell by what its transfer operator says, and that
/// falls with the step.
void nonlinear_balance(const Context& context, const std::string& engine, int steps, std::uint64_t seed) {
  const NonlinearCell cell = nonlinear_cells().back();
  const auto one = [](double x) { return x; };
  const auto square = [](double x) { return x * x; };
  const auto asymmetry = [&](double step) {
    const TransferOperator law({cell.force, step, cell.kt, cell.low, cell.high});
    return law.pair_mean(one, square) - law.pair_mean(square, one);
  };
  if (engine == "model") {
    context.suite.exact(claim_of(cell.name + ": <x x'^2> - <x^2 x'> at e = 1/64 over that at 1/128",
                                 "8: third order per step, second per unit of time", "-"),
                        asymmetry(1.0 / 64) / asymmetry(1.0 / 128), 7.2, 8.8);
  }
  const Configuration c = tiny(kShift);
  const std::vector<double> knots = cell_knots(cell, c);
  LoadedArray array(context, engine, c, single_cells(16, 3, cell.stiffness, cell.field, knots, c.step()), cell.kt,
                    seed);
  const Eigen::MatrixXd batches = batch_means(
      context, array, Eigen::VectorXd::Constant(array.cells(), 0.1), kBurnIn, kBatches, steps, 1,
      [](const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
        return Eigen::VectorXd::Constant(1, (a.array() * b.array().square() - a.array().square() * b.array()).mean());
      });
  if (context.stop()) return;
  const TransferOperator law({cell.force, c.step(), array.kt(), cell.low, cell.high});
  const double cube = std::pow(law.mean(square), 1.5);
  const BatchTest test =
      batch_test(batches, Eigen::VectorXd::Constant(1, asymmetry(c.step())), Eigen::VectorXd::Constant(1, cube));
  context.suite.statistical(claim_of(cell.name + ": <x x'^2> - <x^2 x'>", "transfer operator", engine), test.p,
                            test.sees);
}

}  // namespace

void claims(const Context& context) {
  const std::vector<NamedMachine> machines = linear_machines(std::ldexp(1.0, -kShift));
  const auto all = static_cast<long long>(machines.size()) * static_cast<long long>(context.engines.size());
  long long done = 0;
  for (const std::string& engine : context.engines) {
    const int steps = engine == "rtl" ? 300 : context.fast ? 400 : 20000;
    for (const NamedMachine& named : machines) {
      context.progress(done++, all);
      const std::uint64_t seed = context.seed * 104729 + 10000 * static_cast<std::uint64_t>(done);
      detailed_balance(context, named, engine, steps, seed);
      heat_rate(context, named, engine, steps, seed + 1);
      if (named.reciprocal) {
        heat_of_inference(context, named, engine, engine == "rtl" ? 16 : context.fast ? 40 : 1000, seed + 2);
      }
      if (context.stop()) return;
    }
    nonlinear_balance(context, engine, steps, context.seed * 104729 + 7);
  }
}

}  // namespace settle::physics::equilibrium
