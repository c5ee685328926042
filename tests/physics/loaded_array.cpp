#include "physics/loaded_array.hpp"

#include <utility>

#include "contract/builtin/builtin_configurations.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "machine/linear.hpp"

namespace settle::physics {

Configuration tiny(int shift) {
  Configuration c = configuration("tiny");
  c.step_shift = shift;
  return c;
}

LoadedArray::LoadedArray(const Context& context, const std::string& engine, const Configuration& c, Machine machine,
                         double kt, std::uint64_t seed)
    : configuration_(c),
      machine_(std::move(machine)),
      contents_(array_contents(machine_, c, "physics", -1)),
      device_(context.device(engine, c)),
      driver_(*device_, c),
      gains_(fixed_gains(kt, contents_, c, "physics")),
      kt_(realised_kt(gains_, contents_, c)[0]),
      states_(contents_.cells) {
  driver_.load(contents_);
  driver_.set_refresh(1);
  driver_.set_trace_stride(0);
  driver_.set_noise(seed, 0);
  set_states(Eigen::VectorXd::Zero(contents_.cells));
}

Eigen::VectorXd LoadedArray::fields() const {
  Eigen::VectorXd h(contents_.cells);
  int first = 0;
  for (const Layer& layer : machine_.layers) {
    h.segment(first, layer.cells()) = layer.field.replicate(layer.sites(), 1);
    first += layer.cells();
  }
  return h;
}

void LoadedArray::set_states(const Eigen::VectorXd& x) {
  driver_.set_states(fixed_states(x, contents_, configuration_, "physics"));
}

void LoadedArray::run(std::uint32_t steps, bool quiet) {
  driver_.set_schedule({{steps, false, quiet ? std::vector<std::int16_t>(gains_.size(), 0) : gains_}});
  driver_.run({false, false}, nullptr);
}

const Eigen::VectorXd& LoadedArray::states() {
  const std::vector<std::int32_t> words = driver_.states();
  for (Eigen::Index i = 0; i < states_.size(); ++i) {
    states_(i) = words[static_cast<std::size_t>(i)] * configuration_.state.unit();
  }
  return states_;
}

}  // namespace settle::physics
