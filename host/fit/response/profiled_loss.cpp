#include "fit/response/profiled_loss.hpp"

#include <cmath>

#include "base/error.hpp"
#include "machine/silu.hpp"

namespace settle {

struct ProfiledLoss::Pass {
  Eigen::MatrixXd code;      // [n x codes], v D^T
  Eigen::MatrixXd argument;  // [n x features], code G^T
  Eigen::MatrixXd feature;   // silu of it, prepared
  RankedRegression best;
};

ProfiledLoss::ProfiledLoss(const Eigen::MatrixXd& bus_input, const Eigen::MatrixXd& interface_input,
                           const Eigen::MatrixXd& targets, const Eigen::VectorXd& weights, int codes, int features,
                           const ProfileOptions& options, const Eigen::MatrixXd* fixed_codes)
    : interface_input_(interface_input),
      weights_(weights / weights.sum()),
      codes_(codes),
      features_(features),
      options_(options) {
  const Eigen::Index n = targets.rows();
  if (bus_input.rows() != n || interface_input.rows() != n || weights.size() != n) {
    throw error(
        "interface training: {} targets, {} bus inputs, {} interface inputs and {} weights, equal numbers are needed",
        n, bus_input.rows(), interface_input.rows(), weights.size());
  }
  if (fixed_codes != nullptr) fixed_codes_ = *fixed_codes;
  bus_input_ = prepared(bus_input);
  targets_ = prepared(targets);
  moments_.inputs = bus_input_.transpose() * bus_input_;
  moments_.inputs_targets = bus_input_.transpose() * targets_;
  moments_.target_variance = targets_.squaredNorm();
}

Eigen::MatrixXd ProfiledLoss::prepared(const Eigen::MatrixXd& data) const {
  if (options_.offset) return weighted_centred(data, weights_);
  return weights_.array().sqrt().matrix().asDiagonal() * data;
}

Eigen::Index ProfiledLoss::size() const {
  return (fixed_codes_.size() > 0 ? 0 : codes_ * interface_input_.cols()) + features_ * codes_;
}

Eigen::MatrixXd ProfiledLoss::codes(const Eigen::VectorXd& parameters) const {
  if (fixed_codes_.size() > 0) return fixed_codes_;
  return parameters.head(codes_ * interface_input_.cols()).reshaped(codes_, interface_input_.cols());
}

Eigen::MatrixXd ProfiledLoss::features(const Eigen::VectorXd& parameters) const {
  return parameters.tail(features_ * codes_).reshaped(features_, codes_);
}

ProfiledLoss::Pass ProfiledLoss::forward(const Eigen::VectorXd& parameters) const {
  Pass pass;
  pass.code.noalias() = interface_input_ * codes(parameters).transpose();
  pass.argument.noalias() = pass.code * features(parameters).transpose();
  pass.feature = prepared(pass.argument.unaryExpr([](double u) { return silu(u); }));
  RegressionMoments moments = moments_;
  moments.free.noalias() = pass.feature.transpose() * pass.feature;
  moments.free_inputs.noalias() = pass.feature.transpose() * bus_input_;
  moments.free_targets.noalias() = pass.feature.transpose() * targets_;
  pass.best = ranked_regression(moments, options_.rank, options_.ridge, options_.free_ridge);
  return pass;
}

RankedRegression ProfiledLoss::solve(const Eigen::VectorXd& parameters) const { return forward(parameters).best; }

double ProfiledLoss::operator()(const Eigen::VectorXd& parameters, Eigen::VectorXd* gradient) const {
  const Pass pass = forward(parameters);
  const double loss = pass.best.loss + options_.decay * parameters.squaredNorm();
  if (gradient == nullptr) return loss;

  // d loss / d feature = -2 (residual O); the residual itself, n x d, is never formed.
  const Eigen::MatrixXd& out = pass.best.free_matrix;
  Eigen::MatrixXd slope = pass.feature * (out.transpose() * out);
  slope.noalias() += bus_input_ * (pass.best.matrix.transpose() * out);
  slope.noalias() -= targets_ * out;
  slope *= 2.0;
  // Rows carry sqrt(weight) once; the features were weighted by it too. Centring needs no term:
  // with an offset the residuals have mean 0.
  slope.array().colwise() *= weights_.array().sqrt();
  slope.array() *= pass.argument.array().unaryExpr([](double u) { return silu_slope(u); });

  gradient->resize(size());
  gradient->tail(features_ * codes_).reshaped(features_, codes_) = slope.transpose() * pass.code;
  if (fixed_codes_.size() == 0) {
    const Eigen::MatrixXd code_slope = slope * features(parameters);
    gradient->head(codes_ * interface_input_.cols()).reshaped(codes_, interface_input_.cols()) =
        code_slope.transpose() * interface_input_;
  }
  *gradient += 2.0 * options_.decay * parameters;
  return loss;
}

}  // namespace settle
