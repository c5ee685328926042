// Counts against a 64-bit sum, read while they run: a half a cycle, lowest first.
#include <cstdint>

#include <doctest/doctest.h>

#include "VM_counter_48.h"
#include "rtl_modules/bench.hpp"

namespace halved_counter_bench {
namespace {

using namespace settle;
using namespace settle::testing;

}  // namespace

TEST_CASE("halved_counter: halves read one after the other are one number, and a clear is zero") {
  Random random(11);
  Bench<VM_counter_48> bench(11);
  bench->add_i = 0;
  bench->clear_i = 1;
  bench.clock();
  std::uint64_t total = 0, before = 0, two_before = 0;  // what was counted when this cycle, the last one ... began
  int wrong = 0, carried = 0;
  for (int cycle = 0; cycle < 300000; ++cycle) {
    const bool clear = random.one_in(200000);
    const std::uint64_t add = random.one_in(3) ? 0xffffu : static_cast<std::uint64_t>(random.below(65536));
    bench->clear_i = clear;
    bench->add_i = static_cast<std::uint16_t>(add);
    bench.settle();
    wrong += get_bits(bench->value_o, 0, 16) != (total & 0xffffu);
    wrong += get_bits(bench->value_o, 16, 16) != ((before >> 16) & 0xffffu);
    wrong += get_bits(bench->value_o, 32, 16) != ((two_before >> 32) & 0xffffu);
    carried += (two_before >> 32) != (before >> 32);
    bench.clock();
    two_before = clear ? 0 : before;
    before = clear ? 0 : total;
    total = clear ? 0 : total + add;
  }
  CHECK(wrong == 0);
  CHECK(carried > 1);
}

}  // namespace halved_counter_bench
