// Compiled once for each set of instructions: Highway reads this file again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "array/ensemble/kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h
#include <hwy/highway.h>

#include "array/ensemble/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace settle::ensemble::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<std::int32_t, kChains>;
using V = hn::Vec<D>;

HWY_INLINE std::size_t lanes() { return hn::Lanes(D()); }
HWY_INLINE std::size_t at(std::size_t row) { return row * kChains; }
HWY_INLINE V set(std::int32_t value) { return hn::Set(D(), value); }
HWY_INLINE V load(const std::int32_t* from) { return hn::Load(D(), from); }
HWY_INLINE void store(V v, std::int32_t* to) { hn::Store(v, D(), to); }
HWY_INLINE V zero() { return hn::Zero(D()); }

/// sum + the products of both numbers of each pair.
HWY_INLINE V multiply_add(V a, V b, V sum) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  const hn::Repartition<std::int16_t, D> d16;
  V unused = zero();
  return hn::ReorderWidenMulAccumulate(D(), hn::BitCast(d16, a), hn::BitCast(d16, b), sum, unused);
#else
  const auto low = [](V v) HWY_ATTR { return hn::ShiftRight<16>(hn::ShiftLeft<16>(v)); };
  const auto high = [](V v) HWY_ATTR { return hn::ShiftRight<16>(v); };
  return hn::Add(sum, hn::Add(hn::Mul(low(a), low(b)), hn::Mul(high(a), high(b))));
#endif
}

HWY_INLINE V clamped(V v, const Rounding& r) { return hn::Min(hn::Max(v, set(r.lowest)), set(r.highest)); }

/// Adds a part to the sums from `place` on.
HWY_INLINE void add_part(const Sums& sums, std::size_t place, V part) {
  if (sums.high == nullptr) {
    store(hn::Add(load(sums.low + place), part), sums.low + place);
    return;
  }
  const V mask = set((1 << sums.shift) - 1);
  store(hn::Add(load(sums.low + place), hn::And(part, mask)), sums.low + place);
  store(hn::Add(load(sums.high + place), hn::ShiftRightSame(part, sums.shift)), sums.high + place);
}

HWY_INLINE void begin_sum(const Sums& sums, std::size_t place, V part) {
  if (sums.high == nullptr) {
    store(part, sums.low + place);
    return;
  }
  store(hn::And(part, set((1 << sums.shift) - 1)), sums.low + place);
  store(hn::ShiftRightSame(part, sums.shift), sums.high + place);
}

/// (sum + half) >> shift. Split sums are split at the same shift.
HWY_INLINE V rounded(const Sums& sums, std::size_t place, const Rounding& r) {
  const V low = hn::ShiftRightSame(hn::Add(load(sums.low + place), set(r.half)), r.shift);
  return sums.high == nullptr ? low : hn::Add(low, load(sums.high + place));
}

/// Grows each count whose value was clipped.
HWY_INLINE V counted(V counts, V value, V clipped) {
  return hn::Sub(counts, hn::VecFromMask(D(), hn::Ne(value, clipped)));
}

void operands(const std::int32_t* state, int sites, int site_cells, const Rounding& r, std::int32_t* pairs) {
  const auto cells = static_cast<std::size_t>(site_cells);
  const auto operand = [&](const std::int32_t* x)
                           HWY_ATTR { return clamped(hn::ShiftRightSame(hn::Add(load(x), set(r.half)), r.shift), r); };
  for (int s = 0; s < sites; ++s) {
    for (std::size_t i = 0; i < cells; i += 2) {
      for (std::size_t c = 0; c < kChains; c += lanes()) {
        V pair = hn::And(operand(state + at(i) + c), set(0xffff));
        if (i + 1 < cells) pair = hn::Or(pair, hn::ShiftLeft<16>(operand(state + at(i + 1) + c)));
        store(pair, pairs + c);
      }
      pairs += kChains;
    }
    state += at(cells);
  }
}

using U = hn::Vec<hn::RebindToUnsigned<D>>;

