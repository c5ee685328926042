// The memories of `tiny` by the host, word by word, and by slots, row by row, against arrays of numbers: what is
// written to one memory shows in no other; a step's new states are seen once the banks are exchanged, and not before.
#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "VM_cell_memories.h"
#include "generated/registers.hpp"
#include "rtl_modules/bench.hpp"

namespace cell_memories_bench {
namespace {

using namespace settle;
using namespace settle::testing;
using registers::Memory;

constexpr int kLanes = 4, kCells = 256, kRows = kCells / kLanes, kCoefficients = 4096;
constexpr int kStateWidth = 24, kCoefficientWidth = 16;

class CellBench {
 public:
  CellBench() {
    bench_->host_we_i = bench_->zero_write_i = bench_->new_states_we_i = bench_->step_done_i = 0;
    bench_->neighbour_i = 0;
    bench_->host_idle_i = 1;
    reset(bench_);
    for (auto& bank : states_) bank.resize(kCells);
    coefficients_.resize(kCoefficients);
    clamps_.resize(kCells);
    for (int i = 0; i < kCoefficients; ++i) write(Memory::coefficient, i);
    for (int i = 0; i < kCells; ++i) {
      write(Memory::state, i);
      write(Memory::clamp, i);
    }
  }

  Random& random() { return random_; }

  /// By the host, a random value; a region that does not live here changes nothing.
  void write(Memory memory, int word) {
    const auto value = static_cast<std::uint32_t>(random_.next());
    host(memory, word);
    bench_->host_we_i = 1;
    bench_->host_wdata_i = value;
    bench_.clock();
    bench_->host_we_i = 0;
    const auto at = static_cast<std::size_t>(word);
    if (memory == Memory::coefficient) coefficients_[at] = value & 0xffffu;
    if (memory == Memory::state) states_[bank_][at] = value & 0xffffffu;
    if (memory == Memory::clamp) clamps_[at] = value & 1u;
  }

  /// A step: some rows get new states while slots read, then the banks are exchanged.
  void step() {
    bench_->host_idle_i = 0;
    std::vector<std::uint32_t> next = states_[1 - bank_];
    for (int i = 0; i < 40; ++i) {
      bench_->new_states_we_i = random_.one_in(2);
      const int written = random_.below(kRows);
      bench_->new_states_row_i = static_cast<std::uint8_t>(written);
      for (int lane = 0; lane < kLanes; ++lane) {
        const std::uint64_t state = random_.next() >> (64 - kStateWidth);
        set_bits(bench_->new_states_i, kStateWidth * lane, kStateWidth, state);
        if (bench_->new_states_we_i) next[cell(written, lane)] = static_cast<std::uint32_t>(state);
      }
      const int row = random_.below(kRows), coefficient_row = random_.below(kCoefficients / kLanes);
      host(Memory::state, random_.below(kCells));  // its addresses do not count
      bench_->row_i = static_cast<std::uint8_t>(row);
      bench_->coef_row_i = static_cast<std::uint16_t>(coefficient_row);
      bench_.clock();
      compare_row(row, coefficient_row);
    }
    bench_->new_states_we_i = 0;
    bench_->step_done_i = 1;
    bench_.clock();
    bench_->step_done_i = 0;
    bench_->host_idle_i = 1;
    states_[1 - bank_] = next;
    bank_ = 1 - bank_;
  }

  /// As before a run, rows one after the other.
  void zero() {
    for (int row = 0; row < kRows; ++row) {
      bench_->zero_write_i = 1;
      bench_->zero_row_i = static_cast<std::uint8_t>(row);
      bench_.clock();
    }
    bench_->zero_write_i = 0;
    for (std::uint32_t& state : states_[bank_]) state = 0;
  }

  /// All words as the host reads them.
  void read_all() {
    for (int row = 0; row < kCoefficients / kLanes; ++row) {
      host(Memory::coefficient, kLanes * row);
      bench_->row_i = static_cast<std::uint8_t>(random_.below(kRows));
      bench_->coef_row_i = static_cast<std::uint16_t>(random_.below(kCoefficients / kLanes));
      bench_.clock();
      compare_row(row % kRows, row);
    }
  }

  int wrong() const { return wrong_; }

 private:
  static std::size_t cell(int row, int lane) { return static_cast<std::size_t>(kLanes * row + lane); }

  void host(Memory memory, int word) {
    bench_->region_i = static_cast<std::uint8_t>(memory);
    bench_->host_row_i = static_cast<std::uint32_t>(word / kLanes);
    bench_->host_lane_mask_i = static_cast<std::uint8_t>(1 << (word % kLanes));
  }

  void compare_row(int row, int coefficient_row) {
    for (int lane = 0; lane < kLanes; ++lane) {
      wrong_ += get_bits(bench_->states_o, kStateWidth * lane, kStateWidth) != states_[bank_][cell(row, lane)];
      wrong_ += get_bits(bench_->clamps_o, lane, 1) != clamps_[cell(row, lane)];
      wrong_ += get_bits(bench_->coefficients_o, kCoefficientWidth * lane, kCoefficientWidth) !=
                coefficients_[cell(coefficient_row, lane)];
    }
  }

  Random random_{21};
  Bench<VM_cell_memories> bench_{21};
  std::array<std::vector<std::uint32_t>, 2> states_;
  std::vector<std::uint32_t> coefficients_, clamps_;
  std::size_t bank_ = 0;
  int wrong_ = 0;
};

}  // namespace

TEST_CASE("cell_memories: host and slots, two banks of states, zeroing") {
  CellBench bench;
  bench.step();  // the other bank has unknown states: nothing of it is compared but what was written
  bench.zero();
  bench.step();
  bench.zero();
  for (int i = 0; i < 40; ++i) {
    for (int j = bench.random().below(30); j > 0; --j) {
      constexpr Memory kMemories[] = {Memory::state, Memory::coefficient, Memory::clamp, Memory::gain};
      const Memory memory = kMemories[bench.random().below(4)];
      bench.write(memory, bench.random().below(memory == Memory::coefficient ? kCoefficients : kCells));
    }
    if (bench.random().one_in(8)) bench.zero();
    bench.read_all();
    bench.step();
    bench.read_all();
    REQUIRE(bench.wrong() == 0);
  }
}

}  // namespace cell_memories_bench
