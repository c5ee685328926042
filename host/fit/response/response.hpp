// Training the interface together with the bus beside it: restarts of a descent on the profiled loss.
#pragma once

#include <cstdint>
#include <functional>

#include <Eigen/Core>

#include "fit/response/profiled_loss.hpp"

namespace settle {

/// What the search for the interface's weights may take.
struct SearchOptions {
  ProfileOptions profile;
  int codes = 4;         ///< width of the bottleneck
  int features = 16;     ///< width of the transfer network
  int iterations = 200;  ///< of each restart
  int restarts = 4;      ///< >= 1; they share the cores
  std::uint64_t seed = 1;
};

/// y ~ coupling e + response silu(in up down v) + offset.
struct ResponseModel {
  Eigen::MatrixXd coupling;  ///< [d x p], rank bounded
  Eigen::MatrixXd down;      ///< [codes x m]
  Eigen::MatrixXd up;        ///< [m x codes], orthonormal columns unless it was given
  Eigen::MatrixXd in;        ///< [features x m]
  Eigen::MatrixXd response;  ///< [d x features]
  Eigen::VectorXd offset;    ///< [d]; zero if none was fitted
  double loss = 0;           ///< ridge and decay terms included
  int iterations = 0;        ///< of the restart that won
};

/// Features silu(in up down v) of each row v of `interface_input`, [n x features].
Eigen::MatrixXd response_features(const ResponseModel& model, const Eigen::MatrixXd& interface_input);

/// y of each row, [n x d]. `bus_input` [n x p], `interface_input` [n x m].
Eigen::MatrixXd predict(const ResponseModel& model, const Eigen::MatrixXd& bus_input,
                        const Eigen::MatrixXd& interface_input);

/// The best of `restarts` descents, each from its own random start; the same arguments give the same result whatever
/// the number of cores. Interface inputs are whitened for the search and the whitening folded into `down` afterwards:
/// nothing is standardised at run time. `fixed`, if given, holds `down` and `up` that are kept, only the transfer
/// network is then trained. `stop` ends every descent early. Shapes as in ProfiledLoss. Throws Error as ProfiledLoss
/// does.
ResponseModel train_response(const Eigen::MatrixXd& bus_input, const Eigen::MatrixXd& interface_input,
                             const Eigen::MatrixXd& targets, const Eigen::VectorXd& weights,
                             const SearchOptions& options, const std::function<bool()>& stop,
                             const ResponseModel* fixed = nullptr);

}  // namespace settle
