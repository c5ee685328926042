#include "fit/response/response.hpp"

#include <cmath>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "fit/made_up.hpp"
#include "fit/response/lbfgs.hpp"
#include "machine/silu.hpp"

using doctest::Approx;
using namespace settle;
using settle_test::kNever;
using settle_test::made_up_samples;

namespace {

// Largest relative difference between the gradient and central differences.
double gradient_error(const ProfiledLoss& loss, const Eigen::VectorXd& at) {
  Eigen::VectorXd gradient;
  loss(at, &gradient);
  double worst = 0;
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    const double h = 1e-5;
    const double up = loss(at + h * Eigen::VectorXd::Unit(at.size(), i), nullptr);
    const double down = loss(at - h * Eigen::VectorXd::Unit(at.size(), i), nullptr);
    worst = std::fmax(worst, std::fabs((up - down) / (2 * h) - gradient[i]));
  }
  return worst / gradient.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("SiLU and its slope") {
  CHECK(silu(0) == 0.0);
  CHECK(silu(2) == Approx(2 / (1 + std::exp(-2.0))));
  CHECK(silu(-800) == Approx(0.0));
  for (const double u : {-3.0, -0.5, 0.0, 1.2, 6.0})
    CHECK(silu_slope(u) == Approx((silu(u + 1e-6) - silu(u - 1e-6)) / 2e-6).epsilon(1e-6));
}

TEST_CASE("the interface's gradient agrees with finite differences") {
  const ActivationMeans s = made_up_samples(150, 9, 1);
  const Eigen::VectorXd weights = gaussian_matrix(150, 1, 2).cwiseAbs().array() + 0.1;
  ProfileOptions options;
  options.rank = 3;
  options.ridge = 1e-4;
  options.free_ridge = 1e-5;
  options.decay = 1e-4;
  const ProfiledLoss loss(s.encoder, s.bottleneck, s.decoder, weights, 2, 4, options);
  REQUIRE(loss.size() == 2 * 9 + 4 * 2);
  CHECK(gradient_error(loss, gaussian_matrix(loss.size(), 1, 3)) < 1e-6);

  SUBCASE("without an offset and without a bus") {
    options.rank = 0;
    options.offset = false;
    const Eigen::MatrixXd none(150, 0);
    const ProfiledLoss plain(none, s.bottleneck, s.decoder, weights, 2, 4, options);
    CHECK(gradient_error(plain, gaussian_matrix(plain.size(), 1, 4)) < 1e-6);
  }
  SUBCASE("with the codes held") {
    const Eigen::MatrixXd codes = gaussian_matrix(2, 9, 5);
    const ProfiledLoss held(s.encoder, s.bottleneck, s.decoder, weights, 2, 4, options, &codes);
    REQUIRE(held.size() == 8);
    CHECK(gradient_error(held, gaussian_matrix(8, 1, 6)) < 1e-6);
  }
}

TEST_CASE("the profiled loss is the squared error that is left") {
  const ActivationMeans s = made_up_samples(300, 8, 7);
  SearchOptions options;
  options.codes = 2;
  options.features = 4;
  options.iterations = 30;
  options.restarts = 2;
  options.profile.rank = 3;
  options.profile.free_ridge = 0;
  const Eigen::VectorXd weights = Eigen::VectorXd::Ones(300);
  const ResponseModel model = train_response(s.encoder, s.bottleneck, s.decoder, weights, options, kNever);
  const Eigen::MatrixXd residual = s.decoder - predict(model, s.encoder, s.bottleneck);
  CHECK(residual.squaredNorm() / 300 == Approx(model.loss).epsilon(1e-6));
  CHECK(residual.colwise().mean().norm() < 1e-12);
}

TEST_CASE("training finds what the bus cannot carry, the same for any run") {
  const ActivationMeans s = made_up_samples(1200, 16, 8);
  const ActivationMeans fresh = made_up_samples(500, 16, 9);
  SearchOptions options;
  options.iterations = 100;
  options.restarts = 2;
  options.profile.rank = 10;
  const Eigen::VectorXd weights = Eigen::VectorXd::Ones(1200);
  const ResponseModel model = train_response(s.encoder, s.bottleneck, s.decoder, weights, options, kNever);
  CHECK(model.down.rows() == 4);
  CHECK(model.in.rows() == 16);
  const double residual = (fresh.decoder - predict(model, fresh.encoder, fresh.bottleneck)).squaredNorm();

  const Eigen::MatrixXd nothing = Eigen::MatrixXd::Zero(1200, 16);
  SearchOptions alone = options;
  alone.iterations = 0;
  alone.restarts = 1;
  const ResponseModel bus_only =
      train_response(s.encoder, nothing + Eigen::MatrixXd::Ones(1200, 16), s.decoder, weights, alone, kNever);
  const double bus_residual =
      (fresh.decoder - predict(bus_only, fresh.encoder, Eigen::MatrixXd::Ones(500, 16))).squaredNorm();
  CHECK(residual < 0.5 * bus_residual);

  const ResponseModel again = train_response(s.encoder, s.bottleneck, s.decoder, weights, options, kNever);
  CHECK(again.down == model.down);
  CHECK(again.response == model.response);
}

TEST_CASE("stop ends training with a usable model") {
  const ActivationMeans s = made_up_samples(300, 8, 10);
  SearchOptions options;
  options.codes = 2;
  options.features = 4;
  options.profile.rank = 3;
  const ResponseModel model =
      train_response(s.encoder, s.bottleneck, s.decoder, Eigen::VectorXd::Ones(300), options, [] { return true; });
  CHECK(model.iterations == 0);
  CHECK(predict(model, s.encoder, s.bottleneck).allFinite());
}

TEST_CASE("numbers of samples that differ are refused") {
  const ActivationMeans s = made_up_samples(50, 8, 11);
  CHECK_THROWS_AS(ProfiledLoss(s.encoder, s.bottleneck.topRows(40), s.decoder, Eigen::VectorXd::Ones(50), 2, 4, {}),
                  Error);
}

TEST_CASE("the minimiser finds the minimum of a curved valley") {
  const Objective valley = [](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
    const double a = 1 - x[0], b = x[1] - x[0] * x[0];
    gradient.resize(2);
    gradient << -2 * a - 400 * b * x[0], 200 * b;
    return a * a + 100 * b * b;
  };
  const Minimum found = minimise(valley, Eigen::Vector2d(-1.2, 1.0), {500, 10, 1e-14}, kNever);
  CHECK(found.x[0] == Approx(1.0).epsilon(1e-5));
  CHECK(found.x[1] == Approx(1.0).epsilon(1e-5));
  const Objective broken = [](const Eigen::VectorXd&, Eigen::VectorXd&) { return std::nan(""); };
  CHECK_THROWS_AS(minimise(broken, Eigen::Vector2d(0, 0), {}, kNever), Error);
}
