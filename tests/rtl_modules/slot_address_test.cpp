// A slot a cycle with random sites and taps, against the formulas; everything else of the slot stays beside its
// addresses.
#include <deque>

#include <doctest/doctest.h>

#include "VM_address_1.h"
#include "VM_address_28.h"
#include "rtl_modules/bench.hpp"

namespace slot_address_bench {
namespace {

using namespace settle;
using namespace settle::testing;

struct Widths {
  int side, stages, row, coefficient_row, word, groups, count;
  int side_bits() const { return side == 1 ? 1 : 5; }
};

struct Slot {
  std::uint64_t coefficient_row, row, first_row, word, flags, aside;
};

std::uint64_t cut(std::int64_t value, int width) {
  return static_cast<std::uint64_t>(value) & (~std::uint64_t{0} >> (64 - width));
}

template <class Module>
class AddressBench {
 public:
  explicit AddressBench(const Widths& widths) : w_(widths), random_(widths.side), bench_(widths.side) {
    set_random();
    reset(bench_);
  }

  int wrong_addresses() {
    std::deque<Slot> on_their_way;
    int wrong = 0;
    for (int i = 0; i < 20000; ++i) {
      on_their_way.push_back(set_random());
      bench_.settle();
      if (static_cast<int>(on_their_way.size()) > w_.stages) {
        const Slot& slot = on_their_way.front();
        wrong += bench_->coef_row_o != slot.coefficient_row || bench_->row_o != slot.row ||
                 bench_->first_row_o != slot.first_row || bench_->word_addr_o != slot.word ||
                 bench_->flags_o != slot.flags || bench_->aside_o != slot.aside;
        on_their_way.pop_front();
      }
      bench_.clock();
    }
    return wrong;
  }

  /// Flags that are there after a reset of one cycle, without any going in.
  int flags_after_reset() {
    set_random();
    bench_->rst_i = 1;
    bench_.clock();
    bench_->rst_i = 0;
    bench_->flags_i = 0;
    int flags = 0;
    for (int i = 0; i < 2 * w_.stages + 1; ++i, bench_.clock()) {
      bench_.settle();
      flags += bench_->flags_o != 0;
    }
    return flags;
  }

 private:
  /// What comes out for what it puts in.
  Slot set_random() {
    const int grid = 1 + random_.below(w_.side), words_grid = 1 + random_.below(w_.side);
    const int y = random_.below(w_.side), x = random_.below(grid);
    const int word_y = random_.below(w_.side), word_x = random_.below(words_grid);
    const int window = w_.side == 1 ? 1 : 1 + random_.below(16);
    const int tap_row = w_.side == 1 ? 0 : random_.below(16), tap_column = random_.below(window);
    const int groups = 1 + random_.below((1 << w_.groups) - 1), count = 1 + random_.below((1 << w_.count) - 1);
    const int kind = random_.below(3);  // shared row, one row per tap, one row per site
    bench_->site_y_i = static_cast<std::uint8_t>(y);
    bench_->site_x_i = static_cast<std::uint8_t>(x);
    bench_->grid_width_i = static_cast<std::uint8_t>(grid);
    bench_->word_y_i = static_cast<std::uint8_t>(word_y);
    bench_->word_x_i = static_cast<std::uint8_t>(word_x);
    bench_->words_width_i = static_cast<std::uint8_t>(words_grid);
    bench_->tap_row_i = static_cast<std::uint8_t>(tap_row);
    bench_->tap_column_i = static_cast<std::uint8_t>(tap_column);
    bench_->window_width_less_1_i = static_cast<std::uint8_t>(window - 1);
    bench_->groups_i = static_cast<std::uint8_t>(groups);
    bench_->count_i = static_cast<std::uint8_t>(count);
    bench_->by_tap_i = kind == 1;
    bench_->by_site_i = kind == 2;
    Slot slot{bits(w_.coefficient_row), bits(w_.row), bits(w_.row), bits(w_.word), bits(9), bits(8)};
    set_bits(bench_->coef_row_i, 0, w_.coefficient_row, slot.coefficient_row);
    set_bits(bench_->row_i, 0, w_.row, slot.row);
    set_bits(bench_->first_row_i, 0, w_.row, slot.first_row);
    set_bits(bench_->word_addr_i, 0, w_.word, slot.word);
    set_bits(bench_->flags_i, 0, 9, slot.flags);
    set_bits(bench_->aside_i, 0, 8, slot.aside);
    const std::int64_t site = y * grid + x, tap = tap_row * window + tap_column;
    const std::int64_t factor = kind == 1 ? tap * count : kind == 2 ? site : 0;
    slot.coefficient_row = cut(static_cast<std::int64_t>(slot.coefficient_row) + factor * groups, w_.coefficient_row);
    slot.row = cut(static_cast<std::int64_t>(slot.row) + site * groups, w_.row);
    slot.first_row = cut(static_cast<std::int64_t>(slot.first_row) + site * groups, w_.row);
    slot.word = cut(static_cast<std::int64_t>(slot.word) + (word_y * words_grid + word_x) * count, w_.word);
    return slot;
  }

  std::uint64_t bits(int width) { return random_.next() >> (64 - width); }

  Widths w_;
  Random random_;
  Bench<Module> bench_;
};

template <class Module>
void compare(const Widths& widths) {
  AddressBench<Module> bench(widths);
  CHECK(bench.wrong_addresses() == 0);
  CHECK(bench.flags_after_reset() == 0);
}

}  // namespace

TEST_CASE("slot_address: one site, nothing to add") { compare<VM_address_1>({1, 0, 6, 10, 9, 3, 5}); }

TEST_CASE("slot_address: sides up to 28") { compare<VM_address_28>({28, 3, 12, 15, 16, 3, 7}); }

}  // namespace slot_address_bench
