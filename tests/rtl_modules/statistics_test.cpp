// Window sums word by word against 64-bit sums wrapped to 48 bits.
#include <algorithm>
#include <array>
#include <utility>

#include <doctest/doctest.h>

#include "VM_statistics.h"
#include "array/model/fixed.hpp"
#include "rtl_modules/bench.hpp"

namespace statistics_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kLanes = 4, kRows = 5, kStateWidth = 24, kSquareWidth = 32, kSumWidth = 48;
constexpr int kSpacing = 6;   // closest start_i
constexpr int kSquares = 2;   // cycles from start_i to the squares,
constexpr int kStates = 4;    // and to the first of two with the states
constexpr int kDuration = 7;  // cycles that busy_o shows

struct Sums {
  std::array<std::array<std::int64_t, kLanes>, kRows> state{}, square{};
};

class StatisticsBench {
 public:
  explicit StatisticsBench(int seed = 7) : random_(static_cast<std::uint64_t>(seed)), bench_(seed) {
    scramble();
    bench_->start_i = 0;
    bench_->read_i = 0;
    reset(bench_);
    CHECK(bench_->busy_o == 0);
  }

  /// Adds a group; the next call's start comes `spacing` cycles after this one's. Inputs are random but when it counts.
  void add(int row, bool fresh, const std::array<std::int64_t, kLanes>& states,
           const std::array<std::int64_t, kLanes>& squares, int spacing) {
    const auto r = static_cast<std::size_t>(row);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      sums_.state[r][lane] = wrap((fresh ? 0 : sums_.state[r][lane]) + states[lane], kSumWidth);
      sums_.square[r][lane] = wrap((fresh ? 0 : sums_.square[r][lane]) + squares[lane], kSumWidth);
    }
    int busy = 0;
    for (int i = 0; i < spacing; ++i) {
      scramble();
      bench_->start_i = i == 0;
      if (i == 0) {
        bench_->fresh_i = fresh;
        bench_->row_i = static_cast<std::uint8_t>(row);
      }
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const int l = static_cast<int>(lane);
        if (i == kSquares) {
          set_bits(bench_->squares_i, kSquareWidth * l, kSquareWidth, static_cast<std::uint64_t>(squares[lane]));
        }
        if (i == kStates || i == kStates + 1) {
          set_bits(bench_->states_i, kStateWidth * l, kStateWidth, static_cast<std::uint64_t>(states[lane]));
        }
      }
      bench_.settle();
      busy += bench_->busy_o;
      bench_.clock();
    }
    bench_->start_i = 0;
    // In this group's first cycle the one before it may still be at work.
    const bool before = std::exchange(close_, spacing <= kDuration);
    wrong_duration_ += busy != before + std::min(kDuration, spacing - 1);
  }

  void add_random(int row, bool fresh, int spacing) {
    std::array<std::int64_t, kLanes> states{}, squares{};
    for (std::int64_t& x : states) x = random_.number(kStateWidth);
    for (std::int64_t& x : squares) x = random_.number(kSquareWidth);
    add(row, fresh, states, squares, spacing);
  }

  /// Words that differ from the expected sums, or while `fresh` from 0.
  int differences(bool fresh = false) {
    while (bench_->busy_o != 0) bench_.clock();
    close_ = false;
    int count = 0;
    bench_->read_i = 1;
    bench_->fresh_i = fresh;
    for (std::size_t row = 0; row < kRows; ++row) {
      std::array<std::uint64_t, kLanes> state{}, square{};
      for (std::size_t part = 0; part < 6; ++part) {
        bench_->read_part_i = static_cast<std::uint8_t>(part);
        bench_->read_row_i = static_cast<std::uint8_t>(row);
        bench_.clock();
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          std::uint64_t& sum = part < 3 ? state[lane] : square[lane];
          sum |= get_bits(bench_->read_data_o, 16 * static_cast<int>(lane), 16) << (16 * (part % 3));
        }
      }
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        count += wrap(static_cast<std::int64_t>(state[lane]), kSumWidth) != (fresh ? 0 : sums_.state[row][lane]);
        count += wrap(static_cast<std::int64_t>(square[lane]), kSumWidth) != (fresh ? 0 : sums_.square[row][lane]);
      }
    }
    bench_->read_i = 0;
    return count;
  }

  int wrong_duration() const { return wrong_duration_; }
  Random& random() { return random_; }

 private:
  void scramble() {
    for (int lane = 0; lane < kLanes; ++lane) {
      set_bits(bench_->states_i, kStateWidth * lane, kStateWidth, random_.next());
      set_bits(bench_->squares_i, kSquareWidth * lane, kSquareWidth, random_.next());
    }
    bench_->fresh_i = random_.one_in(2);
    bench_->row_i = static_cast<std::uint8_t>(random_.below(kRows));
  }

  Random random_;
  Bench<VM_statistics> bench_;
  Sums sums_;
  bool close_ = false;  // the last group was still at work when its spacing was over
  int wrong_duration_ = 0;
};

}  // namespace