/// gaussian_sample() of contract/configuration/gaussian.hpp. The magnitude as a float holds the table's knot in its
/// exponent and upper 3 bits and the place after the knot in the next 11, both counted the other way; it has 24 bits at
/// most, so that the conversion is exact: lower ones play no part from 2^24 on.
HWY_INLINE V sample(U uniform, const std::int32_t* table, int drop) {
  const hn::RebindToFloat<D> df;
  const V u = hn::BitCast(D(), uniform);
  const V magnitude = hn::Max(hn::And(u, set(0x7fffffff)), set(1));  // 0 and 1 are alike
  const V cut = hn::IfThenElse(hn::Gt(magnitude, set(0xffffff)), hn::AndNot(set(127), magnitude), magnitude);
  const V bits = hn::BitCast(D(), hn::ConvertTo(df, cut));
  const V knot = hn::Sub(set((127 + 30) * 8 + 7), hn::ShiftRight<20>(bits));
  const V place = hn::AndNot(hn::ShiftRight<9>(bits), set(2047));
  const V entry = hn::GatherIndex(D(), table, knot);
  const int below = 12 + drop;
  const V base = set((1 << 26) + (1 << (below - 1)));  // the table's values are less 2^15
  const V value = multiply_add(entry, hn::Or(set(2048), hn::ShiftLeft<16>(place)), base);
  const V size = hn::ShiftLeftSame(hn::ShiftRightSame(value, below), drop);
  const V sign = hn::ShiftRight<31>(u);
  return hn::And(hn::Sub(hn::Xor(size, sign), sign), set(0xffff));
}

void samples(const std::uint32_t* keys, int rounds, std::uint64_t step, int pairs, const std::int32_t* table, int drop,
             std::int32_t* noise) {
  const hn::RebindToUnsigned<D> du;
  const U upper = hn::Set(du, static_cast<std::uint32_t>(step >> 8));
  const auto lower = static_cast<std::uint32_t>(step << 24);
  for (std::size_t c = 0; c < kChains; c += lanes()) {
    for (int p = 0; p < pairs; p += kNoisePairs) {
      const auto counter = [&](int j) HWY_ATTR { return hn::Set(du, lower | static_cast<std::uint32_t>(p + j)); };
      U h0 = upper, h1 = upper, h2 = upper, h3 = upper;
      U l0 = counter(0), l1 = counter(1), l2 = counter(2), l3 = counter(3);
      for (int r = 0; r < rounds; ++r) {
        const U key = hn::Load(du, keys + at(static_cast<std::size_t>(r)) + c);
        h0 = hn::Xor(hn::Add(hn::RotateRight<8>(h0), l0), key);
        h1 = hn::Xor(hn::Add(hn::RotateRight<8>(h1), l1), key);
        h2 = hn::Xor(hn::Add(hn::RotateRight<8>(h2), l2), key);
        h3 = hn::Xor(hn::Add(hn::RotateRight<8>(h3), l3), key);
        l0 = hn::Xor(hn::RotateRight<29>(l0), h0);
        l1 = hn::Xor(hn::RotateRight<29>(l1), h1);
        l2 = hn::Xor(hn::RotateRight<29>(l2), h2);
        l3 = hn::Xor(hn::RotateRight<29>(l3), h3);
      }
      std::int32_t* const to = noise + at(2 * static_cast<std::size_t>(p)) + c;
      store(sample(h0, table, drop), to);
      store(sample(l0, table, drop), to + at(1));
      store(sample(h1, table, drop), to + at(2));
      store(sample(l1, table, drop), to + at(3));
      store(sample(h2, table, drop), to + at(4));
      store(sample(l2, table, drop), to + at(5));
      store(sample(h3, table, drop), to + at(6));
      store(sample(l3, table, drop), to + at(7));
    }
  }
}

