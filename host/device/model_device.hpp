// The bit-exact model as a device: the same registers and memories as the hardware.
#pragma once

#include <string>
#include <utility>

#include "array/model/array_model.hpp"
#include "device/device.hpp"
#include "device/engine_names.hpp"

namespace settle {

class ModelDevice : public Device {
 public:
  /// `engine`: what it is called in reports: an engine of which it is a part.
  explicit ModelDevice(const Configuration& configuration, std::string engine = kModelEngine)
      : configuration_(configuration), model_(configuration), engine_(std::move(engine)) {}

  std::string engine() const override { return engine_; }

  const Configuration& configuration() const { return configuration_; }

  /// What was written to it and what it has made of that, for engines that take over whole batches.
  const ArrayModel& model() const { return model_; }

  /// Throws DeviceError for an address that does not exist. Cycle counters read as zero: the model has no clock.
  std::uint32_t read(std::uint32_t address) override;
  /// A write to control with the start bit begins a run. Who then asks status_when_idle() finds the array busy until
  /// its last step is made, may read its step counter meanwhile, and may stop it. All else that is read or written
  /// finds the run at its end.
  void write(std::uint32_t address, std::uint32_t value) override;
  /// Makes a few steps of the run.
  std::uint32_t status_when_idle() override;

 protected:
  // Who makes the steps of a run: the model itself. `advance` is as the model's; `end` follows the last step or a stop.
  virtual void begin_run(int segments) { model_.begin(segments); }
  virtual bool advance_run(std::uint64_t most) { return model_.advance(most); }
  virtual void end_run() {}
  /// A word of a memory is about to be written, while no run has steps left.
  virtual void before_write(registers::Memory, std::uint32_t /*word*/) {}

  ArrayModel& array() { return model_; }

 private:
  /// Makes the run's next steps, `most` of them at most.
  void make_steps(std::uint64_t most);
  /// Makes the run's remaining steps.
  void finish_run();
  std::uint32_t read_register(std::uint32_t offset) const;
  void write_register(std::uint32_t offset, std::uint32_t value);
  std::uint32_t read_memory(registers::Memory memory, std::uint32_t word);
  void write_memory(registers::Memory memory, std::uint32_t word, std::uint32_t value);

  Configuration configuration_;
  ArrayModel model_;
  std::string engine_;
  std::vector<OperationWords> program_words_ =
      std::vector<OperationWords>(static_cast<std::size_t>(configuration_.program));
  std::uint32_t segments_ = 0;
  bool no_segments_ = false;
  bool busy_ = false;        ///< steps of the run are left
  bool waited_for_ = false;  ///< by status_when_idle()
  bool stopped_ = false;     ///< the last run, before its end
};

}  // namespace settle
