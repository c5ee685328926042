// Every input of two pairs of widths: a few bits, and the one that the operand view uses.
#include <doctest/doctest.h>

#include "VM_saturate_17_16.h"
#include "VM_saturate_7_3.h"
#include "array/model/fixed.hpp"
#include "rtl_modules/bench.hpp"

namespace saturate_bench {
namespace {

using namespace settle;
using namespace settle::testing;

template <class Module>
void all_values(int in_width, int out_width) {
  VerilatedContext context;
  Module module(&context, "");
  const Format format{out_width, 0};
  const std::int64_t end = std::int64_t{1} << (in_width - 1);
  int different = 0, saturated = 0;
  for (std::int64_t value = -end; value < end; ++value) {
    std::uint32_t count = 0;
    const std::int64_t expected = saturate(value, format, count);
    set_signed(module.value_i, in_width, value);
    module.eval();
    different += get_signed(module.value_o, 0, out_width) != expected || module.saturated_o != count;
    saturated += static_cast<int>(count);
  }
  CHECK(different == 0);
  CHECK(saturated == (1 << in_width) - (1 << out_width));
  module.final();
}

}  // namespace

TEST_CASE("saturate: every 7-bit value to 3 bits") { all_values<VM_saturate_7_3>(7, 3); }

TEST_CASE("saturate: every 17-bit value to 16 bits") { all_values<VM_saturate_17_16>(17, 16); }

}  // namespace saturate_bench
