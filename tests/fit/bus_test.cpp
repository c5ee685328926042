#include "fit/vectors/bus.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/solve.hpp"
#include "fit/response/random.hpp"

using doctest::Approx;
using namespace settle;

TEST_CASE("the coupling for a gain realises it, back-action included") {
  for (const double a : {0.5, 1.0, 4.0}) {
    for (const double b : {0.3, 1.0, 2.0}) {
      for (const double c : {1e-9, 0.1, 1.0, 2.5, 50.0}) {
        const double j = coupling_for_gain(c, a, b);
        // Source with field a e, force -(-j) ... : [[a, -j], [-j, b]] (x, y) = (a e, 0).
        const double e = 1.7, determinant = a * b - j * j;
        CHECK(j * a * e / determinant == Approx(c * e).epsilon(1e-9));
        CHECK(determinant > 0);
        if (c > 0.05) CHECK(j == Approx(a / (2 * c) * (std::sqrt(1 + 4 * c * c * b / a) - 1)).epsilon(1e-12));
        CHECK(coupling_for_gain(-c, a, b) == -j);
      }
    }
  }
  CHECK(coupling_for_gain(0.0, 1.0, 1.0) == 0.0);
  CHECK_THROWS_AS(coupling_for_gain(1.0, 0.0, 1.0), Error);
  CHECK_THROWS_AS(coupling_for_gain(1.0, 1.0, -1.0), Error);
}

TEST_CASE("a bus of rank 16 between 64 and 64 cells realises its gain matrix exactly") {
  const double a = 2.0, b = 1.0;
  const Eigen::MatrixXd gain_matrix = 0.05 * gaussian_matrix(64, 16, 1) * gaussian_matrix(16, 64, 2);
  const RealisedBus bus = realise_bus(gain_matrix, 16, a, b);
  CHECK(bus.gains[0] > 1.0);
  const Eigen::MatrixXd coupling = bus.source_matrix * bus.target_matrix.transpose();
  Eigen::MatrixXd m(128, 128);
  m << a * Eigen::MatrixXd::Identity(64, 64), coupling, coupling.transpose(), b * Eigen::MatrixXd::Identity(64, 64);
  CHECK(symmetric_eigenvalues(m)[0] > 0);
  const Eigen::VectorXd e = gaussian_matrix(64, 1, 3);
  const Eigen::VectorXd field = gaussian_matrix(64, 1, 4);
  Eigen::VectorXd h(128);
  h << a * e, bus.restoring * field;
  const Eigen::VectorXd y = solve(m, h).col(0).tail(64);
  CHECK((y - (gain_matrix * e + field)).norm() < 1e-10 * y.norm());
}

TEST_CASE("no word of a bus dwarfs the others") {
  Eigen::MatrixXd gain_matrix = Eigen::MatrixXd::Zero(64, 64);
  gain_matrix(0, 0) = 3.0;  // one strong direction, the others weak
  for (int i = 1; i < 16; ++i) gain_matrix(i, i) = 0.1;
  const Eigen::VectorXd word =
      realise_bus(gain_matrix, 16, 1, 1).source_matrix.transpose() * Eigen::VectorXd::Unit(64, 0);
  CHECK(word.cwiseAbs().maxCoeff() < 0.5 * word.norm());
}

TEST_CASE("an impossible rank is refused") {
  const Eigen::MatrixXd gain_matrix = Eigen::MatrixXd::Identity(4, 3);
  CHECK_THROWS_AS(realise_bus(gain_matrix, 4, 1, 1), Error);
  CHECK_THROWS_AS(realise_bus(gain_matrix, 0, 1, 1), Error);
}
