// Every reader and writer of the memory in random turns, against one array of numbers a place: what is written to one
// place shows in no other, however far the index leads, and the configuration's fields are there and stay.
#include <map>
#include <vector>

#include <doctest/doctest.h>

#include "VM_shared_small.h"
#include "VM_shared_tiny.h"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/configuration.hpp"
#include "generated/registers.hpp"
#include "rtl_modules/bench.hpp"

namespace shared_memory_bench {
namespace {

using namespace settle;
using namespace settle::testing;
using registers::Memory;

int power_of_two(int least) {
  int power = 1;
  while (power < least) power *= 2;
  return power;
}

template <class Module>
class SharedBench {
 public:
  SharedBench(int words, int gains, int segments, int layers) : segments_(segments), random_(words), bench_(words) {
    places_[Memory::word].resize(static_cast<std::size_t>(power_of_two(words)));
    places_[Memory::gain].resize(static_cast<std::size_t>(power_of_two(gains)));
    places_[Memory::segment].resize(static_cast<std::size_t>(4 * power_of_two(segments)));
    places_[Memory::layer].resize(static_cast<std::size_t>(8 * power_of_two(layers)));
    std::vector<std::uint16_t>& fields = places_[Memory::configuration];
    for (const auto& [name, value] : field_values(configuration("tiny"))) {
      fields.push_back(static_cast<std::uint16_t>(value & 0xffff));
      fields.push_back(static_cast<std::uint16_t>(value >> 16));
    }
    fields.resize(static_cast<std::size_t>(power_of_two(static_cast<int>(fields.size()))));  // read as 0
    nobody();
    for (const Memory region : {Memory::gain, Memory::segment, Memory::layer}) {
      for (int i = 0; i < size(region); ++i) {
        host(region, i);
        write();
        bench_.clock();
      }
    }
    for (int i = 0; i < size(Memory::word); ++i) {
      nobody();
      write_word(i);
      bench_.clock();
    }
  }

  /// Halves that the host reads otherwise than they should be, of all places.
  int differences() {
    int wrong = 0;
    for (const auto& [region, contents] : places_) {
      for (int i = 0; i < size(region); ++i) {
        nobody();
        host(region, i);
        bench_.clock();
        wrong += bench_->rdata_o != contents[static_cast<std::size_t>(i)];
      }
    }
    return wrong;
  }

  /// Cycles in which a reader got another number than its own.
  int wrong_reads(int cycles) {
    int wrong = 0;
    for (int i = 0; i < cycles; ++i) {
      nobody();
      Memory region = any_region();
      int index = random_.below(size(region));
      host(region, index, random_.below(3) * size(region));
      // Readers of the array go before the host, and those for a slot or a segment before the words'.
      if (random_.one_in(2)) {
        region = Memory::word;
        index = bench_->word_addr_i;
        bench_->word_read_i = 1;
      }
      if (random_.one_in(4)) {
        region = Memory::gain;
        index = bench_->gain_addr_i;
        bench_->gain_read_i = 1;
      } else if (random_.one_in(4)) {
        region = Memory::segment;
        index = 4 * bench_->segment_addr_i + bench_->segment_part_i;
        bench_->segment_read_i = 1;
      }
      const std::uint16_t expected = places_.at(region)[static_cast<std::size_t>(index)];
      bool met = false;  // reads what is written in the same cycle: either value
      if (random_.one_in(3)) {
        const int word = random_.below(size(Memory::word));
        met = region == Memory::word && index == word;
        write_word(word);
      }
      bench_.clock();
      wrong += !met && bench_->rdata_o != expected;
    }
    return wrong;
  }

  /// Host writes anywhere, their index beyond the place's end too; words arrive between them.
  void write_all_over(int times) {
    for (int i = 0; i < times; ++i) {
      nobody();
      const Memory regions[] = {Memory::gain, Memory::segment, Memory::layer};
      const Memory region = regions[random_.below(3)];
      host(region, random_.below(size(region)), random_.below(4) * size(region));
      write();
      bench_.clock();
      nobody();
      write_word(random_.below(size(Memory::word)));
      bench_.clock();
    }
  }

 private:
  int size(Memory region) const { return static_cast<int>(places_.at(region).size()); }

  Memory any_region() {
    const Memory regions[] = {Memory::word, Memory::gain, Memory::segment, Memory::layer, Memory::configuration};
    return regions[random_.below(5)];
  }

  /// No reader but the host, no writer; addresses are random.
  void nobody() {
    bench_->host_we_i = bench_->word_we_i = 0;
    bench_->word_read_i = bench_->gain_read_i = bench_->segment_read_i = 0;
    set_bits(bench_->word_addr_i, 0, 16, static_cast<std::uint64_t>(random_.below(size(Memory::word))));
    bench_->gain_addr_i = static_cast<std::uint8_t>(random_.below(size(Memory::gain)));
    bench_->segment_addr_i = static_cast<std::uint8_t>(random_.below(segments_));
    bench_->segment_part_i = static_cast<std::uint8_t>(random_.below(4));
    set_bits(bench_->word_waddr_i, 0, 16, static_cast<std::uint64_t>(random_.below(size(Memory::word))));
    bench_->word_wdata_i = static_cast<std::uint16_t>(random_.next());
    host(any_region(), 0);
  }

  /// The host addresses a place's number `index`, by an index that is `beyond` more.
  void host(Memory region, int index, int beyond = 0) {
    const bool halves = region != Memory::word && region != Memory::gain;  // of a 32-bit word
    host_region_ = region;
    host_index_ = index;
    bench_->region_i = static_cast<std::uint8_t>(region);
    bench_->host_word_i =
        static_cast<std::uint32_t>((index + beyond) / (halves ? 2 : 1)) & registers::kAddressWord.mask();
    bench_->half_i = halves ? index % 2 != 0 : random_.one_in(2);
    bench_->host_wdata_i = static_cast<std::uint16_t>(random_.next());
  }

  void write() {
    bench_->host_we_i = 1;
    places_.at(host_region_)[static_cast<std::size_t>(host_index_)] = bench_->host_wdata_i;
  }

  void write_word(int word) {
    bench_->word_we_i = 1;
    set_bits(bench_->word_waddr_i, 0, 16, static_cast<std::uint64_t>(word));
    places_.at(Memory::word)[static_cast<std::size_t>(word)] = bench_->word_wdata_i;
  }

  int segments_;
  Random random_;
  Bench<Module> bench_;
  std::map<Memory, std::vector<std::uint16_t>> places_;  // 16-bit halves
  Memory host_region_{};
  int host_index_ = 0;
};

template <class Module>
void compare(int words, int gains, int segments, int layers) {
  SharedBench<Module> bench(words, gains, segments, layers);
  CHECK(bench.differences() == 0);
  for (int round = 0; round < 10; ++round) {
    CHECK(bench.wrong_reads(1000) == 0);
    bench.write_all_over(100);
    CHECK(bench.differences() == 0);
  }
}

}  // namespace

TEST_CASE("shared_memory: places of one configuration") { compare<VM_shared_tiny>(512, 32, 8, 4); }

TEST_CASE("shared_memory: places that are no powers of two, one segment and layer") {
  compare<VM_shared_small>(5, 3, 1, 1);
}

}  // namespace shared_memory_bench
