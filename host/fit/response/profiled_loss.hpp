// The interface's training loss with every linear part already at its best.
//
// Model of the read-out state y for one sample:  y = C e + O f + s,  f = silu(G D v),
// where e is what the bus carries (rank of C bounded), v feeds the interface, D is its 4-wide bottleneck, G = in * up.
// For given D and G the best C, O and s are a closed form (regression.hpp), so the search runs over D and G alone
// ("variable projection", Golub and Pereyra 1973), and by the envelope theorem the gradient is the partial one at that
// best. An array whose couplings realise C and whose field is K^-1 O f settles to exactly this y (anchored.hpp), so
// this is training through the array's equilibrium.
#pragma once

#include <Eigen/Core>

#include "fit/response/regression.hpp"

namespace settle {

/// Bounds and penalties; ridges as in ranked_regression, `decay` multiplies |D|^2 + |G|^2.
struct ProfileOptions {
  int rank = 16;       ///< of C; 0: no bus
  bool offset = true;  ///< whether s is fitted; without it data are taken as they are, not about their means
  double ridge = 0;
  double free_ridge = 1e-10;
  double decay = 0;
};

class ProfiledLoss {
 public:
  /// `bus_input` [n x p] (p = 0 if rank is 0), `interface_input` [n x m], `targets` [n x d], `weights` [n] > 0. `codes`
  /// rows of D, `features` rows of G. With `fixed_codes` D is a constant given by it and only G is searched. Throws
  /// Error if the numbers of rows differ.
  ProfiledLoss(const Eigen::MatrixXd& bus_input, const Eigen::MatrixXd& interface_input, const Eigen::MatrixXd& targets,
               const Eigen::VectorXd& weights, int codes, int features, const ProfileOptions& options,
               const Eigen::MatrixXd* fixed_codes = nullptr);

  /// Numbers searched: D by columns (unless fixed), then G by columns.
  Eigen::Index size() const;

  /// Loss at `parameters` [size()], its gradient into `gradient` (may be null).
  double operator()(const Eigen::VectorXd& parameters, Eigen::VectorXd* gradient) const;

  /// The best C and O at `parameters`.
  RankedRegression solve(const Eigen::VectorXd& parameters) const;

  Eigen::MatrixXd codes(const Eigen::VectorXd& parameters) const;     ///< D, [codes x m]
  Eigen::MatrixXd features(const Eigen::VectorXd& parameters) const;  ///< G, [features x codes]

 private:
  struct Pass;  // what one evaluation computes on the way
  Pass forward(const Eigen::VectorXd& parameters) const;
  Eigen::MatrixXd prepared(const Eigen::MatrixXd& data) const;  // weighted, and centred if there is an offset

  Eigen::MatrixXd bus_input_;        // prepared
  Eigen::MatrixXd interface_input_;  // as given: its mean acts as the features' bias
  Eigen::MatrixXd targets_;          // prepared
  Eigen::VectorXd weights_;
  Eigen::Index codes_;
  Eigen::Index features_;
  ProfileOptions options_;
  Eigen::MatrixXd fixed_codes_;  // 0 x 0 unless D is a constant
  RegressionMoments moments_;    // the parts that do not depend on the parameters
};

}  // namespace settle
