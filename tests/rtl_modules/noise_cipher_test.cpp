// The iterated cipher against the host's, whose key schedule and rounds tests/array/noise_test.cpp checks with the
// published vector; here 27 rounds have its round keys, too.
#include <vector>

#include <doctest/doctest.h>

#include "VM_cipher_16_1.h"
#include "VM_cipher_16_2.h"
#include "VM_cipher_16_4.h"
#include "VM_cipher_27_1.h"
#include "array/model/noise.hpp"
#include "rtl_modules/bench.hpp"

namespace noise_cipher_bench {
namespace {

using namespace settle;
using namespace settle::testing;

std::uint64_t encrypted(const Speck64& cipher, std::uint64_t counter) {
  const Speck64::Block block =
      cipher.encrypt({static_cast<std::uint32_t>(counter >> 32), static_cast<std::uint32_t>(counter)});
  return (std::uint64_t{block.high} << 32) | block.low;
}

template <class Module>
void write_keys(Bench<Module>& bench, const std::vector<std::uint32_t>& keys) {
  for (std::size_t round = 0; round < keys.size(); ++round) {
    bench->key_we_i = 1;
    bench->key_addr_i = static_cast<std::uint8_t>(round);
    bench->key_wdata_i = keys[round];
    bench.clock();
  }
  bench->key_we_i = 0;
}

template <class Module>
void compare(int rounds, int rounds_per_cycle) {
  Random random(static_cast<std::uint64_t>(100 * rounds + rounds_per_cycle));
  Bench<Module> bench(rounds);
  bench->start_i = 0;
  bench->key_we_i = 0;
  reset(bench);
  CHECK(bench->done_o == 0);
  std::vector<std::uint32_t> keys(static_cast<std::size_t>(rounds));
  int wrong_blocks = 0, wrong_times = 0, dropped = 0;
  for (int i = 0; i < 2000; ++i) {
    if (i % 10 == 0) {  // other keys, in the middle of a pause
      for (std::uint32_t& key : keys) key = i == 0 ? 0 : i == 10 ? ~0u : static_cast<std::uint32_t>(random.next());
      write_keys(bench, keys);
    }
    const std::uint64_t counter = i < 4 ? 0 - static_cast<std::uint64_t>(i / 2) : random.next();
    bench->start_i = 1;  // every fourth block follows at once, the others after a pause
    bench->counter_i = counter;
    bench.clock();
    bench->start_i = 0;
    bench->counter_i = random.next();                                     // only start_i may look at it
    bench->key_addr_i = static_cast<std::uint8_t>(random.below(rounds));  // without key_we_i
    bench->key_wdata_i = static_cast<std::uint32_t>(random.next());
    if (random.one_in(10)) {  // given up before it is done
      for (int wait = random.below(rounds / rounds_per_cycle); wait > 0; --wait) bench.clock();
      wrong_times += bench->done_o;
      bench->rst_i = 1;
      bench.clock();
      bench->rst_i = 0;
      for (int wait = random.one_in(2) ? 0 : 2 * rounds; wait > 0; --wait) {  // a start may follow at once
        bench.clock();
        wrong_times += bench->done_o;
      }
      ++dropped;
      continue;
    }
    for (int cycle = 0; cycle < rounds / rounds_per_cycle; ++cycle) {
      wrong_times += bench->done_o;
      bench.clock();
    }
    wrong_times += !bench->done_o;
    const std::uint64_t expected = encrypted(Speck64(keys), counter);
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

TEST_CASE("noise_cipher: SPECK64/128, the published vector") {
  const Speck64 cipher({0x03020100u, 0x0b0a0908u, 0x13121110u, 0x1b1a1918u}, 27);
  Bench<VM_cipher_27_1> bench(1);
  bench->start_i = 0;
  bench->key_we_i = 0;
  reset(bench);
  write_keys(bench, {cipher.keys().begin(), cipher.keys().end()});
  bench->start_i = 1;
  bench->counter_i = 0x3b7265747475432d;
  bench.clock();
  bench->start_i = 0;
  for (int cycle = 0; cycle < 27; ++cycle) bench.clock();
  CHECK(bench->done_o == 1);
  CHECK(bench->block_o == 0x8c6fa548454e028b);
}

TEST_CASE("noise_cipher: 27 rounds, one per cycle") { compare<VM_cipher_27_1>(27, 1); }

TEST_CASE("noise_cipher: 16 rounds, one per cycle") { compare<VM_cipher_16_1>(16, 1); }

TEST_CASE("noise_cipher: 16 rounds, two per cycle") { compare<VM_cipher_16_2>(16, 2); }

TEST_CASE("noise_cipher: 16 rounds, four per cycle") { compare<VM_cipher_16_4>(16, 4); }

}  // namespace noise_cipher_bench
