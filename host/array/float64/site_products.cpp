// Compiled once for each set of instructions: Highway reads this file again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "array/float64/site_products.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h
#include <hwy/highway.h>

#include "array/float64/site_products.hpp"
#include "base/every_target.hpp"

HWY_BEFORE_NAMESPACE();
namespace settle::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Chains = hn::CappedTag<double, kFloat64Chains>;
using Vector = hn::Vec<Chains>;

/// A product and a sum are two roundings on every processor: no fused multiply-add, whose bits would be others.
HWY_INLINE Vector plus_product(Vector sum, Vector row, double coefficient) {
  return hn::Add(sum, hn::Mul(row, hn::Set(Chains(), coefficient)));
}

/// Outputs `o` to o + 7 of a site.
HWY_INLINE void make_outputs(const SiteProducts& p, std::size_t first, std::size_t end, std::size_t o, double factor,
                             const double* from, double* to, bool subtract) {
  const Chains d;
  const std::size_t padded = p.padded();
  for (std::size_t c = 0; c < kFloat64Chains; c += hn::Lanes(d)) {
    Vector s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (std::size_t t = first; t < end; ++t) {
      const double* x = from + std::size_t{p.terms[t].first_row} * kFloat64Chains + c;
      const double* k = p.coefficients.data() + p.terms[t].matrix + o;
      for (int i = 0; i < p.inputs; ++i, x += kFloat64Chains, k += padded) {
        const Vector row = hn::LoadU(d, x);
        s0 = plus_product(s0, row, k[0]);
        s1 = plus_product(s1, row, k[1]);
        s2 = plus_product(s2, row, k[2]);
        s3 = plus_product(s3, row, k[3]);
        s4 = plus_product(s4, row, k[4]);
        s5 = plus_product(s5, row, k[5]);
        s6 = plus_product(s6, row, k[6]);
        s7 = plus_product(s7, row, k[7]);
      }
    }
    const Vector scale = hn::Set(d, factor);
    const auto put = [&](std::size_t row, Vector sum) HWY_ATTR {
      if (o + row >= static_cast<std::size_t>(p.outputs)) return;
      double* const place = to + (o + row) * kFloat64Chains + c;
      const Vector value = hn::Mul(sum, scale);
      hn::StoreU(subtract ? hn::Sub(hn::LoadU(d, place), value) : value, d, place);
    };
    put(0, s0), put(1, s1), put(2, s2), put(3, s3), put(4, s4), put(5, s5), put(6, s6), put(7, s7);
  }
}

void make_products(const SiteProducts& p, const double* from, double* to, bool subtract) {
  const auto outputs = static_cast<std::size_t>(p.outputs);
  std::size_t first = 0;
  for (std::size_t s = 0; s < p.ends.size(); ++s) {
    const double factor = p.factor.empty() ? 1 : p.factor[s];
    for (std::size_t o = 0; o < outputs; o += kFloat64Outputs) {
      make_outputs(p, first, p.ends[s], o, factor, from, to, subtract);
    }
    first = p.ends[s];
    to += outputs * kFloat64Chains;
  }
}

void subtract_made_products(const SiteProducts& p, const double* from, double* to) { make_products(p, from, to, true); }

SubtractProducts subtract() { return &subtract_made_products; }

}  // namespace settle::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace settle {

HWY_EXPORT(make_products);
HWY_EXPORT(subtract);

void set_products(const SiteProducts& products, const double* from, double* to) {
  HWY_DYNAMIC_DISPATCH(make_products)(products, from, to, false);
}

void subtract_products(const SiteProducts& products, const double* from, double* to) {
  HWY_DYNAMIC_DISPATCH(make_products)(products, from, to, true);
}

std::vector<SubtractProducts> runnable_subtract_products() {
  return of_every_target([] { return HWY_DYNAMIC_DISPATCH(subtract)(); });
}

}  // namespace settle
#endif