TEST_CASE("statistics: random groups at the closest spacing and further apart") {
  StatisticsBench bench;
  for (int window = 0; window < 8; ++window) {
    for (int step = 0; step < 40; ++step) {
      const int first = bench.random().below(kRows);
      for (int i = 0; i < kRows; ++i) {
        const int spacing = window % 2 == 0 ? kSpacing : kSpacing + bench.random().below(5);
        bench.add_random((first + i) % kRows, step == 0, spacing);
      }
      if (step % 8 == 0) REQUIRE(bench.differences() == 0);
      if (step == 39) CHECK(bench.differences(true) == 0);
    }
    // One row again and again: each addition reads what the last one has just written.
    for (int i = 0; i < 20; ++i) bench.add_random(window % kRows, false, kSpacing);
    REQUIRE(bench.differences() == 0);
  }
  CHECK(bench.wrong_duration() == 0);
}

TEST_CASE("statistics: carries through all words, and back") {
  StatisticsBench bench;
  for (int row = 0; row < kRows; ++row) bench.add(row, true, {0, 0, 0, 0}, {0, 0, 0, 0}, kSpacing);
  for (int i = 0; i < 6;
       ++i) {  // 0 -> -1 -> 0 -> 1 -> 0 ...: borrows and carries run from the lowest bit to the highest
    const int sign = i == 0 || i == 3 || i == 4 ? -1 : 1;
    for (int row = 0; row < kRows; ++row) {
      bench.add(row, false, {sign, -sign, 0, sign}, {-sign, sign, sign, 0}, kSpacing);
    }
    REQUIRE(bench.differences() == 0);
  }
  for (const std::int64_t x : {0xffffl, 1l, 0x7fff00l, 0x0100l, -0x800000l, 0x7fffffl, -0x10000l}) {
    for (int row = 0; row < kRows; ++row) {
      bench.add(row, false, {x, -x / 2, x, -1}, {x * 256, -1, 0x7fffffff, -(std::int64_t{1} << 31)}, kSpacing);
    }
    REQUIRE(bench.differences() == 0);
  }
  CHECK(bench.wrong_duration() == 0);
}

TEST_CASE("statistics: sums wrap at 48 bits") {
  StatisticsBench bench;
  const std::int64_t lowest = -(std::int64_t{1} << 31);
  for (int row = 0; row < kRows; ++row) bench.add(row, true, {0, 0, 0, 0}, {0, 0, 0, 0}, kSpacing);
  for (int i = 0; i < 65537; ++i) {
    bench.add(2, false, {-8388608, 8388607, 1, -1}, {lowest, 0x7fffffff, lowest, -1}, kSpacing);
    if (i == 65535) CHECK(bench.differences() == 0);  // -2^47: the last one that fits
  }
  CHECK(bench.differences() == 0);
}

TEST_CASE("statistics: nothing from before the reset is in the first sums, whatever the registers began with") {
  for (int seed = 0; seed < 1000; ++seed) {  // one in 128 is about to write the word of zeros
    StatisticsBench bench(seed);
    CHECK(bench.differences(true) == 0);
    for (int row = 0; row < kRows; ++row) bench.add_random(row, true, kSpacing);
    REQUIRE(bench.differences() == 0);
  }
}

}  // namespace statistics_bench
