#include "fit/maps/cell_answer.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace settle {
namespace {

using AnswerKind = Activation::Kind;

constexpr double kLeastShare = 0.125;  // of the least slope in the greatest
constexpr double kStraightFrom = 12;   // where activations have become straight
constexpr int kPoints = 9601;

struct Slopes {
  double least, greatest;
};

Slopes slopes_of(const Activation& activation) {
  if (activation.kind == AnswerKind::clip) return {0, 1};
  const double reach = kStraightFrom / (activation.kind == AnswerKind::softplus ? activation.beta : 1.0);
  const double spacing = 2 * reach / (kPoints - 1);
  Slopes found{1e300, -1e300};
  for (int n = 1; n < kPoints; ++n) {
    const double right = -reach + n * spacing;
    const double slope = (activated(activation, right) - activated(activation, right - spacing)) / spacing;
    found = {std::min(found.least, slope), std::max(found.greatest, slope)};
  }
  return found;
}

/// max(u, slope u) = share max(u, u / 8) + rest u, channel by channel.
CellAnswer leaky_answer(const Activation& activation, int channels, const std::string& where) {
  CellAnswer answer;
  answer.shape.kind = AnswerKind::leaky_relu;
  const std::vector<float>& slopes = activation.slopes;
  const bool alike = std::all_of(slopes.begin(), slopes.end(), [&](float s) { return s == slopes[0]; });
  answer.share = Eigen::VectorXd::Ones(channels);
  answer.rest = Eigen::VectorXd::Zero(channels);
  if (alike && slopes[0] >= kLeastShare && slopes[0] <= 1) {
    answer.shape.slopes = {slopes[0]};
    answer.least_slope = answer.slope();
    return answer;
  }
  answer.shape.slopes = {static_cast<float>(kLeastShare)};
  answer.least_slope = kLeastShare;
  for (int i = 0; i < channels; ++i) {
    const double slope = slopes[slopes.size() == 1 ? 0 : static_cast<std::size_t>(i)];
    if (slope > 0.99) {
      throw error(
          "{}: leaky_relu with a slope of {} below 0 beside others: cells are made for slopes below 0.99, or "
          "for one from 1/8 to 1",
          where, slope);
    }
    answer.share[i] = (1 - slope) / (1 - kLeastShare);
    answer.rest[i] = 1 - answer.share[i];
  }
  return answer;
}

}  // namespace

double CellAnswer::inverse(double answer) const {
  // F rises by least_slope at least and greatest_slope at most: the answer lies between the lines through F(0).
  const double from_zero = answer - (*this)(0);
  double low = std::min(from_zero / least_slope, from_zero / greatest_slope) - 1e-9;
  double high = std::max(from_zero / least_slope, from_zero / greatest_slope) + 1e-9;
  for (int n = 0; n < 200 && high - low > 1e-12 * std::max(1.0, std::abs(low)); ++n) {
    const double middle = (low + high) / 2;
    ((*this)(middle) < answer ? low : high) = middle;
  }
  return (low + high) / 2;
}

CellAnswer cell_answer(const Activation& activation, int channels, const std::string& where) {
  if (activation.kind == AnswerKind::leaky_relu) return leaky_answer(activation, channels, where);
  CellAnswer answer;
  answer.shape = activation;
  const Slopes slopes = slopes_of(activation);
  answer.lift = std::max(0.0, kLeastShare * slopes.greatest - slopes.least);
  answer.share = Eigen::VectorXd::Ones(channels);
  answer.rest = Eigen::VectorXd::Constant(channels, -answer.lift);
  answer.least_slope = slopes.least + answer.lift;
  answer.greatest_slope = slopes.greatest + answer.lift;
  return answer;
}

}  // namespace settle