void start(const std::int32_t* noise, const std::int32_t* fields, const std::int32_t* gains, int fraction, int cells,
           const Sums& force) {
  for (std::size_t c = 0; c < kChains; c += lanes()) {
    const V factors = hn::Or(hn::And(load(gains + c), set(0xffff)), set(1 << (fraction + 16)));
    for (std::size_t i = 0; i < static_cast<std::size_t>(cells); ++i) {
      const V field = load(fields + at(i) + c);
      const V both = noise == nullptr ? field : hn::Or(field, load(noise + at(i) + c));
      begin_sum(force, at(i) + c, multiply_add(both, factors, zero()));
    }
  }
}

void local(const std::int32_t* pairs, const std::int32_t* partners, const std::int32_t* coefficients, int sites,
           int site_cells, const Sums& force) {
  const auto cells = static_cast<std::size_t>(site_cells);
  std::size_t row = 0;
  for (int s = 0; s < sites; ++s) {
    for (std::size_t i = 0; i < cells; ++i, ++row) {
      const V coefficient = set(coefficients[i]);
      const std::int32_t* const x = pairs + at(static_cast<std::size_t>(partners[i]));
      for (std::size_t c = 0; c < kChains; c += lanes()) {
        add_part(force, at(row) + c, hn::Neg(multiply_add(load(x + c), coefficient, zero())));
      }
    }
    pairs += at((cells + 1) / 2);
  }
}

void table(const std::int32_t* pairs, const std::int32_t* pieces, int below, std::int32_t lowest, int fraction,
           int sites, int site_cells, const Sums& force) {
  const auto cells = static_cast<std::size_t>(site_cells);
  const V mask = set((1 << below) - 1), one = set(1 << fraction);
  std::size_t row = 0;
  for (int s = 0; s < sites; ++s) {
    for (std::size_t i = 0; i < cells; ++i, ++row) {
      for (std::size_t c = 0; c < kChains; c += lanes()) {
        const V pair = load(pairs + at(i / 2) + c);
        const V x = hn::ShiftRight<16>(i % 2 == 0 ? hn::ShiftLeft<16>(pair) : pair);
        const V from_left = hn::Sub(x, set(lowest));
        const V piece = hn::GatherIndex(D(), pieces, hn::ShiftRightSame(from_left, below));
        const V inside = hn::ShiftLeftSame(hn::And(from_left, mask), fraction - below);
        const V product = multiply_add(piece, hn::Or(one, hn::ShiftLeft<16>(inside)), zero());
        add_part(force, at(row) + c, hn::Neg(product));
      }
    }
    pairs += at((cells + 1) / 2);
  }
}

void dots(const Term* terms, std::size_t count, const DotShape& shape, const Sums& sums) {
  const auto outputs = static_cast<std::size_t>(shape.outputs);
  const int run = sums.high == nullptr ? shape.pairs : shape.run;
  for (std::size_t c = 0; c < kChains; c += lanes()) {
    for (std::size_t o = 0; o < outputs; o += kOutputs) {
      V s0 = zero(), s1 = zero(), s2 = zero(), s3 = zero(), s4 = zero(), s5 = zero(), s6 = zero(), s7 = zero();
      const auto flush = [&]() HWY_ATTR {
        const auto add = [&](std::size_t row, V part) HWY_ATTR {
          part = hn::ShiftLeftSame(part, shape.left);
          add_part(sums, at(o + row) + c, shape.subtract ? hn::Neg(part) : part);
        };
        add(0, s0), add(1, s1), add(2, s2), add(3, s3), add(4, s4), add(5, s5), add(6, s6), add(7, s7);
        s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = zero();
      };
      for (std::size_t t = 0; t < count; ++t) {
        const std::int32_t* x = terms[t].pairs + c;
        const std::int32_t* k = terms[t].coefficients + o;
        for (int first = 0; first < shape.pairs; first += run) {
          const int end = first + run < shape.pairs ? first + run : shape.pairs;
          for (int p = first; p < end; ++p, x += kChains, k += outputs) {
            const V v = load(x);
            s0 = multiply_add(v, set(k[0]), s0);
            s1 = multiply_add(v, set(k[1]), s1);
            s2 = multiply_add(v, set(k[2]), s2);
            s3 = multiply_add(v, set(k[3]), s3);
            s4 = multiply_add(v, set(k[4]), s4);
            s5 = multiply_add(v, set(k[5]), s5);
            s6 = multiply_add(v, set(k[6]), s6);
            s7 = multiply_add(v, set(k[7]), s7);
          }
          if (sums.high != nullptr) flush();
        }
      }
      if (sums.high == nullptr) flush();
    }
  }
}

