#include "array/model/noise.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/vectorise.hpp"
#include "generated/gaussian_table.hpp"

namespace settle {

namespace {

Speck64::Block counter(std::uint64_t step, std::uint32_t pair) {
  const std::uint64_t value = (step << 24) | pair;
  return {static_cast<std::uint32_t>(value >> 32), static_cast<std::uint32_t>(value)};
}

constexpr int kBatch = 64;  // blocks side by side, so that the compiler can use vector registers

SETTLE_VECTORISE
void encrypt_batch(const std::uint32_t* keys, int rounds, std::uint32_t high0, std::uint32_t low0,
                   std::uint32_t* __restrict high, std::uint32_t* __restrict low) {
  for (int i = 0; i < kBatch; ++i) {
    high[i] = high0;
    low[i] = low0 + static_cast<std::uint32_t>(i);
  }
  for (int r = 0; r < rounds; ++r) {
    const std::uint32_t key = keys[r];
    for (int i = 0; i < kBatch; ++i) {
      const std::uint32_t h = (((high[i] >> 8) | (high[i] << 24)) + low[i]) ^ key;
      low[i] = ((low[i] << 3) | (low[i] >> 29)) ^ h;
      high[i] = h;
    }
  }
}

void check_rounds(int rounds) {
  if (rounds < 1 || rounds > Speck64::kMaxRounds) {
    throw error("noise rounds: {} is not 1 to {}", rounds, Speck64::kMaxRounds);
  }
}

}  // namespace

Speck64::Speck64(const std::array<std::uint32_t, 4>& key, int rounds) : rounds_(rounds) {
  check_rounds(rounds);
  std::uint32_t k = key[0];
  std::array<std::uint32_t, 3> l{key[1], key[2], key[3]};
  for (std::uint32_t i = 0; i < kMaxRounds; ++i) {
    keys_[i] = k;
    const std::uint32_t next = (k + rotate_right(l[i % 3], 8)) ^ i;
    l[i % 3] = next;
    k = rotate_left(k, 3) ^ next;
  }
}

Speck64::Speck64(const std::vector<std::uint32_t>& round_keys) : rounds_(static_cast<int>(round_keys.size())) {
  check_rounds(rounds_);
  std::copy(round_keys.begin(), round_keys.end(), keys_.begin());
}

std::vector<std::uint32_t> noise_keys(std::uint64_t seed, int rounds) {
  const Speck64 cipher({static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), 0u, 0u}, rounds);
  return {cipher.keys().begin(), cipher.keys().begin() + rounds};
}

Noise::Noise(std::uint64_t seed, int rounds, int fraction) : Noise(noise_keys(seed, rounds), fraction) {}

Noise::Noise(const std::vector<std::uint32_t>& round_keys, int fraction)
    : cipher_(round_keys), drop_(kNoiseFraction - fraction) {
  if (fraction < 1 || drop_ < 0) throw error("noise fraction: {} is not 1 to {}", fraction, kNoiseFraction);
}

std::int32_t Noise::sample(std::uint64_t step, std::uint32_t cell) const {
  const Speck64::Block block = cipher_.encrypt(counter(step, cell >> 1));
  return gaussian_sample(kGaussianTable.data(), (cell & 1u) == 0 ? block.high : block.low, drop_);
}

void Noise::fill(std::uint64_t step, int count, std::int16_t* out) const {
  std::array<std::uint32_t, kBatch> high, low;
  for (int first = 0; first < count; first += 2 * kBatch) {
    const Speck64::Block start = counter(step, static_cast<std::uint32_t>(first / 2));
    encrypt_batch(cipher_.keys().data(), cipher_.rounds(), start.high, start.low, high.data(), low.data());
    const int here = std::min(count - first, 2 * kBatch);
    for (int i = 0; i < here; ++i) {
      const auto pair = static_cast<std::size_t>(i / 2);
      out[first + i] = static_cast<std::int16_t>(
          gaussian_sample(kGaussianTable.data(), (i & 1) == 0 ? high[pair] : low[pair], drop_));
    }
  }
}

}  // namespace settle
