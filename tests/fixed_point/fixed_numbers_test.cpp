// Numbers that become fixed point: how they are rounded, and which are refused.
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "error_message.hpp"
#include "fixed_point/fixed_point_machine.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/fixed_point/gain_format.hpp"

using namespace settle;
using namespace settle_test;

TEST_CASE("rounding to nearest, and never past the ends") {
  const Format f{16, 12};
  CHECK(to_fixed(0x1p-13, f, "x") == 1);
  CHECK(to_fixed(-0x1p-13, f, "x") == 0);
  CHECK(to_fixed(0.999 * 0x1p-13, f, "x") == 0);
  CHECK(to_fixed(-8, f, "x") == -32768);
  CHECK(to_fixed(8 - 0x1p-12, f, "x") == 32767);
  CHECK_FALSE(message_of([&] { to_fixed(8 - 0x1p-13, f, "x"); }).empty());
  CHECK(to_fixed(8 - 0x1p-12 + 0x1p-14, f, "x") == 32767);
  CHECK_FALSE(message_of([&] { to_fixed(-8 - 0x1p-11, f, "x"); }).empty());
  CHECK(message_of([&] { to_fixed(std::nan(""), f, "the number"); }).find("the number: nan") != std::string::npos);
}

TEST_CASE("fields and states of all cells") {
  const Configuration c = configuration("tiny");
  const ArrayContents contents = array_contents(fixed_point_machine(), c, "file", 1);
  Eigen::VectorXd h = Eigen::VectorXd::Zero(24);
  h(0) = 1;
  h(8) = 1;  // the torus' unit is 1/2
  const std::vector<std::int16_t> fields = fixed_fields(h, contents, c, "file");
  CHECK(fields[0] == 4096);
  CHECK(fields[8] == 8192);
  CHECK(fixed_states(h, contents, c, "file")[8] == 2 << 20);
  h(9) = 4;
  CHECK(message_of([&] { fixed_fields(h, contents, c, "file"); }).find("file: field of cell 9: 8 ") == 0);
  CHECK(message_of([&] { fixed_states(h, contents, c, "file"); }).find("file: state of cell 9: 8 ") == 0);
  CHECK_FALSE(message_of([&] { fixed_fields(Eigen::VectorXd::Zero(23), contents, c, "file"); }).empty());
}

TEST_CASE("noise gains: sqrt(2 kT / e) in each layer's unit, the temperature they give, the range") {
  const Configuration c = configuration("tiny");
  const ArrayContents contents = array_contents(fixed_point_machine(), c, "file", 1);
  const std::vector<std::int16_t> gains = fixed_gains(0.03, contents, c, "file");
  const double gain = std::sqrt(2 * 0.03 / 0.25);
  REQUIRE(gains.size() == 2);
  CHECK(gains[0] == std::lround(gain * 4096));
  CHECK(gains[1] == std::lround(2 * gain * 4096));
  const std::vector<double> kt = realised_kt(gains, contents, c);
  for (std::size_t l = 0; l < 2; ++l) {
    CHECK(kt[l] == doctest::Approx(0.03).epsilon(1e-3));
    const double unit = gain_format(c).unit() * contents.layers[l].scale;
    CHECK(std::fabs(std::sqrt(2 * kt[l] / 0.25) - gain) <= unit / 2);
  }
  CHECK(fixed_gains(0, contents, c, "file") == std::vector<std::int16_t>{0, 0});
  // The torus' unit is the smaller one: its gain is the first to leave the format, at kT = (8 / 2)^2 e / 2 = 2.
  CHECK(message_of([&] { fixed_gains(1.99, contents, c, "file"); }).empty());
  // The other layer's unit is the larger one: its gain is the first to be rounded to 0.
  const double least = std::pow(gain_format(c).unit() * contents.layers[0].scale / 2, 2) * 0.25 / 2;
  CHECK(fixed_gains(1.001 * least, contents, c, "file") == std::vector<std::int16_t>{1, 1});
  const double infinite = std::numeric_limits<double>::infinity();
  for (const double bad : {2.0, 1e9, -1e-9, 0.999 * least, 1e-12, 5e-324, std::nan(""), infinite}) {
    const std::string message = message_of([&] { fixed_gains(bad, contents, c, "file"); });
    INFO("message: ", message);
    CHECK(message.rfind("file: ", 0) == 0);
    CHECK(message.find("is not 0 nor ") != std::string::npos);
  }
}
