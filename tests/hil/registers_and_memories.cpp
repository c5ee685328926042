// What a host can write comes back, and what it cannot stays.
#include <array>
#include <functional>
#include <map>
#include <vector>

#include "base/splitmix.hpp"
#include "device/identity.hpp"
#include "device/model_device.hpp"
#include "hil/tests.hpp"

namespace settle::hil {

namespace {

using registers::Memory;

struct Area {
  const char* name;
  Memory memory;
  int words;
  int parts;  ///< words of an entry: each may have bits of its own
  int width;  ///< of a signed number; 0: unsigned, with the bits that the hardware has
};

/// Every memory that the host can write.
std::vector<Area> areas(const Configuration& c) {
  return {{"state", Memory::state, c.cells, 1, c.state.width},
          {"coefficient", Memory::coefficient, c.coefficients, 1, c.coefficient.width},
          {"clamp", Memory::clamp, c.cells, 1, 0},
          {"program", Memory::program, 4 * c.program, 4, 0},
          {"layer", Memory::layer, 4 * c.layers, 4, 0},
          {"segment", Memory::segment, 2 * c.segments, 2, 0},
          {"gain", Memory::gain, c.segments * c.layers, 1, 16}};
}

/// What a word should hold after `value` was written.
std::uint32_t kept(const Area& area, std::uint32_t value, std::uint32_t mask) {
  if (area.width == 0) return value & mask;
  const int unused = 32 - area.width;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(value << unused) >> unused);
}

}  // namespace

std::string identify_board(const Board& board) {
  const auto device = board.connect();
  const Identity identity = identify(*device);
  return fmt::format("configuration {} ({:016x}), {} lanes, {} cells, hardware {:08x}",
                     identity.configuration.name.empty() ? "of no name" : identity.configuration.name, identity.hash,
                     identity.configuration.lanes, identity.configuration.cells, identity.hardware);
}

std::string reset_brings_a_known_state(const Board& board) {
  const auto device = board.connect();
  const std::map<std::uint32_t, std::uint32_t> after_reset = {
      {registers::status, 0},      {registers::step_lo, 0},          {registers::step_hi, 0},
      {registers::segments, 0},    {registers::refresh, 1},          {registers::trace_stride, 0},
      {registers::trace_count, 0}, {registers::saturated_states, 0}, {registers::saturated_words, 0},
      {registers::cycles_lo, 0},   {registers::cycles_hi, 0},        {registers::window_steps, 0}};
  for (std::uint32_t r = registers::step_lo; r <= registers::trace_stride; ++r) device->write(r, 1);
  // A long run, reset on its way.
  device->write(address(Memory::segment, 0), 1000000);
  device->write(address(Memory::program, 0), 0);
  device->write(registers::control, registers::kControlStart);
  device->reset();
  for (const auto& [where, value] : after_reset) {
    const std::uint32_t found = device->read(where);
    require(found == value, "register {} is {} after a reset, not {}", where, found, value);
  }
  return fmt::format("{} registers", after_reset.size());
}

std::string registers_hold(const Board& board) {
  const auto device = board.connect();
  ModelDevice model(board.configuration);
  int writable = 0;
  const auto segments = static_cast<std::uint32_t>(board.configuration.segments);
  for (const std::uint32_t pattern : {0u, 0xffffffffu, 0x55555555u, 0xaaaaaaaau, 0x01234567u, 0x89abcdefu}) {
    for (std::uint32_t r = registers::step_lo; r <= registers::trace_stride; ++r) {
      const std::uint32_t value = r == registers::segments ? pattern % (segments + 1) : pattern ^ r * 0x01010101u;
      device->write(r, value);
      model.write(r, value);
    }
    for (std::uint32_t r = registers::step_lo; r <= registers::trace_stride; ++r, ++writable) {
      const std::uint32_t found = device->read(r), expected = model.read(r);
      require(found == expected, "register {} is 0x{:08x}, not 0x{:08x}", r, found, expected);
    }
  }
  // Read-only ones.
  std::array<std::uint32_t, registers::cells + 1> before{}, after{};
  device->read_block(0, before.data(), before.size());
  for (std::uint32_t r = 0; r <= registers::cells; ++r) device->write(r, ~before[r]);
  device->read_block(0, after.data(), after.size());
  require(before == after, "a read-only register could be written");
  return fmt::format("{} values written and read", writable);
}

// March C- (A. J. van de Goor, Testing Semiconductor Memories, 1991): {w0}; up{r0,w1}; up{r1,w0}; down{r0,w1};
// down{r1,w0}; {r0} finds stuck bits, wrong addresses and cells that couple. Bursts stand for the order within a pass;
// then every word gets a value of its own. Hardware has not every bit of a word: those that all ones leave are the ones
// that count, and they must be the same in every entry.
std::string memories_march(const Board& board) {
  const auto device = board.connect();
  std::size_t words = 0, bits = 0;
  for (const Area& area : areas(board.configuration)) {
    const auto count = static_cast<std::size_t>(area.words), parts = static_cast<std::size_t>(area.parts);
    const std::uint32_t base = address(area.memory, 0);
    std::vector<std::uint32_t> found(count), mask, fixed;
    const auto fill = [&](const std::function<std::uint32_t(std::size_t)>& value, bool down) {
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = down ? count - 1 - i : i;
        device->write(base + static_cast<std::uint32_t>(at), value(at));
      }
    };
    const auto read = [&] { device->read_block(base, found.data(), count); };
    fill([](std::size_t) { return 0u; }, false);
    read();
    fixed.assign(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(parts));
    fill([](std::size_t) { return 0xffffffffu; }, false);
    read();
    mask.assign(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(parts));
    for (std::size_t p = 0; p < parts; ++p) mask[p] &= ~fixed[p];
    const auto expect = [&](const std::function<std::uint32_t(std::size_t)>& value, const char* pass) {
      read();
      for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t expected = kept(area, value(i), mask[i % parts]) | fixed[i % parts];
        require(found[i] == expected, "memory {}, word {}, {}: 0x{:08x}, not 0x{:08x}", area.name, i, pass, found[i],
                expected);
      }
    };
    expect([](std::size_t) { return 0xffffffffu; }, "all ones");
    for (const std::uint32_t zero : {0u, 0x55555555u}) {
      const auto zeros = [zero](std::size_t) { return zero; };
      const auto ones = [zero](std::size_t) { return ~zero; };
      fill(zeros, false);
      expect(zeros, "up, first");
      fill(ones, false);
      expect(ones, "up, second");
      fill(zeros, true);
      expect(zeros, "down, first");
    }
    const auto own = [&](std::size_t i) { return static_cast<std::uint32_t>(mix64(board.seed + i)); };
    fill(own, false);
    expect(own, "a value of its own");
    words += count;
    for (const std::uint32_t m : mask) bits += static_cast<std::size_t>(__builtin_popcount(m)) * (count / parts);
  }
  return fmt::format("{} words of 7 memories, {} bits", words, bits);
}

}  // namespace settle::hil
