// What a host can write comes back, and what it cannot stays.
#include <array>
#include <map>

#include "core/hash.hpp"
#include "device/model_device.hpp"
#include "driver/identity.hpp"
#include "hil/tests.hpp"

namespace settle::hil {

namespace {

using registers::Memory;

struct Area {
  const char* name;
  Memory memory;
  int words;
};

/// Every memory that the host can write.
std::vector<Area> areas(const Configuration& c) {
  std::vector<Area> all = {{"state", Memory::state, c.cells},
                           {"coefficient", Memory::coefficient, c.coefficients},
                           {"clamp", Memory::clamp, c.cells},
                           {"program", Memory::program, 4 * c.program},
                           {"layer", Memory::layer, 4 * c.layers},
                           {"segment", Memory::segment, 2 * c.segments},
                           {"gain", Memory::gain, c.segments * c.layers}};
  return all;
}

/// Bits of a word that the hardware keeps, by asking the model.
std::vector<std::uint32_t> kept(ModelDevice& model, const Area& area, std::uint32_t pattern) {
  std::vector<std::uint32_t> words(static_cast<std::size_t>(area.words));
  for (std::size_t i = 0; i < words.size(); ++i) model.write(address(area.memory, i), pattern);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = model.read(address(area.memory, i));
  return words;
}

}  // namespace

std::string identify_board(const Board& board) {
  const auto device = board.connect();
  const Identity identity = identify(*device);
  return fmt::format("configuration {} ({:016x}), {} lanes, {} cells, hardware of commit {:08x}",
                     identity.configuration.name.empty() ? "of no name" : identity.configuration.name, identity.hash,
                     identity.configuration.lanes, identity.configuration.cells, identity.git);
}

std::string reset_brings_a_known_state(const Board& board) {
  const auto device = board.connect();
  const std::map<std::uint32_t, std::uint32_t> after_reset = {
      {registers::status, 0},       {registers::seed_lo, 0},     {registers::seed_hi, 0},
      {registers::step_lo, 0},      {registers::step_hi, 0},     {registers::segments, 0},
      {registers::refresh, 1},      {registers::trace_stride, 0}, {registers::trace_count, 0},
      {registers::saturated_states, 0}, {registers::saturated_words, 0}, {registers::cycles_lo, 0},
      {registers::cycles_hi, 0},    {registers::window_steps, 0}};
  for (std::uint32_t r = registers::seed_lo; r <= registers::trace_stride; ++r) device->write(r, 1);
  // A long run, reset on its way.
  device->write(address(Memory::segment, 0), 1000000);
  device->write(address(Memory::program, 0), 0);
  device->write(registers::control, 1);
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
    for (std::uint32_t r = registers::seed_lo; r <= registers::trace_stride; ++r) {
      const std::uint32_t value = r == registers::segments ? pattern % (segments + 1) : pattern ^ r * 0x01010101u;
      const std::uint32_t legal = r == registers::segments ? pattern % (segments + 1) : value;
      device->write(r, legal);
      model.write(r, legal);
    }
    for (std::uint32_t r = registers::seed_lo; r <= registers::trace_stride; ++r, ++writable) {
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

// March C- (A. J. van de Goor, Testing Semiconductor Memories, 1991): {w0}; up{r0,w1}; up{r1,w0}; down{r0,w1}; down{r1,w0};
// {r0} finds stuck bits, wrong addresses and cells that couple. Bursts stand for the order within a pass; then every word
// gets a value of its own.
std::string memories_march(const Board& board) {
  const auto device = board.connect();
  ModelDevice model(board.configuration);
  std::size_t words = 0;
  for (const Area& area : areas(board.configuration)) {
    const auto count = static_cast<std::size_t>(area.words);
    const std::uint32_t base = address(area.memory, 0);
    std::vector<std::uint32_t> found(count);
    const auto expect = [&](const std::vector<std::uint32_t>& expected, const char* pass) {
      device->read_block(base, found.data(), count);
      for (std::size_t i = 0; i < count; ++i) {
        require(found[i] == expected[i], "memory {}, word {}, {}: 0x{:08x}, not 0x{:08x}", area.name, i, pass, found[i],
                expected[i]);
      }
    };
    const auto fill = [&](std::uint32_t value, bool down) {
      for (std::size_t i = 0; i < count; ++i) {
        device->write(base + static_cast<std::uint32_t>(down ? count - 1 - i : i), value);
      }
    };
    for (const std::uint32_t zero : {0u, 0x55555555u}) {
      const std::vector<std::uint32_t> zeros = kept(model, area, zero), ones = kept(model, area, ~zero);
      fill(zero, false);
      expect(zeros, "up, first");
      fill(~zero, false);
      expect(ones, "up, second");
      fill(zero, true);
      expect(zeros, "down, first");
    }
    std::vector<std::uint32_t> own(count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto value = static_cast<std::uint32_t>(mix64(board.seed + i));
      device->write(base + static_cast<std::uint32_t>(i), value);
      model.write(base + static_cast<std::uint32_t>(i), value);
      own[i] = model.read(base + static_cast<std::uint32_t>(i));
    }
    expect(own, "a value of its own");
    words += count;
  }
  return fmt::format("{} words of 7 memories, 7 passes each", words);
}

}  // namespace settle::hil
