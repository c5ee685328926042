// Operations walked as the sequencer walks them, with cycles between slots in which everything else is random, against
// the rows' definition: word m of an operation has its coefficients `groups` rows after word m - 1, a trace those of
// all its cells one after the other, an update its group's own row.
#include <doctest/doctest.h>

#include "VM_generator_1.h"
#include "VM_generator_3.h"
#include "array/model/operation.hpp"
#include "rtl_modules/bench.hpp"

namespace address_generator_bench {
namespace {

using namespace settle;
using namespace settle::testing;
using Code = registers::Operation;

constexpr int kLanes = 4, kRowBits = 5, kCoefficientRowBits = 10, kWordBits = 6, kCountBits = 5;

/// A slot, beside its operation.
struct Slot {
  int group = 0, count = 0;
  bool sum_first = false, first_tap = false;
  int coefficient_row = 0;  // that must come out
};

template <class Module>
class GeneratorBench {
 public:
  explicit GeneratorBench(int side) : side_(side), random_(side), bench_(side) { bench_->issue_i = 0; }

  void run(int operations) {
    for (int i = 0; i < operations; ++i) {
      begin_layer();
      switch (random_.below(3)) {
        case 0:
          project();
          break;
        case 1:
          trace();
          break;
        default:
          update();
      }
    }
  }

  int wrong() const { return wrong_; }
  int slots() const { return slots_; }

 private:
  void begin_layer() {
    groups_ = 1 + random_.below(16);
    first_row_ = random_.below(16);
    site_cells_ = kLanes * groups_;
    operation_ = {};
    operation_.coefficient = kLanes * random_.below(100);
    operation_.count = 1 + random_.below(8);
    operation_.word = random_.below(32);
    operation_.per_site = random_.one_in(2);
    if (side_ > 1) operation_.tap_range = {-1, -1, 1 + random_.below(3), 1 + random_.below(3)};
  }

  int base() const { return operation_.coefficient / kLanes; }
  int some_taps() { return side_ == 1 ? 1 : 1 + random_.below(4); }

  void project() {
    operation_.code = Code::project;
    for (int site = side_ == 1 ? 1 : 3; site > 0; --site) {
      for (int word = 0; word < operation_.count; ++word) {
        const int taps = some_taps();
        for (int tap = 0; tap < taps; ++tap) {
          for (int group = 0; group < groups_; ++group) {
            decide({group, word, tap == 0 && group == 0, tap == 0, base() + word * groups_ + group});
          }
        }
      }
    }
  }

  void trace() {
    operation_.code = Code::trace;
    for (int sum = 0; sum < 2; ++sum) {
      int row = base();
      const int sites = some_taps();
      for (int site = 0; site < sites; ++site) {
        for (int group = 0; group < groups_; ++group) {
          decide({group, sum, site == 0 && group == 0, true, row++});
        }
      }
    }
  }

  /// Groups of a layer: field, one coefficient of the cell itself, and a bus.
  void update() {
    const Operation layer = operation_;
    for (int group = 0; group < groups_; ++group) {
      for (const Code code : {Code::layer, Code::stiffness, Code::neighbour, Code::bus}) {
        operation_ = layer;
        operation_.code = code;
        if (code != Code::bus) {
          decide({group, 0, false, true, base() + group});
          continue;
        }
        for (int tap = some_taps(); tap > 0; --tap) {
          for (int word = 0; word < operation_.count; ++word) {
            decide({group, word, false, false, base() + word * groups_ + group});
          }
        }
      }
    }
  }

  /// Whatever the inputs are between slots, addresses that wait for later stages stay.
  void decide(const Slot& slot) {
    for (int wait = random_.one_in(4) ? random_.below(4) : 0; wait > 0; --wait) {
      scramble();
      bench_->issue_i = 0;
      bench_.clock();
      if (slots_ > 0) check_row();
    }
    scramble();
    const OperationWords words = encode(operation_);
    for (int i = 0; i < 4; ++i) set_bits(bench_->op_i, 32 * i, 32, words[static_cast<std::size_t>(i)]);
    bench_->issue_i = 1;
    bench_->group_i = static_cast<std::uint8_t>(slot.group);
    bench_->count_i = static_cast<std::uint8_t>(slot.count);
    bench_->sum_first_i = slot.sum_first;
    bench_->first_tap_i = slot.first_tap;
    bench_->layer_first_row_i = static_cast<std::uint8_t>(first_row_);
    bench_->site_cells_i = static_cast<std::uint8_t>(site_cells_);
    const unsigned site_y = bench_->site_y_i, word_x = bench_->word_x_i, tap_row = bench_->tap_row_i;
    bench_.clock();
    ++slots_;
    row_ = (first_row_ + slot.group) % (1 << kRowBits);
    coefficient_row_ = slot.coefficient_row % (1 << kCoefficientRowBits);
    check_row();
    const bool by_tap = operation_.code == Code::project || operation_.code == Code::bus;
    const bool by_site = operation_.code == Code::layer && operation_.per_site;
    wrong_ += bench_->word_addr_o != (operation_.word + slot.count) % (1 << kWordBits);
    wrong_ += bench_->first_row_o != first_row_ || bench_->groups_o != groups_;
    wrong_ += bench_->by_tap_o != by_tap || bench_->by_site_o != by_site;
    wrong_ += bench_->count_o != operation_.count || bench_->columns_right_o != operation_.count;
    wrong_ += bench_->rows_down_o != operation_.word;
    wrong_ += bench_->window_width_less_1_o != operation_.tap_range.width - 1;
    wrong_ += bench_->site_y_o != site_y || bench_->word_x_o != word_x || bench_->tap_row_o != tap_row;
  }

  void check_row() { wrong_ += bench_->row_o != row_ || bench_->coef_row_o != coefficient_row_; }

  /// All inputs but the clock; the layer's numbers are such as a layer has.
  void scramble() {
    for (int i = 0; i < 4; ++i) set_bits(bench_->op_i, 32 * i, 32, random_.next() >> 32);
    const auto any = [&](int bits) { return static_cast<std::uint8_t>(random_.below(1 << bits)); };
    const int side_bits = side_ == 1 ? 1 : 2;
    bench_->group_i = any(4);
    bench_->count_i = any(kCountBits);
    bench_->sum_first_i = any(1);
    bench_->first_tap_i = any(1);
    bench_->layer_first_row_i = any(kRowBits);
    bench_->site_cells_i = static_cast<std::uint8_t>(kLanes * (1 + random_.below(16)));
    bench_->width_i = any(side_bits);
    bench_->site_y_i = any(side_bits);
    bench_->site_x_i = any(side_bits);
    bench_->word_y_i = any(side_bits);
    bench_->word_x_i = any(side_bits);
    bench_->words_width_i = any(side_bits);
    bench_->tap_row_i = any(4);
    bench_->tap_column_i = any(4);
  }

  int side_;
  Random random_;
  Bench<Module> bench_;
  Operation operation_;
  int groups_ = 1, first_row_ = 0, site_cells_ = kLanes, row_ = 0, coefficient_row_ = 0;
  int wrong_ = 0, slots_ = 0;
};

template <class Module>
void compare(int side) {
  GeneratorBench<Module> bench(side);
  bench.run(400);
  CHECK(bench.wrong() == 0);
  CHECK(bench.slots() > 10000);
}

}  // namespace

TEST_CASE("address_generator: one site") { compare<VM_generator_1>(1); }

TEST_CASE("address_generator: grids, several taps to a word") { compare<VM_generator_3>(3); }

}  // namespace address_generator_bench
