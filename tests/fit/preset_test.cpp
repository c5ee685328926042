#include "fit/vectors/preset.hpp"
#include "fit/vectors/mean_conditioning.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "fit/made_up.hpp"
#include "fit/vectors/anchored.hpp"
#include "fit/vectors/paper.hpp"
#include "fit/vectors/thermal.hpp"
#include "machine/fields.hpp"
#include "machine/linear.hpp"
#include "machine/machine_file.hpp"

using doctest::Approx;
using namespace settle;
using settle_test::kNever;
using settle_test::made_up_samples;

namespace {

const auto kSilent = [](const std::string&) {};

// Convolution kernels of a plausible size.
KernelCuts kernels() { return {0.06 * gaussian_matrix(64, 64, 70), 0.06 * gaussian_matrix(64, 64, 71)}; }

}  // namespace

TEST_CASE("the anchored machine settles to the model that was fitted") {
  const ActivationMeans s = made_up_samples(600, 64, 20);
  AnchoredOptions options;
  options.search.iterations = 20;
  options.search.restarts = 1;
  ResponseModel model;
  const Machine machine = fit_anchored(s.encoder, s.bottleneck, s.decoder, options, kNever, &model);
  const Eigen::MatrixXd rest = rest_readout(machine, s.encoder, s.bottleneck, false);
  const Eigen::MatrixXd expected = predict(model, s.encoder, s.bottleneck);
  CHECK((rest - expected).norm() < 1e-9 * expected.norm());
  CHECK(machine.interface.parameters() == 2560);

  // One sample through the full solve: the encoder lies about its activation, the mean back-action paid back.
  Eigen::VectorXd mean_state = Eigen::VectorXd::Zero(128);
  for (Eigen::Index i = 0; i < 600; ++i) {
    mean_state +=
        equilibrium(machine, fields(machine, mean_conditioning(machine, s.encoder.row(i), s.bottleneck.row(i)),
                                    InterfaceMode::normal)) /
        600;
  }
  // The residuals are weighted, so the plain mean is met only nearly.
  CHECK((mean_state.head(64) - s.encoder.colwise().mean().transpose()).norm() <
        0.05 * s.encoder.colwise().mean().norm());
}

TEST_CASE("a fitted preset is ready to run") {
  const ActivationMeans s = made_up_samples(900, 64, 21);
  PresetOptions options;
  options.iterations = 20;
  options.restarts = 1;
  for (const FitKind kind : {FitKind::anchored, FitKind::paper}) {
    CAPTURE(static_cast<int>(kind));
    options.kind = kind;
    const PresetReport report = fit_preset(s, kernels(), options, kNever, kSilent);
    const Machine& m = report.machine;
    CHECK(m.interface.parameters() == 2560);
    CHECK(report.stability.lambda_min > 0);
    CHECK(report.stability.radius < 1);
    CHECK(report.thermal_ratio == Approx(0.125).epsilon(0.01));
    CHECK(report.held_out.cosine_centred > report.frozen.cosine_centred);
    CHECK(m.settle_steps >= 6.9 * report.stability.relaxation_steps);
    const double scale = m.layers[0].scale;
    CHECK(m.layers[1].scale == scale);
    CHECK(std::max({report.peaks.state, report.peaks.field, report.peaks.word}) <= 7.0 * scale);
    CHECK(std::max({report.peaks.state, report.peaks.field, report.peaks.word}) > 3.5 * scale);
    CHECK(table(report).find("2560") != std::string::npos);
    Machine filed = m;
    filed.configuration_hash = "0123456789abcdef";
    CHECK(machine_text(parse_machine(machine_text(filed, "x"), "x"), "x") == machine_text(filed, "x"));
  }
}

TEST_CASE("the paper's couplings are what the paper's formulas say") {
  const KernelCuts k = kernels();
  PaperOptions options;
  const PaperCouplings c = paper_couplings(k.encoder, k.decoder, options);
  const Eigen::MatrixXd je = k.encoder.transpose() * k.encoder / 4;
  const Eigen::MatrixXd jd = k.decoder.transpose() * k.decoder / 4;
  CHECK((c.encoder_self * c.encoder_self.transpose() - 2 * je).norm() < 1e-12);
  CHECK((c.decoder_self * c.decoder_self.transpose() - 2 * jd).norm() < 1e-12);
  const Eigen::MatrixXd j = c.encoder_skip * c.decoder_skip.transpose();
  CHECK(j.norm() == Approx(0.25).epsilon(1e-12));
  // Its singular values go with the square roots of the products of the leading eigenvalues.
  const Eigen::VectorXd se = symmetric_eigenvalues(je).tail(16);
  const Eigen::VectorXd sd = symmetric_eigenvalues(jd).tail(16);
  const Eigen::VectorXd product = se.cwiseProduct(sd).cwiseSqrt();
  const Eigen::VectorXd squared = symmetric_eigenvalues(j.transpose() * j).tail(16);
  CHECK((squared.cwiseSqrt() - 0.25 * product / product.norm()).norm() < 1e-10);
  CHECK_THROWS_AS(paper_couplings(k.encoder, k.decoder.topRows(3), options), Error);
  options.rank = 65;
  CHECK_THROWS_AS(paper_couplings(k.encoder, k.decoder, options), Error);
}

TEST_CASE("interrupted, a fit keeps the best machine so far") {
  const ActivationMeans s = made_up_samples(600, 64, 22);
  int asked = 0;
  const auto soon = [&asked] { return ++asked > 30; };
  const PresetReport report = fit_preset(s, kernels(), {}, soon, kSilent);
  CHECK(report.stopped);
  CHECK(report.stability.radius < 1);
  CHECK(table(report).find("stopped early") != std::string::npos);
}

TEST_CASE("a fit refuses what it cannot use") {
  ActivationMeans s = made_up_samples(600, 64, 23);
  PresetOptions options;
  options.kind = FitKind::maps;
  CHECK_THROWS_WITH_AS(fit_preset(s, kernels(), options, kNever, kSilent),
                       "fit: a machine of two vectors is of kind \"anchored\" or \"paper\"", Error);
  options.kind = FitKind::anchored;
  CHECK_THROWS_AS(fit_preset(rows_of(s, 0, 599), kernels(), options, kNever, kSilent), Error);
  s.encoder(3, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(fit_preset(s, kernels(), options, kNever, kSilent), Error);
}

TEST_CASE("the score: cosines by hand, a constant scores nothing when centred") {
  Eigen::MatrixXd readout(2, 2), target(2, 2);
  readout << 1, 0, 1, 1;
  target << 1, 1, 2, 2;
  const Score s = score(readout, target, Eigen::Vector2d(0, 0));
  CHECK(s.cosine == Approx(0.5 * (std::sqrt(0.5) + 1.0)));
  CHECK(s.cosine_centred == s.cosine);
  const Eigen::Vector2d mean(1.5, 1.5);
  CHECK(score(mean.transpose().replicate(2, 1), target, mean).cosine_centred == 0.0);
  CHECK_THROWS_AS(score(readout, target.topRows(1), mean), Error);
}
