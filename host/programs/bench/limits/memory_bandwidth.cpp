#include <chrono>
#include <vector>

#include "programs/bench/limits/limits.hpp"

namespace settle {

namespace {

void triad(double* a, const double* b, const double* c, double s, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) a[i] = b[i] + s * c[i];
}

}  // namespace

double memory_bytes_per_second(double seconds) {
  constexpr std::size_t kNumbers = (std::size_t{256} << 20) / 3 / sizeof(double);
  std::vector<double> a(kNumbers, 0.0), b(kNumbers, 1.0), c(kNumbers, 2.0);
  const auto begin = std::chrono::steady_clock::now();
  double taken = 0, turns = 0;
  while (taken < seconds) {
    triad(a.data(), b.data(), c.data(), 0.5, kNumbers);
    b.swap(a);  // the next turn needs what this one made
    ++turns;
    taken = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  volatile double used = b[kNumbers / 2];
  static_cast<void>(used);
  return 3 * sizeof(double) * static_cast<double>(kNumbers) * turns / taken;
}

}  // namespace settle
