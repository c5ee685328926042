// The default machine on shipped images, as `settle run` does it.
#include <memory>
#include <utility>

#include "device/model_device.hpp"
#include "hil/preset.hpp"
#include "hil/tests.hpp"
#include "machine/fields.hpp"
#include "maps/shipped.hpp"
#include "network/conditioning/conditioning.hpp"
#include "study/run/batch.hpp"

namespace settle::hil {

std::string preset_run(const Board& board) {
  const std::optional<Machine> shipped = preset_of(board.configuration);
  if (!shipped) return "no preset of this configuration: not run";
  constexpr int kSamples = 2;
  constexpr double kSigma = 0.5;
  const Machine& machine = *shipped;
  const std::string& preset = machine.preset;
  const Configuration& c = board.configuration;
  const std::vector<Conditioning> conditioning = conditionings(
      machine, settle_test::shipped_network(), settle_test::shipped_images(), 0, kSamples, kSigma, board.seed, nullptr);
  const auto fixed = std::make_shared<const FixedMachine>(machine, c, preset, machine.decoder);
  const BatchPlan plan{machine.kt, machine.settle_steps, machine.window_steps, board.seed};
  const FixedSampleField field = [&](Eigen::Index s) {
    return fixed->fields(fields(machine, conditioning[static_cast<std::size_t>(s)], InterfaceMode::normal));
  };
  const auto on = [&](std::unique_ptr<Device> device) {
    LoadedArray array(std::move(device), fixed);
    return settle_batch({&array}, {kSamples, field, plan});
  };
  const BatchResult found = on(board.connect()), expected = on(std::make_unique<ModelDevice>(c));
  require(found.mean == expected.mean, "the read-outs differ from the model's");
  require(found.variance == expected.variance, "the variances differ from the model's");
  require(found.saturations == expected.saturations, "the saturations differ from the model's");
  return fmt::format("{}, {} images, {} cycles: the model's bits", preset, kSamples, found.cycles);
}

}  // namespace settle::hil
