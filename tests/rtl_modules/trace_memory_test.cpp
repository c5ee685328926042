// Entries of several layers' sums word by word against 64-bit sums wrapped to the module's width, at the closest
// spacing that it allows and further apart, in entries that held something else before.
#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "VM_trace_40.h"
#include "VM_trace_48.h"
#include "array/model/fixed.hpp"
#include "rtl_modules/bench.hpp"

namespace trace_memory_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kFirstSum = 7;  // cycles from begin_i to the first add_i, at least
constexpr int kSpacing = 4;   // from one add_i to the next one, at least
constexpr int kHeld = 3;      // that a sum stays after its add_i

/// Overlap and square.
using Entry = std::array<std::int64_t, 2>;

template <class Module>
class TraceBench {
 public:
  TraceBench(int depth, int width)
      : width_(width), random_(width), bench_(depth), contents_(static_cast<std::size_t>(depth)) {
    bench_->begin_i = bench_->add_i = bench_->read_i = 0;
    reset(bench_);
  }

  Random& random() { return random_; }

  /// A step that is due with this entry, `late` cycles more than needed before each of its sums.
  void entry(int number, const std::vector<Entry>& layers, int late) {
    bench_->entry_i = static_cast<std::uint8_t>(number);
    bench_->begin_i = 1;
    cycle();
    bench_->begin_i = 0;
    Entry& expected = contents_[static_cast<std::size_t>(number)];
    expected = {0, 0};
    int wait = kFirstSum - 1;
    if (layers.empty()) {
      for (int i = 0; i < wait; ++i) cycle();
    }
    for (const Entry& layer : layers) {
      for (std::size_t kind = 0; kind < 2; ++kind) {
        for (int i = 0; i < wait + late; ++i) cycle();
        bench_->add_i = 1;
        for (int i = 0; i <= kHeld; ++i) {
          set_signed(bench_->sum_i, width_, layer[kind]);
          bench_.clock();
          bench_->add_i = 0;
        }
        wait = kSpacing - kHeld - 1;
        expected[kind] = wrap(expected[kind] + layer[kind], width_);
      }
    }
  }

  std::vector<Entry> random_layers() {
    std::vector<Entry> layers(static_cast<std::size_t>(1 + random_.below(4)));
    for (Entry& layer : layers) layer = {random_.number(width_), random_.number(width_)};
    return layers;
  }

  /// Entries that read otherwise than they should.
  int wrong() {
    for (int i = 0; i < kHeld; ++i) cycle();  // the last sum's way
    int wrong = 0;
    bench_->read_i = 1;
    for (std::size_t number = 0; number < contents_.size(); ++number) {
      bench_->entry_i = static_cast<std::uint8_t>(random_.below(static_cast<int>(contents_.size())));
      bench_->read_entry_i = static_cast<std::uint8_t>(number);
      for (std::size_t kind = 0; kind < 2; ++kind) {
        bench_->read_square_i = static_cast<std::uint8_t>(kind);
        std::uint64_t sum = 0;
        for (int word = 0; word < 3; ++word) {
          bench_->read_word_i = static_cast<std::uint8_t>(word);
          bench_.clock();
          sum |= get_bits(bench_->read_data_o, 0, 16) << (16 * word);
        }
        // 48 bits are read whatever the width: the upper ones are copies of the sign.
        wrong += wrap(static_cast<std::int64_t>(sum), 48) != contents_[number][kind];
      }
    }
    bench_->read_i = 0;
    return wrong;
  }

  /// A reset while an entry is made zero or added to: the next one is right, and all others stay.
  void interrupted(int number, int cycles) {
    bench_->entry_i = static_cast<std::uint8_t>(number);
    bench_->begin_i = 1;
    cycle();
    bench_->begin_i = 0;
    for (int i = 1; i < cycles; ++i) {
      bench_->add_i = i == kFirstSum;
      cycle();
    }
    bench_->add_i = 0;
    reset(bench_);
  }

 private:
  /// One without a sum: what is on its way there is no one's.
  void cycle() {
    set_signed(bench_->sum_i, width_, random_.number(width_));
    bench_.clock();
  }

  int width_;
  Random random_;
  Bench<Module> bench_;
  std::vector<Entry> contents_;
};

template <class Module>
void compare(int depth, int width) {
  TraceBench<Module> bench(depth, width);
  for (int i = 0; i < depth; ++i) bench.entry(i, {}, 0);
  CHECK(bench.wrong() == 0);  // zeros
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < depth; ++i) {
      const int late = round % 2 == 0 ? 0 : bench.random().below(5);
      bench.entry(round % 3 == 0 ? bench.random().below(depth) : i, bench.random_layers(), late);
    }
    REQUIRE(bench.wrong() == 0);
  }
  // Carries through all words and back; sums that leave the width on either side, and come back.
  const std::int64_t highest = (std::int64_t{1} << (width - 1)) - 1;
  bench.entry(0, {{-1, 0xffff}, {1, 1}, {-1, 0xffff0000}, {1, -1}, {0, -0xffffffff}}, 0);
  bench.entry(1, {{highest, -highest - 1}, {1, -1}, {-1, 1}, {highest, highest}}, 0);
  bench.entry(2, {{highest, -highest - 1}, {1, -1}}, 0);
  bench.entry(3, {{0xffffffff, -0x100000000}, {1, -1}, {0x7fff0000, 0xffff}, {0xffff, 0x7fff0001}}, 0);
  CHECK(bench.wrong() == 0);
  for (int cycles = 1; cycles < 14; ++cycles) {
    bench.interrupted(4, cycles);
    bench.entry(4, bench.random_layers(), 0);
    REQUIRE(bench.wrong() == 0);
  }
}

}  // namespace

TEST_CASE("trace_memory: sums of 48 bits") { compare<VM_trace_48>(16, 48); }

TEST_CASE("trace_memory: sums of 40 bits") { compare<VM_trace_40>(8, 40); }

}  // namespace trace_memory_bench
