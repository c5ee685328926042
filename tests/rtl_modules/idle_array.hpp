// What an idle array answers on its port: registers and memories of `tiny`, as a host would expect them.
#pragma once

#include <cstdint>
#include <map>

#include "array/model/fixed.hpp"
#include "device/device.hpp"
#include "rtl_modules/link_protocol.hpp"
#include "rtl_modules/listed.hpp"

namespace settle::testing {

using registers::Memory;

/// Registers and some memories of `tiny` while it does not run.
class IdleArray {
 public:
  struct Shape {
    std::uint32_t words;
    int width;
    bool is_signed;
  };

  IdleArray() { reset(); }

  Response access(const Access& access) {
    if (access.kind == Access::Kind::reset) {
      reset();
      return {0, false, false};
    }
    const std::uint32_t region = region_of(access.address), word = word_of(access.address);
    const bool known = region == 0 ? is_listed("register", word) : is_listed("memory", region);
    if (!known) return {0, true, false};
    const std::uint32_t at = address(static_cast<Memory>(region), region == 0 ? word : word % shape(region).words);
    if (access.kind == Access::Kind::write) write(at, access.data);
    return {words_[at], false, false};
  }

  /// What a word holds that nobody has written.
  void learn(std::uint32_t reg, std::uint32_t value) { words_[reg] = value; }

  static Shape shape(std::uint32_t region) {
    switch (static_cast<Memory>(region)) {
      case Memory::state:
        return {256, 24, true};
      case Memory::coefficient:
        return {4096, 16, true};
      case Memory::clamp:
        return {256, 1, false};
      case Memory::noise_key:
        return {16, 32, false};
      default:
        return {32, 16, true};  // gain
    }
  }

 private:
  void reset() {
    for (std::uint32_t reg = registers::step_lo; reg <= registers::trace_stride; ++reg) words_[reg] = 0;
    words_[registers::refresh] = 1;
  }

  void write(std::uint32_t at, std::uint32_t value) {
    const std::uint32_t region = region_of(at);
    if (region == static_cast<std::uint32_t>(Memory::noise_key)) return;  // reads as 0
    if (region != 0) {
      const Shape s = shape(region);
      const auto wrapped = static_cast<std::uint32_t>(wrap(value, s.width));
      words_[at] = s.is_signed ? wrapped : wrapped & ((1u << s.width) - 1);
    } else if (at >= registers::step_lo && at <= registers::trace_stride) {
      constexpr int kWidths[] = {32, 8, 4, 16, 16};  // from step_lo on; 8 segments are counted in 4 bits
      const int width = kWidths[at - registers::step_lo];
      words_[at] = width == 32 ? value : value & ((1u << width) - 1);
    }
  }

  std::map<std::uint32_t, std::uint32_t> words_;
};

}  // namespace settle::testing
