// Groups of samples in order, whatever the reader's pace, against the host's noise; a restart may come at any time.
#include <vector>

#include <doctest/doctest.h>

#include "VM_unit_1_1_0.h"
#include "VM_unit_1_1_0_fast.h"
#include "VM_unit_1_4_3.h"
#include "VM_unit_2_16_14_fast.h"
#include "VM_unit_2_4_2.h"
#include "VM_unit_4_4_0.h"
#include "VM_unit_4_8_4.h"
#include "array/model/noise.hpp"
#include "rtl_modules/bench.hpp"

namespace noise_unit_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kRounds = 16;       // the module's default
constexpr int kLongestWait = 80;  // cycles for a group of four lanes: two blocks of 8 cycles and four samples of 3

template <class Module>
void write_keys(Bench<Module>& bench, std::uint64_t seed) {
  const std::vector<std::uint32_t> keys = noise_keys(seed, kRounds);
  for (std::size_t round = 0; round < keys.size(); ++round) {
    bench->key_we_i = 1;
    bench->key_addr_i = static_cast<std::uint8_t>(round);
    bench->key_wdata_i = keys[round];
    bench.clock();
  }
  bench->key_we_i = 0;
}

template <class Module>
void compare(int lanes, int group_cells, int first_lane) {
  Random random(static_cast<std::uint64_t>(100 * lanes + 10 * group_cells + first_lane));
  Bench<Module> bench(lanes);
  bench->take_i = 0;
  bench->restart_i = 0;
  bench->key_we_i = 0;
  reset(bench);
  int early = 0;
  for (int i = 0; i < 2 * kLongestWait; ++i, bench.clock()) early += bench->valid_o;
  CHECK(early == 0);  // nothing without a restart

  int wrong = 0, groups_read = 0, broken_off = 0;
  std::uint64_t seed = 0;
  for (int run = 0; run < 60; ++run) {
    if (run % 3 == 0) {
      seed = random.next();
      write_keys(bench, seed);  // what is made ahead meanwhile is given up
    }
    const std::uint64_t step = run == 0 ? 0 : run == 1 ? (std::uint64_t{1} << 40) - 1 : random.next() >> 24;
    const Noise noise(seed, kRounds);
    bench->step_i = step;
    bench->restart_i = 1;
    bench->take_i = random.one_in(2) && bench->valid_o;  // a restart wins over a take
    bench.clock();
    bench->restart_i = 0;
    bench->take_i = 0;
    const int pace = run % 4;
    const int groups = pace == 3 ? 0 : 30;
    for (int group = 0; group < groups; ++group) {
      int delay = pace == 0 ? 0 : random.below(pace == 1 ? 12 : 60);
      int waited = 0;
      for (; !bench->valid_o; bench.clock()) REQUIRE(++waited < kLongestWait);
      for (; delay > 0; --delay) bench.clock();
      REQUIRE(bench->valid_o == 1);
      for (int lane = 0; lane < lanes; ++lane) {
        const int cell = group * group_cells + first_lane + lane;
        wrong += get_signed(bench->minus_samples_o, lane, 16) != -noise.sample(step, static_cast<std::uint32_t>(cell));
      }
      ++groups_read;
      bench->take_i = 1;
      bench.clock();
      bench->take_i = 0;
    }
    if (pace == 3) {  // broken off in the middle of a block, a sample or a full buffer
      for (int cycles = random.below(2 * kLongestWait); cycles > 0; --cycles) {
        bench->take_i = bench->valid_o && random.one_in(4);
        bench.clock();
      }
      bench->take_i = 0;
      ++broken_off;
    }
  }
  CHECK(wrong == 0);
  CHECK(groups_read == 45 * 30);
  CHECK(broken_off == 15);
}

}  // namespace

TEST_CASE("noise_unit: one lane, the whole group") { compare<VM_unit_1_1_0>(1, 1, 0); }

TEST_CASE("noise_unit: one lane, the last of four") { compare<VM_unit_1_4_3>(1, 4, 3); }

TEST_CASE("noise_unit: two lanes, the upper of four") { compare<VM_unit_2_4_2>(2, 4, 2); }

TEST_CASE("noise_unit: four lanes, the whole group") { compare<VM_unit_4_4_0>(4, 4, 0); }

TEST_CASE("noise_unit: four lanes, the upper of eight") { compare<VM_unit_4_8_4>(4, 8, 4); }

// With a fast cipher the table is what the samples wait for: the next group's first sample is on its way before the
// last one of a group has arrived.
TEST_CASE("noise_unit: two lanes, the uppermost of sixteen, four rounds per cycle") {
  compare<VM_unit_2_16_14_fast>(2, 16, 14);
}

TEST_CASE("noise_unit: one lane, all rounds in a cycle") { compare<VM_unit_1_1_0_fast>(1, 1, 0); }

// Two blocks of nine cycles: a reader that needs no more than one group in 18 cycles never waits once it has begun,
// even if it takes a group as late as the array does, two cycles or more after it has seen it.
TEST_CASE("noise_unit: four lanes, a group every 18 cycles") {
  for (const int late : {0, 2, 5, 8}) {
    CAPTURE(late);
    Bench<VM_unit_4_4_0> bench(1);
    bench->take_i = 0;
    bench->key_we_i = 0;
    bench->restart_i = 0;
    reset(bench);
    write_keys(bench, 1);
    bench->step_i = 0;
    bench->restart_i = 1;
    bench.clock();
    bench->restart_i = 0;
    for (int wait = 0; wait < 2 * kLongestWait; ++wait) bench.clock();  // it works ahead
    int missing = 0;
    for (int cycle = 0; cycle < 200 * 18; ++cycle) {
      if (cycle % 18 == 0) missing += !bench->valid_o;
      bench->take_i = cycle % 18 == late;
      bench.clock();
    }
    CHECK(missing == 0);
  }
}

}  // namespace noise_unit_bench
