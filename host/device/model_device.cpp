#include "device/model_device.hpp"

#include <array>
#include <limits>

#include "array/model/fixed.hpp"
#include "device/engine_names.hpp"

namespace settle {

namespace {

using registers::Memory;

// Between two answers that the array is busy. What a user who wants to end waits for, and so few that it is soon; so
// many that asking costs nothing beside them.
constexpr std::uint64_t kStepsUnasked = 16;

std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }
std::uint32_t bits(std::int64_t value) { return low(static_cast<std::uint64_t>(value)); }

DeviceError no_such(std::uint32_t where) {
  return DeviceError(fmt::format("engine {}: address 0x{:06x} does not exist", kModelEngine, where));
}

/// Registers that whoever waits for a run may watch.
bool counts_steps(std::uint32_t address) {
  return address == registers::step_lo || address == registers::step_hi || address == registers::cycles_lo ||
         address == registers::cycles_hi;
}

/// The element, or an error that names the address.
template <typename T>
T& at(std::vector<T>& memory, std::size_t index, Memory which, std::uint32_t word) {
  if (index >= memory.size()) throw no_such(address(which, word));
  return memory[index];
}

/// The 16 bits of a cell's sum that `word` asks for.
std::uint32_t part_of(const std::vector<std::int64_t>& sums, std::size_t parts, Memory which, std::uint32_t word) {
  const auto cell = static_cast<std::size_t>(value_of(registers::kSumAddressCell, word));
  const auto part = static_cast<std::size_t>(value_of(registers::kSumAddressPart, word));
  if (part >= parts || cell >= sums.size()) throw no_such(address(which, word));
  return bits(sums[cell] >> (16 * part)) & 0xffffu;
}

}  // namespace

std::uint32_t ModelDevice::status_when_idle() {
  waited_for_ = true;
  make_steps(kStepsUnasked);
  return read_register(registers::status);
}

void ModelDevice::make_steps(std::uint64_t most) {
  if (!busy_) return;
  busy_ = advance_run(most);
  if (!busy_) end_run();
}

void ModelDevice::finish_run() { make_steps(std::numeric_limits<std::uint64_t>::max()); }

std::uint32_t ModelDevice::read(std::uint32_t address) {
  if (!waited_for_ || !counts_steps(address)) finish_run();
  const std::uint32_t region = region_of(address), word = word_of(address);
  return region == 0 ? read_register(word) : read_memory(static_cast<Memory>(region), word);
}

void ModelDevice::write(std::uint32_t address, std::uint32_t value) {
  if (busy_ && address == registers::control && (value & registers::kControlStop) != 0) {
    busy_ = false;
    stopped_ = true;
    end_run();
  }
  finish_run();
  const std::uint32_t region = region_of(address), word = word_of(address);
  if (region == 0) {
    write_register(word, value);
  } else {
    before_write(static_cast<Memory>(region), word);
    write_memory(static_cast<Memory>(region), word, value);
  }
}

std::uint32_t ModelDevice::read_register(std::uint32_t offset) const {
  const ArrayResults& results = model_.results();
  switch (offset) {
    case registers::magic:
      return registers::kMagicValue;
    case registers::version:
      return registers::kVersionValue;
    case registers::config_hash_lo:
      return low(configuration_.hash());
    case registers::config_hash_hi:
      return high(configuration_.hash());
    case registers::sizes:
      return in_place(registers::kSizesLanes, configuration_.lanes) |
             in_place(registers::kSizesLayers, configuration_.layers);
    case registers::cells:
      return static_cast<std::uint32_t>(configuration_.cells);
    case registers::status:
      return (busy_ ? registers::kStatusBusy : 0u) | (stopped_ ? registers::kStatusStopped : 0u) |
             (no_segments_ ? registers::kStatusNoSegments : 0u);
    case registers::step_lo:
      return low(model_.step);
    case registers::step_hi:
      return high(model_.step);
    case registers::segments:
      return segments_;
    case registers::refresh:
      return static_cast<std::uint32_t>(model_.refresh);
    case registers::trace_stride:
      return static_cast<std::uint32_t>(model_.trace_stride);
    case registers::trace_count:
      return static_cast<std::uint32_t>(results.trace.size());
    case registers::saturated_states:
      return results.saturated_states;
    case registers::saturated_words:
      return results.saturated_words;
    case registers::window_steps:
      return results.window_steps;
    case registers::hardware_hash:
    case registers::control:
    case registers::cycles_lo:
    case registers::cycles_hi:
      return 0;
    default:
      throw no_such(offset);
  }
}

void ModelDevice::write_register(std::uint32_t offset, std::uint32_t value) {
  switch (offset) {
    case registers::step_lo:
      model_.step = (model_.step & ~0xffffffffull) | value;
      break;
    case registers::step_hi:
      model_.step = (model_.step & 0xffffffffull) | std::uint64_t{value & registers::kStepHi.mask()} << 32;
      break;
    case registers::segments:
      if (value > static_cast<std::uint32_t>(configuration_.segments)) throw no_such(offset);
      segments_ = value;
      break;
    case registers::refresh:
      model_.refresh = static_cast<int>(value & registers::kRefresh.mask());
      break;
    case registers::trace_stride:
      model_.trace_stride = static_cast<int>(value & registers::kTraceStride.mask());
      break;
    case registers::control:
      if ((value & registers::kControlClear) != 0) model_.clear_results();
      if ((value & registers::kControlStart) != 0) {
        no_segments_ = segments_ == 0;
        if ((value & registers::kControlZero) != 0 && !no_segments_) model_.zero_state();
        stopped_ = waited_for_ = false;
        busy_ = !no_segments_;
        if (busy_) begin_run(static_cast<int>(segments_));
      }
      break;
    default:
      read_register(offset);  // read-only registers ignore writes, unknown ones throw
  }
}

