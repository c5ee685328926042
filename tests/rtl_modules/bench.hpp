// What every module's test needs: a clocked module, access to slices of its ports, and random numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <verilated.h>

#include "base/splitmix.hpp"

namespace settle::testing {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mix64(seed)) {}

  std::uint64_t next() { return mix64(state_++); }
  int below(int bound) { return static_cast<int>(next() % static_cast<std::uint64_t>(bound)); }
  bool one_in(int n) { return below(n) == 0; }

  /// A signed number of `width` bits: in one of four cases an end of the range, zero, one or minus one.
  std::int64_t number(int width) {
    const std::int64_t highest = (std::int64_t{1} << (width - 1)) - 1;
    switch (below(20)) {
      case 0:
        return highest;
      case 1:
        return -highest - 1;
      case 2:
        return 0;
      case 3:
        return 1;
      case 4:
        return -1;
      default:
        return static_cast<std::int64_t>(next()) >> (64 - width);
    }
  }

 private:
  std::uint64_t state_;
};

/// Bits first .. first + width - 1 of a port, width <= 64.
template <class Port, std::enable_if_t<std::is_integral_v<Port>, int> = 0>
std::uint64_t get_bits(const Port& port, int first, int width) {
  return (static_cast<std::uint64_t>(port) >> first) & (~std::uint64_t{0} >> (64 - width));
}

template <std::size_t Words>
std::uint64_t get_bits(const VlWide<Words>& port, int first, int width) {
  std::uint64_t value = 0;
  for (int i = 0; i < width; ++i) {
    const std::size_t bit = static_cast<std::size_t>(first) + static_cast<std::size_t>(i);
    value |= static_cast<std::uint64_t>((port.at(bit / 32) >> (bit % 32)) & 1u) << i;
  }
  return value;
}

template <class Port, std::enable_if_t<std::is_integral_v<Port>, int> = 0>
void set_bits(Port& port, int first, int width, std::uint64_t value) {
  const std::uint64_t mask = (~std::uint64_t{0} >> (64 - width)) << first;
  port = static_cast<Port>((port & ~mask) | ((value << first) & mask));
}

template <std::size_t Words>
void set_bits(VlWide<Words>& port, int first, int width, std::uint64_t value) {
  for (int i = 0; i < width; ++i) {
    const std::size_t bit = static_cast<std::size_t>(first) + static_cast<std::size_t>(i);
    const std::uint32_t mask = 1u << (bit % 32);
    port.at(bit / 32) = (port.at(bit / 32) & ~mask) | (((value >> i) & 1u) != 0 ? mask : 0u);
  }
}

/// A port that holds one signed number of `width` bits.
template <class Port>
void set_signed(Port& port, int width, std::int64_t value) {
  set_bits(port, 0, width, static_cast<std::uint64_t>(value));
}

/// Slice `lane` of `width` bits, signed.
template <class Port>
std::int64_t get_signed(const Port& port, int lane, int width) {
  return static_cast<std::int64_t>(get_bits(port, lane * width, width) << (64 - width)) >> (64 - width);
}

/// A verilated module whose registers and memories start with random contents.
template <class Module>
class Bench {
 public:
  explicit Bench(int seed) : context_(seed), module_(&context_, "") { module_.clk_i = 0; }
  ~Bench() { module_.final(); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  Module* operator->() { return &module_; }
  Module& operator*() { return module_; }

  /// Inputs to outputs, between clock edges.
  void settle() { module_.eval(); }

  /// A rising edge with the inputs as they are.
  void clock() {
    module_.eval();
    module_.clk_i = 1;
    module_.eval();
    module_.clk_i = 0;
    module_.eval();
  }

 private:
  /// Seeds the context before the module is made from it.
  struct Seeded : VerilatedContext {
    explicit Seeded(int seed) {
      randReset(2);
      randSeed(seed + 1);
    }
  };

  Seeded context_;
  Module module_;
};

/// Two cycles of rst_i.
template <class Module>
void reset(Bench<Module>& bench) {
  bench->rst_i = 1;
  bench.clock();
  bench.clock();
  bench->rst_i = 0;
}

}  // namespace settle::testing
