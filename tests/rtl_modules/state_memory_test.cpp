// Two banks of states, and where a neighbour on a ring or torus is found, against the plain formula.
#include <vector>

#include <doctest/doctest.h>

#include "VM_state_1.h"
#include "VM_state_4.h"
#include "VM_state_8.h"
#include "VM_state_8_alone.h"
#include "rtl_modules/bench.hpp"

namespace state_memory_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kStateWidth = 24;
constexpr std::uint64_t kStateMask = (1u << kStateWidth) - 1;

struct Layer {
  int first;  // cell of the array
  int rows, columns_log2;
  int cells() const { return rows << columns_log2; }
};

template <class Module>
class StateBench {
 public:
  StateBench(int lanes, int rows) : lanes_(lanes), rows_(rows), random_(lanes), bench_(lanes) {
    for (; (1 << lane_bits_) < lanes; ++lane_bits_) {
    }
    for (auto& bank : contents_) bank.resize(static_cast<std::size_t>(lanes * rows));
    bench_->neighbour_i = 0;
    for (int bank = 0; bank < 2; ++bank) {
      for (int row = 0; row < rows; ++row) {
        write(bank, row, ~0u);
        bench_.clock();
      }
    }
    bench_->we_i = 0;
  }

  /// Every row of a bank while random lanes of the other, or of the same one elsewhere, are written.
  int wrong_rows(int bank, int write_bank) {
    int wrong = 0;
    for (int i = 0; i < 20 * rows_; ++i) {
      const int row = random_.below(rows_);
      int write_row = random_.below(rows_);
      if (bank == write_bank && write_row == row) write_row = (row + 1) % rows_;
      const std::vector<std::uint32_t> before = contents_[static_cast<std::size_t>(bank)];
      write(write_bank, write_row, static_cast<std::uint32_t>(random_.next()));
      scramble_neighbour();
      bench_->neighbour_i = 0;
      bench_->bank_i = static_cast<std::uint8_t>(bank);
      bench_->row_i = static_cast<std::uint8_t>(row);
      bench_.clock();
      bench_->we_i = 0;
      for (int lane = 0; lane < lanes_; ++lane) {
        wrong += get_bits(bench_->states_o, kStateWidth * lane, kStateWidth) !=
                 before[static_cast<std::size_t>(row * lanes_ + lane)];
      }
    }
    return wrong;
  }

  /// All groups of a layer with all neighbours; a cell gets its neighbour by way of the lane that the module names.
  int wrong_neighbours(const Layer& layer, int bank) {
    int wrong = 0;
    const int columns = 1 << layer.columns_log2;
    for (int down = 0; down < layer.rows; ++down) {
      for (int right = 0; right < columns; ++right) {
        for (int group = 0; group < layer.cells(); group += lanes_) {
          bench_->neighbour_i = 1;
          bench_->bank_i = static_cast<std::uint8_t>(bank);
          bench_->row_i = static_cast<std::uint8_t>(random_.below(rows_));
          bench_->first_row_i = static_cast<std::uint8_t>(layer.first / lanes_);
          bench_->group_cell_i = static_cast<std::uint8_t>(group);
          bench_->torus_rows_i = static_cast<std::uint8_t>(layer.rows);
          bench_->columns_log2_i = static_cast<std::uint8_t>(layer.columns_log2);
          bench_->rows_down_i = static_cast<std::uint8_t>(down);
          bench_->columns_right_i = static_cast<std::uint8_t>(right);
          write(1 - bank, random_.below(rows_), ~0u);
          bench_.clock();
          bench_->we_i = 0;
          for (int lane = 0; lane < lanes_; ++lane) {
            const int row = ((group + lane) / columns + down) % layer.rows;
            const int column = ((group + lane) % columns + right) % columns;
            const int cell = layer.first + row * columns + column;
            const std::uint64_t source =
                lanes_ == 1 ? 0 : get_bits(bench_->neighbour_lane_o, lane_bits_ * lane, lane_bits_);
            const std::uint64_t state = get_bits(bench_->states_o, kStateWidth * static_cast<int>(source), kStateWidth);
            wrong += state != contents_[static_cast<std::size_t>(bank)][static_cast<std::size_t>(cell)];
          }
        }
      }
    }
    return wrong;
  }

 private:
  void write(int bank, int row, std::uint32_t lanes) {
    set_bits(bench_->we_i, 0, lanes_, lanes);
    bench_->write_bank_i = static_cast<std::uint8_t>(bank);
    bench_->write_row_i = static_cast<std::uint8_t>(row);
    for (int lane = 0; lane < lanes_; ++lane) {
      const std::uint64_t state = random_.next() & kStateMask;
      set_bits(bench_->write_states_i, kStateWidth * lane, kStateWidth, state);
      if (((lanes >> lane) & 1u) != 0) {
        contents_[static_cast<std::size_t>(bank)][static_cast<std::size_t>(row * lanes_ + lane)] =
            static_cast<std::uint32_t>(state);
      }
    }
  }

  void scramble_neighbour() {
    bench_->first_row_i = static_cast<std::uint8_t>(random_.below(rows_));
    bench_->group_cell_i = static_cast<std::uint8_t>(random_.below(128));
    bench_->rows_down_i = static_cast<std::uint8_t>(random_.below(128));
    bench_->columns_right_i = static_cast<std::uint8_t>(random_.below(128));
    bench_->columns_log2_i = static_cast<std::uint8_t>(random_.below(7));
    bench_->torus_rows_i = static_cast<std::uint8_t>(random_.below(128));
  }

  int lanes_, rows_;
  int lane_bits_ = 0;
  Random random_;
  Bench<Module> bench_;
  std::vector<std::uint32_t> contents_[2];
};

template <class Module>
void compare(int lanes, int rows, bool neighbours = true) {
  StateBench<Module> bench(lanes, rows);
  for (int bank = 0; bank < 2; ++bank) {
    CHECK(bench.wrong_rows(bank, 1 - bank) == 0);
    CHECK(bench.wrong_rows(bank, bank) == 0);
    if (!neighbours) continue;
    // Tori (with fewer columns than lanes, a number of rows that is no power of two), rings both ways, the full memory.
    for (const Layer& layer : {Layer{0, 4, 2}, Layer{16, 8, 1}, Layer{8, 3, 3}, Layer{24, 1, 4}, Layer{32, 24, 0},
                               Layer{0, 8, 3}, Layer{0, 1, 6}, Layer{40, 6, 2}}) {
      CAPTURE(lanes);
      CAPTURE(layer.first);
      CHECK(bench.wrong_neighbours(layer, bank) == 0);
    }
  }
}

}  // namespace

TEST_CASE("state_memory: one lane") { compare<VM_state_1>(1, 64); }

TEST_CASE("state_memory: four lanes") { compare<VM_state_4>(4, 16); }

TEST_CASE("state_memory: eight lanes") { compare<VM_state_8>(8, 16); }

TEST_CASE("state_memory: eight lanes without neighbours") { compare<VM_state_8_alone>(8, 16, false); }

}  // namespace state_memory_bench
