// Batches with the model's bits: on the ensemble engine where a machine's sums are proved to fit its vectors, and
// otherwise on models side by side.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "study/run/engines.hpp"
#include "study/run/ensemble.hpp"

namespace settle {

class ModelBatches {
 public:
  /// For batches of `samples` samples at most. Throws Error as Engines.
  ModelBatches(const MakeDevice& make_device, const std::shared_ptr<const FixedMachine>& fixed, Eigen::Index samples);

  const FixedMachine& fixed() const { return *fixed_; }

  /// Why the ensemble engine does not take the machine; empty if it does.
  const std::string& not_proved() const { return not_proved_; }

  /// As settle_batch().
  BatchResult settle(const Batch& batch, const BatchWatch& watch = {}) const;

  /// Seconds of `steps` steps while all cores work on samples under these fields, and how many times that long a batch
  /// of `samples` takes for as many steps.
  double seconds(const std::vector<std::int16_t>& fields, double kt, int steps) const;
  double rounds(Eigen::Index samples) const;

 private:
  std::shared_ptr<const FixedMachine> fixed_;
  Eigen::Index samples_;
  std::unique_ptr<Ensemble> ensemble_;
  std::unique_ptr<Engines> models_;
  std::string not_proved_;
};

}  // namespace settle
