// Limits that headers of modules state: each of these modules is used as it allows, then as it does not, and only then
// the simulation says so. All other benches run with the same checks on, and would end at the first broken limit.
#include <doctest/doctest.h>

#include "VM_cipher_16_2.h"
#include "VM_lane.h"
#include "VM_masked_1.h"
#include "VM_state_4.h"
#include "VM_statistics.h"
#include "VM_step_counter.h"
#include "VM_trace_48.h"
#include "VM_walk_28.h"
#include "rtl_modules/bench.hpp"

namespace limits_bench {
namespace {

using namespace settle::testing;

/// Clock cycles; checks begin with the third one of a simulation.
template <class Module>
void clocks(Bench<Module>& bench, int cycles) {
  for (int i = 0; i < cycles; ++i) bench.clock();
}

}  // namespace

TEST_CASE("limit: noise_cipher takes no start while it makes a block") {
  Bench<VM_cipher_16_2> bench(1);
  bench.tell_broken_limits();
  bench->start_i = bench->key_we_i = 0;
  reset(bench);
  for (int i = 0; i < 2; ++i) {  // 16 rounds, two per cycle
    bench->start_i = 1;
    bench.clock();
    bench->start_i = 0;
    clocks(bench, 8);
  }
  CHECK_FALSE(bench.limit_broken());
  bench->start_i = 1;
  clocks(bench, 2);
  CHECK(bench.limit_broken());
}

TEST_CASE("limit: trace_memory takes sums four cycles apart") {
  Bench<VM_trace_48> bench(2);
  bench.tell_broken_limits();
  bench->begin_i = bench->add_i = bench->read_i = 0;
  reset(bench);
  const auto add = [&](int cycles) {
    bench->add_i = 1;
    bench.clock();
    bench->add_i = 0;
    clocks(bench, cycles - 1);
  };
  bench->begin_i = 1;
  bench.clock();
  bench->begin_i = 0;
  clocks(bench, 6);
  add(4);
  add(3);
  CHECK_FALSE(bench.limit_broken());
  add(1);
  CHECK(bench.limit_broken());
}

TEST_CASE("limit: trace_memory takes no sum before its entry is zero") {
  Bench<VM_trace_48> bench(3);
  bench.tell_broken_limits();
  bench->begin_i = bench->add_i = bench->read_i = 0;
  reset(bench);
  bench->begin_i = 1;
  bench.clock();
  bench->begin_i = 0;
  clocks(bench, 5);
  CHECK_FALSE(bench.limit_broken());
  bench->add_i = 1;
  bench.clock();
  CHECK(bench.limit_broken());
}

TEST_CASE("limit: a slot of lane has one kind") {
  Bench<VM_lane> bench(4);
  bench.tell_broken_limits();
  bench->noise_slot_b_i = bench->table_slot_b_i = bench->square_b_i = bench->view_b_i = 0;
  bench->table_slot_c_i = bench->update_d_i = bench->load_d_i = bench->table_we_i = 0;
  clocks(bench, 3);
  bench->noise_slot_b_i = 1;
  bench.clock();
  CHECK_FALSE(bench.limit_broken());
  bench->noise_slot_b_i = 0;
  bench->square_b_i = bench->view_b_i = 1;
  bench.clock();
  CHECK(bench.limit_broken());
}

TEST_CASE("limit: a neighbour lies in the torus of state_memory") {
  Bench<VM_state_4> bench(5);
  bench.tell_broken_limits();
  bench->neighbour_i = 0;
  bench->we_i = 0;
  bench->group_cell_i = 4;
  bench->torus_rows_i = 3;
  bench->columns_log2_i = 2;
  bench->rows_down_i = 3;
  bench->columns_right_i = 3;
  clocks(bench, 4);
  bench->rows_down_i = 2;
  bench->neighbour_i = 1;
  bench.clock();
  CHECK_FALSE(bench.limit_broken());
  bench->rows_down_i = 3;
  bench.clock();
  CHECK(bench.limit_broken());
}

TEST_CASE("limit: statistics takes groups six cycles apart") {
  Bench<VM_statistics> bench(6);
  bench.tell_broken_limits();
  bench->start_i = bench->read_i = 0;
  reset(bench);
  for (const int cycles : {6, 5}) {
    bench->start_i = 1;
    bench.clock();
    bench->start_i = 0;
    clocks(bench, cycles - 1);
  }
  CHECK_FALSE(bench.limit_broken());
  bench->start_i = 1;
  bench.clock();
  CHECK(bench.limit_broken());
}

TEST_CASE("limit: step_counter is not written while a carry may be on its way") {
  Bench<VM_step_counter> bench(7);
  bench.tell_broken_limits();
  bench->count_i = bench->lower_we_i = bench->upper_we_i = 0;
  reset(bench);
  const auto write_after = [&](int cycles) {
    bench->count_i = 1;
    bench.clock();
    bench->count_i = 0;
    clocks(bench, cycles);
    bench->lower_we_i = 1;
    bench.clock();
    bench->lower_we_i = 0;
  };
  write_after(1);
  CHECK_FALSE(bench.limit_broken());
  write_after(0);
  CHECK(bench.limit_broken());
}

TEST_CASE("limit: grid_walk keeps inside its grid") {
  Bench<VM_walk_28> bench(8);
  bench.tell_broken_limits();
  bench->next_tap_i = bench->next_block_i = bench->next_site_i = 0;
  bench->project_i = bench->block_i = bench->half_i = bench->mean_i = 0;
  bench->top_i = bench->left_i = bench->rows_less_1_i = bench->columns_less_1_i = 0;
  bench->height_i = 2;
  bench->width_i = 3;
  bench->restart_i = 1;
  clocks(bench, 3);
  bench->restart_i = 0;
  bench->next_tap_i = bench->next_site_i = 1;
  clocks(bench, 4);  // to the second site of the second row
  CHECK_FALSE(bench.limit_broken());
  bench->height_i = 1;
  bench.clock();
  CHECK(bench.limit_broken());
}

TEST_CASE("limit: a memory is written below its depth") {
  Bench<VM_masked_1> bench(9);
  bench.tell_broken_limits();
  bench->we_i = 0;
  bench->waddr_i = 12;  // of 12 words
  clocks(bench, 4);
  CHECK_FALSE(bench.limit_broken());
  bench->waddr_i = 11;
  bench->we_i = 1;
  bench.clock();
  CHECK_FALSE(bench.limit_broken());
  bench->waddr_i = 12;
  bench.clock();
  CHECK(bench.limit_broken());
}

}  // namespace limits_bench
