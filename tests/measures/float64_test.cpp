#include "array/float64/float64_array.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <Eigen/Core>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/solve.hpp"
#include "random.hpp"

using doctest::Approx;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using settle::Bus;
using settle::Float64Array;
using settle::Layer;
using settle::Machine;
using settle::solve;
using settle::symmetric_eigenvalues;
using settle_test::Normal;

namespace {

Layer layer(const std::string& name, int cells, Normal& normal) {
  Layer result;
  result.name = name;
  result.site_cells = cells;
  result.stiffness = VectorXd::Ones(cells);
  result.field = 0.3 * normal.vector(cells);
  return result;
}

Bus bus(int source, int target, bool reciprocal, const MatrixXd& at_source, const MatrixXd& at_target) {
  Bus result;
  result.name = "b";
  result.source = source;
  result.target = target;
  result.reciprocal = reciprocal;
  result.source_matrix = at_source;
  result.target_matrix = at_target;
  return result;
}

// Two layers of 4 and 3 linear cells and one bus of rank 2.
Machine small(bool reciprocal, Normal& normal) {
  Machine machine;
  machine.step = 0.25;
  machine.layers = {layer("ENC", 4, normal), layer("DEC", 3, normal)};
  machine.buses = {bus(0, 1, reciprocal, 0.25 * normal.matrix(4, 2), 0.25 * normal.matrix(3, 2))};
  return machine;
}

// M of small(), written down by blocks.
MatrixXd small_matrix(const Machine& machine) {
  MatrixXd M = MatrixXd::Identity(7, 7);
  const MatrixXd block = machine.buses[0].target_matrix * machine.buses[0].source_matrix.transpose();
  M.block(4, 0, 3, 4) = block;
  if (machine.buses[0].reciprocal) M.block(0, 4, 4, 3) = block.transpose();
  return M;
}

VectorXd all_fields(const Machine& machine) {
  VectorXd h(7);
  h << machine.layers[0].field, machine.layers[1].field;
  return h;
}

settle::Gaussian noise(Normal& normal) {
  return [&normal](std::uint64_t, VectorXd& xi) {
    for (Index i = 0; i < xi.size(); ++i) xi[i] = normal();
  };
}

// Everything that has an energy: neighbours on a torus, force tables, a reciprocal bus and a self-bus.
Machine rich(Normal& normal) {
  Machine machine;
  machine.layers = {layer("torus", 12, normal), layer("ring", 5, normal)};
  Layer& torus = machine.layers[0];
  torus.columns = 4;
  torus.scale = 0.5;
  torus.neighbours = {{0, 1, normal.vector(12)}, {1, 0, normal.vector(12)}, {2, 3, normal.vector(12)}};
  torus.force = {-3.0, -0.5, 0.25, 0.75, 4.0};  // knots at -4, -2, 0, 2, 4
  Layer& ring = machine.layers[1];
  ring.neighbours = {{1, 0, normal.vector(5)}, {2, 0, normal.vector(5)}};
  ring.force = {-2.0, 0.0, 1.0};  // knots at -8, 0, 8
  const MatrixXd self = normal.matrix(12, 3);
  machine.buses = {bus(0, 1, true, normal.matrix(12, 2), normal.matrix(5, 2)), bus(0, 0, true, self, self)};
  return machine;
}

// G(x), the integral from 0 to x of a g that is linear between knots and level beyond them: trapezia between 0, the
// knots passed and x.
double potential(const std::vector<double>& knots, double range, double x) {
  const double width = 2.0 * range / static_cast<double>(knots.size() - 1);
  const auto g = [&](double at) {
    if (at <= -range) return knots.front();
    if (at >= range) return knots.back();
    const auto k = static_cast<std::size_t>((at + range) / width);
    const double part = (at + range) / width - static_cast<double>(k);
    return knots[k] * (1 - part) + knots[k + 1] * part;
  };
  std::vector<double> stops = {0.0};
  const double sign = x < 0 ? -1.0 : 1.0;
  for (double knot = width; knot < std::abs(x); knot += width) stops.push_back(sign * knot);  // 0 is a knot
  stops.push_back(x);
  double sum = 0;
  for (std::size_t i = 1; i < stops.size(); ++i)
    sum += 0.5 * (g(stops[i - 1]) + g(stops[i])) * (stops[i] - stops[i - 1]);
  return sum;
}

// V of rich(), term by term as machine.hpp states it.
double energy(const Machine& machine, const VectorXd& x) {
  const VectorXd part[2] = {x.head(12), x.tail(5)};
  double V = 0;
  for (std::size_t l = 0; l < 2; ++l) {
    const Layer& at = machine.layers[l];
    const int rows = at.cells() / at.columns;
    for (int i = 0; i < at.cells(); ++i) {
      V += 0.5 * at.stiffness[i] * part[l][i] * part[l][i] - at.field[i] * part[l][i];
      V += potential(at.force, at.scale * 8.0, part[l][i]);
      for (const settle::Neighbour& n : at.neighbours) {
        const int r = i / at.columns, c = i % at.columns;
        const int j = ((r + n.dy) % rows) * at.columns + (c + n.dx) % at.columns;
        V += n.coupling[i] * part[l][i] * part[l][j];
      }
    }
  }
  const Bus& pair = machine.buses[0];
  V += (pair.source_matrix.transpose() * part[0]).dot(pair.target_matrix.transpose() * part[1]);
  V += 0.5 * (machine.buses[1].source_matrix.transpose() * part[0]).squaredNorm();
  return V;
}

}  // namespace

