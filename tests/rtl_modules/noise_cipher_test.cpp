// The iterated cipher against the host's, with keys whose two upper words are zero: the module has no others. (The
// published vector has a full key: tests/array/noise_test.cpp checks the host's cipher with it.)
#include <doctest/doctest.h>

#include "VM_cipher_16_1.h"
#include "VM_cipher_16_2.h"
#include "VM_cipher_16_4.h"
#include "VM_cipher_27_1.h"
#include "array/noise.hpp"
#include "rtl_modules/bench.hpp"

namespace {

using namespace settle;
using namespace settle::testing;

std::uint64_t expected_block(std::uint64_t seed, std::uint64_t counter, int rounds) {
  const Speck64 cipher({static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), 0u, 0u}, rounds);
  const Speck64::Block block =
      cipher.encrypt({static_cast<std::uint32_t>(counter >> 32), static_cast<std::uint32_t>(counter)});
  return (std::uint64_t{block.high} << 32) | block.low;
}

template <class Module>
void compare(int rounds, int rounds_per_cycle) {
  Random random(static_cast<std::uint64_t>(100 * rounds + rounds_per_cycle));
  Bench<Module> bench(rounds);
  bench->start_i = 0;
  reset(bench);
  CHECK(bench->done_o == 0);
  int wrong_blocks = 0, wrong_times = 0, dropped = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t seed = i < 2 ? 0 - static_cast<std::uint64_t>(i) : random.next();
    const std::uint64_t counter = i < 4 ? 0 - static_cast<std::uint64_t>(i / 2) : random.next();
    bench->start_i = 1;  // every fourth block follows at once, the others after a pause
    bench->seed_i = seed;
    bench->counter_i = counter;
    bench.clock();
    bench->start_i = 0;
    bench->seed_i = random.next();  // only start_i may look at these
    bench->counter_i = random.next();
    if (random.one_in(10)) {  // given up before it is done: by the next start or by a reset
      for (int wait = random.below(rounds / rounds_per_cycle); wait > 0; --wait) bench.clock();
      wrong_times += bench->done_o;
      if (random.one_in(2)) {
        reset(bench);
        for (int wait = 0; wait < 2 * rounds; ++wait) {
          bench.clock();
          wrong_times += bench->done_o;
        }
      }
      ++dropped;
      continue;
    }
    for (int cycle = 0; cycle < rounds / rounds_per_cycle; ++cycle) {
      wrong_times += bench->done_o;
      bench.clock();
    }
    wrong_times += !bench->done_o;
    const std::uint64_t expected = expected_block(seed, counter, rounds);
    wrong_blocks += bench->block_o != expected;
    for (int pause = i % 4; pause > 0; --pause) {  // the block stays
      bench.clock();
      wrong_times += !bench->done_o;
      wrong_blocks += bench->block_o != expected;
    }
  }
  CHECK(wrong_blocks == 0);
  CHECK(wrong_times == 0);
  CHECK(dropped > 100);
}

}  // namespace

TEST_CASE("noise_cipher: 27 rounds, one a cycle") { compare<VM_cipher_27_1>(27, 1); }

TEST_CASE("noise_cipher: 16 rounds, one a cycle") { compare<VM_cipher_16_1>(16, 1); }

TEST_CASE("noise_cipher: 16 rounds, two a cycle") { compare<VM_cipher_16_2>(16, 2); }

TEST_CASE("noise_cipher: 16 rounds, four a cycle") { compare<VM_cipher_16_4>(16, 4); }
