#include "report/energy.hpp"

#include <limits>

#include <doctest/doctest.h>

#include "base/error.hpp"

using doctest::Approx;

namespace {

settle::EnergyCounts counts() { return {128, 1000, 100000, 4000000, 2560, 64}; }

}  // namespace

TEST_CASE("the energy table by hand") {
  settle::EnergyAssumptions assumed;
  assumed.boltzmann_joules = 4e-21;
  assumed.cell_update_joules = 2e-15;
  assumed.mac_joules = 1e-12;
  assumed.converter_joules = 1e-11;
  assumed.quoted_gpu_joules = 0.008;
  assumed.flop_joules = 1e-12;
  const auto rows = settle::energy_rows(counts(), {{"U-Net", 2e6}, {"part", 1e5}}, assumed);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].array == Approx(5.12e-16));
  CHECK(rows[1].array == Approx(2e-10));
  CHECK(rows[2].array == Approx(4e-6));
  for (const auto& row : rows) CHECK(row.interface == Approx(2.56e-9));
  for (const auto& row : rows) CHECK(row.converters == Approx(1.28e-9));
  CHECK(rows[1].total == Approx(2e-10 + 2.56e-9 + 1.28e-9));
  CHECK(rows[1].below_quoted == Approx(0.008 / 4.04e-9));
  REQUIRE(rows[1].below_counted.size() == 2);
  CHECK(rows[1].below_counted[0] == Approx(2e-6 / 4.04e-9));
  CHECK(rows[2].below_counted[1] == Approx(1e-7 / (4e-6 + 2.56e-9 + 1.28e-9)));
}

TEST_CASE("the default assumptions are those that the table prints") {
  const std::string text = settle::energy_text(counts(), {{"U-Net", 2e6}});
  for (const char* part : {"4.14e-21 J", "2e-15 J", "9e-13 J", "1e-11 J", "0.008 J", "1.28e-12 J", "x below U-Net"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
}

TEST_CASE("an energy table without its counts is refused") {
  settle::EnergyCounts none = counts();
  none.steps = 0;
  CHECK_THROWS_WITH_AS(settle::energy_rows(none, {}), "energy: steps is 0, at least 1 is needed", settle::Error);
  CHECK_THROWS_AS(settle::energy_rows(counts(), {{"U-Net", 0.0}}), settle::Error);
  settle::EnergyAssumptions wrong;
  wrong.mac_joules = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(settle::energy_rows(counts(), {}, wrong), settle::Error);
}
