// Sums of products to words and trace sums: many in flight at once, of any length, some of their products null, some
// words means, against 64-bit integers.
#include <deque>

#include <doctest/doctest.h>

#include "VM_projection_1.h"
#include "VM_projection_16.h"
#include "VM_projection_32.h"
#include "VM_projection_4.h"
#include "VM_projection_4_few.h"
#include "VM_projection_4_means.h"
#include "array/model/fixed.hpp"
#include "rtl_modules/bench.hpp"

namespace projection_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kSumWidth = 48;
constexpr int kDrop = 12;
constexpr Format kWord{16, 12};

struct Expected {
  std::uint64_t cycle;  // in which the result shows
  bool trace;
  std::int64_t value;  // the word, or the trace sum
  bool saturated;
};

struct Wrong {
  int times = 0, values = 0, saturations = 0;
};

template <class Module>
class ProjectionBench {
 public:
  ProjectionBench(int lanes, bool gains, bool grid, bool half_up)
      : lanes_(lanes), gains_(gains), grid_(grid), half_up_(half_up), random_(lanes), bench_(lanes) {
    for (; (1 << levels_) < lanes; ++levels_) {
    }
    junk();
    bench_->valid_i = 0;
    reset(bench_);
    for (int i = 0; i < 8; ++i) cycle();  // what was in the tree before the reset
    wrong_ = {};
  }

  /// A sum of `length` cycles of products: random ones of `width` bits, or all equal to `fixed` if that is not zero.
  void sum(int length, int width, std::int64_t fixed, bool pauses) {
    const bool trace = random_.one_in(3);
    const int gain = static_cast<int>(random_.number(4)), mean = random_.below(3);
    std::int64_t total = 0;
    for (int i = 0; i < length; ++i) {
      while (pauses && random_.one_in(4)) {
        junk();
        bench_->valid_i = 0;
        cycle();
      }
      junk();
      bench_->valid_i = 1;
      bench_->first_i = i == 0;
      bench_->last_i = i + 1 == length;
      bench_->trace_i = trace;
      if (i + 1 == length) {
        set_signed(bench_->gain_i, 4, gain);
        bench_->mean_i = static_cast<std::uint8_t>(mean);
      }
      const bool null = fixed == 0 && random_.one_in(4);
      bench_->null_i = null;
      nulls_ += null;
      for (int lane = 0; lane < lanes_; ++lane) {
        const std::int64_t product = fixed != 0 ? fixed : random_.number(width);
        if (!null || !grid_) total += product;
        set_bits(bench_->products_i, 32 * lane, 32, static_cast<std::uint64_t>(product));
      }
      if (i + 1 == length) expect(total, trace, (gains_ ? gain : 0) - (grid_ ? mean : 0));
      cycle();
    }
  }

  void idle(int cycles) {
    for (int i = 0; i < cycles; ++i) {
      junk();
      bench_->valid_i = 0;
      cycle();
    }
  }

  /// After a reset no result of what went before may appear.
  void drop_all() {
    expected_words_.clear();
    expected_traces_.clear();
    junk();
    reset(bench_);
    now_ += 2;
    idle(16);
  }

  const Wrong& wrong() const { return wrong_; }
  int words() const { return words_; }
  int traces() const { return traces_; }
  int saturated() const { return saturated_; }
  int nulls() const { return nulls_; }

 private:
  /// Random flags and products; the caller sets what counts.
  void junk() {
    for (int lane = 0; lane < lanes_; ++lane) set_bits(bench_->products_i, 32 * lane, 32, random_.next());
    bench_->first_i = random_.one_in(2);
    bench_->last_i = random_.one_in(2);
    bench_->null_i = random_.one_in(2);
    bench_->trace_i = random_.one_in(2);
    bench_->mean_i = static_cast<std::uint8_t>(random_.below(4));
    set_signed(bench_->gain_i, 4, random_.number(4));
  }

  void expect(std::int64_t total, bool trace, int gain) {
    const std::int64_t sum = wrap(total, kSumWidth);
    if (trace) {
      expected_traces_.push_back({now_ + static_cast<std::uint64_t>(levels_) + 1, true, sum, false});
    } else {
      std::uint32_t count = 0;
      const std::int64_t word = saturate(round_shift(sum, kDrop - gain, half_up_), kWord, count);
      expected_words_.push_back({now_ + static_cast<std::uint64_t>(levels_) + 2, false, word, count != 0});
    }
  }

