// The noise: its distribution against what its own table implies and against the Gaussian, its independence, its seeds.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "array/model/noise.hpp"
#include "base/parallel.hpp"
#include "base/splitmix.hpp"
#include "contract/configuration/gaussian.hpp"
#include "generated/gaussian_table.hpp"
#include "physics/anderson_darling.hpp"
#include "physics/cipher_words.hpp"
#include "physics/context.hpp"
#include "physics/loaded_array.hpp"
#include "physics/machines.hpp"
#include "physics/p_values.hpp"

namespace settle::physics::noise {

namespace {

constexpr double kUnit = 4096;  // samples have 12 fraction bits
constexpr int kCells = 4096;    // of one step

Claim claim_of(const std::string& text, const char* against, const std::string& engine = "model") {
  return {"noise", text, against, engine};
}

double tail(double sigma) { return std::erfc(sigma / std::sqrt(2.0)); }  // two-sided, of the Gaussian

// ---- Distribution

/// How often each of the 65,536 samples came, index sample + 32768.
using Histogram = std::vector<std::uint64_t>;

Histogram histogram_of(const Context& context, std::uint64_t seed, std::uint64_t steps) {
  const std::size_t chunks = 256, workers = worker_count(chunks);
  std::vector<Histogram> each(workers, Histogram(65536, 0));
  const Noise noise(seed, kRounds);
  parallel_for(
      chunks, workers,
      [&](std::size_t chunk, std::size_t worker) {
        std::vector<std::int16_t> samples(kCells);
        Histogram& counts = each[worker];
        for (std::uint64_t step = steps * chunk / chunks; step < steps * (chunk + 1) / chunks; ++step) {
          noise.fill(step, kCells, samples.data());
          for (const std::int16_t s : samples) ++counts[static_cast<std::size_t>(s + 32768)];
        }
        if (worker == 0) context.progress(static_cast<long long>(chunk), static_cast<long long>(chunks));
      },
      context.stop);
  Histogram sum(65536, 0);
  for (const Histogram& one : each) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += one[i];
  }
  return sum;
}

/// Probability of each sample as the table implies it: all 2^32 words, in classes that share a sample.
std::vector<double> implied_law() {
  std::vector<double> law(65536, 0);
  const auto add = [&](std::uint32_t magnitude, double probability) {
    const std::int32_t sample = gaussian_sample(kGaussianTable.data(), magnitude);
    law[static_cast<std::size_t>(std::int64_t{32768} + sample)] += probability / 2;
    law[static_cast<std::size_t>(std::int64_t{32768} - sample)] += probability / 2;
  };
  add(0, std::ldexp(1.0, -31));
  for (int bits = 0; bits <= 30; ++bits) {  // below the leading one; the fourteen upper ones of them decide
    const int kept = std::min(bits, 14);
    for (std::uint32_t top = 0; top < (1u << kept); ++top) {
      add((1u << bits) + (top << (bits - kept)), std::ldexp(1.0, bits - kept - 31));
    }
  }
  return law;
}

template <typename Counts>
double moment(const Counts& law, int power) {
  double sum = 0, all = 0;
  for (int i = 0; i < 65536; ++i) {
    const auto weight = static_cast<double>(law[static_cast<std::size_t>(i)]);
    sum += weight * std::pow((i - 32768) / kUnit, power);
    all += weight;
  }
  return sum / all;
}

/// Weight beyond `sigma`. Samples are rounded to a grid, so one that stands at the edge counts half.
template <typename Counts>
double beyond(const Counts& law, int sigma) {
  double sum = 0;
  for (int i = 0; i < 65536; ++i) {
    const auto here = static_cast<double>(law[static_cast<std::size_t>(i)]);
    const double distance = std::abs(i - 32768) - sigma * kUnit;
    if (distance >= 0) sum += distance == 0 ? here / 2 : here;
  }
  return sum;
}

void table_claims(const Context& context, const std::vector<double>& law) {
  const auto claim = [&](const char* what, const char* against) { return claim_of(what, against, "-"); };
  const double variance = moment(law, 2);
  context.suite.exact(claim("mean that the table implies", "0"), moment(law, 1), -1e-12, 1e-12);
  context.suite.exact(claim("variance that the table implies, less 1", "0"), variance - 1, -1e-3, 1e-3);
  context.suite.exact(claim("skewness that the table implies", "0"), moment(law, 3), -1e-12, 1e-12);
  context.suite.exact(claim("kurtosis that the table implies, over 3, less 1", "0"),
                      moment(law, 4) / (3 * variance * variance) - 1, -1e-3, 1e-3);
  // A count of words is a whole number: of 2^31 magnitudes 4.2 lie beyond 6 sigma.
  for (const int sigma : {3, 4, 5, 6}) {
    const double slack = 0.001 + std::ldexp(1.0, -31) / tail(sigma);
    context.suite.exact(
        claim_of(fmt::format("probability beyond {} sigma that the table implies, relative, less 1", sigma),
                 "the Gaussian's, to a word", "-"),
        beyond(law, sigma) / tail(sigma) - 1, -slack, slack);
  }
}

void distribution_claims(const Context& context, const std::vector<double>& law) {
  const std::uint64_t steps = context.fast ? 25000 : 2450000;  // 1e8, 1.0035e10 samples
  const Histogram found = histogram_of(context, context.seed, steps);
  if (context.stop()) return;
  double n = 0;
  for (const std::uint64_t count : found) n += static_cast<double>(count);
  const std::string size = fmt::format("of {:.3g} samples", n);
  const double root = std::sqrt(n);
  std::array<double, 9> m{};
  for (std::size_t k = 2; k < m.size(); k += 2) m[k] = moment(law, static_cast<int>(k));
  const auto claim = [&](const char* what) { return claim_of(fmt::format("{} {}", what, size), "its table"); };
  const auto test = [&](const char* what, int power, double expected, double square) {
    const double error = std::sqrt(square - expected * expected) / root;
    context.suite.statistical(claim(what), {normal_p((moment(found, power) - expected) / error)}, 5.6 * error);
  };
  test("mean", 1, 0, m[2]);
  test("variance", 2, m[2], m[4]);
  test("third moment", 3, 0, m[6]);
  test("fourth moment", 4, m[4], m[8]);
  for (const int sigma : {3, 4, 5, 6}) {
    const double count = beyond(found, sigma), implied = n * beyond(law, sigma), expected = n * tail(sigma);
    const std::string what = fmt::format("count beyond {} sigma {}", sigma, size);
    context.suite.statistical(claim_of(what, "its table"), {count_p(count, implied)}, 5.6 / std::sqrt(implied));
    context.suite.statistical(claim_of(what, "the Gaussian"), {count_p(count, expected)}, 5.6 / std::sqrt(expected));
  }
}

/// Anderson-Darling on the sample grid: the integral of (F_n - F)^2 / (F (1 - F)) dF as a sum over the grid's cells, F
/// the Gaussian at their edges. The grid is fine against 1 / sqrt(n): it adds 0.1 to a statistic whose mean is 1.
void anderson_darling_claim(const Context& context) {
  const std::uint64_t steps = 2442;  // 1e7 samples
  const Histogram found = histogram_of(context, context.seed + 1, steps);
  if (context.stop()) return;
  const double n = static_cast<double>(steps) * kCells;
  double below = 0, square = 0, before = 0;
  for (int i = 0; i < 65535; ++i) {
    below += static_cast<double>(found[static_cast<std::size_t>(i)]);
    const double edge = (i - 32768 + 0.5) / kUnit;
    const double f = 0.5 * std::erfc(-edge / std::sqrt(2.0)), g = 0.5 * std::erfc(edge / std::sqrt(2.0));
    const double mass = f - before;
    before = f;
    if (f * g > 1e-14) square += n * (below / n - f) * (below / n - f) / (f * g) * mass;
  }
  context.suite.statistical(claim_of("Anderson-Darling of 1e7 samples", "the Gaussian"), {anderson_darling_p(square)});
}

/// What a sum of 16 uniform numbers gives at 4 sigma: the suite must tell it from a Gaussian.
void sum_control(const Context& context) {
  SplitMix64 words(context.seed);
  constexpr int kSamples = 2000000;
  double count = 0;
  for (int n = 0; n < kSamples; ++n) {
    double sum = 0;
    for (int k = 0; k < 16; ++k) sum += std::ldexp(static_cast<double>(words.next() >> 11), -53) - 0.5;
    count += std::abs(sum * std::sqrt(12.0 / 16)) > 4;
  }
  context.suite.exact(claim_of("control: a sum of 16 uniforms is rejected at 4 sigma, p", "1e-6", "-"),
                      count_p(count, kSamples * tail(4)), 0, 1e-6);
}

// ---- Independence

struct Product {
  std::int64_t sum = 0;
  void add(const std::int16_t* a, const std::int16_t* b, int n) {
    std::int64_t part = 0;
    for (int i = 0; i < n; ++i) part += std::int32_t{a[i]} * b[i];
    sum += part;
  }
  double p(double n) const { return normal_p(static_cast<double>(sum) / (kUnit * kUnit) / std::sqrt(n)); }
};

void correlation_claims(const Context& context) {
  constexpr int kLags = 64;
  const std::uint64_t steps = context.fast ? 1000 : 245000;  // 4e6, 1e9 products a lag
  const Noise noise(context.seed + 2, kRounds);
  std::vector<std::vector<std::int16_t>> past(kLags + 1, std::vector<std::int16_t>(kCells));
  std::vector<Product> lag(kLags + 1), neighbour(kLags + 1);
  Product partner;
  for (std::uint64_t s = 0; s < steps; ++s) {
    if (context.stop()) return;
    if (s % 1000 == 0) context.progress(static_cast<long long>(s), static_cast<long long>(steps));
    std::vector<std::int16_t>& now = past[s % past.size()];
    noise.fill(s, kCells, now.data());
    for (std::uint64_t k = 1; k <= std::min<std::uint64_t>(kLags, s); ++k) {
      lag[k].add(now.data(), past[(s - k) % past.size()].data(), kCells);
    }
    if (s % 8 != 0) continue;  // an eighth is enough beside the lags
    for (int d = 1; d <= kLags; ++d) neighbour[static_cast<std::size_t>(d)].add(now.data(), now.data() + d, kCells - d);
    for (int i = 0; i < kCells; i += 2)
      partner.sum += std::int32_t{now[static_cast<std::size_t>(i)]} * now[static_cast<std::size_t>(i) + 1];
  }
  std::vector<double> of_lags, of_neighbours;
  for (std::uint64_t k = 1; k <= kLags; ++k) {
    of_lags.push_back(lag[k].p(static_cast<double>(steps - k) * kCells));
    const std::uint64_t taken = (steps + 7) / 8;
    const double pairs = static_cast<double>(taken) * (kCells - static_cast<double>(k));
    of_neighbours.push_back(neighbour[k].p(pairs));
  }
  const double n = static_cast<double>(steps) * kCells;
  context.suite.statistical(
      claim_of(fmt::format("correlation with the same cell 1 to 64 steps on, {:.2g} products", n), "0"), of_lags,
      5.6 / std::sqrt(n));
  context.suite.statistical(
      claim_of(fmt::format("correlation with the 64 cells after it, {:.2g} products", n / 8), "0"), of_neighbours,
      5.6 / std::sqrt(n / 8));
  context.suite.statistical(claim_of("correlation of the two cells of one cipher block", "0"), {partner.p(n / 16)},
                            5.6 / std::sqrt(n / 16));
}

// ---- Seeds and counters

/// Flips of 64 output bits per flipped input bit: binomial with probability 1/2. Least p over all pairs.
std::vector<double> avalanche(int rounds, bool of_key, int trials, std::uint64_t seed) {
  std::vector<double> p;
  for (int bit = 0; bit < 64; ++bit) {
    std::array<int, 64> flips{};
    for (int n = 0; n < trials; ++n) {
      const std::uint64_t key = mix64(seed = mix64(seed)), counter = mix64(key + 1), change = std::uint64_t{1} << bit;
      const std::uint64_t a = encrypt(seed_cipher(key, rounds), counter);
      const std::uint64_t b = of_key ? encrypt(seed_cipher(key ^ change, rounds), counter)
                                     : encrypt(seed_cipher(key, rounds), counter ^ change);
      for (std::size_t out = 0; out < 64; ++out) flips[out] += static_cast<int>(((a ^ b) >> out) & 1u);
    }
    for (const int count : flips) p.push_back(normal_p((count - 0.5 * trials) / (0.5 * std::sqrt(trials))));
  }
  return p;
}

void cipher_claims(const Context& context) {
  const int trials = context.fast ? 200 : 20000;
  context.suite.statistical(claim_of("each of 64 seed bits flips half of each output bit", "1/2"),
                            avalanche(kRounds, true, trials, context.seed + 3), 5.6 / std::sqrt(trials));
  context.suite.statistical(claim_of("each of 64 counter bits flips half of each output bit", "1/2"),
                            avalanche(kRounds, false, trials, context.seed + 4), 5.6 / std::sqrt(trials));
  const std::vector<double> few = avalanche(4, false, 200, context.seed + 5);
  context.suite.exact(claim_of("control: 4 rounds are rejected, p", "1e-9", "-"),
                      *std::min_element(few.begin(), few.end()), 0, 1e-9);

  int different = 0;
  std::uint64_t word = context.seed + 6;
  for (int n = 0; n < 100000; ++n) {
    const Speck64 cipher = seed_cipher(word = mix64(word));
    const std::uint64_t counter = n == 0 ? 0 : n == 1 ? counter_of(kLastStep, kLastCell) : mix64(word + 1);
    different += decrypt(cipher, encrypt(cipher, counter)) != counter;
  }
  context.suite.exact(
      claim_of("blocks that the inverse cipher does not lead back: a seed permutes all 2^64 blocks", "0"), different, 0,
      0);

  // 2^6 seeds, neighbours in the seed's bits: blocks that two of them share, expected 2^44 / 2^65 at 2^16 blocks each.
  std::vector<std::uint64_t> blocks;
  const std::uint64_t each = context.fast ? 1 << 12 : 1 << 16;
  for (int bit = 0; bit < 64; ++bit) {
    const Speck64 cipher = seed_cipher(context.seed ^ (std::uint64_t{1} << bit));
    for (std::uint64_t step = 0; step < each; ++step) blocks.push_back(encrypt(cipher, counter_of(step, 0)));
  }
  std::sort(blocks.begin(), blocks.end());
  const auto shared = blocks.end() - std::unique(blocks.begin(), blocks.end());
  context.suite.exact(claim_of("blocks that the streams of 64 neighbouring seeds share", "0"),
                      static_cast<double>(shared), 0, 0);

  std::vector<double> crossed;
  const std::uint64_t steps = context.fast ? 20 : 1000;
  std::vector<std::int16_t> a(kCells), b(kCells);
  for (int bit = 0; bit < 64; ++bit) {
    const Noise one(context.seed, kRounds), other(context.seed ^ (std::uint64_t{1} << bit), kRounds);
    Product product;
    for (std::uint64_t step = 0; step < steps; ++step) {
      one.fill(step, kCells, a.data());
      other.fill(step, kCells, b.data());
      product.add(a.data(), b.data(), kCells);
    }
    crossed.push_back(product.p(static_cast<double>(steps) * kCells));
  }
  context.suite.statistical(claim_of("correlation of the streams of seeds one bit apart", "0"), crossed,
                            5.6 / std::sqrt(static_cast<double>(steps) * kCells));
}

/// Cells without any force and a noise gain of 1 take one sample times e = 1/4 per step, exactly: states show the
/// samples.
void device_claim(const Context& context, const std::string& engine) {
  constexpr int kSteps = 7000;
  const Configuration c = tiny(2);
  LoadedArray array(context, engine, c, single_cells(16, 3, 0, 0, {}, c.step()), c.step() / 2, 0);
  const Eigen::VectorXd zero = Eigen::VectorXd::Zero(array.cells());
  std::uint64_t compared = 0, different = 0, seed = 0, step = 0;
  for (int n = 0; n < kSteps && !context.stop(); ++n, ++step) {
    if (n % 50 == 0) {  // another seed, and another place of the stream
      seed = mix64(seed + context.seed);
      step = n == 50 ? kLastStep - 30 : mix64(seed + 7) >> 24;
      array.set_noise(seed, step);
    }
    array.set_states(zero);
    array.run(1);
    const Noise noise(seed, kRounds);
    const Eigen::VectorXd x = array.states();
    for (int i = 0; i < array.cells(); ++i, ++compared) {
      different += std::llround(x[i] * 4 * kUnit) != noise.sample(step & kLastStep, static_cast<std::uint32_t>(i));
    }
  }
  context.suite.exact(claim_of(fmt::format("samples in the array that differ from the definition, of {:.2g}",
                                           static_cast<double>(compared)),
                               "0", engine),
                      static_cast<double>(different), 0, 0);
}

}  // namespace

void claims(const Context& context) {
  const std::vector<double> law = implied_law();
  table_claims(context, law);
  distribution_claims(context, law);
  if (context.stop()) return;
  anderson_darling_claim(context);
  sum_control(context);
  cipher_claims(context);
  correlation_claims(context);
  for (const std::string& engine : context.engines) {
    if (!context.stop()) device_claim(context, engine);
  }
}

}  // namespace settle::physics::noise
