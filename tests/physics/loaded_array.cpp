#include "physics/loaded_array.hpp"

#include <memory>
#include <utility>

#include "contract/builtin/builtin_configurations.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"

namespace settle::physics {

Configuration tiny(int shift) {
  Configuration c = configuration("tiny");
  c.step_shift = shift;
  return c;
}

LoadedArray::LoadedArray(const Context& context, const std::string& engine, const Configuration& c, Machine machine,
                         double kt, std::uint64_t seed)
    : settle::LoadedArray(context.device(engine, c),
                          std::make_shared<const FixedMachine>(std::move(machine), c, "physics", -1)),
      kt_(kt),
      realised_kt_(realised_kt(fixed().gains(kt), fixed().contents, c)[0]) {
  set_noise(seed);
  set_zero_states();
}

Eigen::VectorXd LoadedArray::fields() const {
  Eigen::VectorXd h(cells());
  int first = 0;
  for (const Layer& layer : machine().layers) {
    h.segment(first, layer.cells()) = layer.field.replicate(layer.sites(), 1);
    first += layer.cells();
  }
  return h;
}

void LoadedArray::run(std::uint32_t steps, bool quiet) {
  set_schedule({{static_cast<int>(steps), false}}, quiet ? 0 : kt_);
  settle::LoadedArray::run({false, false}, nullptr);
}

}  // namespace settle::physics