  void cycle() {
    bench_.settle();
    const bool word_due = !expected_words_.empty() && expected_words_.front().cycle == now_;
    wrong_.times += (bench_->word_valid_o != 0) != word_due;
    wrong_.saturations += (bench_->word_saturated_o != 0) != (word_due && expected_words_.front().saturated);
    if (word_due) {
      wrong_.values += get_signed(bench_->word_o, 0, kWord.width) != expected_words_.front().value;
      saturated_ += expected_words_.front().saturated;
      ++words_;
      expected_words_.pop_front();
    }
    const bool trace_due = !expected_traces_.empty() && expected_traces_.front().cycle == now_;
    wrong_.times += (bench_->trace_valid_o != 0) != trace_due;
    if (trace_due) {
      wrong_.values += get_signed(bench_->sum_o, 0, kSumWidth) != expected_traces_.front().value;
      ++traces_;
      expected_traces_.pop_front();
    }
    bench_.clock();
    ++now_;
  }

  int lanes_;
  bool gains_, grid_, half_up_;
  Random random_;
  Bench<Module> bench_;
  int levels_ = 0;
  std::uint64_t now_ = 0;
  std::deque<Expected> expected_words_, expected_traces_;
  Wrong wrong_;
  int words_ = 0, traces_ = 0, saturated_ = 0, nulls_ = 0;
};

/// `most`: products a sum at most, none of them beyond 2^30 on either side; 0: any number of any products.
template <class Module>
void compare(int lanes, bool gains, bool grid, bool half_up = true, int most = 0) {
  ProjectionBench<Module> bench(lanes, gains, grid, half_up);
  Random random(static_cast<std::uint64_t>(lanes) + 50);
  const int widest = most == 0 ? 32 : 31, longest = most == 0 ? 19 : most / lanes;
  for (int i = 0; i < 3000; ++i) {
    const int width = i % 4 == 0 ? widest : 20 + random.below(10);
    bench.sum(1 + random.below(i % 2 == 0 ? 3 : 16), width, 0, i % 5 == 0);
    if (random.one_in(40)) bench.idle(random.below(12));
  }
  // The largest products that a lane makes, then so many of the lowest that the sum leaves its 48 bits.
  for (const std::int64_t product : {std::int64_t{1} << 30, -(std::int64_t{1} << 30) + 32768}) {
    for (int length = 1; length <= longest; ++length) bench.sum(length, 32, product, false);
  }
  if (most == 0) {
    for (const int cycles : {65537, 70001, 98304, 65536}) {
      bench.sum(cycles / lanes + 1, 32, -(std::int64_t{1} << 31), false);
    }
  }
  bench.idle(12);
  bench.sum(2, widest, 0, false);
  bench.drop_all();
  bench.sum(1, widest, 0, false);
  bench.idle(12);
  CHECK(bench.wrong().times == 0);
  CHECK(bench.wrong().values == 0);
  CHECK(bench.wrong().saturations == 0);
  CHECK(bench.words() > 1500);
  CHECK(bench.traces() > 800);
  CHECK(bench.nulls() > 1000);
  CHECK(bench.saturated() > 100);
  CHECK(bench.words() - bench.saturated() > 100);
}

}  // namespace

TEST_CASE("projection: one lane, cut instead of rounded") { compare<VM_projection_1>(1, false, false, false); }

TEST_CASE("projection: four lanes, words with a gain") { compare<VM_projection_4>(4, true, false); }

TEST_CASE("projection: four lanes, means without a gain, cut instead of rounded") {
  compare<VM_projection_4_means>(4, false, true, false);
}

TEST_CASE("projection: four lanes, sums as wide as 64 products need") {
  compare<VM_projection_4_few>(4, false, false, true, 64);
}

TEST_CASE("projection: 16 lanes, means with a gain") { compare<VM_projection_16>(16, true, true); }

TEST_CASE("projection: 32 lanes") { compare<VM_projection_32>(32, false, false); }

}  // namespace projection_bench
