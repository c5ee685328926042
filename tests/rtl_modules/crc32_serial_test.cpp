// The check of random bytes, at the closest spacing and further apart, against Boost's CRC-32; and its residue.
#include <doctest/doctest.h>

#include "VM_crc32.h"
#include "rtl_modules/link_frames.hpp"

namespace crc32_serial_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr int kBits = 8;

class CrcBench {
 public:
  CrcBench() : random_(1), bench_(1) { bench_->valid_i = 0; }

  void clear() {
    bench_->clear_i = 1;
    cycle();
    bench_->clear_i = 0;
  }

  /// Takes in a byte, together with clear_i if it is the first one; the next can come after `spacing` cycles.
  void take(std::uint8_t byte, int spacing, bool with_clear) {
    bench_->valid_i = 1;
    bench_->byte_i = byte;
    bench_->clear_i = with_clear;
    cycle();
    bench_->valid_i = bench_->clear_i = 0;
    for (int i = 1; i < spacing; ++i) {
      bench_->byte_i = static_cast<std::uint8_t>(random_.next());
      wrong_busy += bench_->busy_o != (i <= kBits);
      cycle();
    }
  }

  /// `bytes`, then cycles until the check is there.
  std::uint32_t check(const Bytes& bytes, int most_spacing) {
    const bool with_clear = random_.one_in(2);
    if (!with_clear) clear();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      take(bytes[i], kBits + random_.below(most_spacing - kBits + 1), with_clear && i == 0);
    }
    while (bench_->busy_o != 0) cycle();
    return bench_->crc_o;
  }

  void cycle() { bench_.clock(); }

  Random& random() { return random_; }

  int wrong_busy = 0;

 private:
  Random random_;
  Bench<VM_crc32> bench_;
};

}  // namespace

TEST_CASE("crc32_serial: the check that IEEE 802.3 gives") {
  CrcBench bench;
  CHECK(~bench.check({'1', '2', '3', '4', '5', '6', '7', '8', '9'}, kBits) == 0xcbf43926u);
}

TEST_CASE("crc32_serial: random bytes, and the residue after their check") {
  CrcBench bench;
  int wrong = 0;
  for (int i = 0; i < 5000; ++i) {
    const Bytes bytes = random_content(bench.random(), static_cast<std::size_t>(1 + bench.random().below(40)));
    const int spacing = i % 2 == 0 ? kBits : 20;
    wrong += ~bench.check(bytes, spacing) != check_of(bytes.data(), bytes.size());
    wrong += bench.check(with_check(bytes), spacing) != 0xdebb20e3u;
  }
  CHECK(wrong == 0);
  CHECK(bench.wrong_busy == 0);
}

TEST_CASE("crc32_serial: clear_i forgets a byte that is half taken in") {
  CrcBench bench;
  for (int cycles = 0; cycles <= kBits; ++cycles) {
    bench.clear();
    bench.take(0x5a, 1 + cycles, false);
    bench.clear();
    for (int i = 0; i < 12; ++i) bench.cycle();
    CHECK(bench.check({}, kBits) == 0xffffffffu);
    CHECK(~bench.check({'1', '2', '3', '4', '5', '6', '7', '8', '9'}, kBits) == 0xcbf43926u);
  }
}

}  // namespace crc32_serial_bench
