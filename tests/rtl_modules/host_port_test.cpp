// Every kind of access, granted and refused, with memories in place that answer a cycle after their address and
// registers that count on, against what rtl/registers.json says of each region.
#include <array>
#include <string>

#include <doctest/doctest.h>

#include "VM_port_1.h"
#include "VM_port_4.h"
#include "base/splitmix.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "contract/configuration/configuration.hpp"
#include "contract/generate/hardware_hash.hpp"
#include "device/device.hpp"
#include "generated/registers.hpp"
#include "rtl_modules/bench.hpp"
#include "rtl_modules/listed.hpp"

namespace host_port_bench {
namespace {

using namespace settle;
using namespace settle::testing;
using registers::Memory;

constexpr int kAnswer = 3;  // cycles from a request to its answer

struct Access {
  std::uint32_t region, word;
  bool write, idle;
  std::uint32_t address() const { return settle::address(static_cast<Memory>(region), word); }
  bool in_registers() const { return region == 0; }
  /// A running array lets its registers be read, and the control register be written.
  bool refused() const { return !idle && !(in_registers() && (!write || word == registers::control)); }
};

struct Wrong {
  int times = 0, errors = 0, answers = 0, writes = 0, lanes = 0;
};

template <class Module>
class PortBench {
 public:
  PortBench(int lanes, int state_width, int coefficient_width)
      : lanes_(lanes),
        state_width_(state_width),
        coefficient_width_(coefficient_width),
        random_(lanes),
        bench_(lanes),
        tiny_(configuration("tiny")) {
    bench_->req_valid_i = 0;
    reset(bench_);
    for (int i = 0; i < 2 * kAnswer; ++i) cycle();
  }

  /// A random access; of registers, half of the time one that exists.
  Access draw() {
    const std::uint32_t region = random_.one_in(3) ? 0u : static_cast<std::uint32_t>(random_.below(16));
    const std::uint32_t word = static_cast<std::uint32_t>(
        region == 0 && random_.one_in(2) ? random_.below(24)
                                         : static_cast<int>(word_of(static_cast<std::uint32_t>(random_.next()))));
    return {region, word, random_.one_in(2), !random_.one_in(4)};
  }

  void access(const Access& a) {
    request(a);
    bench_->idle_i = a.idle;
    std::uint32_t register_then = 0;
    for (int i = 0; i < kAnswer; ++i) {
      bench_->req_valid_i = i == 0;
      answer_memories();
      bench_.settle();
      wrong_.times += bench_->rsp_valid_o != 0;
      check_access(a, i);
      if (i == 1) register_then = bench_->register_i;
      if (i == 2) register_then |= static_cast<std::uint32_t>(bench_->register_i) << 16;
      cycle();
    }
    // The answer needs no request any more.
    request(draw());
    answer_memories();
    bench_.settle();
    wrong_.times += bench_->rsp_valid_o == 0;
    const bool error =
        a.refused() || (a.in_registers() && !exists(a.word)) || (!a.in_registers() && !is_listed("memory", a.region));
    wrong_.errors += (bench_->rsp_error_o != 0) != error;
    if (!error && !a.write) wrong_.answers += bench_->rsp_rdata_o != expected(a, register_then);
    answered_ += !error && !a.write;
    refused_ += a.refused();
    cycle();
    for (int i = random_.below(4); i > 0; --i) {
      bench_.settle();
      wrong_.times += bench_->rsp_valid_o != 0;
      cycle();
    }
  }

  /// A reset `cycles` after a request takes its answer away.
  void interrupted(int cycles) {
    request(draw());
    bench_->req_valid_i = 1;
    for (int i = 0; i < cycles; ++i) {
      answer_memories();
      cycle();
      bench_->req_valid_i = 0;
    }
    bench_->req_valid_i = 0;
    reset(bench_);
    for (int i = 0; i < 2 * kAnswer; ++i) {
      wrong_.times += bench_->rsp_valid_o != 0;
      cycle();
    }
  }

  const Wrong& wrong() const { return wrong_; }
  int answered() const { return answered_; }
  int refused() const { return refused_; }

 private:
  void request(const Access& a) {
    bench_->req_addr_i = a.address();
    bench_->req_write_i = a.write;
    bench_->req_valid_i = 0;
  }

  static bool exists(std::uint32_t offset) { return is_listed("register", offset); }
  static bool identity(std::uint32_t offset) { return offset <= registers::cells; }

  /// What memories hold: any number that depends on all of the place.
  static std::uint64_t contents(std::uint32_t region, std::uint64_t word, std::uint64_t part) {
    return mix64(region + (word << 4) + (part << 40));
  }
  static std::uint64_t half(std::uint32_t region, std::uint32_t word, bool upper) {
    return contents(region, word, upper) & 0xffffu;
  }

  static std::int64_t sign_extended(std::uint64_t value, int width) {
    return static_cast<std::int64_t>(value << (64 - width)) >> (64 - width);
  }

