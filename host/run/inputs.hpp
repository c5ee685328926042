// What a run starts from: checked machine, held-out images, their activations and the fields that condition the array.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "configuration/configuration.hpp"
#include "fit/samples.hpp"
#include "image/array_image.hpp"
#include "machine/machine.hpp"
#include "run/run_command.hpp"

namespace settle {

struct RunInputs {
  Machine machine;
  Configuration configuration;
  ArrayImage image;  ///< the machine in fixed point, its decoder traced
  double sigma = 0;
  double kt = 0;
  ActivationMeans means;   ///< [samples x 64] each
  Eigen::MatrixXd fields;  ///< [samples x cells] as the run applies them
};

/// Reads and checks everything before a device is touched. Throws Error naming file and field.
RunInputs read_inputs(const RunOptions& options, const std::function<bool()>& stop);

/// Fields of every sample from `field(sample)`, one row each.
Eigen::MatrixXd field_rows(Eigen::Index samples, Eigen::Index cells,
                           const std::function<Eigen::VectorXd(Eigen::Index)>& field);

}  // namespace settle
