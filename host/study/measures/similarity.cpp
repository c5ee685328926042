#include "study/measures/similarity.hpp"

#include <string_view>

#include "study/measures/check.hpp"
#include "study/measures/rows.hpp"

namespace settle {
namespace {

// The division by the standard deviation, one number for the whole array, changes no cosine and is left out.
Eigen::MatrixXd less_overall_mean(std::string_view name, const Eigen::MatrixXd& rows) {
  if (rows.minCoeff() == rows.maxCoeff())
    throw measure_error("cosine_paper: {} has no spread, all entries are equal", name);
  return rows.array() - rows.mean();
}

}  // namespace

double cosine(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, Eigen::Index sites) {
  check_pair("cosine", "readout", readout, "target", target);
  return mean_row_product(unit_rows(by_site(readout, sites)), unit_rows(by_site(target, sites)));
}

double cosine_centred(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, const Eigen::VectorXd& fit_mean,
                      Eigen::Index sites) {
  check_pair("cosine_centred", "readout", readout, "target", target);
  check_mean("cosine_centred", target, fit_mean);
  return mean_row_product(unit_rows(by_site(centred(readout, fit_mean), sites)),
                          unit_rows(by_site(centred(target, fit_mean), sites)));
}

double baseline_mean(const Eigen::MatrixXd& target, const Eigen::VectorXd& fit_mean, Eigen::Index sites) {
  check_filled("baseline_mean", "target", target);
  check_mean("baseline_mean", target, fit_mean);
  return cosine(fit_mean.transpose().replicate(target.rows(), 1), target, sites);
}

double r2(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, const Eigen::VectorXd& fit_mean) {
  check_pair("r2", "readout", readout, "target", target);
  check_mean("r2", target, fit_mean);
  const double spread = centred(target, fit_mean).squaredNorm();
  if (spread == 0) throw measure_error("r2: every target equals the fit set's mean, there is nothing to explain");
  return 1.0 - (readout - target).squaredNorm() / spread;
}

double cosine_paper(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target) {
  check_pair("cosine_paper", "readout", readout, "target", target);
  return cosine(less_overall_mean("readout", readout), less_overall_mean("target", target));
}

}  // namespace settle
