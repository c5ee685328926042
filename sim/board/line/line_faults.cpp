#include "sim/board/line/line_faults.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "sim/board/line/pin_board.hpp"

namespace settle {

namespace {

constexpr std::uint32_t kBoardStream = 0xb0a2d;

void check_probability(const char* name, double value) {
  if (!(value >= 0 && value <= 1)) throw error("fault rate {}: {}; 0 to 1 is allowed", name, value);
}

}  // namespace

void FaultRates::check() const {
  check_probability("drop", drop);
  check_probability("flip", flip);
  check_probability("repeat", repeat);
  check_probability("delay", delay);
  check_probability("hang_up", hang_up);
  if (most_delay < 1) throw error("most_delay: 0 cycles; 1 or more is allowed");
  if (!(reset >= 0) || std::isinf(reset))
    throw error("resets per second: {}; a finite number from 0 is allowed", reset);
}

FaultRandom::FaultRandom(std::uint64_t seed, std::uint32_t stream) {
  std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), stream};
  generator_.seed(words);
}

LineFaults::LineFaults(const FaultRates& rates, std::uint32_t direction)
    : rates_(rates), random_(rates.seed, direction) {
  rates.check();
}

void LineFaults::push(std::uint8_t byte, std::uint64_t now) {
  // Every byte takes the same numbers, whatever becomes of it: one rate changed leaves the other faults where they
  // were.
  const bool drop = random_.chance(rates_.drop), flip = random_.chance(rates_.flip),
             repeat = random_.chance(rates_.repeat), delay = random_.chance(rates_.delay);
  const std::uint64_t bit = random_.below(8), wait = 1 + random_.below(rates_.most_delay);
  ++counts_.bytes;
  if (drop) {
    ++counts_.dropped;
    return;
  }
  if (flip) {
    ++counts_.flipped;
    byte = static_cast<std::uint8_t>(byte ^ 1U << bit);
  }
  last_due_ = std::max(last_due_, now);
  if (delay) {
    ++counts_.delayed;
    last_due_ = std::max(last_due_, now + wait);
  }
  held_.push_back({byte, last_due_});
  if (repeat) {
    ++counts_.repeated;
    held_.push_back({byte, last_due_});
  }
}

BoardFaults::BoardFaults(const FaultRates& rates) : rates_(rates), random_(rates.seed, kBoardStream) {
  rates.check();
  plan_reset(0);
}

void BoardFaults::byte() {
  ++bytes_;
  if (random_.chance(rates_.hang_up) || bytes_ == rates_.hang_up_after) hang_up_due_ = true;
  if (bytes_ == rates_.reset_after) reset_due_ = true;
}

bool BoardFaults::reset(std::uint64_t now) {
  ++resets_;
  reset_due_ = false;
  if (now >= next_reset_) plan_reset(now);
  return true;
}

/// Resets are independent of one another: the times between them have an exponential distribution.
void BoardFaults::plan_reset(std::uint64_t now) {
  next_reset_ = std::numeric_limits<std::uint64_t>::max();
  if (rates_.reset == 0) return;
  const double cycles = -std::log1p(-random_.uniform()) / rates_.reset * static_cast<double>(kNominalHertz);
  if (cycles < 0x1p62) next_reset_ = now + 1 + static_cast<std::uint64_t>(cycles);
}

}  // namespace settle
