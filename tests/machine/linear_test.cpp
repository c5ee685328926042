#include "machine/linear.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/linear_algebra/solve.hpp"
#include "machine/small_machine.hpp"

using doctest::Approx;
using namespace settle;
using settle_test::linear_machine;
using settle_test::random_matrix;

namespace {

// The energy of machine.hpp written out term by term, without its field: M is its Hessian.
double energy(const Machine& m, const Eigen::VectorXd& x) {
  double v = 0;
  int first = 0;
  for (const Layer& layer : m.layers) {
    const int rows = layer.cells() / layer.columns;
    for (int i = 0; i < layer.cells(); ++i) {
      v += 0.5 * layer.stiffness[i] * x[first + i] * x[first + i];
      for (const Neighbour& n : layer.neighbours) {
        const int r = (i / layer.columns + n.dy) % rows;
        const int c = (i % layer.columns + n.dx) % layer.columns;
        v += n.coupling[i] * x[first + i] * x[first + r * layer.columns + c];
      }
    }
    first += layer.cells();
  }
  const Eigen::VectorXd a = x.head(m.layers[0].cells());
  const Eigen::VectorXd b = x.tail(m.layers[1].cells());
  v += (m.buses[0].source_matrix.transpose() * a).dot(m.buses[0].target_matrix.transpose() * b);
  v += 0.5 * (m.buses[1].source_matrix.transpose() * b).squaredNorm();
  return v;
}

}  // namespace

TEST_CASE("M is the second derivative of the energy") {
  const Machine m = linear_machine();
  const Eigen::MatrixXd force = force_matrix(m);
  const int cells = cell_count(m);
  REQUIRE(cells == 14);
  CHECK(layer_offset(m, 1) == 6);
  CHECK((force - force.transpose()).cwiseAbs().maxCoeff() < 1e-15);
  for (int i = 0; i < cells; ++i) {
    for (int j = 0; j < cells; ++j) {
      const Eigen::VectorXd ei = Eigen::VectorXd::Unit(cells, i);
      const Eigen::VectorXd ej = Eigen::VectorXd::Unit(cells, j);
      // Exact for a quadratic form.
      CHECK(force(i, j) == Approx(energy(m, ei + ej) - energy(m, ei) - energy(m, ej)).epsilon(1e-12));
    }
  }
}

TEST_CASE("a one-way bus acts on its target only") {
  Machine m = linear_machine();
  m.buses[0].reciprocal = false;
  const Eigen::MatrixXd force = force_matrix(m);
  CHECK(force.topRightCorner(6, 8).cwiseAbs().maxCoeff() == 0.0);
  const Eigen::MatrixXd expected = m.buses[0].target_matrix * m.buses[0].source_matrix.transpose();
  CHECK((force.bottomLeftCorner(8, 6) - expected).cwiseAbs().maxCoeff() < 1e-15);
}

TEST_CASE("table slopes are added per layer") {
  const Machine m = linear_machine();
  const Eigen::VectorXd added = (force_matrix(m, {0.5, 2.0}) - force_matrix(m)).diagonal();
  CHECK(added.head(6).isConstant(0.5));
  CHECK(added.tail(8).isConstant(2.0));
  CHECK_THROWS_AS(force_matrix(m, {1.0}), Error);
}

TEST_CASE("the rest point is where the noise-free step stops") {
  const Machine m = linear_machine();
  const Eigen::VectorXd h = random_matrix(14, 1, 1.0, 20);
  const Eigen::VectorXd rest = equilibrium(m, h);
  const Eigen::MatrixXd force = force_matrix(m);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(14);
  for (int step = 0; step < 2000; ++step) x += m.step * (h - force * x);
  CHECK((x - rest).norm() < 1e-12 * rest.norm());
}

TEST_CASE("equilibrium refuses what it cannot solve") {
  CHECK_THROWS_AS(equilibrium(settle_test::small_machine(), Eigen::VectorXd::Zero(14)), Error);
  Machine m = linear_machine();
  CHECK_THROWS_AS(equilibrium(m, Eigen::VectorXd::Zero(13)), Error);
  m.buses.clear();
  m.layers[0].neighbours.clear();
  m.layers[0].stiffness[0] = 0;
  CHECK_THROWS_AS(equilibrium(m, Eigen::VectorXd::Zero(14)), Error);
}

TEST_CASE("closed form, Lyapunov series and the equation itself agree on the thermal covariance") {
  const Eigen::MatrixXd force = force_matrix(linear_machine());
  const double step = 0.25, kt = 0.3;
  const Eigen::MatrixXd closed = stationary_covariance(force, step, kt);
  CHECK((closed - lyapunov_covariance(force, step, kt)).cwiseAbs().maxCoeff() < 1e-13);
  const Eigen::MatrixXd identity = Eigen::MatrixXd::Identity(14, 14);
  const Eigen::MatrixXd formula = kt * solve(force * (identity - 0.5 * step * force), identity);
  CHECK((closed - formula).cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("a one-way machine's covariance solves the Lyapunov equation") {
  Machine m = linear_machine();
  m.buses[0].reciprocal = false;
  const Eigen::MatrixXd force = force_matrix(m);
  const double step = 0.25, kt = 0.3;
  const Eigen::MatrixXd c = stationary_covariance(force, step, kt);
  const Eigen::MatrixXd t = step_matrix(force, step);
  const Eigen::MatrixXd rest = t * c * t.transpose() + 2 * step * kt * Eigen::MatrixXd::Identity(14, 14) - c;
  CHECK(rest.cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("an unstable step has no thermal state") {
  const Eigen::MatrixXd force = 9.0 * Eigen::MatrixXd::Identity(2, 2);
  CHECK_THROWS_AS(stationary_covariance(force, 0.25, 1.0), Error);
  CHECK_THROWS_AS(lyapunov_covariance(force, 0.25, 1.0), Error);
  CHECK_THROWS_AS(window_mean_covariance(force, 0.25, 1.0, 10), Error);
}

TEST_CASE("the covariance of a window's mean is the double sum of autocovariances") {
  const Eigen::MatrixXd force = force_matrix(linear_machine());
  const double step = 0.25, kt = 0.3;
  const int window = 17;
  const Eigen::MatrixXd c = stationary_covariance(force, step, kt);
  const Eigen::MatrixXd t = step_matrix(force, step);
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(14, 14);
  for (int i = 0; i < window; ++i) {
    for (int j = 0; j < window; ++j) {
      Eigen::MatrixXd lagged = c;
      for (int lag = 0; lag < std::abs(i - j); ++lag) lagged = t * lagged;
      sum += lagged;
    }
  }
  const Eigen::MatrixXd expected = sum / (window * window);
  CHECK((window_mean_covariance(force, step, kt, window) - expected).cwiseAbs().maxCoeff() < 1e-13);
  CHECK((window_mean_covariance(force, step, kt, 1) - c).cwiseAbs().maxCoeff() < 1e-13);
  CHECK_THROWS_AS(window_mean_covariance(force, step, kt, 0), Error);
}

TEST_CASE("spectral radius of a rotation, relaxation of known rates") {
  Eigen::MatrixXd turn(2, 2);
  turn << 0.0, -0.5, 0.5, 0.0;
  CHECK(spectral_radius(turn) == Approx(0.5));
  CHECK(relaxation_steps(std::exp(-0.1)) == Approx(10.0));
  CHECK(relaxation_steps(0.0) == 0.0);
  CHECK(std::isinf(relaxation_steps(1.0)));
}