TEST_CASE("the force of a reciprocal machine is minus the gradient of its energy") {
  Normal normal(31);
  for (int trial = 0; trial < 5; ++trial) {
    const Machine machine = rich(normal);
    const Float64Array array(machine);
    const VectorXd x = 1.5 * normal.vector(17);  // some beyond the table's ends at -4 and 4
    const VectorXd force = array.force(x);
    for (Index i = 0; i < x.size(); ++i) {
      const double h = 1e-5;
      VectorXd up = x, down = x;
      up[i] += h;
      down[i] -= h;
      const double gradient = (energy(machine, up) - energy(machine, down)) / (2 * h);
      CHECK(std::abs(force[i] + gradient) < 1e-7);
    }
  }
}

TEST_CASE("a one-way bus drops the return force") {
  Normal normal(32);
  Machine machine = small(true, normal);
  const VectorXd x = normal.vector(7);
  const VectorXd both = Float64Array(machine).force(x);
  machine.buses[0].reciprocal = false;
  const VectorXd one = Float64Array(machine).force(x);
  CHECK((one - (all_fields(machine) - small_matrix(machine) * x)).norm() < 1e-12);
  CHECK((one.tail(3) - both.tail(3)).norm() == 0.0);
  CHECK((one.head(4) - both.head(4)).norm() > 0.01);
}

TEST_CASE("at kT = 0 a linear machine settles to M^-1 h") {
  Normal normal(33);
  for (const bool reciprocal : {true, false}) {
    const Machine machine = small(reciprocal, normal);
    const MatrixXd M = small_matrix(machine);
    Float64Array array(machine);
    CHECK(array.field() == all_fields(machine));
    array.run(0, 3000, 0.0, nullptr);
    CHECK((array.state() - solve(M, all_fields(machine))).norm() < 1e-12);

    const VectorXd h = normal.vector(7);
    array.set_field(h);
    array.run(0, 3000, 0.0, nullptr);
    CHECK((array.state() - solve(M, h)).norm() < 1e-12);
  }
}

TEST_CASE("one step by hand: all cells from the same old state, noise sqrt(2 e kT)") {
  Normal normal(34);
  const Machine machine = small(true, normal);
  const VectorXd x = normal.vector(7), xi = normal.vector(7);
  Float64Array array(machine);
  array.set_state(x);
  std::vector<std::uint64_t> steps;
  const auto fill = [&](std::uint64_t step, VectorXd& out) {
    steps.push_back(step);
    out = xi;
  };
  array.run(41, 1, 0.3, fill);
  const VectorXd expected =
      x + 0.25 * (all_fields(machine) - small_matrix(machine) * x) + std::sqrt(2 * 0.25 * 0.3) * xi;
  CHECK((array.state() - expected).norm() < 1e-14);
  array.run(42, 2, 0.3, fill);
  CHECK(steps == std::vector<std::uint64_t>{41, 42, 43});
}

TEST_CASE("sums take each state before its update and add to what is there") {
  Normal normal(35);
  const Machine machine = small(true, normal);
  Float64Array array(machine), twin(machine);
  const VectorXd start = normal.vector(7);
  array.set_state(start);
  twin.set_state(start);
  settle::Sums sums;
  array.run(0, 2, 0.0, nullptr, &sums);
  twin.run(0, 1, 0.0, nullptr);
  CHECK(sums.steps == 2);
  CHECK((sums.x - (start + twin.state())).norm() < 1e-14);
  CHECK((sums.x_squared - (start.cwiseAbs2() + twin.state().cwiseAbs2())).norm() < 1e-14);
  array.run(2, 3, 0.0, nullptr, &sums);
  CHECK(sums.steps == 5);
}