  /// Answers to the addresses of the cycle before, and of registers to this one's.
  void answer_memories() {
    const std::uint32_t region = region_of(bench_->req_addr_i), word = word_of(bench_->req_addr_i);
    bench_->known_register_i = exists(word);
    bench_->identity_i = identity(word);
    bench_->register_i = static_cast<std::uint16_t>(random_.next());
    const auto lanes = static_cast<std::uint32_t>(lanes_);
    for (std::uint32_t lane = 0; lane < lanes; ++lane) {
      const auto l = static_cast<int>(lane);
      const std::uint32_t cell = addressed_.word / lanes * lanes + lane;
      const std::uint64_t value = contents(addressed_.region, cell, 0);
      set_bits(bench_->states_i, state_width_ * l, state_width_, value);
      set_bits(bench_->coefficients_i, coefficient_width_ * l, coefficient_width_, value);
      set_bits(bench_->clamps_i, l, 1, value);
      set_bits(bench_->sums_i, 16 * l, 16, value);
    }
    for (int part = 0; part < 4; ++part) {
      set_bits(bench_->operation_i, 32 * part, 32,
               contents(addressed_.region, addressed_.word / 4, static_cast<std::uint64_t>(part)));
    }
    bench_->trace_i = static_cast<std::uint16_t>(half(addressed_.region, addressed_.word, addressed_upper_));
    bench_->shared_i = static_cast<std::uint16_t>(half(addressed_.region, addressed_.word, addressed_upper_) ^ 0x5555u);
    next_ = {region, word, false, false};
  }

  std::uint32_t expected(const Access& a, std::uint32_t register_then) const {
    const std::uint64_t cell = contents(a.region, a.word, 0);
    const std::uint64_t low = half(a.region, a.word, false), high = half(a.region, a.word, true);
    const std::uint64_t shared_low = low ^ 0x5555u, shared_high = high ^ 0x5555u;
    switch (static_cast<Memory>(a.region)) {
      case Memory::state:
        return static_cast<std::uint32_t>(sign_extended(cell, state_width_));
      case Memory::coefficient:
        return static_cast<std::uint32_t>(sign_extended(cell, coefficient_width_));
      case Memory::clamp:
        return static_cast<std::uint32_t>(cell & 1u);
      case Memory::program:
        return static_cast<std::uint32_t>(contents(a.region, a.word / 4, a.word % 4));
      case Memory::sum:
      case Memory::square:
        return static_cast<std::uint32_t>(cell & 0xffffu);
      case Memory::trace:  // 31:0, then 47:32 with its sign
        return static_cast<std::uint32_t>(a.word % 2 == 0 ? high << 16 | low
                                                          : static_cast<std::uint64_t>(sign_extended(low, 16)));
      case Memory::gain:
      case Memory::word:
        return static_cast<std::uint32_t>(sign_extended(shared_low, 16));
      case Memory::layer:
      case Memory::segment:
      case Memory::configuration:
        return static_cast<std::uint32_t>(shared_high << 16 | shared_low);
      case Memory::table:
      case Memory::noise_key:
        return 0;
      default:
        return identity(a.word) ? identity_of(a.word) : register_then;
    }
  }

  std::uint32_t identity_of(std::uint32_t offset) const {
    switch (offset) {
      case registers::magic:
        return registers::kMagicValue;
      case registers::version:
        return registers::kVersionValue;
      case registers::config_hash_lo:
        return static_cast<std::uint32_t>(tiny_.hash());
      case registers::config_hash_hi:
        return static_cast<std::uint32_t>(tiny_.hash() >> 32);
      case registers::hardware_hash:
        return hardware_word(hardware_hash(std::string(SETTLE_SOURCE_DIR) + "/rtl"));
      case registers::sizes:
        return in_place(registers::kSizesLanes, lanes_) | in_place(registers::kSizesLayers, tiny_.layers);
      default:
        return static_cast<std::uint32_t>(tiny_.cells);
    }
  }

  /// Cycle `i` of an access: what memories and registers are told.
  void check_access(const Access& a, int i) {
    const bool first = i == 0;
    if (i < 2) {
      wrong_.writes += bench_->region_o != a.region || bench_->word_o != a.word || (bench_->half_o != 0) != (i == 1);
    }
    wrong_.writes += (bench_->answer_half_o != 0) != (i == 2);
    wrong_.writes += (bench_->we_o != 0) != (first && a.write && a.idle);
    // No register has a half of its own.
    if (!a.in_registers()) wrong_.writes += (bench_->half_we_o != 0) != (i < 2 && a.write && a.idle);
    wrong_.writes += (bench_->control_we_o != 0) != (first && a.write && a.in_registers());
    wrong_.writes += (bench_->refused_o != 0) != (first && a.refused());
    wrong_.lanes += get_bits(bench_->lane_mask_o, 0, lanes_) != std::uint64_t{1}
                                                                    << (a.word % static_cast<std::uint32_t>(lanes_));
  }

  void cycle() {
    bench_.settle();
    addressed_ = next_;
    addressed_upper_ = bench_->half_o != 0;
    bench_.clock();
  }

  int lanes_, state_width_, coefficient_width_;
  Random random_;
  Bench<Module> bench_;
  Configuration tiny_;
  Access next_{}, addressed_{};
  bool addressed_upper_ = false;
  Wrong wrong_;
  int answered_ = 0, refused_ = 0;
};

template <class Module>
void compare(int lanes, int state_width, int coefficient_width) {
  PortBench<Module> bench(lanes, state_width, coefficient_width);
  for (int i = 0; i < 20000; ++i) bench.access(bench.draw());
  for (int cycles = 1; cycles <= kAnswer; ++cycles) {
    bench.interrupted(cycles);
    bench.access(bench.draw());
  }
  CHECK(bench.wrong().times == 0);
  CHECK(bench.wrong().errors == 0);
  CHECK(bench.wrong().answers == 0);
  CHECK(bench.wrong().writes == 0);
  CHECK(bench.wrong().lanes == 0);
  CHECK(bench.answered() > 5000);
  CHECK(bench.refused() > 2000);
}

}  // namespace

TEST_CASE("host_port: one lane, narrow states and coefficients") { compare<VM_port_1>(1, 20, 12); }

TEST_CASE("host_port: four lanes") { compare<VM_port_4>(4, 24, 16); }

}  // namespace host_port_bench
