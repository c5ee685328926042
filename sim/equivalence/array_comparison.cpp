#include "sim/equivalence/array_comparison.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include "device/run_watch.hpp"

namespace settle {

namespace {

using registers::Memory;

/// A row of consecutive words that a run leaves.
struct Result {
  std::string name;
  std::uint32_t address = 0;
  std::size_t count = 0;
  bool is_state = false;
};

/// Readable registers that device and model share.
std::vector<Result> result_registers() {
  std::vector<Result> list;
  for (const registers::Description& d : registers::kDescriptions) {
    const std::string name = d.name;
    const bool hardware_only = name == "hardware_hash" || name.rfind("cycles", 0) == 0;
    if (std::strcmp(d.kind, "register") != 0 || hardware_only || std::strchr(d.access, 'r') == nullptr) continue;
    list.push_back({"register " + name, static_cast<std::uint32_t>(d.number), 1, false});
  }
  return list;
}

std::vector<Result> results_of(const equivalence::RandomArray& array, std::size_t trace_entries) {
  std::vector<Result> list = result_registers();
  const auto cells = static_cast<std::size_t>(array.cells);
  list.push_back({"state", address(Memory::state, 0), cells, true});
  for (std::size_t part = 0; part < kWindowParts; ++part) {
    list.push_back({fmt::format("sum, part {}", part), sum_address(part, 0), cells, false});
  }
  list.push_back({"bus word", address(Memory::word, 0), static_cast<std::size_t>(array.words), false});
  list.push_back({"trace", address(Memory::trace, 0), registers::kTraceWords * trace_entries, false});
  return list;
}

}  // namespace

void ComparisonCounts::add(const ComparisonCounts& other) {
  steps += other.steps;
  states += other.states;
  values += other.values;
  mismatches += other.mismatches;
  if (first_mismatch.empty()) first_mismatch = other.first_mismatch;
}

ArrayComparison::ArrayComparison(Device& device, const Configuration& configuration,
                                 const equivalence::RandomArray& array)
    : device_(device), model_(configuration), array_(array) {
  for (const auto& [where, value] : array_.writes) {
    device_.write(where, value);
    model_.write(where, value);
  }
}

ComparisonCounts ArrayComparison::run(std::uint32_t control) {
  device_.write(registers::control, control);
  model_.write(registers::control, control);
  wait_until_idle(device_, {}, {array_.steps, 0});

  // A device that counts other trace entries differs there already; more than the model's are not there to be read.
  const std::vector<Result> results = results_of(array_, model_.read(registers::trace_count));
  std::size_t total = 0;
  for (const Result& r : results) total += r.count;
  std::vector<std::uint32_t> found(total);
  std::vector<ReadBlock> blocks;
  std::size_t next = 0;
  for (const Result& r : results) {
    if (r.count > 0) blocks.push_back({r.address, found.data() + next, r.count});
    next += r.count;
  }
  device_.read_blocks(blocks);

  ComparisonCounts counts;
  counts.steps = array_.steps;
  counts.values = total;
  next = 0;
  for (const Result& r : results) {
    if (r.is_state) counts.states += r.count;
    for (std::size_t i = 0; i < r.count; ++i) {
      const std::uint32_t value = found[next++], wanted = model_.read(r.address + static_cast<std::uint32_t>(i));
      if (value == wanted) continue;
      if (counts.mismatches++ == 0) {
        counts.first_mismatch = fmt::format("{}{}: 0x{:08x}, the model has 0x{:08x}", r.name,
                                            r.count > 1 ? fmt::format(" {}", i) : "", value, wanted);
      }
    }
  }
  return counts;
}

}  // namespace settle
