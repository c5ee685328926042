// Four chains of one machine in double precision, side by side: Float64Array for batches. Each chain has fields, a
// temperature and noise of its own and does not depend on the others; it differs from what Float64Array makes of the
// same by the order in which products are added alone, a few units of the last digit in a step.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <Eigen/Core>

#include "array/float64/float64_array.hpp"
#include "array/float64/float64_plan.hpp"

namespace settle {

class Float64Chains {
 public:
  /// Every chain starts at x = 0 with the static field, at temperature 0.
  explicit Float64Chains(std::shared_ptr<const Float64Plan> plan);

  Eigen::Index cells() const { return plan_->cells(); }

  /// `chain`: 0 to kFloat64Chains - 1. The total field [cells], force units. Throws Error on a wrong size or a value
  /// that is not finite.
  void set_field(int chain, const Eigen::VectorXd& field);
  /// `kt` >= 0; `xi` as Float64Array takes it, and not asked if `kt` is 0. Throws Error otherwise.
  void set_temperature(int chain, double kt, Gaussian xi);

  /// Physical units [cells].
  Eigen::VectorXd state(int chain) const;

  /// Makes `steps` >= 0 steps numbered first_step and up. Throws Error if a state is not finite at the end.
  void run(std::uint64_t first_step, std::int64_t steps);

  /// From now on sums of the states of cells first .. first + count - 1, each taken before its step's update, start at
  /// 0 and are kept.
  void begin_sums(Eigen::Index first, Eigen::Index count);
  Sums sums(int chain) const;  ///< of these cells

 private:
  struct alignas(32) Row {
    std::array<double, kFloat64Chains> values{};
  };
  using Rows = std::vector<Row>;

  static double* numbers(Rows& rows, Eigen::Index first = 0) {
    return rows[static_cast<std::size_t>(first)].values.data();
  }
  static const double* numbers(const Rows& rows, Eigen::Index first = 0) {
    return rows[static_cast<std::size_t>(first)].values.data();
  }
  void check_chain(int chain) const;
  void compute_force();
  void add_noise(std::uint64_t step);

  std::shared_ptr<const Float64Plan> plan_;
  std::array<double, kFloat64Chains> gains_{};
  std::array<Gaussian, kFloat64Chains> noises_;
  Eigen::VectorXd xi_;
  Rows field_, state_, force_;  ///< [cells]
  Rows words_;
  Eigen::Index first_sum_ = 0;
  std::int64_t summed_ = 0;
  Rows sum_, square_;  ///< [cells that are summed]
};

}  // namespace settle
