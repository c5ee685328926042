#include "programs/bench/scaling/hardware_cycles.hpp"

namespace settle {

double slots_per_step(const BenchMachine& machine) { return machine.products() / machine.fixed->configuration.lanes; }

double dense_slots_per_step(const BenchMachine& machine) {
  const Machine& m = machine.fixed->machine;
  double products = machine.products();
  for (const Bus& bus : m.buses) {
    const double source = m.layers[static_cast<std::size_t>(bus.source)].cells();
    const double target = m.layers[static_cast<std::size_t>(bus.target)].cells();
    const double ways = bus.reciprocal && bus.source != bus.target ? 2 : 1;
    products += ways * (source * target - static_cast<double>(bus.source_matrix.cols()) * (source + target));
  }
  return products / machine.fixed->configuration.lanes;
}

}  // namespace settle
