// Linear machines against their exact discrete-time answers: with T = I - e M, mean M^-1 h, covariance C of the
// discrete Lyapunov equation, covariance of states n steps apart T^n C.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "linear_algebra/solve.hpp"
#include "machine/linear.hpp"
#include "physics/context.hpp"
#include "physics/loaded_array.hpp"
#include "physics/machines.hpp"
#include "physics/p_values.hpp"

namespace settle::physics {

namespace {

constexpr int kBatches = 48;
constexpr int kBurnIn = 200;  // steps; the slowest mode of these machines relaxes in less than 30
constexpr double kTemperatures[] = {0.05, 0.002};

/// States of one run, reduced to what the exact answers are about: batch means of x, x x^T and x' x^T, x' = `lag` steps
/// later, about the exact mean. Batches are many relaxation times long, so that they count as independent.
struct Moments {
  Eigen::MatrixXd mean;    ///< [batches x n]
  Eigen::MatrixXd square;  ///< [batches x n (n + 1) / 2]
  Eigen::MatrixXd lagged;  ///< [batches x n * n]
};

Eigen::VectorXd lower(const Eigen::MatrixXd& m) {
  Eigen::VectorXd out(m.rows() * (m.rows() + 1) / 2);
  Eigen::Index k = 0;
  for (Eigen::Index j = 0; j < m.cols(); ++j) {
    for (Eigen::Index i = j; i < m.rows(); ++i) out[k++] = m(i, j);
  }
  return out;
}

Moments moments(const Context& context, LoadedArray& array, const Eigen::VectorXd& rest, int batch_steps, int lag) {
  const Eigen::Index n = array.cells();
  Moments out;
  out.mean.resize(kBatches, n);
  out.square.resize(kBatches, n * (n + 1) / 2);
  out.lagged.resize(kBatches, n * n);
  array.set_states(rest);
  array.run(kBurnIn);
  Eigen::MatrixXd past(n, lag);  // a ring of the last states
  for (int b = 0; b < kBatches && !context.stop(); ++b) {
    Eigen::VectorXd sum = Eigen::VectorXd::Zero(n);
    Eigen::MatrixXd square = Eigen::MatrixXd::Zero(n, n), lagged = Eigen::MatrixXd::Zero(n, n);
    for (int s = 0; s < batch_steps + lag; ++s) {
      array.run(1);
      const Eigen::VectorXd x = array.states() - rest;
      if (s >= lag) {
        sum += x;
        square.selfadjointView<Eigen::Lower>().rankUpdate(x);
        lagged.noalias() += x * past.col(s % lag).transpose();
      }
      past.col(s % lag) = x;
    }
    out.mean.row(b) = sum / batch_steps;
    out.square.row(b) = lower(square) / batch_steps;
    out.lagged.row(b) = lagged.reshaped() / batch_steps;
  }
  return out;
}

void machine_claims(const Context& context, const NamedMachine& named, const std::string& engine, int shift, double kt,
                    int batch_steps) {
  LoadedArray array(context, engine, tiny(shift), named.machine, kt, context.seed + 1);
  const Eigen::MatrixXd m = force_matrix(array.machine());
  const double step = array.machine().step;
  const Eigen::VectorXd rest = solve(m, array.fields());
  const Eigen::MatrixXd covariance = lyapunov_covariance(m, step, array.kt());
  constexpr int kLag = 2;
  const Eigen::MatrixXd t = step_matrix(m, step), later = t * t * covariance;
  const Moments found = moments(context, array, rest, batch_steps, kLag);
  if (context.stop()) return;
  const Eigen::Index n = array.cells();
  const Eigen::VectorXd deviation = covariance.diagonal().cwiseSqrt();
  const Eigen::MatrixXd scale = deviation * deviation.transpose();
  const auto claim = [&](const char* what, const char* exact) {
    return Claim{"linear machines", fmt::format("{}, e = 1/{}, kT = {}: {}", named.name, 1 << shift, kt, what), exact,
                 engine};
  };
  const BatchTest mean = batch_test(found.mean, Eigen::VectorXd::Zero(n), deviation);
  context.suite.statistical(claim("mean", "M^-1 h"), mean.p, mean.sees);
  const BatchTest square = batch_test(found.square, lower(covariance), lower(scale));
  context.suite.statistical(claim("covariance", "C = T C T^T + 2 e kT I"), square.p, square.sees);
  const BatchTest lagged = batch_test(found.lagged, later.reshaped(), scale.reshaped());
  context.suite.statistical(claim("covariance 2 steps apart", "T^2 C"), lagged.p, lagged.sees);
}

}  // namespace

void linear_claims(const Context& context) {
  const std::vector<int> shifts = context.fast ? std::vector<int>{2} : std::vector<int>{2, 3, 4};
  const std::size_t machines = linear_machines(0.25).size();
  long long done = 0;
  const auto all = static_cast<long long>(shifts.size() * machines * 2 * context.engines.size());
  for (const std::string& engine : context.engines) {
    const int batch_steps = context.fast ? 400 : engine == "rtl" ? 800 : 10000;
    for (const int shift : shifts) {
      for (const NamedMachine& named : linear_machines(std::ldexp(1.0, -shift))) {
        for (const double kt : kTemperatures) {
          if (context.stop()) return;
          context.progress(done++, all);
          machine_claims(context, named, engine, shift, kt, batch_steps);
        }
      }
    }
  }
}

}  // namespace settle::physics
