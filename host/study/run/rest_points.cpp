#include "study/run/rest_points.hpp"

#include "array/float64/rest_point.hpp"
#include "base/error.hpp"

namespace settle {

const Eigen::VectorXd& RestPoints::of(Eigen::Index s) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = found_.find(s);
  if (known != found_.end()) return known->second;
  const auto failed = failed_.find(s);
  if (failed != failed_.end()) throw Error(failed->second);
  try {
    return found_[s] = rest_point(study_.machine(), study_.to_compare(s).fields, study_.stop);
  } catch (const Error& e) {
    found_.erase(s);
    if (study_.stop()) throw Interrupted("interrupted while looking for the rest point");
    failed_[s] = e.what();
    throw;
  }
}

}  // namespace settle
