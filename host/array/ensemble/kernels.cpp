// Compiled once for each set of instructions: Highway reads this file again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "array/ensemble/kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h
#include <hwy/highway.h>

#include "array/ensemble/vectors-inl.hpp"
#include "base/every_target.hpp"

HWY_BEFORE_NAMESPACE();
namespace settle::ensemble::HWY_NAMESPACE {

using Vectors = VectorsOf<hn::CappedTag<std::int32_t, kChains>>;

struct Loops : Vectors {
  static HWY_INLINE std::size_t at(std::size_t row) { return row * kChains; }

  /// Grows each count whose value was clipped.
  static HWY_INLINE V counted(V counts, V value, V clipped) {
    return hn::Sub(counts, hn::VecFromMask(D(), hn::Ne(value, clipped)));
  }

  static std::int32_t operands(const std::int32_t* state, int sites, int site_cells, const Rounding& r,
                               std::int32_t* pairs) {
    const auto cells = static_cast<std::size_t>(site_cells);
    V largest = zero();
    for (int s = 0; s < sites; ++s) {
      for (std::size_t i = 0; i < cells; i += 2) {
        for (std::size_t c = 0; c < kChains; c += lanes()) {
          const V low = operand(load(state + at(i) + c), r);
          const V high = i + 1 < cells ? operand(load(state + at(i + 1) + c), r) : zero();
          largest = hn::Max(largest, hn::Max(hn::Abs(low), hn::Abs(high)));
          store(paired(low, high), pairs + c);
        }
        pairs += kChains;
      }
      state += at(cells);
    }
    return largest_of(largest, 0);
  }

