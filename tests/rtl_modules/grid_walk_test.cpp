// Walks of a project and of a bus operation over random grids with random tap ranges, step by step, against plain loops
// that visit every site and try every tap.
#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "VM_walk_1.h"
#include "VM_walk_28.h"
#include "VM_walk_3.h"
#include "array/model/operation.hpp"
#include "rtl_modules/bench.hpp"

namespace grid_walk_bench {
namespace {

using namespace settle;
using namespace settle::testing;

struct Case {
  int height, width;
  bool project;
  Operation operation;

  bool blocks() const { return project && operation.block; }
  int rows() const { return blocks() ? (height + 1) / 2 : height; }
  int columns() const { return blocks() ? (width + 1) / 2 : width; }
};

/// A tap that exists, or one that stands for a range without any.
struct Tap {
  bool empty;
  int row, column, y, x;
};

std::vector<Tap> taps(const Case& c, int y, int x) {
  std::vector<Tap> found;
  const TapRange& range = c.operation.tap_range;
  const int sign = c.project ? -1 : 1;
  for (int row = 0; row < range.height; ++row) {
    for (int column = 0; column < range.width; ++column) {
      const int to_y = y + sign * (range.top + row), to_x = x + sign * (range.left + column);
      if (to_y < 0 || to_y >= c.height || to_x < 0 || to_x >= c.width) continue;
      found.push_back({false, row, column, to_y, to_x});
    }
  }
  if (found.empty()) found.push_back({true, 0, 0, 0, 0});
  return found;
}

template <class Module>
class WalkBench {
 public:
  explicit WalkBench(int side) : side_(side), random_(side), bench_(side) {
    set_moves(false, false, false);
    bench_->restart_i = 1;
    bench_.clock();
    bench_->restart_i = 0;
  }

  Case random_case() {
    Case c{1 + random_.below(side_), 1 + random_.below(side_), random_.one_in(2), {}};
    if (random_.one_in(6)) c.height = c.width = side_;
    Operation& o = c.operation;
    if (side_ > 1) {
      o.tap_range = {random_.below(16) - 8, random_.below(16) - 8, 1 + random_.below(16), 1 + random_.below(16)};
      if (random_.one_in(2)) o.tap_range = {-1, -1, 3, 3};
      o.block = random_.one_in(2);
      o.mean = random_.one_in(2);
      o.odd_rows = random_.one_in(2);
      o.odd_columns = random_.one_in(2);
      o.half = random_.one_in(2);
    }
    return c;
  }

  /// The walk from its beginning to its end, which is its beginning again. Words of a site are walked `repeats` times.
  void walk(const Case& c, int repeats) {
    set(c);
    for (int y = 0; y < c.rows(); ++y) {
      for (int x = 0; x < c.columns(); ++x) {
        for (int m = 0; m < repeats; ++m) walk_site(c, y, x, m + 1 == repeats);
      }
    }
    ++walks_;
  }

  /// Goes some way and is told to begin anew.
  void break_off(const Case& c) {
    set(c);
    for (int i = random_.below(40); i > 0; --i) {
      bench_.settle();
      const bool tap = random_.one_in(2), block = tap && bench_->last_tap_o != 0;
      set_moves(tap, block, block && bench_->last_block_o != 0 && random_.one_in(3));
      bench_.clock();
    }
    set_moves(true, true, true);
    bench_->restart_i = 1;
    bench_.clock();
    bench_->restart_i = 0;
    set_moves(false, false, false);
  }

  int wrong() const { return wrong_; }
  int walks() const { return walks_; }
  int empties() const { return empties_; }

 private:
  void set_moves(bool tap, bool block, bool site) {
    bench_->next_tap_i = tap;
    bench_->next_block_i = block;
    bench_->next_site_i = site;
  }

