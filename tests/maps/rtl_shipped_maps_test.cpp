// The shipped machines of maps on the verilated array and on the model: the same bits.
#include <memory>
#include <string>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "device/driver/array_driver.hpp"
#include "device/model_device.hpp"
#include "machine/fields.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "maps/shipped.hpp"
#include "network/conditioning/conditioning.hpp"
#include "sim/rtl_device.hpp"

using namespace settle;

namespace {

struct Outcome {
  std::vector<std::int32_t> states;
  std::vector<std::int64_t> sums, squares;
  Counters counters;
};

Outcome settled(Device& device, const Machine& machine, const Configuration& c, const Eigen::VectorXd& fields,
                int settle, int window) {
  const ArrayContents contents = array_contents(machine, c, machine.preset, machine.decoder);
  ArrayDriver driver(device, c);
  driver.load(contents);
  const std::vector<std::int16_t> gains = fixed_gains(machine.kt, contents, c, "kt");
  driver.set_fields(fixed_fields(fields, contents, c, machine.preset));
  driver.set_noise(77, 0);
  driver.set_schedule(
      {{static_cast<std::uint32_t>(settle), false, gains}, {static_cast<std::uint32_t>(window), true, gains}});
  driver.run({true, true}, nullptr);
  return {driver.states(), driver.sums(0, contents.cells), driver.squares(0, contents.cells), driver.counters()};
}

void check_equal(const std::string& preset, int settle, int window) {
  CAPTURE(preset);
  const Machine machine = settle_test::shipped_machine(preset);
  const Configuration c = configuration(machine.configuration);
  const std::vector<Conditioning> conditioning =
      conditionings(machine, settle_test::shipped_network(), settle_test::shipped_images(), 0, 1, 0.5, 1, nullptr);
  const Eigen::VectorXd h = fields(machine, conditioning[0], InterfaceMode::normal);
  ModelDevice model(c);
  const std::unique_ptr<Device> rtl = make_rtl_device(machine.configuration, {});
  const Outcome a = settled(model, machine, c, h, settle, window);
  const Outcome b = settled(*rtl, machine, c, h, settle, window);
  CHECK(a.states == b.states);
  CHECK(a.sums == b.sums);
  CHECK(a.squares == b.squares);
  CHECK(a.counters.saturated_states == b.counters.saturated_states);
  CHECK(a.counters.saturated_words == b.counters.saturated_words);
  CHECK(b.counters.cycles > 0);
}

}  // namespace

TEST_CASE("RTL equals model: map, forty steps of a digit and ten of its window") { check_equal("map", 40, 10); }

TEST_CASE("RTL equals model: unet and whole, a step and a step of the window") {
  check_equal("unet", 1, 1);
  check_equal("whole", 1, 1);
}

// `make soak`
TEST_SUITE("soak" * doctest::skip()) {
  TEST_CASE("RTL equals model: map, one whole digit to equilibrium and its window") {
    const Machine machine = settle_test::shipped_machine("map");
    check_equal("map", machine.settle_steps, machine.window_steps);
  }
  TEST_CASE("RTL equals model: unet and whole, thirty steps") {
    check_equal("unet", 20, 10);
    check_equal("whole", 20, 10);
  }
}
