#include "study/measures/heat.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "random.hpp"
#include "study/measures/check.hpp"

using doctest::Approx;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using settle::heat_of_steps;
using settle_test::Normal;

namespace {

settle::StateForce linear(const MatrixXd& force) {
  return [force](const VectorXd& x) -> VectorXd { return force * x; };
}

/// Corners of a regular polygon in the plane of two cells, counterclockwise, back to the first one: [corners + 1 x 2].
MatrixXd polygon(int corners, double radius, double x, double y) {
  MatrixXd path(corners + 1, 2);
  for (int n = 0; n <= corners; ++n) {
    const double angle = 2 * std::acos(-1.0) * (n % corners) / corners;
    path.row(n) << x + radius * std::cos(angle), y + radius * std::sin(angle);
  }
  return path;
}

}  // namespace

TEST_CASE("heat of a quadratic energy is V(x) - V(x'), step by step and in all, for any path") {
  Normal normal(71);
  const Eigen::Index cells = 7;
  const double kt = 0.03;
  const MatrixXd a = normal.matrix(cells, cells), M = a + a.transpose();  // with negative eigenvalues too
  const VectorXd h = normal.vector(cells);
  const MatrixXd path = normal.matrix(200, cells);
  const auto energy = [&](Eigen::Index n) {
    const VectorXd x = path.row(n);
    return 0.5 * x.dot(M * x) - h.dot(x);
  };
  const VectorXd heats = heat_of_steps(
      path, [&](const VectorXd& x) -> VectorXd { return h - M * x; }, kt);
  REQUIRE(heats.size() == 199);
  for (Eigen::Index n = 0; n < heats.size(); ++n) {
    CHECK(std::abs(heats[n] - (energy(n) - energy(n + 1)) / kt) < 1e-9);
  }
  CHECK(std::abs(heats.sum() - (energy(0) - energy(199)) / kt) < 1e-8);
}

TEST_CASE("heat of a turning force on a closed loop is its circulation: twice its strength times the area") {
  MatrixXd turning(2, 2), turning_and_pull(2, 2);
  turning << 0, -0.7, 0.7, 0;
  turning_and_pull << -2, 0.3 - 0.7, 0.3 + 0.7, -5;  // what has an energy adds nothing on a loop
  for (const int corners : {3, 4, 17}) {
    CAPTURE(corners);
    const double area = 0.5 * corners * 1.5 * 1.5 * std::sin(2 * std::acos(-1.0) / corners);
    const MatrixXd loop = polygon(corners, 1.5, 3, -2);
    for (const MatrixXd& force : {turning, turning_and_pull}) {
      CHECK(heat_of_steps(loop, linear(force), 0.5).sum() == Approx(2 * 0.7 * area / 0.5));
      CHECK(heat_of_steps(loop.colwise().reverse(), linear(force), 0.5).sum() == Approx(-2 * 0.7 * area / 0.5));
    }
  }
}

TEST_CASE("a force with a kink counts with the mean of both ends") {
  const auto kinked = [](const VectorXd& x) -> VectorXd { return -x.cwiseMax(0.0); };
  MatrixXd path(4, 1);
  path << -2, -1, 1, 3;  // flat; across the kink, where V rises by 1/2; along the slope
  const VectorXd heats = heat_of_steps(path, kinked, 1);
  CHECK(heats[0] == 0);
  CHECK(heats[1] == -1);
  CHECK(heats[2] == -4);
}

TEST_CASE("a cell that does not move gives no heat, whatever its force") {
  MatrixXd path(3, 2);
  path << 0, 5, 1, 5, 3, 5;
  const auto force = [](const VectorXd& x) -> VectorXd { return Eigen::Vector2d(1, 1000 * x[0]); };
  CHECK(heat_of_steps(path, force, 2).sum() == Approx(1.5));
}

TEST_CASE("HeatMeter asks for the force of each state once") {
  int asked = 0;
  const auto force = [&](const VectorXd& x) -> VectorXd {
    ++asked;
    return -x;
  };
  settle::HeatMeter meter(force, 1, VectorXd::Constant(1, 2.0));
  CHECK(meter.step(VectorXd::Constant(1, 1.0)) == 1.5);
  CHECK(meter.step(VectorXd::Constant(1, 3.0)) == -4.0);
  CHECK(asked == 3);
}

