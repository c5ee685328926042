// Uniform word to normal sample against the host's definition; a word every three cycles, the sample four cycles later
// or as long after the one before it was taken as it needs to come forward.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "VM_gaussian.h"
#include "VM_gaussian_5.h"
#include "contract/configuration/gaussian.hpp"
#include "generated/gaussian_table.hpp"
#include "rtl_modules/bench.hpp"

namespace noise_gaussian_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kLatency = 4, kBehind = 2;

struct Started {
  int cycle;
  std::uint32_t word;
};

/// Edge words, every power of two and its neighbours, then random words with all octaves equally frequent.
std::vector<std::uint32_t> words() {
  std::vector<std::uint32_t> all{0u, 1u, 2u, 0x7fffffffu, 0x80000000u, 0x80000001u, 0xffffffffu};
  for (int bit = 0; bit < 31; ++bit) {
    for (const std::uint32_t sign : {0u, 0x80000000u}) {
      all.push_back(sign | (1u << bit));
      all.push_back(sign | ((1u << bit) - 1));
      all.push_back(sign | ((1u << bit) + 1));
    }
  }
  Random random(1);
  for (int i = 0; i < 24000; ++i) {
    const auto magnitude = static_cast<std::uint32_t>(random.next() >> 33) >> random.below(i % 2 == 0 ? 1 : 31);
    all.push_back(magnitude | (random.one_in(2) ? 0x80000000u : 0u));
  }
  return all;
}

enum class Reader { prompt, late };

/// Feeds all words, `pauses` apart beyond what the module asks for; the lowest `drop` bits of the samples are rounded
/// off. A late reader leaves samples waiting. Returns the number of cycles from first to last.
template <class Module>
int feed(const std::vector<std::uint32_t>& words, bool pauses, int drop, Reader reader = Reader::prompt) {
  Random random(2);
  Bench<Module> bench(3);
  bench->start_i = 0;
  bench->take_i = 0;
  reset(bench);
  std::vector<Started> started;
  std::size_t answered = 0;
  int wrong_samples = 0, wrong_times = 0, waiting = 0;
  int cycle = 0, taken = -kBehind;
  for (; answered < words.size() && cycle < 1000000; ++cycle) {
    bench->uniform_i = static_cast<std::uint32_t>(random.next());
    bench->start_i = 0;
    bench.settle();
    if (bench->ready_o && started.size() < words.size() && !(pauses && random.one_in(3))) {
      bench->start_i = 1;
      bench->uniform_i = words[started.size()];
      started.push_back({cycle, words[started.size()]});
    }
    bench.settle();
    const bool expected =
        answered < started.size() && cycle >= std::max(started[answered].cycle + kLatency, taken + kBehind);
    wrong_times += (bench->valid_o != 0) != expected;
    if (expected) {
      wrong_samples += get_signed(bench->minus_sample_o, 0, 16) !=
                       -gaussian_sample(kGaussianTable.data(), started[answered].word, drop);
    }
    bench->take_i = expected && (reader == Reader::prompt || random.one_in(4));
    if (bench->take_i) {
      taken = cycle;
      ++answered;
    }
    waiting += expected && !bench->take_i;
    bench.clock();
  }
  CHECK(wrong_samples == 0);
  CHECK(wrong_times == 0);
  CHECK((waiting > 0) == (reader == Reader::late));
  REQUIRE(answered == words.size());
  return started.back().cycle - started.front().cycle;
}

}  // namespace

TEST_CASE("noise_gaussian: a word every three cycles") {
  const std::vector<std::uint32_t> all = words();
  CHECK(feed<VM_gaussian>(all, false, 0) == 3 * (static_cast<int>(all.size()) - 1));
}

TEST_CASE("noise_gaussian: words with pauses between them") {
  const std::vector<std::uint32_t> all = words();
  CHECK(feed<VM_gaussian>(all, true, 0) > 3 * static_cast<int>(all.size()));
}

TEST_CASE("noise_gaussian: samples that wait") {
  const std::vector<std::uint32_t> all = words();
  CHECK(feed<VM_gaussian>(all, false, 0, Reader::late) > 4 * static_cast<int>(all.size()));
  CHECK(feed<VM_gaussian>(all, true, 0, Reader::late) > 4 * static_cast<int>(all.size()));
}

TEST_CASE("noise_gaussian: samples of 5 fraction bits") {
  const std::vector<std::uint32_t> all = words();
  CHECK(feed<VM_gaussian_5>(all, false, 12 - 5) == 3 * (static_cast<int>(all.size()) - 1));
}

TEST_CASE("noise_gaussian: a reset drops the word in work") {
  Bench<VM_gaussian> bench(4);
  bench->start_i = 0;
  bench->take_i = 0;
  reset(bench);
  for (int age = 1; age <= kLatency + 1; ++age) {
    bench->start_i = 1;
    bench->uniform_i = 12345;
    bench.clock();
    bench->start_i = 0;
    for (int i = 1; i < age; ++i) bench.clock();
    reset(bench);
    CHECK(bench->ready_o == 1);
    int valid = 0;
    for (int i = 0; i < 2 * kLatency; ++i, bench.clock()) valid += bench->valid_o;
    CHECK(valid == 0);
  }
}

}  // namespace noise_gaussian_bench
