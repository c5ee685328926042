// Every position, extent, offset and length of a window's axis, both ways round, against trying all taps.
#include <doctest/doctest.h>

#include "VM_range_28.h"
#include "VM_range_3.h"
#include "rtl_modules/bench.hpp"

namespace tap_range_bench {
namespace {

using namespace settle;
using namespace settle::testing;

template <class Module>
void compare(int side) {
  VerilatedContext context;
  Module module(&context, "");
  int wrong = 0, wrong_places = 0, runs = 0, empty = 0;
  for (int extent = 1; extent <= side; ++extent) {
    for (int position = 0; position < extent; ++position) {
      for (int offset = -8; offset < 8; ++offset) {
        for (int taps = 1; taps <= 16; ++taps) {
          for (int sign = -1; sign <= 1; sign += 2) {
            module.position_i = static_cast<std::uint8_t>(position);
            module.extent_i = static_cast<std::uint8_t>(extent);
            set_signed(module.offset_i, 4, offset);
            module.taps_less_1_i = static_cast<std::uint8_t>(taps - 1);
            module.reverse_i = sign < 0;
            int first = taps, last = -1;
            for (int tap = 0; tap < taps; ++tap) {
              const int place = position + sign * (offset + tap);
              if (place < 0 || place >= extent) continue;
              if (first == taps) first = tap;
              last = tap;
              module.tap_i = static_cast<std::uint8_t>(tap);
              module.eval();
              wrong_places += module.place_o != place;
            }
            module.eval();
            wrong += (module.empty_o != 0) != (last < 0);
            if (last >= 0) wrong += module.first_o != first || module.last_o != last;
            ++(last < 0 ? empty : runs);
          }
        }
      }
    }
  }
  module.final();
  CHECK(wrong == 0);
  CHECK(wrong_places == 0);
  CHECK(runs > 1000);
  CHECK(empty > 1000);
}

}  // namespace

TEST_CASE("tap_range: sides up to 3") { compare<VM_range_3>(3); }

TEST_CASE("tap_range: sides up to 28") { compare<VM_range_28>(28); }

}  // namespace tap_range_bench
