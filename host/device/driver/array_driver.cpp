#include "device/driver/array_driver.hpp"

#include <algorithm>
#include <array>

#include "array/model/fixed.hpp"
#include "array/model/noise.hpp"
#include "device/identity.hpp"

namespace settle {

namespace {

using registers::Memory;

std::uint32_t bits(std::int64_t value) { return static_cast<std::uint32_t>(value); }

}  // namespace

ArrayDriver::ArrayDriver(Device& device, const Configuration& configuration)
    : device_(device), configuration_(configuration) {
  check_identity(identify(device_), configuration_, "device " + device_.name());
}

void ArrayDriver::load(const ArrayContents& contents) {
  contents_ = contents;
  std::vector<std::uint32_t> words;
  for (const std::int16_t c : contents.coefficients) words.push_back(bits(c));
  device_.write_block(address(Memory::coefficient, 0), words.data(), words.size());

  words.clear();
  for (const Operation& o : contents.program) {
    const OperationWords parts = encode(o);
    words.insert(words.end(), parts.begin(), parts.end());
  }
  device_.write_block(address(Memory::program, 0), words.data(), words.size());

  words.clear();
  for (const LayerContents& l : contents.layers) {
    const auto parts = encode(l);
    words.insert(words.end(), parts.begin(), parts.end());
  }
  device_.write_block(address(Memory::layer, 0), words.data(), words.size());

  for (std::size_t l = 0; l < contents.layers.size(); ++l) {
    const std::vector<std::uint32_t>& table = contents.layers[l].table;
    const std::size_t first = l * static_cast<std::size_t>(configuration_.table_pieces());
    if (!table.empty()) device_.write_block(address(Memory::table, first), table.data(), table.size());
  }
  for (int i = 0; i < configuration_.cells; ++i) {
    device_.write(address(Memory::clamp, static_cast<std::size_t>(i)),
                  i < contents.cells ? contents.clamp[static_cast<std::size_t>(i)] : 0);
  }
  set_refresh(1);
  set_trace_stride(0);
}

void ArrayDriver::set_fields(const std::vector<std::int16_t>& fields) {
  for (const LayerContents& l : contents_.layers) {
    std::vector<std::uint32_t> words;
    const int count = l.per_site_field ? l.cells() : l.site_cells;
    words.reserve(static_cast<std::size_t>(count));
    const auto first = static_cast<std::size_t>(l.first);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) words.push_back(bits(fields.at(first + i)));
    device_.write_block(address(Memory::coefficient, static_cast<std::size_t>(l.field)), words.data(), words.size());
  }
}

void ArrayDriver::set_reference(int layer, const std::vector<std::int16_t>& reference) {
  const LayerContents& l = contents_.layers.at(static_cast<std::size_t>(layer));
  std::vector<std::uint32_t> words;
  words.reserve(static_cast<std::size_t>(l.cells()));
  for (int i = 0; i < l.cells(); ++i) words.push_back(bits(reference.at(static_cast<std::size_t>(i))));
  device_.write_block(address(Memory::coefficient, static_cast<std::size_t>(l.reference)), words.data(), words.size());
}

void ArrayDriver::set_states(const std::vector<std::int32_t>& states) {
  std::vector<std::uint32_t> words;
  words.reserve(states.size());
  for (const std::int32_t s : states) words.push_back(bits(s));
  device_.write_block(address(Memory::state, 0), words.data(), words.size());
}

void ArrayDriver::set_noise(std::uint64_t seed, std::uint64_t step) {
  const std::vector<std::uint32_t> keys = noise_keys(seed, configuration_.noise_rounds);
  device_.write_block(address(Memory::noise_key, 0), keys.data(), keys.size());
  device_.write(registers::step_lo, static_cast<std::uint32_t>(step));
  device_.write(registers::step_hi, static_cast<std::uint32_t>(step >> 32));
}

void ArrayDriver::set_schedule(const std::vector<Segment>& segments) {
  if (segments.empty() || segments.size() > static_cast<std::size_t>(configuration_.segments)) {
    throw error("schedule: {} segments, configuration {} takes 1 to {}", segments.size(), configuration_.name,
                configuration_.segments);
  }
  for (std::size_t s = 0; s < segments.size(); ++s) {
    std::array<std::uint32_t, registers::kSegmentWords> words{};
    put(words, registers::kSegmentSteps, segments[s].steps);
    put(words, registers::kSegmentWindow, segments[s].window ? 1 : 0);
    for (std::size_t w = 0; w < words.size(); ++w) {
      device_.write(address(Memory::segment, words.size() * s + w), words[w]);
    }
    for (std::size_t l = 0; l < segments[s].gains.size(); ++l) {
      device_.write(address(Memory::gain, s * static_cast<std::size_t>(configuration_.layers) + l),
                    bits(segments[s].gains[l]));
    }
  }
  device_.write(registers::segments, bits(static_cast<std::int64_t>(segments.size())));
  steps_ = window_steps_ = 0;
  for (const Segment& s : segments) {
    steps_ += s.steps;
    window_steps_ += s.window ? s.steps : 0;
  }
}

void ArrayDriver::set_refresh(int steps) {
  constexpr auto kMost = static_cast<int>(registers::kRefresh.mask());
  if (steps < 1 || steps > kMost) throw error("refresh: {} is not 1 to {} steps", steps, kMost);
  device_.write(registers::refresh, bits(steps));
}

void ArrayDriver::set_trace_stride(int steps) {
  constexpr auto kMost = static_cast<int>(registers::kTraceStride.mask());
  if (steps < 0 || steps > kMost) throw error("trace stride: {} is not 0 to {} steps", steps, kMost);
  device_.write(registers::trace_stride, bits(steps));
}

