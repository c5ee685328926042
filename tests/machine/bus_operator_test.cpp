// A bus between grids against its definition, site by site and tap by tap.
#include "machine/bus_operator.hpp"

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "machine/small_machine.hpp"

using namespace settle;
using namespace settle_test;

namespace {

Layer grid(int cells, int height, int width) {
  Layer result = layer("grid", cells, 1.0);
  result.height = height;
  result.width = width;
  return result;
}

/// Words of one site, as the target's grid sees them at (y, x).
Eigen::VectorXd seen(const Bus& bus, const Layer& source, const Layer& target, const Eigen::VectorXd& states, int y,
                     int x) {
  const auto words = [&](int row, int column) -> Eigen::VectorXd {
    return bus.source_matrix.transpose() *
           states.segment((row * source.width + column) * source.site_cells, source.site_cells);
  };
  switch (*resolution(source, target)) {
    case Resolution::same:
      return words(y, x);
    case Resolution::from_half:
      return words(y / 2, x / 2);
    default: {
      Eigen::VectorXd sum = Eigen::VectorXd::Zero(bus.source_matrix.cols());
      int members = 0;
      for (int row = 2 * y; row < std::min(2 * y + 2, source.height); ++row) {
        for (int column = 2 * x; column < std::min(2 * x + 2, source.width); ++column, ++members) {
          sum += words(row, column);
        }
      }
      return sum / members;
    }
  }
}

Eigen::VectorXd by_definition(const Bus& bus, const Layer& source, const Layer& target, const Eigen::VectorXd& states) {
  const Eigen::Index rank = bus.source_matrix.cols();
  Eigen::VectorXd result = Eigen::VectorXd::Zero(target.cells());
  for (int y = 0; y < target.height; ++y) {
    for (int x = 0; x < target.width; ++x) {
      int tap = 0;
      for (int dy = bus.tap_range.top; dy < bus.tap_range.top + bus.tap_range.height; ++dy) {
        for (int dx = bus.tap_range.left; dx < bus.tap_range.left + bus.tap_range.width; ++dx, ++tap) {
          if (y + dy < 0 || y + dy >= target.height || x + dx < 0 || x + dx >= target.width) continue;
          result.segment((y * target.width + x) * target.site_cells, target.site_cells) +=
              bus.target_matrix.middleCols(tap * rank, rank) * seen(bus, source, target, states, y + dy, x + dx);
        }
      }
    }
  }
  return result;
}

struct Case {
  Layer source, target;
  TapRange tap_range;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const TapRange& range : {TapRange{}, TapRange{-1, -1, 3, 3}, TapRange{0, -2, 2, 3}}) {
    all.push_back({grid(3, 4, 5), grid(2, 4, 5), range});  // same
    all.push_back({grid(3, 2, 3), grid(2, 4, 5), range});  // from half
    all.push_back({grid(3, 7, 4), grid(2, 4, 2), range});  // from double, one side odd
    all.push_back({grid(3, 1, 1), grid(2, 1, 1), range});  // plain modules
  }
  return all;
}

}  // namespace

TEST_CASE("forward: the definition; adjoint: the same inner products") {
  settle::BusOperator::Buffers buffers;  // of all buses, whatever their sizes
  for (const Case& c : cases()) {
    const Bus bus{"bus",      0, 1, true, random_matrix(3, 2, 1.0, 1), random_matrix(2, 2 * c.tap_range.taps(), 1.0, 2),
                  c.tap_range};
    const BusOperator action(bus, c.source, c.target);
    const Eigen::VectorXd x = random_matrix(c.source.cells(), 1, 1.0, 3),
                          y = random_matrix(c.target.cells(), 1, 1.0, 4);
    Eigen::VectorXd forward = y, adjoint = x;  // both add
    action.add_forward(x, forward, buffers);
    action.add_adjoint(y, adjoint, buffers);
    const Eigen::VectorXd expected = by_definition(bus, c.source, c.target, x);
    CHECK((forward - y - expected).cwiseAbs().maxCoeff() < 1e-14);
    CHECK((adjoint - x).dot(x) == doctest::Approx(expected.dot(y)).epsilon(1e-12));
    CHECK(expected.norm() > 0.1);
  }
}

TEST_CASE("grids: which steps of resolution there are") {
  CHECK(resolution(grid(1, 4, 5), grid(1, 4, 5)) == Resolution::same);
  CHECK(resolution(grid(1, 2, 3), grid(1, 4, 5)) == Resolution::from_half);
  CHECK(resolution(grid(1, 7, 7), grid(1, 4, 4)) == Resolution::from_double);
  CHECK(resolution(grid(1, 1, 1), grid(1, 1, 1)) == Resolution::same);
  CHECK_FALSE(resolution(grid(1, 7, 7), grid(1, 3, 3)));  // half of 7 is 4
  CHECK_FALSE(resolution(grid(1, 4, 4), grid(1, 4, 2)));  // both sides or none
  CHECK_FALSE(resolution(grid(1, 28, 28), grid(1, 7, 7)));
  const Bus bus{"odd", 0, 1, false, random_matrix(1, 1, 1.0, 1), random_matrix(1, 1, 1.0, 2)};
  check_fails([&] { BusOperator(bus, grid(1, 7, 7), grid(1, 3, 3)); }, "bus odd: the grids");
  check_fails([&] { BusOperator(bus, grid(2, 3, 3), grid(1, 3, 3)); }, "bus odd: its matrices");
}
