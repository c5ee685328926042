// Where samples rest without noise. A large machine takes long to get there, so that each point is looked for once.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include <Eigen/Core>

#include "study/run/study.hpp"

namespace settle {

class RestPoints {
 public:
  explicit RestPoints(const Study& study) : study_(study) {}

  /// x* [cells] of sample `s`, one that is compared. Several threads may ask, one waits for the other. Throws Error as
  /// rest_point, Interrupted if the run is to end.
  const Eigen::VectorXd& of(Eigen::Index s);

 private:
  const Study& study_;
  std::mutex mutex_;
  std::map<Eigen::Index, Eigen::VectorXd> found_;
  std::map<Eigen::Index, std::string> failed_;  // why there is none
};

}  // namespace settle