RunBounds ArrayDriver::bounds() const {
  constexpr std::uint64_t kBesides = 1000;  // cycles: of the step itself, and of what fills and empties the stages
  const StepProducts& p = contents_.products;
  // One lane makes a product in a cycle; an operation on a cell may take one without a product.
  const std::int64_t products = p.always + p.project + p.noise + p.window + p.trace;
  const auto operations = static_cast<std::int64_t>(contents_.program.size()) * contents_.cells;
  const bool loaded = !contents_.program.empty();
  return {steps_, loaded ? static_cast<std::uint64_t>(products + operations) + kBesides : 0};
}

void ArrayDriver::run(const Start& start, const std::function<bool()>& stop) {
  if (start.clear_results) summed_ = 0;
  if (summed_) *summed_ += window_steps_;
  device_.write(registers::control, registers::kControlStart | (start.zero_state ? registers::kControlZero : 0) |
                                        (start.clear_results ? registers::kControlClear : 0));
  std::uint32_t status = device_.status_when_idle();
  RunWatch watch(device_, bounds(), stop);
  bool stopping = false;
  while ((status & registers::kStatusBusy) != 0) {
    if (!stopping && stop && stop()) {
      stopping = true;
      device_.write(registers::control, registers::kControlStop);
      watch.stopping();
    }
    watch.busy();
    status = device_.status_when_idle();
  }
  if ((status & registers::kStatusNoSegments) != 0)
    throw DeviceError(fmt::format("device {}: no schedule", device_.name()));
  if (stopping || (stop && stop())) {
    summed_.reset();
    throw Interrupted("interrupted");
  }
  if ((status & registers::kStatusStopped) != 0) {
    throw DeviceError(
        fmt::format("device {}: the run was stopped before its end, not by this program: does another one "
                    "use the board?",
                    device_.name()));
  }
}

std::vector<std::int32_t> ArrayDriver::states() {
  std::vector<std::uint32_t> words(static_cast<std::size_t>(contents_.cells));
  device_.read_block(address(Memory::state, 0), words.data(), words.size());
  return {words.begin(), words.end()};
}

std::vector<std::int64_t> ArrayDriver::wide_sums(int first, int count, std::size_t first_part, std::size_t sum_parts) {
  constexpr std::size_t kPartBits = 16;
  const auto cells = static_cast<std::size_t>(count);
  std::vector<std::uint32_t> words(sum_parts * cells);
  std::vector<ReadBlock> parts;
  for (std::size_t part = 0; part < sum_parts; ++part) {
    parts.push_back(
        {sum_address(first_part + part, static_cast<std::size_t>(first)), words.data() + part * cells, cells});
  }
  device_.read_blocks(parts);
  std::vector<std::int64_t> out;
  out.reserve(cells);
  const auto width = static_cast<int>(kPartBits * sum_parts);
  for (std::size_t i = 0; i < cells; ++i) {
    std::uint64_t value = 0;
    for (std::size_t part = 0; part < sum_parts; ++part) {
      value |= std::uint64_t{words[part * cells + i]} << (kPartBits * part);
    }
    out.push_back(wrap(static_cast<std::int64_t>(value), width));
  }
  return out;
}

std::vector<std::int64_t> ArrayDriver::sums(int first, int count) {
  return wide_sums(first, count, 0, registers::kSumParts);
}

std::vector<std::int64_t> ArrayDriver::squares(int first, int count) {
  return wide_sums(first, count, registers::kSumParts, registers::kSquareParts);
}

std::vector<TraceEntry> ArrayDriver::trace() {
  const std::size_t entries = device_.read(registers::trace_count);
  if (entries > static_cast<std::size_t>(configuration_.trace_depth)) {
    throw DeviceError(fmt::format("device {}: says that it has {} trace entries, configuration {} has {} at most",
                                  device_.name(), entries, configuration_.name, configuration_.trace_depth));
  }
  std::vector<std::uint32_t> words(registers::kTraceWords * entries);
  device_.read_block(address(Memory::trace, 0), words.data(), words.size());
  std::vector<TraceEntry> out(entries);
  for (std::size_t i = 0; i < entries; ++i) {
    std::array<std::uint32_t, registers::kTraceWords> entry{};
    std::copy_n(words.data() + registers::kTraceWords * i, entry.size(), entry.begin());
    const auto wide = [&](const BitField& hi, const BitField& lo) {
      return value_of(hi, entry) * (std::int64_t{1} << lo.width) + value_of(lo, entry);
    };
    out[i] = {wide(registers::kTraceOverlapHi, registers::kTraceOverlapLo),
              wide(registers::kTraceSquareHi, registers::kTraceSquareLo)};
  }
  return out;
}

Counters ArrayDriver::counters() {
  constexpr std::uint32_t kFirst = registers::saturated_states;
  std::array<std::uint32_t, registers::window_steps - kFirst + 1> words{};
  device_.read_block(kFirst, words.data(), words.size());
  Counters c;
  c.cycles = std::uint64_t{words[registers::cycles_hi - kFirst]} << 32 | words[registers::cycles_lo - kFirst];
  c.saturated_states = words[0];
  c.saturated_words = words[registers::saturated_words - kFirst];
  c.window_steps = words[registers::window_steps - kFirst];
  if (summed_ && c.window_steps != static_cast<std::uint32_t>(*summed_)) {
    throw DeviceError(fmt::format("device {}: {} steps are in its sums, {} were asked for: they are not this run's",
                                  device_.name(), c.window_steps, *summed_));
  }
  return c;
}

}  // namespace settle
