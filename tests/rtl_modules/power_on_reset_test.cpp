// The reset at power-up and at a lost lock, cycle by cycle. Nothing resets it: its registers start as the module says,
// in a bench whose registers start at random.
#include <doctest/doctest.h>

#include "VM_power_on_reset.h"
#include "rtl_modules/bench.hpp"

namespace power_on_reset_bench {
namespace {

using namespace settle::testing;

constexpr int kCycles = 1024;
constexpr int kSynchroniser = 2;

/// Clock edges until the reset ends, at most `most`.
int cycles_in_reset(Bench<VM_power_on_reset>& bench, int most) {
  int cycles = 0;
  for (; cycles < most; ++cycles) {
    bench.settle();
    if (bench->rst_o == 0) break;
    bench.clock();
  }
  return cycles;
}

}  // namespace

TEST_CASE("power-on reset lasts 1024 cycles from the lock, and does not come back") {
  for (int seed = 0; seed < 8; ++seed) {
    CAPTURE(seed);
    Bench<VM_power_on_reset> bench(seed);
    bench->locked_i = 0;
    CHECK(cycles_in_reset(bench, 3 * kCycles) == 3 * kCycles);
    bench->locked_i = 1;
    CHECK(cycles_in_reset(bench, 3 * kCycles) == kCycles + kSynchroniser);
    int resets = 0;
    for (int i = 0; i < 3 * kCycles; ++i) {
      bench.clock();
      resets += bench->rst_o;
    }
    CHECK(resets == 0);
  }
}

TEST_CASE("a PLL that is locked when the clock starts: the whole reset all the same") {
  Bench<VM_power_on_reset> bench(1);
  bench->locked_i = 1;
  CHECK(cycles_in_reset(bench, 3 * kCycles) == kCycles + kSynchroniser);
}

TEST_CASE("a lost lock, for one cycle, at any time: the whole reset anew") {
  Random random(2);
  Bench<VM_power_on_reset> bench(2);
  for (int i = 0; i < 50; ++i) {
    bench->locked_i = 1;
    const int before = random.below(2 * kCycles);
    for (int c = 0; c < before; ++c) bench.clock();
    bench->locked_i = 0;
    bench.clock();
    bench->locked_i = 1;
    for (int c = 0; c < kSynchroniser; ++c) bench.clock();  // the lost lock is at the counter
    CAPTURE(before);
    CHECK(cycles_in_reset(bench, 3 * kCycles) == kCycles);
  }
}

}  // namespace power_on_reset_bench
