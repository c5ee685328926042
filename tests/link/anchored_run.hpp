// The default machine, and a chain of runs on a device whose every bit depends on all that was asked before.
#pragma once

#include <vector>

#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/configuration.hpp"
#include "device/device.hpp"
#include "device/driver/array_driver.hpp"
#include "machine/fixed_point/fixed_machine.hpp"
#include "machine/machine_file.hpp"

namespace settle_test {

struct Anchored : settle::FixedMachine {
  Anchored() : Anchored(settle::load_machine(std::string(SETTLE_SOURCE_DIR) + "/host/assets/anchored.machine.json")) {}

  std::vector<settle::Segment> schedule = {{60, false, gains(machine.kt)}, {100, true, gains(machine.kt)}};

  /// Fields of sample n: numbers of their own.
  std::vector<std::int16_t> numbered_fields(int n) const {
    std::vector<std::int16_t> out(static_cast<std::size_t>(contents.cells));
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i] = static_cast<std::int16_t>(static_cast<int>(37 * i + 1000 * static_cast<std::size_t>(n)) % 4096 - 2048);
    }
    return out;
  }

  int decoder_first() const { return layer(machine.decoder).first; }
  int decoder_cells() const { return layer(machine.decoder).cells(); }

 private:
  explicit Anchored(const settle::Machine& read)
      : FixedMachine(read, settle::configuration(read.configuration), "anchored", read.decoder) {}
};

/// Samples as a batch settles them, then runs that go on from each other's state, then the trace: all numbers read.
inline std::vector<std::int64_t> run_all(settle::Device& device, const Anchored& a, int samples) {
  settle::ArrayDriver driver(device, a.configuration);
  driver.load(a.contents);
  driver.set_schedule(a.schedule);
  std::vector<std::int64_t> all;
  const auto append = [&](const auto& values) { all.insert(all.end(), values.begin(), values.end()); };
  for (int n = 0; n < samples; ++n) {
    driver.set_fields(a.numbered_fields(n));
    driver.set_noise(static_cast<std::uint64_t>(n) + 5, 0);
    driver.run({true, true}, nullptr);
    append(driver.sums(a.decoder_first(), a.decoder_cells()));
    append(driver.squares(a.decoder_first(), a.decoder_cells()));
    const settle::Counters c = driver.counters();
    append(std::vector<std::int64_t>{c.saturated_states, c.saturated_words, c.window_steps});
  }
  driver.set_reference(a.machine.decoder, std::vector<std::int16_t>(static_cast<std::size_t>(a.decoder_cells()), 300));
  driver.set_trace_stride(10);
  driver.set_states(std::vector<std::int32_t>(static_cast<std::size_t>(a.contents.cells), -12345));
  for (int n = 0; n < samples; ++n) {
    driver.run({false, n == 0}, nullptr);
    append(driver.states());
    for (const settle::TraceEntry& entry : driver.trace())
      append(std::vector<std::int64_t>{entry.overlap, entry.square});
  }
  return all;
}

}  // namespace settle_test