  void set(const Case& c) {
    bench_->height_i = static_cast<std::uint8_t>(c.height);
    bench_->width_i = static_cast<std::uint8_t>(c.width);
    bench_->project_i = c.project;
    bench_->block_i = c.operation.block;
    bench_->mean_i = c.operation.mean;
    bench_->odd_rows_i = c.operation.odd_rows;
    bench_->odd_columns_i = c.operation.odd_columns;
    bench_->half_i = c.operation.half;
    set_signed(bench_->top_i, 4, c.operation.tap_range.top);
    set_signed(bench_->left_i, 4, c.operation.tap_range.left);
    bench_->rows_less_1_i = static_cast<std::uint8_t>(c.operation.tap_range.height - 1);
    bench_->columns_less_1_i = static_cast<std::uint8_t>(c.operation.tap_range.width - 1);
  }

  void walk_site(const Case& c, int y, int x, bool leave) {
    const int mean = c.operation.mean ? (c.operation.odd_rows && y + 1 == c.rows() ? 0 : 1) +
                                            (c.operation.odd_columns && x + 1 == c.columns() ? 0 : 1)
                                      : 0;
    const int block_rows = c.blocks() ? std::min(2, c.height - 2 * y) : 1;
    const int block_columns = c.blocks() ? std::min(2, c.width - 2 * x) : 1;
    for (int b = 0; b < block_rows * block_columns; ++b) {
      const bool last_block = b + 1 == block_rows * block_columns;
      const int centre_y = c.blocks() ? 2 * y + b / block_columns : y;
      const int centre_x = c.blocks() ? 2 * x + b % block_columns : x;
      const std::vector<Tap> all = taps(c, centre_y, centre_x);
      for (std::size_t t = 0; t < all.size(); ++t) {
        const bool last_tap = t + 1 == all.size();
        for (int wait = random_.below(3); wait >= 0; --wait) {  // groups and words of a tap
          bench_.settle();
          const bool first_site = y == 0 && x == 0, last_site = y + 1 == c.rows() && x + 1 == c.columns();
          wrong_ += bench_->first_site_o != first_site || bench_->last_site_o != last_site;
          wrong_ += bench_->first_tap_o != (b == 0 && t == 0) || bench_->last_tap_o != last_tap;
          wrong_ += bench_->last_block_o != last_block || bench_->mean_shift_o != mean;
          check(c, y, x, all[t]);
          if (wait > 0) bench_.clock();
        }
        set_moves(true, last_tap, leave && last_tap && last_block);
        bench_.clock();
        set_moves(false, false, false);
      }
    }
  }

  void check(const Case& c, int y, int x, const Tap& tap) {
    wrong_ += bench_->empty_o != tap.empty;
    empties_ += tap.empty;
    if (!c.project) wrong_ += bench_->site_y_o != y || bench_->site_x_o != x;
    if (c.project) wrong_ += bench_->word_y_o != y || bench_->word_x_o != x || bench_->words_width_o != c.columns();
    if (tap.empty) return;
    wrong_ += bench_->tap_row_o != tap.row || bench_->tap_column_o != tap.column;
    if (c.project) {
      wrong_ += bench_->site_y_o != tap.y || bench_->site_x_o != tap.x;
    } else {
      const int part = c.operation.half ? 2 : 1;
      wrong_ += bench_->word_y_o != tap.y / part || bench_->word_x_o != tap.x / part;
      wrong_ += bench_->words_width_o != (c.width + part - 1) / part;
    }
  }

  int side_;
  Random random_;
  Bench<Module> bench_;
  int wrong_ = 0, walks_ = 0, empties_ = 0;
};

template <class Module>
void compare(int side, int walks) {
  WalkBench<Module> bench(side);
  for (int i = 0; i < walks; ++i) {
    if (i % 8 == 7) bench.break_off(bench.random_case());
    bench.walk(bench.random_case(), 1 + i % 3);
  }
  CHECK(bench.wrong() == 0);
  CHECK(bench.walks() == walks);
  if (side > 1) CHECK(bench.empties() > 1000);
}

}  // namespace

TEST_CASE("grid_walk: one site") { compare<VM_walk_1>(1, 100); }

TEST_CASE("grid_walk: sides up to 3") { compare<VM_walk_3>(3, 4000); }

TEST_CASE("grid_walk: sides up to 28") { compare<VM_walk_28>(28, 80); }

}  // namespace grid_walk_bench
