// Random parts of random words written while others are read.
#include <vector>

#include <doctest/doctest.h>

#include "VM_masked_1.h"
#include "VM_masked_32.h"
#include "VM_masked_4.h"
#include "rtl_modules/bench.hpp"

namespace ram_1r1w_masked_bench {
namespace {

using namespace settle;
using namespace settle::testing;

template <class Module>
void compare(int parts, int width, int depth) {
  Random random(static_cast<std::uint64_t>(parts));
  Bench<Module> bench(parts);
  std::vector<std::vector<std::uint64_t>> contents(static_cast<std::size_t>(depth));
  for (auto& word : contents) word.resize(static_cast<std::size_t>(parts));
  const auto write = [&](int address, std::uint64_t mask) {
    set_bits(bench->we_i, 0, parts, mask);
    bench->waddr_i = static_cast<std::uint8_t>(address);
    for (int part = 0; part < parts; ++part) {
      const std::uint64_t value = random.next() & (~std::uint64_t{0} >> (64 - width));
      set_bits(bench->wdata_i, part * width, width, value);
      if (((mask >> part) & 1u) != 0) {
        contents[static_cast<std::size_t>(address)][static_cast<std::size_t>(part)] = value;
      }
    }
  };
  bench->raddr_i = 0;
  for (int i = 0; i < depth; ++i) {
    write(i, ~std::uint64_t{0});
    bench.clock();
  }
  int wrong = 0;
  for (int i = 0; i < 4000; ++i) {
    const int read = random.below(depth);
    bench->raddr_i = static_cast<std::uint8_t>(read);
    write((read + 1 + random.below(depth - 1)) % depth, random.one_in(4) ? 0 : random.next());
    bench.clock();
    for (int part = 0; part < parts; ++part) {
      wrong += get_bits(bench->rdata_o, part * width, width) !=
               contents[static_cast<std::size_t>(read)][static_cast<std::size_t>(part)];
    }
  }
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("ram_1r1w_masked: one part") { compare<VM_masked_1>(1, 24, 12); }

TEST_CASE("ram_1r1w_masked: four parts in one machine word") { compare<VM_masked_4>(4, 3, 64); }

TEST_CASE("ram_1r1w_masked: 32 parts") { compare<VM_masked_32>(32, 24, 8); }

}  // namespace ram_1r1w_masked_bench