void words(const Sums& sums, int count, const Rounding& r, std::int32_t* to, std::int32_t* counts) {
  for (std::size_t c = 0; c < kChains; c += lanes()) {
    V clipped = load(counts + c);
    for (std::size_t m = 0; m < static_cast<std::size_t>(count); ++m) {
      const V value = rounded(sums, at(m) + c, r), word = clamped(value, r);
      clipped = counted(clipped, value, word);
      store(word, to + at(m) + c);
    }
    store(clipped, counts + c);
  }
}

void word_pairs(const std::int32_t* from, int sources, int count, std::int32_t* pairs) {
  for (int s = 0; s < sources; ++s) {
    for (std::size_t m = 0; m < static_cast<std::size_t>(count); m += 2) {
      for (std::size_t c = 0; c < kChains; c += lanes()) {
        V pair = hn::And(load(from + at(m) + c), set(0xffff));
        if (m + 1 < static_cast<std::size_t>(count)) {
          pair = hn::Or(pair, hn::ShiftLeft<16>(load(from + at(m + 1) + c)));
        }
        store(pair, pairs + c);
      }
      pairs += kChains;
    }
    from += at(static_cast<std::size_t>(count));
  }
}

void finish(const Sums& force, const std::int32_t* state, const std::uint8_t* clamp, int cells, const Rounding& r,
            std::int32_t* next, std::int32_t* counts) {
  for (std::size_t c = 0; c < kChains; c += lanes()) {
    V clipped = load(counts + c);
    for (std::size_t i = 0; i < static_cast<std::size_t>(cells); ++i) {
      const V x = load(state + at(i) + c);
      if (clamp[i] != 0) {
        store(x, next + at(i) + c);
        continue;
      }
      const V value = hn::Add(x, rounded(force, at(i) + c, r)), result = clamped(value, r);
      clipped = counted(clipped, value, result);
      store(result, next + at(i) + c);
    }
    store(clipped, counts + c);
  }
}

void window(const std::int32_t* state, const std::int32_t* pairs, int sites, int site_cells, std::int64_t* sum,
            std::int64_t* square) {
  for (int s = 0; s < sites; ++s) {
    for (int i = 0; i < site_cells; ++i) {
      const int shift = i % 2 == 0 ? 16 : 0;
      for (int c = 0; c < kChains; ++c) {
        const std::int32_t x = static_cast<std::int32_t>(static_cast<std::uint32_t>(pairs[c]) << shift) >> 16;
        sum[c] += state[c];
        square[c] += x * x;
      }
      if (i % 2 == 1 || i + 1 == site_cells) pairs += kChains;
      state += kChains;
      sum += kChains;
      square += kChains;
    }
  }
}

const Kernels* kernels() {
  static const Kernels kKernels = {&operands,
                                   &samples,
                                   &start,
                                   &local,
                                   &table,
                                   &dots,
                                   &words,
                                   &word_pairs,
                                   &finish,
                                   &window,
                                   hwy::TargetName(HWY_TARGET)};
  return &kKernels;
}

}  // namespace settle::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace settle::ensemble {

HWY_EXPORT(kernels);

const Kernels& best_kernels() { return *HWY_DYNAMIC_DISPATCH(kernels)(); }

std::vector<const Kernels*> runnable_kernels() {
  std::vector<const Kernels*> all;
  for (const auto target : hwy::SupportedAndGeneratedTargets()) {
    hwy::SetSupportedTargetsForTest(target);
    all.push_back(HWY_DYNAMIC_DISPATCH(kernels)());
  }
  hwy::SetSupportedTargetsForTest(0);
  return all;
}

}  // namespace settle::ensemble
#endif
