#include "fit/response/response.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/error.hpp"
#include "base/linear_algebra/eigenvalues.hpp"
#include "base/linear_algebra/singular_values.hpp"
#include "base/linear_algebra/solve.hpp"
#include "base/parallel.hpp"
#include "fit/response/lbfgs.hpp"
#include "fit/response/random.hpp"
#include "machine/silu.hpp"

namespace settle {
namespace {

// What the interface inputs say beyond the bus input: their covariance after regression on it, and how that follows the
// targets.
struct Innovation {
  Eigen::MatrixXd white;  // [m x m] symmetric: D = D' white, the search runs over D'
  Eigen::MatrixXd codes;  // [codes x m] D' of the best linear codes
};

// Conditional, because a direction of the interface inputs that the bus input explains is of no use, however strong,
// and the useful ones may be weak: a search over inputs whitened by their plain second moment does not find them. The
// mean is kept as one more direction of unit size (it is all the bias that the features have). Directions weaker than
// 1e-3 of the typical one, in standard deviation, are not blown up further.
Innovation innovation(const Eigen::MatrixXd& bus_input, const Eigen::MatrixXd& interface_input,
                      const Eigen::MatrixXd& targets, const Eigen::VectorXd& weights, const SearchOptions& options) {
  const Eigen::MatrixXd x = weighted_centred(bus_input, weights);
  const Eigen::MatrixXd v = weighted_centred(interface_input, weights);
  const Eigen::MatrixXd t = weighted_centred(targets, weights);
  Eigen::MatrixXd covariance = v.transpose() * v;  // of the interface inputs
  Eigen::MatrixXd cross = v.transpose() * t;
  if (x.cols() > 0) {
    Eigen::MatrixXd moment = x.transpose() * x;
    moment.diagonal().array() += options.profile.ridge + 1e-9 * moment.trace();
    const Eigen::MatrixXd explained = PositiveDefinite(moment, "interface training: moment of the bus input")
                                          .solve(x.transpose() * v)
                                          .transpose();  // [m x p]
    covariance -= explained * (x.transpose() * v);
    cross -= explained * (x.transpose() * t);
  }
  const Eigen::VectorXd mean = weighted_mean(interface_input, weights);
  const double floor =
      (1e-6 * covariance.trace() + 1e-12 * mean.squaredNorm()) / static_cast<double>(covariance.rows());
  if (!(floor > 0)) throw error("interface training: the interface inputs are zero, or not finite");
  Eigen::MatrixXd moment = covariance + mean * mean.transpose();
  moment.diagonal().array() += floor;
  const SymmetricEigen eigen = symmetric_eigen(moment);
  Innovation result;
  result.white = eigen.inverse_root();

  // The best linear codes, t ~ O D v given the bus input: leading directions of the whitened cross moment ...
  Eigen::MatrixXd conditional = covariance;
  conditional.diagonal().array() += floor;
  const Eigen::MatrixXd narrow = symmetric_eigen(conditional).inverse_root();
  Eigen::MatrixXd codes =
      singular_values(narrow * cross).u.leftCols(options.codes).transpose() * narrow;  // unit innovation
  // ... less their mean, taken out along the direction in which that costs the least.
  const Eigen::VectorXd least = narrow * (narrow * mean);
  if (mean.norm() > 0) codes -= (codes * mean) * least.transpose() / least.dot(mean);
  result.codes = codes * eigen.root();
  return result;
}

// Starts: D' the best linear codes (a little off them from the second restart on), G of normal numbers.
Eigen::VectorXd start_point(const ProfiledLoss& loss, const Eigen::MatrixXd& codes, const SearchOptions& options,
                            std::size_t restart) {
  const std::uint64_t seed = options.seed + 1000003 * restart;
  Eigen::VectorXd start = gaussian_matrix(loss.size(), 1, seed);
  const Eigen::Index searched = loss.size() - static_cast<Eigen::Index>(options.codes) * options.features;
  if (searched > 0) {
    start.head(searched) *= restart == 0 ? 0.0 : 0.3 / std::sqrt(static_cast<double>(codes.cols()));
    start.head(searched) += codes.reshaped();
  }
  return start;
}

}  // namespace

Eigen::MatrixXd response_features(const ResponseModel& model, const Eigen::MatrixXd& interface_input) {
  const Eigen::MatrixXd code = interface_input * model.down.transpose();
  const Eigen::MatrixXd gain = model.in * model.up;  // [features x codes]
  return (code * gain.transpose()).unaryExpr([](double u) { return silu(u); });
}

Eigen::MatrixXd predict(const ResponseModel& model, const Eigen::MatrixXd& bus_input,
                        const Eigen::MatrixXd& interface_input) {
  Eigen::MatrixXd y = response_features(model, interface_input) * model.response.transpose();
  y.noalias() += bus_input * model.coupling.transpose();
  y.rowwise() += model.offset.transpose();
  return y;
}

ResponseModel train_response(const Eigen::MatrixXd& bus_input, const Eigen::MatrixXd& interface_input,
                             const Eigen::MatrixXd& targets, const Eigen::VectorXd& weights,
                             const SearchOptions& options, const std::function<bool()>& stop,
                             const ResponseModel* fixed) {
  if (options.restarts < 1) throw error("interface training: {} restarts, at least 1 is needed", options.restarts);
  // With fixed codes the search sees them whitened; that goes into `in` afterwards, as it goes into `down` otherwise.
  const Eigen::MatrixXd raw =
      fixed == nullptr ? interface_input : Eigen::MatrixXd(interface_input * fixed->down.transpose());
  const Innovation start = innovation(bus_input, raw, targets, weights, options);
  const Eigen::MatrixXd& white = start.white;
  const Eigen::MatrixXd searched = raw * white;
  const Eigen::MatrixXd identity = Eigen::MatrixXd::Identity(options.codes, options.codes);
  const ProfiledLoss loss(bus_input, searched, targets, weights, options.codes, options.features, options.profile,
                          fixed == nullptr ? nullptr : &identity);
  const Objective objective = [&loss](const Eigen::VectorXd& x, Eigen::VectorXd& gradient) {
    return loss(x, &gradient);
  };

  std::vector<Minimum> found(static_cast<std::size_t>(options.restarts));
  parallel_for(found.size(), worker_count(found.size()), [&](std::size_t r, std::size_t) {
    MinimiseOptions minimise_options;
    minimise_options.iterations = options.iterations;
    found[r] = minimise(objective, start_point(loss, start.codes, options, r), minimise_options, stop);
  });

  const Minimum& best = *std::min_element(found.begin(), found.end(),
                                          [](const Minimum& a, const Minimum& b) { return a.value < b.value; });
  const RankedRegression linear = loss.solve(best.x);
  ResponseModel model;
  model.coupling = linear.matrix;
  model.response = linear.free_matrix;
  model.loss = best.value;
  model.iterations = best.iterations;
  if (fixed == nullptr) {
    model.down = loss.codes(best.x) * white;
    model.up = orthonormal_columns(gaussian_matrix(interface_input.cols(), options.codes, options.seed));
    model.in = loss.features(best.x) * model.up.transpose();
  } else {
    model.down = fixed->down;
    model.up = fixed->up;
    // in * up must be G * white: through the pseudo-inverse of `up`, which has full column rank.
    model.in = loss.features(best.x) * white * pseudo_inverse(model.up);
  }
  model.offset = Eigen::VectorXd::Zero(targets.cols());
  if (options.profile.offset) {
    model.offset = weighted_mean(targets, weights) - weighted_mean(predict(model, bus_input, interface_input), weights);
  }
  return model;
}

}  // namespace settle