TEST_CASE("the stationary covariance is kT M^-1 (I - e M / 2)^-1") {
  Normal normal(36);
  const Machine machine = small(true, normal);
  const MatrixXd M = small_matrix(machine);
  const MatrixXd T = MatrixXd::Identity(7, 7) - 0.25 * M;
  REQUIRE(symmetric_eigenvalues(T).cwiseAbs().maxCoeff() < 0.95);
  const double kt = 0.3;
  const MatrixXd C = kt * solve(M * (MatrixXd::Identity(7, 7) - 0.125 * M), MatrixXd::Identity(7, 7));
  const VectorXd mean = solve(M, all_fields(machine));

  Float64Array array(machine);
  array.set_state(mean);
  array.run(0, 500, kt, noise(normal));
  const int n = 200000;
  MatrixXd found = MatrixXd::Zero(7, 7);
  settle::Sums sums;
  for (int step = 0; step < n; ++step) {
    array.run(500 + static_cast<std::uint64_t>(step), 1, kt, noise(normal), &sums);
    const VectorXd d = array.state() - mean;
    found += d * d.transpose() / n;
  }
  // The autocovariance of this Gaussian chain is A_t = T^t C, so the variance of entry (i, j) of `found` is, exactly,
  // sum over lags of A_t(i,i) A_t(j,j) + A_t(i,j) A_t(j,i), over n. Five standard errors on 28 entries and 7 means.
  MatrixXd variance = MatrixXd::Zero(7, 7);
  VectorXd variance_of_mean = VectorXd::Zero(7);
  MatrixXd A = C;
  for (int t = 0; t < 1000; ++t, A = T * A) {
    const VectorXd own = A.diagonal();
    const double both_signs = t == 0 ? 1.0 : 2.0;
    variance += both_signs * (own * own.transpose() + A.cwiseProduct(A.transpose())) / n;
    variance_of_mean += both_signs * own / n;
  }
  CHECK((((found - C).array() / variance.array().sqrt()).abs().maxCoeff()) < 5.0);
  const VectorXd error = sums.x / n - mean;
  CHECK((error.array() / variance_of_mean.array().sqrt()).abs().maxCoeff() < 5.0);
  // The step's own part of the covariance is far outside the error: kT M^-1 alone would not pass.
  CHECK((((kt * solve(M, MatrixXd::Identity(7, 7)) - C).array() / variance.array().sqrt()).abs().maxCoeff()) > 20.0);
}

TEST_CASE("the stationary covariance of a one-way machine solves C = T C T^T + 2 e kT I") {
  Normal normal(37);
  const Machine machine = small(false, normal);
  const MatrixXd T = MatrixXd::Identity(7, 7) - 0.25 * small_matrix(machine);
  const VectorXd mean = solve(small_matrix(machine), all_fields(machine));
  const double kt = 0.3;
  MatrixXd C = MatrixXd::Zero(7, 7);
  for (int i = 0; i < 2000; ++i) C = (T * C * T.transpose() + 2 * 0.25 * kt * MatrixXd::Identity(7, 7)).eval();
  Float64Array array(machine);
  array.set_state(mean);
  array.run(0, 500, kt, noise(normal));
  const int n = 200000;
  settle::Sums sums;
  array.run(500, n, kt, noise(normal), &sums);
  VectorXd variance = VectorXd::Zero(7);
  MatrixXd A = C;
  for (int t = 0; t < 1000; ++t, A = T * A) variance += (t == 0 ? 2.0 : 4.0) * A.diagonal().cwiseAbs2() / n;
  // The true mean is known, so the variance is taken about it.
  const VectorXd found = (sums.x_squared - 2.0 * mean.cwiseProduct(sums.x)) / n + mean.cwiseAbs2();
  CHECK(((found - C.diagonal()).array() / variance.array().sqrt()).abs().maxCoeff() < 5.0);
}

TEST_CASE("clamped cells hold their state, push on the others and enter the sums") {
  Normal normal(38);
  Machine machine = small(true, normal);
  machine.layers[0].clamp = {1, 1, 1, 1};
  Float64Array array(machine);
  const VectorXd start = normal.vector(7);
  array.set_state(start);
  settle::Sums sums;
  array.run(0, 10, 0.1, noise(normal), &sums);
  CHECK(array.state().head(4) == start.head(4));
  CHECK((sums.x.head(4) - 10 * start.head(4)).norm() < 1e-13);
  array.run(10, 2000, 0.0, nullptr);
  const VectorXd driven = machine.layers[1].field - small_matrix(machine).block(4, 0, 3, 4) * start.head(4);
  CHECK((array.state().tail(3) - driven).norm() < 1e-12);
}

