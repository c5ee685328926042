#include "fit/vectors/paper.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/singular_values.hpp"
#include "fit/response/regression.hpp"
#include "fit/vectors/linear_layer.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

// U S^1/2 of the leading `rank` eigenpairs, strongest first.
Eigen::MatrixXd leading_factor(const Eigen::MatrixXd& gram, int rank) {
  const SymmetricEigen eigen = symmetric_eigen(gram);
  Eigen::MatrixXd factor = eigen.vectors.rightCols(rank).rowwise().reverse();
  for (Eigen::Index c = 0; c < factor.cols(); ++c) {
    Eigen::Index largest = 0;
    factor.col(c).cwiseAbs().maxCoeff(&largest);
    const double strength = std::sqrt(std::fmax(0.0, eigen.values[gram.rows() - 1 - c]));
    factor.col(c) *= factor(largest, c) < 0 ? -strength : strength;
  }
  return factor;
}

// The 4-wide linear encoder: up down x ~ A x in least squares, no bias.
ResponseModel fit_encoder(const Eigen::MatrixXd& x, const Eigen::MatrixXd& own, int codes) {
  RegressionMoments moments;
  moments.inputs = x.transpose() * x / static_cast<double>(x.rows());
  moments.inputs_targets = moments.inputs * own.transpose();
  moments.target_variance = (own * moments.inputs * own.transpose()).trace();
  // Only so that a channel that never fires does not make the moments singular.
  const double ridge = 1e-9 * moments.inputs.trace();
  const SingularValues svd = singular_values(ranked_regression(moments, codes, ridge, 0).matrix);
  const Eigen::VectorXd root = svd.values.head(codes).cwiseSqrt();
  ResponseModel model;
  model.up = svd.u.leftCols(codes) * root.asDiagonal();
  model.down = root.asDiagonal() * svd.v.leftCols(codes).transpose();
  return model;
}

}  // namespace

PaperCouplings paper_couplings(const Eigen::MatrixXd& encoder_kernel, const Eigen::MatrixXd& decoder_kernel,
                               const PaperOptions& options) {
  const Eigen::Index d = encoder_kernel.rows();
  if (encoder_kernel.cols() != d || decoder_kernel.rows() != d || decoder_kernel.cols() != d) {
    throw error("paper couplings: the kernels are {} x {} and {} x {}, two equal squares are needed", d,
                encoder_kernel.cols(), decoder_kernel.rows(), decoder_kernel.cols());
  }
  if (options.rank < 1 || options.rank > d)
    throw error("paper couplings: rank is {}, 1 to {} is possible", options.rank, d);
  PaperCouplings couplings;
  const double self = 1.0 / std::sqrt(2.0 * options.kt);
  couplings.encoder_self = self * encoder_kernel.transpose();
  couplings.decoder_self = self * decoder_kernel.transpose();
  couplings.encoder_skip =
      leading_factor(encoder_kernel.transpose() * encoder_kernel / (4.0 * options.kt), options.rank);
  couplings.decoder_skip =
      leading_factor(decoder_kernel.transpose() * decoder_kernel / (4.0 * options.kt), options.rank);
  const double norm = (couplings.encoder_skip * couplings.decoder_skip.transpose()).norm();
  if (!(norm > 0)) throw error("paper couplings: a kernel is zero");
  // Each end takes half of the factor 1 / (norm 4 kT), in such shares that both are equally strong.
  const double factor = 1.0 / (norm * 4.0 * options.kt);
  const double balance = std::sqrt(couplings.decoder_skip.norm() / couplings.encoder_skip.norm());
  couplings.encoder_skip *= std::sqrt(factor) * balance;
  couplings.decoder_skip *= std::sqrt(factor) / balance;
  return couplings;
}

Machine fit_paper(const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& decoder, const Eigen::MatrixXd& encoder_kernel,
                  const Eigen::MatrixXd& decoder_kernel, const PaperOptions& options,
                  const std::function<bool()>& stop) {
  const PaperCouplings couplings = paper_couplings(encoder_kernel, decoder_kernel, options);
  Machine machine;
  machine.preset = "paper";
  machine.configuration = "paper";
  machine.step = options.step;
  machine.encoder = 0;
  machine.decoder = 1;
  machine.fit_mean = decoder.colwise().mean();
  machine.layers = {linear_layer("encoder", encoder.cols(), 2.0 * options.j2),
                    linear_layer("decoder", decoder.cols(), 2.0 * options.j2)};
  machine.layers[0].map = "e3";
  machine.layers[1].map = "d3";
  machine.buses = {{"encoder-self", 0, 0, true, couplings.encoder_self, couplings.encoder_self},
                   {"decoder-self", 1, 1, true, couplings.decoder_self, couplings.decoder_self},
                   {"skip", 0, 1, true, couplings.encoder_skip, couplings.decoder_skip}};

  const ResponseModel encoder_fit = fit_encoder(encoder, site_matrix(machine, 0), options.search.codes);
  SearchOptions search = options.search;
  search.profile.rank = 0;
  search.profile.offset = false;
  const Eigen::MatrixXd targets = decoder * site_matrix(machine, 1).transpose();  // B y
  search.profile.decay = options.decay * targets.squaredNorm() / static_cast<double>(targets.rows());
  const Eigen::MatrixXd none(encoder.rows(), 0);
  const Eigen::VectorXd weights = Eigen::VectorXd::Ones(encoder.rows());
  const ResponseModel transfer = train_response(none, encoder, targets, weights, search, stop, &encoder_fit);

  Interface& interface = machine.interface;
  interface.source = "e3";
  interface.target = 1;
  interface.anchor = 0;
  interface.down = transfer.down;
  interface.up = transfer.up;
  interface.in = transfer.in;
  interface.out = transfer.response;
  interface.mean_field = interface.out * response_features(transfer, encoder).colwise().mean().transpose();
  interface.mean_hidden = interface.up * (interface.down * encoder.colwise().mean().transpose());
  return machine;
}

}  // namespace settle
