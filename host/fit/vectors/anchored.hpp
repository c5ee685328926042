// The `anchored` preset: the encoder layer is held by its own activations, a reciprocal bus carries them to the decoder
// layer, and the interface adds what it knows from the bottleneck.
//
//   encoder x: stiffness a, field a e + static       decoder y: stiffness b, field static + out silu(in up down v)
//   energy of the bus: (P_x^T x).(P_y^T y), rank k
//
// At rest  y = C e + K out silu(..) + offset,  K = (b - J^T J / a)^-1,  J = P_x P_y^T,  C = -K J^T: bus.hpp realises
// any C of rank k exactly. C, the interface's last matrix and the offset are a closed form for given codes and
// features, which are searched by descent (response.hpp). The static fields put both layers' mean at the mean
// activation.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "fit/response/response.hpp"
#include "machine/machine.hpp"

namespace settle {

struct AnchoredOptions {
  double encoder_stiffness = 2;  ///< a, > 0
  double decoder_stiffness = 1;  ///< b, > 0
  double step = 0.25;            ///< e of the configuration
  double ridge = 1e-3;   ///< on the gain matrix that the bus realises, as a share of the encoder's mean variance
  double decay = 2e-5;   ///< on the interface, as a share of the target's (weighted) variance
  SearchOptions search;  ///< its ridge and decay are set from the above
};

/// `encoder`, `bottleneck`, `decoder` [n x D]: activations of the training images. Returns a machine with layers
/// encoder (0) and decoder (1), scales 1, temperature 0, no windows, configuration "anchored"; `model` (may be null)
/// receives the response that it realises. Throws Error as the parts do.
Machine fit_anchored(const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& bottleneck, const Eigen::MatrixXd& decoder,
                     const AnchoredOptions& options, const std::function<bool()>& stop, ResponseModel* model = nullptr);

}  // namespace settle
