#include "machine/fields.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "array/float64/float64_array.hpp"
#include "base/error.hpp"
#include "machine/linear.hpp"
#include "machine/small_machine.hpp"

using doctest::Approx;
using namespace settle;
using settle_test::linear_machine;
using settle_test::random_matrix;
using settle_test::small_machine;

namespace {

const Eigen::VectorXd kEncoder = random_matrix(6, 1, 1.0, 30);
const Eigen::VectorXd kDecoder = random_matrix(8, 1, 1.0, 31);
const Eigen::VectorXd kBottleneck = random_matrix(5, 1, 1.0, 32);

double difference(const Eigen::VectorXd& a, const Eigen::VectorXd& b) { return (a - b).cwiseAbs().maxCoeff(); }

}  // namespace

TEST_CASE("the interface is two products, a SiLU and a product") {
  const Interface interface = linear_machine().interface;
  Eigen::VectorXd hidden;
  const Eigen::VectorXd output = interface.field(kBottleneck, &hidden);
  for (Eigen::Index o = 0; o < 8; ++o) {
    double sum = 0;
    for (Eigen::Index f = 0; f < 3; ++f) {
      double u = 0;
      for (Eigen::Index w = 0; w < 5; ++w) {
        double wide = 0;
        for (Eigen::Index c = 0; c < 2; ++c) wide += interface.up(w, c) * interface.down.row(c).dot(kBottleneck);
        CHECK(hidden[w] == Approx(wide));
        u += interface.in(f, w) * wide;
      }
      sum += interface.out(o, f) * u / (1 + std::exp(-u));
    }
    CHECK(output[o] == Approx(sum));
  }
  CHECK(interface.parameters() == 2 * 5 + 5 * 2 + 3 * 5 + 8 * 3);
  CHECK_THROWS_AS(interface.field(kEncoder), Error);
}

TEST_CASE("anchored fields: static, own matrix times activation, interface") {
  const Machine m = linear_machine();
  const Eigen::VectorXd h = fields(m, pair_conditioning(m, kEncoder, kBottleneck), InterfaceMode::normal);
  CHECK(difference(h.head(6), m.layers[0].field + site_matrix(m, 0) * kEncoder) < 1e-15);
  CHECK(difference(h.tail(8), m.layers[1].field + m.interface.field(kBottleneck)) < 1e-15);
  const Eigen::VectorXd frozen = fields(m, pair_conditioning(m, kEncoder, kBottleneck), InterfaceMode::frozen);
  CHECK(difference(frozen.head(6), h.head(6)) == 0.0);
  CHECK(difference(frozen.tail(8), m.layers[1].field + m.interface.mean_field) < 1e-15);
}

TEST_CASE("the paper's flow: the hidden vector sets the anchor layer") {
  Machine m = linear_machine();
  m.layers[0].held = false;
  m.interface.source = "e3";
  m.interface.anchor = 0;
  m.interface.down = random_matrix(2, 6, 1.0, 40);
  m.interface.up = random_matrix(6, 2, 1.0, 41);
  m.interface.in = random_matrix(3, 6, 1.0, 42);
  m.interface.mean_hidden = random_matrix(6, 1, 1.0, 43);
  const Eigen::VectorXd h = fields(m, pair_conditioning(m, kEncoder, kEncoder), InterfaceMode::normal);
  CHECK(difference(h.head(6), m.layers[0].field + m.interface.up * (m.interface.down * kEncoder)) < 1e-15);
  const Eigen::VectorXd frozen = fields(m, pair_conditioning(m, kEncoder, kEncoder), InterfaceMode::frozen);
  CHECK(difference(frozen.head(6), m.layers[0].field + m.interface.mean_hidden) < 1e-15);
}

TEST_CASE("oracle fields settle exactly to the activations") {
  const Machine m = linear_machine();
  const Conditioning pair = pair_conditioning(m, kEncoder, kBottleneck, kDecoder);
  const Eigen::VectorXd rest = equilibrium(m, oracle_fields(m, pair));
  CHECK(difference(rest.head(6), kEncoder) < 1e-13);
  CHECK(difference(rest.tail(8), kDecoder) < 1e-13);
}

TEST_CASE("oracle, own and coupling fields add up") {
  const Machine m = linear_machine();
  const Conditioning pair = pair_conditioning(m, kEncoder, kBottleneck, kDecoder);
  const Eigen::VectorXd own = own_fields(m, pair);
  CHECK(difference(own.head(6), site_matrix(m, 0) * kEncoder) < 1e-15);
  CHECK(difference(own - coupling_fields(m, pair), oracle_fields(m, pair)) < 1e-14);
  const Eigen::MatrixXd bus = m.buses[0].target_matrix * m.buses[0].source_matrix.transpose();
  CHECK(difference(coupling_fields(m, pair).tail(8), -bus * kEncoder) < 1e-14);
}

