#include "hil/wire_cost.hpp"

#include "device/driver/array_driver.hpp"
#include "link/own_bytes.hpp"
#include "machine/fixed_point/array_contents.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"

namespace settle::hil {

namespace {

std::uint64_t wire(const LinkStatistics& s) { return s.bytes_sent + s.bytes_received; }

}  // namespace

WireCost wire_cost(const Board& board, const Machine& machine) {
  const Configuration& c = board.configuration;
  const ArrayContents contents = array_contents(machine, c, machine.preset, machine.decoder);
  const std::vector<std::int16_t> gains = fixed_gains(machine.kt, contents, c, machine.preset);
  const LayerContents& decoder = contents.layers[static_cast<std::size_t>(machine.decoder)];
  const auto device = board.connect();
  ArrayDriver driver(*device, c);
  const LinkStatistics start = device->statistics();
  driver.load(contents);
  device->finish();
  const LinkStatistics loaded = device->statistics();
  driver.set_schedule({{static_cast<std::uint32_t>(machine.settle_steps), false, gains},
                       {static_cast<std::uint32_t>(machine.window_steps), true, gains}});
  device->finish();
  const LinkStatistics before = device->statistics();
  driver.set_fields(std::vector<std::int16_t>(static_cast<std::size_t>(contents.cells), 100));
  driver.set_noise(board.seed, 0);
  driver.run({true, true}, nullptr);
  driver.sums(decoder.first, decoder.cells());
  const LinkStatistics after = device->statistics();
  return WireCost{static_cast<double>(wire(loaded) - wire(start)) / settle_test::own_bytes(contents),
                  wire(after) - wire(before), after.round_trips - before.round_trips};
}

}  // namespace settle::hil
