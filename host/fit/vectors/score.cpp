#include "fit/vectors/score.hpp"

#include "base/error.hpp"

namespace settle {
namespace {

double mean_cosine(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  double sum = 0;
  for (Eigen::Index i = 0; i < a.rows(); ++i) {
    const double norms = a.row(i).norm() * b.row(i).norm();
    if (norms > 0) sum += a.row(i).dot(b.row(i)) / norms;
  }
  return a.rows() > 0 ? sum / static_cast<double>(a.rows()) : 0;
}

}  // namespace

Score score(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, const Eigen::VectorXd& mean) {
  if (readout.rows() != target.rows() || readout.cols() != target.cols() || mean.size() != target.cols()) {
    throw error("score: the readout is {} x {}, the target {} x {}, the mean has {} values", readout.rows(),
                readout.cols(), target.rows(), target.cols(), mean.size());
  }
  return {mean_cosine(readout, target),
          mean_cosine(readout.rowwise() - mean.transpose(), target.rowwise() - mean.transpose())};
}

Eigen::VectorXd cosine_weights(const Eigen::MatrixXd& target, const Eigen::VectorXd& mean) {
  const Eigen::ArrayXd distance = (target.rowwise() - mean.transpose()).rowwise().squaredNorm().array();
  const Eigen::ArrayXd weights = (distance + 0.05 * distance.mean()).inverse();
  return weights / weights.mean();
}

}  // namespace settle
