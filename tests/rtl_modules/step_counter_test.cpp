// Step numbers across every carry: right from the second cycle after a step on, and their lowest half at once.
#include <cstdint>

#include <doctest/doctest.h>

#include "VM_step_counter.h"
#include "rtl_modules/bench.hpp"

namespace step_counter_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr std::uint64_t kWrap = std::uint64_t{1} << 40;

}  // namespace

TEST_CASE("step_counter: carries from bit to bit, host's numbers, wrap") {
  Random random(12);
  Bench<VM_step_counter> bench(12);
  bench->count_i = 0;
  bench->lower_we_i = bench->upper_we_i = 0;
  reset(bench);
  CHECK(get_bits(bench->step_o, 0, 40) == 0);
  int wrong = 0;
  for (const std::uint64_t from :
       {std::uint64_t{0xfffe}, std::uint64_t{0xfffffffd}, std::uint64_t{0x12fffffffe}, kWrap - 2}) {
    bench->lower_we_i = 1;
    bench->wdata_i = static_cast<std::uint32_t>(from);
    bench.clock();
    bench->lower_we_i = 0;
    bench->upper_we_i = 1;
    bench->wdata_i = static_cast<std::uint32_t>(from >> 32);
    bench.clock();
    bench->upper_we_i = 0;
    std::uint64_t step = from;
    for (int i = 0; i < 8; ++i) {
      wrong += get_bits(bench->step_o, 0, 40) != step;
      bench->count_i = 1;
      bench.clock();
      bench->count_i = 0;
      step = (step + 1) % kWrap;
      wrong += get_bits(bench->step_o, 0, 16) != (step & 0xffffu);
      for (int wait = 1 + random.below(3); wait > 0; --wait) bench.clock();
    }
  }
  CHECK(wrong == 0);
}

}  // namespace step_counter_bench
