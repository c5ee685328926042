// Linear machines against their exact discrete-time answers: with T = I - e M, mean M^-1 h, covariance C of the
// discrete Lyapunov equation, covariance of states n steps apart T^n C.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/linear_algebra/solve.hpp"
#include "machine/linear.hpp"
#include "physics/context.hpp"
#include "physics/machines.hpp"
#include "physics/p_values.hpp"
#include "physics/snapshots.hpp"

namespace settle::physics::linear {

namespace {

constexpr int kBatches = 48;
constexpr int kBurnIn = 400;  // steps; the slowest mode of these machines relaxes in less than 40
constexpr int kLag = 2;
constexpr double kTemperatures[] = {0.05, 0.002};
constexpr double kWrong = 1.1;  // the control's factor on the covariance

/// Tests of one machine, gathered over steps and temperatures.
struct Found {
  std::vector<double> p;
  double sees = 0;

  void add(const BatchTest& test) {
    p.insert(p.end(), test.p.begin(), test.p.end());
    sees = std::max(sees, test.sees);
  }
};

struct MachineFound {
  Found mean, covariance, lagged;
  double control = 1;  ///< least p against a covariance that is wrong by kWrong
};

/// Deviations from the rest point: themselves, the lower half of their products, all products `kLag` steps apart.
Eigen::VectorXd products(const Eigen::VectorXd& before, const Eigen::VectorXd& after) {
  const Eigen::Index n = after.size();
  Eigen::VectorXd out(n + n * (n + 1) / 2 + n * n);
  out.head(n) = after;
  Eigen::Index k = n;
  for (Eigen::Index j = 0; j < n; ++j) {
    out.segment(k, n - j) = after.tail(n - j) * after[j];
    k += n - j;
  }
  for (Eigen::Index j = 0; j < n; ++j) out.segment(k + j * n, n) = after * before[j];
  return out;
}

Eigen::VectorXd lower(const Eigen::MatrixXd& m) {
  Eigen::VectorXd out(m.rows() * (m.rows() + 1) / 2);
  Eigen::Index k = 0;
  for (Eigen::Index j = 0; j < m.cols(); ++j) {
    out.segment(k, m.rows() - j) = m.col(j).tail(m.rows() - j);
    k += m.rows() - j;
  }
  return out;
}

void test_machine(const Context& context, LoadedArray& array, int batch_steps, MachineFound& found) {
  const Eigen::MatrixXd m = force_matrix(array.machine());
  const double step = array.machine().step;
  const Eigen::VectorXd rest = solve(m, array.fields());
  const Eigen::MatrixXd covariance = lyapunov_covariance(m, step, array.kt());
  const Eigen::MatrixXd t = step_matrix(m, step), later = t * t * covariance;
  const Eigen::MatrixXd batches = batch_means(context, array, rest, kBurnIn, kBatches, batch_steps, kLag,
                                              [&](const Eigen::VectorXd& before, const Eigen::VectorXd& after) {
                                                return products(before - rest, after - rest);
                                              });
  if (context.stop()) return;
  const Eigen::Index n = array.cells(), half = n * (n + 1) / 2;
  const Eigen::VectorXd deviation = covariance.diagonal().cwiseSqrt();
  const Eigen::MatrixXd scale = deviation * deviation.transpose();
  found.mean.add(batch_test(batches.leftCols(n), Eigen::VectorXd::Zero(n), deviation));
  found.covariance.add(batch_test(batches.middleCols(n, half), lower(covariance), lower(scale)));
  found.lagged.add(batch_test(batches.rightCols(n * n), later.reshaped(), scale.reshaped()));
  const BatchTest wrong = batch_test(batches.middleCols(n, half), kWrong * lower(covariance), lower(scale));
  for (const double p : wrong.p) found.control = std::min(found.control, p);
}

}  // namespace

void claims(const Context& context) {
  const std::vector<int> shifts = context.fast ? std::vector<int>{2} : std::vector<int>{2, 3, 4};
  const std::size_t machines = linear_machines(0.25).size();
  const std::size_t all = shifts.size() * machines * 2 * context.engines.size();
  long long done = 0;
  for (const std::string& engine : context.engines) {
    const int batch_steps = engine == "rtl" ? 300 : context.fast ? 400 : 20000;
    for (std::size_t k = 0; k < machines; ++k) {
      MachineFound found;
      std::string name;
      for (const int shift : shifts) {
        const NamedMachine named = linear_machines(std::ldexp(1.0, -shift))[k];
        name = named.name;
        for (const double kt : kTemperatures) {
          context.progress(done, static_cast<long long>(all));
          const std::uint64_t seed = context.seed * 1000003 + static_cast<std::uint64_t>(done++);
          LoadedArray array(context, engine, tiny(shift), named.machine, kt, seed);
          test_machine(context, array, batch_steps, found);
          if (context.stop()) return;
        }
      }
      const auto claim = [&](const char* what, const char* exact) {
        return Claim{"linear machines", fmt::format("{}: {}", name, what), exact, engine};
      };
      context.suite.statistical(claim("mean", "M^-1 h"), found.mean.p, found.mean.sees);
      context.suite.statistical(claim("covariance", "C = T C T' + 2 e kT I"), found.covariance.p,
                                found.covariance.sees);
      context.suite.statistical(claim("covariance 2 steps apart", "T^2 C"), found.lagged.p, found.lagged.sees);
      if (k == 0 && engine == "model") {
        context.suite.exact(claim("control: 10 % more covariance is rejected, p", "the suite's threshold"),
                            found.control, 0, 1e-9);
      }
    }
  }
}

}  // namespace settle::physics::linear
