// What a run starts from: checked machine, held-out images, their activations and the fields that condition the array.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "contract/configuration/configuration.hpp"
#include "images/idx.hpp"
#include "machine/check.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/machine.hpp"
#include "network/conditioning/conditioning.hpp"
#include "network/unet/unet.hpp"
#include "study/run/run_command.hpp"

namespace settle {

struct RunInputs {
  Machine machine;
  Configuration configuration;
  ArrayContents contents;  ///< the machine in fixed point, its decoder traced
  double sigma = 0;
  double kt = 0;
  Stability stability;
  std::vector<Conditioning> conditionings;  ///< [samples]
  Unet unet;
  ImageSet images;  ///< the test set; sample n is image n

  Eigen::Index samples() const { return static_cast<Eigen::Index>(conditionings.size()); }
  const Layer& decoder() const { return machine.layers[static_cast<std::size_t>(machine.decoder)]; }
};

/// Files that a run writes into its folder, or removes if an older run left them.
const std::vector<std::string>& output_names();

/// Reads and checks everything before a device is touched. Throws Error naming file and field.
RunInputs read_inputs(const RunOptions& options, const std::function<bool()>& stop);

/// [samples x cells] from `field(sample)`, one row each.
Eigen::MatrixXd field_rows(Eigen::Index samples, Eigen::Index cells,
                           const std::function<Eigen::VectorXd(Eigen::Index)>& field);

}  // namespace settle
