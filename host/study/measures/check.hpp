// What every measure demands of its arguments, said in one line that names the measure and the argument.
#pragma once

#include <string_view>
#include <utility>

#include <Eigen/Core>

#include "base/error.hpp"

namespace settle {

/// A measure that its arguments do not allow: the readout of a dead array has no spread, say. The message names it.
class MeasureError : public Error {
 public:
  using Error::Error;
};

/// Builds a MeasureError as error() builds an Error.
template <typename... Args>
MeasureError measure_error(fmt::format_string<Args...> format, Args&&... args) {
  return MeasureError(fmt::format(format, std::forward<Args>(args)...));
}

/// Throws MeasureError unless `values` (any shape) has at least one entry and all of them are finite.
void check_filled(std::string_view measure, std::string_view name, const Eigen::Ref<const Eigen::MatrixXd>& values);

/// Throws MeasureError unless both arguments are filled and have the same shape.
void check_pair(std::string_view measure, std::string_view name_a, const Eigen::Ref<const Eigen::MatrixXd>& a,
                std::string_view name_b, const Eigen::Ref<const Eigen::MatrixXd>& b);

/// Throws MeasureError unless `mean` is filled and has one entry per column of `rows`.
void check_mean(std::string_view measure, const Eigen::MatrixXd& rows, const Eigen::VectorXd& mean);

/// Throws MeasureError unless `rows` has at least `least` rows.
void check_rows(std::string_view measure, std::string_view name, const Eigen::MatrixXd& rows, Eigen::Index least);

}  // namespace settle