TEST_CASE("a force table is linear between knots and level beyond its ends") {
  Normal normal(39);
  Machine machine;
  machine.layers = {layer("cells", 6, normal)};
  Layer& cells = machine.layers[0];
  cells.stiffness.setZero();
  cells.field.setZero();
  cells.scale = 2.0;
  cells.force = {-4.0, 0.0, 1.0};  // knots at -16, 0, 16
  VectorXd x(6), g(6);
  x << -20, -16, -4, 0, 8, 100;
  g << -4, -4, -1, 0, 0.5, 1;
  CHECK((Float64Array(machine).force(x) + g).norm() < 1e-14);
  x << -10, -8, -2, 0, 4, 10;
  CHECK((Float64Array(machine, 4.0).force(x) + g).norm() < 1e-14);  // the same knots at -8, 0, 8
}

TEST_CASE("an offset half way round a ring lists every pair twice, and both count") {
  Normal normal(40);
  Machine machine;
  machine.layers = {layer("ring", 4, normal)};
  Layer& ring = machine.layers[0];
  ring.stiffness.setZero();
  ring.field.setZero();
  VectorXd J(4), x(4), force(4);
  J << 1, 2, 10, 20;
  x << 1, 2, 3, 4;
  ring.neighbours = {{2, 0, J}};
  force << -11 * 3, -22 * 4, -11 * 1, -22 * 2;
  CHECK(Float64Array(machine).force(x) == force);
}

TEST_CASE("the float64 array refuses bad machines and arguments") {
  Normal normal(41);
  const Machine good = small(true, normal);
  const auto refused = [](const Machine& machine) { CHECK_THROWS_AS(Float64Array{machine}, settle::Error); };
  Machine bad = good;
  bad.layers.clear();
  refused(bad);
  bad = good;
  bad.step = 0;
  refused(bad);
  bad = good;
  bad.layers[1].stiffness = VectorXd::Ones(4);
  CHECK_THROWS_WITH_AS(Float64Array{bad}, "layer DEC: stiffness has 4 entries, 3 finite ones are needed",
                       settle::Error);
  bad = good;
  bad.layers[0].field[2] = std::nan("");
  refused(bad);
  bad = good;
  bad.layers[0].clamp = {1};
  refused(bad);
  bad = good;
  bad.layers[0].force = {1.0};
  refused(bad);
  bad = good;
  bad.layers[0].columns = 3;
  bad.layers[0].neighbours = {{0, 1, VectorXd::Ones(4)}};
  refused(bad);
  bad.layers[0].columns = 2;
  bad.layers[0].neighbours = {{0, 0, VectorXd::Ones(4)}};
  refused(bad);
  bad.layers[0].neighbours = {{0, 1, VectorXd::Ones(3)}};
  refused(bad);
  bad = good;
  bad.buses[0].target = 2;
  refused(bad);
  bad = good;
  bad.buses[0].target_matrix = MatrixXd::Ones(3, 1);
  refused(bad);
  bad = good;
  bad.buses[0].target = 0;
  bad.buses[0].target_matrix = bad.buses[0].source_matrix * 2;
  refused(bad);

  Float64Array array(good);
  CHECK_THROWS_AS(array.set_field(VectorXd::Ones(6)), settle::Error);
  CHECK_THROWS_AS(array.set_state(VectorXd::Constant(7, std::nan(""))), settle::Error);
  CHECK_THROWS_AS(array.run(0, -1, 0.0, nullptr), settle::Error);
  CHECK_THROWS_AS(array.run(0, 1, -0.1, nullptr), settle::Error);
  CHECK_THROWS_AS(array.run(0, 1, 0.1, nullptr), settle::Error);
  settle::Sums foreign{1, VectorXd::Ones(3), VectorXd::Ones(3)};
  CHECK_THROWS_AS(array.run(0, 1, 0.0, nullptr, &foreign), settle::Error);
  CHECK_THROWS_AS(array.run(0, 1, 0.1, [](std::uint64_t, VectorXd& xi) { xi.resize(3); }), settle::Error);
}

TEST_CASE("a run that blows up is an error, not infinities") {
  Normal normal(42);
  Machine machine = small(true, normal);
  machine.layers[0].stiffness.setConstant(-50.0);
  Float64Array array(machine);
  CHECK_THROWS_AS(array.run(0, 5000, 0.0, nullptr), settle::Error);
}
