// Compiled once for each set of instructions, as kernels.cpp is.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "programs/bench/limits/multiply_adds.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h
#include <hwy/highway.h>

#include "array/ensemble/vectors-inl.hpp"
#include "base/cpu_time.hpp"
#include "programs/bench/limits/limits.hpp"

HWY_BEFORE_NAMESPACE();
namespace settle::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Vectors = ensemble::HWY_NAMESPACE::VectorsOf<hn::CappedTag<std::int32_t, ensemble::kChains>>;
using D = Vectors::D;
using V = Vectors::V;

/// What the ensemble engine's loops do.
HWY_INLINE V multiply_add(V a, V b, V sum) { return Vectors::multiply_add(a, b, sum); }

/// Makes 12 * count multiply-adds of a vector; returns a number that all of them go into. Each accumulator multiplies
/// itself, or a compiler would make one product for all turns. Twelve hide six cycles at two multiply-adds a cycle.
std::int32_t turns(std::int64_t count, std::int32_t start) {
  const D d;
  const V factor = hn::Set(d, start | 1);
  V s0 = hn::Iota(d, start), s1 = hn::Iota(d, 1), s2 = hn::Iota(d, 2), s3 = hn::Iota(d, 3);
  V s4 = hn::Iota(d, 4), s5 = hn::Iota(d, 5), s6 = hn::Iota(d, 6), s7 = hn::Iota(d, 7);
  V s8 = hn::Iota(d, 8), s9 = hn::Iota(d, 9), s10 = hn::Iota(d, 10), s11 = hn::Iota(d, 11);
  for (std::int64_t i = 0; i < count; ++i) {
    s0 = multiply_add(s0, factor, s0);
    s1 = multiply_add(s1, factor, s1);
    s2 = multiply_add(s2, factor, s2);
    s3 = multiply_add(s3, factor, s3);
    s4 = multiply_add(s4, factor, s4);
    s5 = multiply_add(s5, factor, s5);
    s6 = multiply_add(s6, factor, s6);
    s7 = multiply_add(s7, factor, s7);
    s8 = multiply_add(s8, factor, s8);
    s9 = multiply_add(s9, factor, s9);
    s10 = multiply_add(s10, factor, s10);
    s11 = multiply_add(s11, factor, s11);
  }
  const V a = hn::Add(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)), hn::Add(s4, s5));
  const V b = hn::Add(hn::Add(hn::Add(s6, s7), hn::Add(s8, s9)), hn::Add(s10, s11));
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(a, b)));
}

std::int64_t products_of_turn() { return 12 * 2 * static_cast<std::int64_t>(hn::Lanes(D())); }

const char* instructions() { return hwy::TargetName(HWY_TARGET); }

}  // namespace settle::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace settle {

HWY_EXPORT(turns);
HWY_EXPORT(products_of_turn);
HWY_EXPORT(instructions);

double multiply_adds_per_second(double seconds) {
  constexpr std::int64_t kTurns = 1 << 16;
  std::int32_t kept = 1;
  std::int64_t made = 0;
  kept = HWY_DYNAMIC_DISPATCH(turns)(kTurns, kept);  // the clock of the core may have to rise first
  const double begin = cpu_seconds();
  double taken = 0;
  while (taken < seconds) {
    kept = HWY_DYNAMIC_DISPATCH(turns)(kTurns, kept);
    made += kTurns;
    taken = cpu_seconds() - begin;
  }
  volatile std::int32_t used = kept;
  static_cast<void>(used);
  return static_cast<double>(made * HWY_DYNAMIC_DISPATCH(products_of_turn)()) / taken;
}

const char* multiply_add_instructions() { return HWY_DYNAMIC_DISPATCH(instructions)(); }

}  // namespace settle
#endif
