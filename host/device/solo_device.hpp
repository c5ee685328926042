// The model's device, its runs made by the ensemble engine's loops for one chain: the same bits, several times as fast.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "array/ensemble/array_block.hpp"
#include "device/model_device.hpp"

namespace settle {

/// Contents that the loops do not take (ensemble::NotProved) are run by the model.
class SoloDevice : public ModelDevice {
 public:
  explicit SoloDevice(const Configuration& configuration, std::string engine = kEnsembleEngine)
      : ModelDevice(configuration, std::move(engine)) {}

  /// Whether the last run was made by the loops, and not by the model.
  bool on_loops() const { return block_ != nullptr; }

 protected:
  void begin_run(int segments) override;
  bool advance_run(std::uint64_t most) override;
  void end_run() override;
  void before_write(registers::Memory memory, std::uint32_t word) override;

 private:
  void prepare();

  std::vector<char> packed_;                    ///< coefficients on which plan or refusal rest
  std::unique_ptr<ensemble::SoloBlock> block_;  ///< null: the model makes the steps
  bool prepared_ = false;                       ///< for what the memories hold
  bool with_sums_ = false;                      ///< the current run has a window
};

}  // namespace settle