TEST_CASE("a one-way pair of cells keeps dissipating e k^2 / (2 - e) per step, a reciprocal one nothing") {
  // Two cells of stiffness 1, x' = r x + noise, y' = r y - e k x + noise, r = 1 - e: <x x> = 2 kT / (2 - e), and of the
  // heat only -k (x + x')(y' - y) / 2 does not cancel on average.
  const double e = 0.25, k = 0.8, kt = 0.01;
  for (const bool reciprocal : {false, true}) {
    CAPTURE(reciprocal);
    MatrixXd M(2, 2);
    M << 1, reciprocal ? k : 0, k, 1;
    Normal normal(72);
    MatrixXd path(40001, 2);
    VectorXd x = VectorXd::Zero(2);
    for (int n = 0; n < 100; ++n) x += -e * (M * x) + std::sqrt(2 * e * kt) * normal.vector(2);
    for (Eigen::Index n = 0; n < path.rows(); ++n) {
      path.row(n) = x;
      x += -e * (M * x) + std::sqrt(2 * e * kt) * normal.vector(2);
    }
    const settle::HeatRate rate = settle::heat_rate(heat_of_steps(path, linear(-M), kt), 100);
    const double expected = reciprocal ? 0 : e * k * k / (2 - e);
    CHECK(std::abs(rate.mean - expected) < 4 * rate.standard_error);
    CHECK(rate.standard_error < 0.005);  // 0.091 would be seen
  }
}

TEST_CASE("heat_rate by hand: batch means and their spread") {
  VectorXd heats(40);
  for (Eigen::Index b = 0; b < 20; ++b) heats.segment(2 * b, 2) << static_cast<double>(b), static_cast<double>(b) + 2;
  const settle::HeatRate rate = settle::heat_rate(heats, 20);  // means 1 .. 20, variance 35
  CHECK(rate.mean == Approx(10.5));
  CHECK(rate.standard_error == Approx(std::sqrt(35.0 / 20)));
  CHECK(settle::heat_rate(VectorXd::Ones(40), 20).standard_error == 0);
}

TEST_CASE("heat refuses what does not fit") {
  const settle::StateForce none = [](const VectorXd& x) -> VectorXd { return VectorXd::Zero(x.size()); };
  const settle::StateForce short_one = [](const VectorXd& x) -> VectorXd { return VectorXd::Zero(x.size() - 1); };
  const settle::StateForce not_finite = [](const VectorXd& x) -> VectorXd { return x / 0.0; };
  const MatrixXd path = MatrixXd::Ones(3, 2);
  CHECK_THROWS_AS(heat_of_steps(path, short_one, 1), settle::MeasureError);
  CHECK_THROWS_AS(heat_of_steps(path, not_finite, 1), settle::MeasureError);
  CHECK_THROWS_AS(heat_of_steps(MatrixXd::Ones(1, 2), none, 1), settle::MeasureError);
  CHECK_THROWS_AS(heat_of_steps(MatrixXd(0, 0), none, 1), settle::MeasureError);
  CHECK_THROWS_AS(heat_of_steps(MatrixXd(3, 0), none, 1), settle::MeasureError);
  CHECK_THROWS_AS(heat_of_steps(path * std::nan(""), none, 1), settle::MeasureError);
  CHECK_THROWS_WITH_AS(heat_of_steps(path, none, 0), "heat: kT is 0, a number above 0 is needed", settle::MeasureError);
  CHECK_THROWS_AS(heat_of_steps(path, none, -1), settle::MeasureError);
  CHECK_THROWS_AS(heat_of_steps(path, none, INFINITY), settle::MeasureError);
  settle::HeatMeter meter(none, 1, VectorXd::Zero(2));
  CHECK_THROWS_AS(meter.step(VectorXd::Zero(3)), settle::MeasureError);
  CHECK_THROWS_AS(meter.step(VectorXd()), settle::MeasureError);
  CHECK_THROWS_AS(settle::heat_rate(VectorXd::Ones(38), 19), settle::MeasureError);
  CHECK_THROWS_AS(settle::heat_rate(VectorXd::Ones(41), 20), settle::MeasureError);
  CHECK_THROWS_AS(settle::heat_rate(VectorXd(), 20), settle::MeasureError);
  CHECK_THROWS_AS(settle::heat_rate(VectorXd::Constant(40, INFINITY), 20), settle::MeasureError);
}
