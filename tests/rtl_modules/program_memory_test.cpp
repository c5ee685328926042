// Operations written in parts and in any order, read back whole; bits that are not stored read as 0.
#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "VM_program_narrow.h"
#include "VM_program_whole.h"
#include "VM_program_wide.h"
#include "rtl_modules/bench.hpp"

namespace program_memory_bench {
namespace {

using namespace settle;
using namespace settle::testing;

/// The bits of each part that are stored.
using Masks = std::array<std::uint32_t, 4>;

template <class Module>
void compare(int depth, const Masks& masks) {
  Random random(static_cast<std::uint64_t>(depth));
  Bench<Module> bench(depth);
  std::vector<Masks> contents(static_cast<std::size_t>(depth));
  const auto write = [&](int operation, int part) {
    const auto value = static_cast<std::uint32_t>(random.next());
    const auto p = static_cast<std::size_t>(part);
    bench->we_i = 1;
    bench->waddr_i = static_cast<std::uint8_t>(operation);
    bench->part_i = static_cast<std::uint8_t>(part);
    bench->wdata_i = value;
    contents[static_cast<std::size_t>(operation)][p] = value & masks[p];
  };
  for (int i = 0; i < 4 * depth; ++i) {
    write(i / 4, i % 4);
    bench->raddr_i = static_cast<std::uint8_t>((i / 4 + 1) % depth);
    bench.clock();
  }
  int wrong = 0;
  for (int i = 0; i < 2000; ++i) {
    const int read = random.below(depth);
    if (random.one_in(2)) {
      write((read + 1 + random.below(depth - 1)) % depth, random.below(4));
    } else {
      bench->we_i = 0;
      bench->wdata_i = static_cast<std::uint32_t>(random.next());
    }
    bench->raddr_i = static_cast<std::uint8_t>(read);
    bench.clock();
    for (int part = 0; part < 4; ++part) {
      wrong += get_bits(bench->op_o, 32 * part, 32) !=
               contents[static_cast<std::size_t>(read)][static_cast<std::size_t>(part)];
    }
  }
  CHECK(wrong == 0);
}

}  // namespace

// Part 0 (rtl/registers.json): code and last in 4:0, gain from 5, layer from 9, count from 16 on.
TEST_CASE("program_memory: without grids, one bit for gain and layer each") {
  compare<VM_program_narrow>(32, {0x001f'023fu, 0xfffu, 0x3fu, 1u});
}

TEST_CASE("program_memory: with grids") { compare<VM_program_wide>(64, {0x007f'0fffu, 0x7ffffu, 0xffffu, 0x3fffffu}); }

TEST_CASE("program_memory: all bits of all fields") { compare<VM_program_whole>(8, {~0u, ~0u, ~0u, ~0u}); }

}  // namespace program_memory_bench