std::uint32_t ModelDevice::read_memory(Memory memory, std::uint32_t word) {
  ArrayMemories& m = model_.memories();
  const ArrayResults& results = model_.results();
  switch (memory) {
    case Memory::state:
      return bits(at(m.state, word, memory, word));
    case Memory::coefficient:
      return bits(at(m.coefficients, word, memory, word));
    case Memory::clamp:
      return at(m.clamp, word, memory, word);
    case Memory::program:
      return at(program_words_, word / registers::kOperationWords, memory, word)[word % registers::kOperationWords];
    case Memory::layer:
      return encode(at(m.layers, word / registers::kLayerWords, memory, word))[word % registers::kLayerWords];
    case Memory::table: {
      const ArrayMemories::TablePiece& piece = at(m.table, word, memory, word);
      return in_place(registers::kTableRise, piece.rise) | in_place(registers::kTableLeft, piece.left);
    }
    case Memory::segment: {
      const ArrayMemories::Segment& segment = at(m.segments, word / registers::kSegmentWords, memory, word);
      std::array<std::uint32_t, registers::kSegmentWords> words{};
      put(words, registers::kSegmentSteps, segment.steps);
      put(words, registers::kSegmentWindow, segment.window ? 1 : 0);
      return words[word % registers::kSegmentWords];
    }
    case Memory::gain:
      return bits(at(m.gains, word, memory, word));
    case Memory::sum:
      return part_of(results.sum, registers::kSumParts, memory, word);
    case Memory::square:
      return part_of(results.square, registers::kSquareParts, memory, word);
    case Memory::trace: {
      if (word / registers::kTraceWords >= results.trace.size()) throw no_such(address(memory, word));
      const ArrayResults::TraceEntry& entry = results.trace[word / registers::kTraceWords];
      std::array<std::uint32_t, registers::kTraceWords> words{};
      put(words, registers::kTraceOverlapLo, entry.overlap);
      put(words, registers::kTraceOverlapHi, entry.overlap >> 32);
      put(words, registers::kTraceSquareLo, entry.square);
      put(words, registers::kTraceSquareHi, entry.square >> 32);
      return words[word % registers::kTraceWords];
    }
    case Memory::word:
      if (word >= results.words.size()) throw no_such(address(memory, word));
      return bits(results.words[word]);
    case Memory::configuration: {
      const std::vector<std::pair<std::string, int>> fields = field_values(configuration_);
      if (word >= fields.size()) throw no_such(address(memory, word));
      return bits(fields[word].second);
    }
    case Memory::noise_key:
      at(m.noise_keys, word, memory, word);
      return 0;  // write-only
  }
  throw no_such(address(memory, word));
}

void ModelDevice::write_memory(Memory memory, std::uint32_t word, std::uint32_t value) {
  ArrayMemories& m = model_.memories();
  switch (memory) {
    case Memory::state:
      at(m.state, word, memory, word) = static_cast<std::int32_t>(wrap(value, configuration_.state.width));
      break;
    case Memory::coefficient:
      at(m.coefficients, word, memory, word) = static_cast<std::int16_t>(wrap(value, configuration_.coefficient.width));
      break;
    case Memory::clamp:
      at(m.clamp, word, memory, word) = static_cast<std::uint8_t>(value_of(registers::kClampHeld, value));
      break;
    case Memory::program: {
      OperationWords& operation = at(program_words_, word / registers::kOperationWords, memory, word);
      operation[word % registers::kOperationWords] = value;
      m.program[word / registers::kOperationWords] = decode(operation);
      break;
    }
    case Memory::layer:
      set_word(at(m.layers, word / registers::kLayerWords, memory, word), word % registers::kLayerWords, value);
      break;
    case Memory::table:
      at(m.table, word, memory, word) = {static_cast<std::int16_t>(value_of(registers::kTableLeft, value)),
                                         static_cast<std::int16_t>(value_of(registers::kTableRise, value))};
      break;
    case Memory::segment: {
      ArrayMemories::Segment& segment = at(m.segments, word / registers::kSegmentWords, memory, word);
      const auto part = static_cast<int>(word % registers::kSegmentWords);
      if (part == registers::kSegmentSteps.word) {
        segment.steps = static_cast<std::uint32_t>(value_of(registers::kSegmentSteps, value));
      }
      if (part == registers::kSegmentWindow.word) segment.window = value_of(registers::kSegmentWindow, value) != 0;
      break;
    }
    case Memory::gain:
      at(m.gains, word, memory, word) = static_cast<std::int16_t>(value);
      break;
    case Memory::noise_key:
      at(m.noise_keys, word, memory, word) = value;
      break;
    case Memory::sum:
    case Memory::square:
    case Memory::trace:
    case Memory::word:
    case Memory::configuration:
      break;  // read-only: written words have no effect
    default:
      throw no_such(address(memory, word));
  }
}

}  // namespace settle
