#include "device/model_device.hpp"

namespace settle {

namespace {

using registers::Memory;

std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }
std::uint32_t bits(std::int64_t value) { return low(static_cast<std::uint64_t>(value)); }

DeviceError no_such(std::uint32_t where) {
  return DeviceError(fmt::format("engine model: address 0x{:06x} does not exist", where));
}

/// The element, or an error that names the address.
template <typename T>
T& at(std::vector<T>& memory, std::size_t index, Memory which, std::uint32_t word) {
  if (index >= memory.size()) throw no_such(address(which, word));
  return memory[index];
}

}  // namespace

std::uint32_t ModelDevice::read(std::uint32_t address) {
  const std::uint32_t region = (address >> 20) & 15u, word = address & 0xfffffu;
  return region == 0 ? read_register(word) : read_memory(static_cast<Memory>(region), word);
}

void ModelDevice::write(std::uint32_t address, std::uint32_t value) {
  const std::uint32_t region = (address >> 20) & 15u, word = address & 0xfffffu;
  if (region == 0) {
    write_register(word, value);
  } else {
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
      return static_cast<std::uint32_t>(configuration_.layers << 16 | configuration_.lanes);
    case registers::cells:
      return static_cast<std::uint32_t>(configuration_.cells);
    case registers::status:
      return no_segments_ ? 8u : 0u;
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
    case registers::git_hash:
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
      model_.step = (model_.step & 0xffffffffull) | std::uint64_t{value & 255u} << 32;
      break;
    case registers::segments:
      if (value > static_cast<std::uint32_t>(configuration_.segments)) throw no_such(offset);
      segments_ = value;
      break;
    case registers::refresh:
      model_.refresh = static_cast<int>(value & 0xffffu);
      break;
    case registers::trace_stride:
      model_.trace_stride = static_cast<int>(value & 0xffffu);
      break;
    case registers::control:
      if ((value & 4u) != 0) model_.clear_results();
      if ((value & 1u) != 0) {
        no_segments_ = segments_ == 0;
        if ((value & 2u) != 0 && !no_segments_) model_.zero_state();
        model_.run(static_cast<int>(segments_));
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
      return at(program_words_, word / 4, memory, word)[word % 4];
    case Memory::layer:
      return encode(at(m.layers, word / 4, memory, word))[word % 4];
    case Memory::table: {
      const ArrayMemories::TablePiece& piece = at(m.table, word, memory, word);
      return bits(piece.rise) << 16 | (bits(piece.left) & 0xffffu);
    }
    case Memory::segment: {
      const ArrayMemories::Segment& segment = at(m.segments, word / 2, memory, word);
      return word % 2 == 0 ? segment.steps : (segment.window ? 1u : 0u);
    }
    case Memory::gain:
      return bits(at(m.gains, word, memory, word));
    case Memory::sum: {
      const std::size_t cell = word % kSumPart, part = word / kSumPart;
      if (cell >= results.sum.size() || part >= 6) throw no_such(address(memory, word));
      const std::int64_t value = part < 3 ? results.sum[cell] : results.square[cell];
      return bits(value >> (16 * (part % 3))) & 0xffffu;
    }
    case Memory::trace: {
      if (word / 4 >= results.trace.size()) throw no_such(address(memory, word));
      const ArrayResults::TraceEntry& entry = results.trace[word / 4];
      const std::int64_t value = word % 4 < 2 ? entry.overlap : entry.square;
      return word % 2 == 0 ? bits(value) : bits(value >> 32);
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
  const auto lower = static_cast<std::int16_t>(value), upper = static_cast<std::int16_t>(value >> 16);
  switch (memory) {
    case Memory::state: {
      const int unused = 32 - configuration_.state.width;
      at(m.state, word, memory, word) = static_cast<std::int32_t>(value << unused) >> unused;
      break;
    }
    case Memory::coefficient: {
      const int unused = 32 - configuration_.coefficient.width;
      at(m.coefficients, word, memory, word) =
          static_cast<std::int16_t>(static_cast<std::int32_t>(value << unused) >> unused);
      break;
    }
    case Memory::clamp:
      at(m.clamp, word, memory, word) = value & 1u;
      break;
    case Memory::program: {
      OperationWords& operation = at(program_words_, word / 4, memory, word);
      operation[word % 4] = value;
      m.program[word / 4] = decode(operation);
      break;
    }
    case Memory::layer:
      set_part(at(m.layers, word / 4, memory, word), word % 4, value);
      break;
    case Memory::table:
      at(m.table, word, memory, word) = {lower, upper};
      break;
    case Memory::segment: {
      ArrayMemories::Segment& segment = at(m.segments, word / 2, memory, word);
      if (word % 2 == 0) {
        segment.steps = value;
      } else {
        segment.window = (value & 1u) != 0;
      }
      break;
    }
    case Memory::gain:
      at(m.gains, word, memory, word) = lower;
      break;
    case Memory::noise_key:
      at(m.noise_keys, word, memory, word) = value;
      break;
    case Memory::sum:
    case Memory::trace:
    case Memory::word:
    case Memory::configuration:
      break;  // read-only: written words have no effect
    default:
      throw no_such(address(memory, word));
  }
}

}  // namespace settle