  static void samples(const std::uint32_t* keys, int rounds, std::uint64_t step, int first, int pairs,
                      const std::int32_t* table, int drop, std::int32_t* noise) {
    const hn::RebindToUnsigned<D> du;
    const U upper = hn::Set(du, static_cast<std::uint32_t>(step >> 8));
    const auto lower = static_cast<std::uint32_t>(step << 24) + static_cast<std::uint32_t>(first);
    for (std::size_t c = 0; c < kChains; c += lanes()) {
      for (int p = 0; p < pairs; p += kNoisePairs) {
        const auto counter = [&](int j) HWY_ATTR { return hn::Set(du, lower + static_cast<std::uint32_t>(p + j)); };
        U h0 = upper, h1 = upper, h2 = upper, h3 = upper;
        U l0 = counter(0), l1 = counter(1), l2 = counter(2), l3 = counter(3);
        for (int r = 0; r < rounds; ++r) {
          const U key = hn::LoadU(du, keys + at(static_cast<std::size_t>(r)) + c);
          cipher_round(h0, l0, key);
          cipher_round(h1, l1, key);
          cipher_round(h2, l2, key);
          cipher_round(h3, l3, key);
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

  /// Half of kOutputs outputs of a site from `o` on, of two vectors of chains from `c` on: a coefficient that is read
  /// serves both.
  template <int Pairs>
  static HWY_INLINE void site_outputs(const Term* terms, std::size_t count, const std::int32_t* pairs,
                                      const std::int32_t* coefficients, const DotShape& shape, std::size_t o,
                                      std::size_t c, const Sums& sums, std::size_t place) {
    const auto outputs = static_cast<std::size_t>(shape.outputs);
    const int of_term = Pairs == 0 ? shape.pairs : Pairs;
    const int run = Pairs == 0 ? (sums.high == nullptr ? shape.pairs : shape.run) : Pairs;
    V s0 = zero(), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    const auto flush = [&]() HWY_ATTR __attribute__((always_inline)) {
      const auto add = [&](std::size_t row, V first, V second) HWY_ATTR __attribute__((always_inline)) {
        const auto put = [&](std::size_t chain, V part) HWY_ATTR __attribute__((always_inline)) {
          part = hn::ShiftLeftSame(part, shape.left);
          put_part(sums, place + at(row) + chain, shape.subtract ? hn::Neg(part) : part, shape.begin);
        };
        put(0, first);
        put(lanes(), second);
      };
      add(0, s0, t0), add(1, s1, t1), add(2, s2, t2), add(3, s3, t3);
      s0 = s1 = s2 = s3 = t0 = t1 = t2 = t3 = zero();
    };
    for (std::size_t t = 0; t < count; ++t) {
      const std::int32_t* x = pairs + at(terms[t].pairs) + c;
      const std::int32_t* k = coefficients + terms[t].coefficients + o;
      for (int first = 0; first < of_term; first += run) {
        const int end = first + run < of_term ? first + run : of_term;
        for (int p = first; p < end; ++p, x += kChains, k += outputs) {
          const V v = load(x), w = load(x + lanes());
          const auto both = [&](std::int32_t coefficient, V & of_v, V & of_w) HWY_ATTR __attribute__((always_inline)) {
            const V factor = set(coefficient);
            of_v = multiply_add(v, factor, of_v);
            of_w = multiply_add(w, factor, of_w);
          };
          both(k[0], s0, t0), both(k[1], s1, t1), both(k[2], s2, t2), both(k[3], s3, t3);
        }
        if (sums.high != nullptr) flush();
      }
    }
    if (sums.high == nullptr) flush();
  }

  /// kOutputs outputs of a site from `o` on, where one vector holds all chains.
  template <int Pairs>
  static HWY_INLINE void site_outputs_at_once(const Term* terms, std::size_t count, const std::int32_t* pairs,
                                              const std::int32_t* coefficients, const DotShape& shape, std::size_t o,
                                              const Sums& sums, std::size_t place) {
    const auto outputs = static_cast<std::size_t>(shape.outputs);
    const int of_term = Pairs == 0 ? shape.pairs : Pairs;
    const int run = Pairs == 0 ? (sums.high == nullptr ? shape.pairs : shape.run) : Pairs;
    V s0 = zero(), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    const auto flush = [&]() HWY_ATTR __attribute__((always_inline)) {
      const auto add = [&](std::size_t row, V part) HWY_ATTR __attribute__((always_inline)) {
        part = hn::ShiftLeftSame(part, shape.left);
        put_part(sums, place + at(row), shape.subtract ? hn::Neg(part) : part, shape.begin);
      };
      add(0, s0), add(1, s1), add(2, s2), add(3, s3), add(4, s4), add(5, s5), add(6, s6), add(7, s7);
      s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = zero();
    };
    for (std::size_t t = 0; t < count; ++t) {
      const std::int32_t* x = pairs + at(terms[t].pairs);
      const std::int32_t* k = coefficients + terms[t].coefficients + o;
      for (int first = 0; first < of_term; first += run) {
        const int end = first + run < of_term ? first + run : of_term;
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

  static void dots(const SiteTerms& all, std::size_t first, std::size_t count, const std::int32_t* pairs,
                   const std::int32_t* coefficients, const DotShape& shape, std::size_t site_rows, const Sums& sums) {
    if (shape.begin) begin_split(sums, at(count * site_rows + kOutputs));
    // What is split is flushed after runs of pairs, which are not known here.
    with_pairs(sums.high == nullptr ? shape.pairs : 0, [&](auto pair_count) HWY_ATTR {
      constexpr int kPairs = decltype(pair_count)::value;
      const auto outputs = static_cast<std::size_t>(shape.outputs);
      for (std::size_t s = first; s < first + count; ++s) {
        const std::size_t begin = s == 0 ? 0 : all.ends[s - 1], row = (s - first) * site_rows;
        const Term* const terms = all.terms.data() + begin;
        const std::size_t of_site = all.ends[s] - begin;
        if (lanes() == kChains) {
          for (std::size_t o = 0; o < outputs; o += kOutputs) {
            site_outputs_at_once<kPairs>(terms, of_site, pairs, coefficients, shape, o, sums, at(row + o));
          }
          continue;
        }
        for (std::size_t c = 0; c < kChains; c += 2 * lanes()) {
          for (std::size_t o = 0; o < outputs; o += kOutputs / 2) {
            site_outputs<kPairs>(terms, of_site, pairs, coefficients, shape, o, c, sums, at(row + o) + c);
          }
        }
      }
    });
  }

  static void words(const Sums& sums, int count, const Rounding& r, std::int32_t* to, std::int32_t* counts) {
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

  static void word_pairs(const std::int32_t* from, int sources, int count, std::int32_t* pairs) {
    const auto words = static_cast<std::size_t>(count);
    for (int s = 0; s < sources; ++s) {
      for (std::size_t m = 0; m < words; m += 2) {
        for (std::size_t c = 0; c < kChains; c += lanes()) {
          store(paired(load(from + at(m) + c), m + 1 < words ? load(from + at(m + 1) + c) : zero()), pairs + c);
        }
        pairs += kChains;
      }
      from += at(words);
    }
  }

  static void update(const CellUpdate& u) { u.force.high == nullptr ? cells<false>(u) : cells<true>(u); }

  template <bool Split>
  static HWY_INLINE void cells(const CellUpdate& u) {
    const auto count = static_cast<std::size_t>(u.site_cells);
    std::size_t row = 0;
    const std::int32_t* pairs = u.pairs;
    for (int s = 0; s < u.sites; ++s, row += count, pairs += at((count + 1) / 2)) {
      for (std::size_t c = 0; c < kChains; c += lanes()) {
        const V factors = hn::Or(hn::And(load(u.gains + c), set(0xffff)), set(1 << (u.fraction + 16)));
        V clipped = load(u.counts + c);
        for (std::size_t i = 0; i < count; ++i) {
          const std::size_t place = at(row + i) + c;
          const V state = load(u.state + place), pair = load(pairs + at(i / 2) + c);
          if (u.sum != nullptr) {
            add_to(u.sum + place, state);
            add_to(u.square + place, square_of(i % 2 == 0 ? hn::And(pair, set(0xffff)) : upper(pair)));
          }
          if (u.clamp[row + i] != 0) {
            store(state, u.next + place);
            continue;
          }
          Sum<Split> force(u.force, place, u.begun);
          const V field = load(u.fields + place);
          const V both = u.noise == nullptr ? field : hn::Or(field, load(u.noise + place));
          force.add(multiply_add(both, factors, zero()));
          for (const LocalTerms& local : *u.locals) {
            const V x = load(pairs + at(static_cast<std::size_t>(local.partners[i])) + c);
            force.add(hn::Neg(multiply_add(x, set(local.coefficients[i]), zero())));
          }
          if (u.tables != 0) {
            const V x = hn::ShiftRight<16>(i % 2 == 0 ? hn::ShiftLeft<16>(pair) : pair);
            const V part = table_force(x, u.table, u.below, u.lowest, u.fraction);
            for (int t = 0; t < u.tables; ++t) force.add(part);
          }
          const V value = hn::Add(state, force.rounded(u.rounding)), result = clamped(value, u.rounding);
          clipped = counted(clipped, value, result);
          store(result, u.next + place);
        }
        store(clipped, u.counts + c);
      }
    }
  }
};

const Kernels* kernels() { return table_of<Loops>(); }

}  // namespace settle::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace settle::ensemble {

HWY_EXPORT(kernels);

const Kernels& best_kernels() { return *HWY_DYNAMIC_DISPATCH(kernels)(); }

std::vector<const Kernels*> runnable_kernels() {
  return of_every_target([] { return HWY_DYNAMIC_DISPATCH(kernels)(); });
}

}  // namespace settle::ensemble
#endif