TEST_CASE("the paper's pair counts the self-bus once and a half") {
  const Machine m = linear_machine();
  const PaperPair pair = paper_pair(m, 1, kDecoder);
  CHECK(difference(pair.own, site_matrix(m, 1) * kDecoder) == 0.0);
  const Eigen::MatrixXd& p = m.buses[1].source_matrix;
  CHECK(difference(pair.self, 0.5 * p * (p.transpose() * kDecoder)) < 1e-15);
  CHECK(paper_pair(m, 0, kEncoder).self.isZero());
  // On a grid every site by itself.
  Machine grid = m;
  grid.layers[1].width = 2;
  Eigen::VectorXd two(16);
  two << Eigen::VectorXd::Zero(8), kDecoder;
  CHECK(paper_pair(grid, 1, two).own.head(8).isZero());
  CHECK(difference(paper_pair(grid, 1, two).own.tail(8), pair.own) < 1e-15);
  CHECK(difference(paper_pair(grid, 1, two).self.tail(8), pair.self) < 1e-15);
}

TEST_CASE("inputs of a wrong size or not finite are refused") {
  const Machine m = linear_machine();
  const auto refused = [&m](const Conditioning& conditioning) {
    CHECK_THROWS_AS(fields(m, conditioning, InterfaceMode::normal), Error);
  };
  refused(pair_conditioning(m, kDecoder, kBottleneck));
  refused(pair_conditioning(m, kEncoder, kEncoder));
  CHECK_THROWS_AS(oracle_fields(m, pair_conditioning(m, kEncoder, kBottleneck, kEncoder)), Error);
  Eigen::VectorXd bad = kEncoder;
  bad[0] = std::numeric_limits<double>::quiet_NaN();
  refused(pair_conditioning(m, bad, kBottleneck));
  Conditioning conditioning = pair_conditioning(m, kEncoder, kBottleneck);
  conditioning.layers.pop_back();
  CHECK_THROWS_AS(oracle_fields(m, conditioning), Error);
}

TEST_CASE("oracle fields of a machine with a force table hold it at the activations") {
  const Machine m = small_machine();  // a table and a clamped cell
  const Conditioning conditioning = pair_conditioning(m, kEncoder, kBottleneck, kDecoder);
  const Eigen::VectorXd h = oracle_fields(m, conditioning);
  // Against the double-precision array, which evaluates the force by itself.
  Float64Array array(m, kStateRange);
  array.set_field(h);
  Eigen::VectorXd z(14);
  z << kEncoder, kDecoder;
  CHECK(array.force(z).cwiseAbs().maxCoeff() < 1e-13);
}

TEST_CASE("every site of a grid has its own activation and its own place before the interface") {
  Machine m = linear_machine();
  m.buses.pop_back();  // the self-bus
  for (Layer& layer : m.layers) {
    layer.height = 3;
    layer.width = 2;
    layer.clamp.clear();
  }
  m.interface.mean_field = Eigen::VectorXd::Zero(48);
  m.fit_mean = Eigen::VectorXd::Zero(48);
  Conditioning conditioning =
      pair_conditioning(m, random_matrix(36, 1, 1.0, 50), random_matrix(10, 1, 1.0, 51));  // 2 x 1 sites of 5 values
  const Eigen::VectorXd h = fields(m, conditioning, InterfaceMode::normal);
  for (Eigen::Index y = 0; y < 3; ++y) {
    for (Eigen::Index x = 0; x < 2; ++x) {
      const Eigen::Index site = y * 2 + x;
      const Eigen::VectorXd held = m.layers[0].field + site_matrix(m, 0) * conditioning.layers[0].segment(site * 6, 6);
      CHECK(difference(h.segment(site * 6, 6), held) < 1e-15);
      const Eigen::VectorXd driven =
          m.layers[1].field + m.interface.field(conditioning.interface.segment(y / 2 * 5, 5));
      CHECK(difference(h.segment(36 + site * 8, 8), driven) < 1e-15);
    }
  }
  conditioning.interface = random_matrix(15, 1, 1.0, 52);  // 3 sites: neither grid
  CHECK_THROWS_AS(fields(m, conditioning, InterfaceMode::normal), Error);
}

TEST_CASE("another noise level shifts the field of every site alike") {
  Machine m = linear_machine();
  m.layers[1].noise_level = random_matrix(8, 3, 1.0, 53);
  Conditioning conditioning = pair_conditioning(m, kEncoder, kBottleneck);
  const Eigen::VectorXd before = fields(m, conditioning, InterfaceMode::normal);
  conditioning.noise_change = random_matrix(3, 1, 1.0, 54);
  const Eigen::VectorXd shift = fields(m, conditioning, InterfaceMode::normal) - before;
  CHECK(difference(shift.head(6), m.layers[0].noise_level * conditioning.noise_change) < 1e-14);
  CHECK(difference(shift.tail(8), m.layers[1].noise_level * conditioning.noise_change) < 1e-14);
}
