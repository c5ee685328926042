// The loops for one chain, where a vector is many cells. Compiled once for each set of instructions: Highway reads this
// file again and again.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "array/ensemble/solo_kernels.cpp"
#include <hwy/foreach_target.h>
// After foreach_target.h
#include <hwy/highway.h>

#include "array/ensemble/vectors-inl.hpp"
#include "base/every_target.hpp"

HWY_BEFORE_NAMESPACE();
namespace settle::ensemble::HWY_NAMESPACE {

/// kOutputs numbers at most, so that coefficients padded to that are read in whole vectors; and one, for what is left.
using Wide = VectorsOf<hn::CappedTag<std::int32_t, kOutputs>>;
using One = VectorsOf<hn::CappedTag<std::int32_t, 1>>;

/// body(vectors, row) for all rows, as many at a time as the vectors hold.
template <typename Body>
HWY_INLINE void for_rows(std::size_t count, const Body& body) {
  std::size_t row = 0;
  for (; row + Wide::lanes() <= count; row += Wide::lanes()) body(Wide(), row);
  for (; row < count; ++row) body(One(), row);
}

/// Neighbours of `count` numbers in a group as pairs, the last one with 0 if `count` is odd; number(vectors, loaded).
template <typename Number>
HWY_INLINE void to_pairs(const std::int32_t* from, int groups, int count, std::int32_t* pairs, const Number& number) {
  const auto convert = [&](std::size_t pair_count) HWY_ATTR {
    for_rows(pair_count, [&](auto vectors, std::size_t p) HWY_ATTR {
      using W = decltype(vectors);
      typename W::V low, high;
      hn::LoadInterleaved2(typename W::D(), from + 2 * p, low, high);
      W::store(W::paired(number(vectors, low), number(vectors, high)), pairs + p);
    });
  };
  const auto size = static_cast<std::size_t>(count);
  if (size % 2 == 0) {
    convert(static_cast<std::size_t>(groups) * size / 2);
    return;
  }
  for (int g = 0; g < groups; ++g) {
    convert(size / 2);
    from += size;
    pairs += size / 2 + 1;
    One::store(One::paired(number(One(), One::load(from - 1)), One::zero()), pairs - 1);
  }
}

/// Numbers i and up of pairs, of which the low ones come first.
template <typename W>
HWY_INLINE typename W::V number(const std::int32_t* pairs, std::size_t i) {
  const hn::Rebind<std::int16_t, typename W::D> d16;
  return hn::PromoteTo(typename W::D(), hn::LoadU(d16, reinterpret_cast<const std::int16_t*>(pairs) + i));
}

/// body(first pair, first cell, cells) for all sites at once if their pairs hold nothing else, or one by one.
template <typename Body>
HWY_INLINE void by_group(int sites, std::size_t site_cells, const Body& body) {
  const auto count = static_cast<std::size_t>(sites);
  if (site_cells % 2 == 0) {
    body(std::size_t{0}, std::size_t{0}, count * site_cells);
    return;
  }
  for (std::size_t s = 0; s < count; ++s) body(s * (site_cells + 1) / 2, s * site_cells, site_cells);
}

/// As a count of the array does: modulo 2^32.
inline void grow(std::int32_t* count, std::size_t more) {
  *count = static_cast<std::int32_t>(static_cast<std::uint32_t>(*count) + static_cast<std::uint32_t>(more));
}

struct Solo {
  static std::int32_t operands(const std::int32_t* state, int sites, int site_cells, const Rounding& r,
                               std::int32_t* pairs) {
    Wide::V largest = Wide::zero();
    std::int32_t largest_left = 0;
    to_pairs(state, sites, site_cells, pairs, [&](auto vectors, auto x) HWY_ATTR {
      using W = decltype(vectors);
      const typename W::V value = W::operand(x, r);
      if constexpr (std::is_same_v<W, One>) {
        largest_left = W::largest_of(hn::Abs(value), largest_left);
      } else {
        largest = hn::Max(largest, hn::Abs(value));
      }
      return value;
    });
    return Wide::largest_of(largest, largest_left);
  }

  /// Samples of as many pairs of cells as a vector holds. `upper`, `lower`: of the first pair's number.
  template <typename W>
  static HWY_INLINE void sample_pairs(const std::uint32_t* keys, int rounds, std::uint32_t upper, std::uint32_t lower,
                                      const std::int32_t* table, int drop, std::int32_t* noise) {
    const hn::RebindToUnsigned<typename W::D> du;
    typename W::U high = hn::Set(du, upper), low = hn::Iota(du, lower);
    for (int r = 0; r < rounds; ++r) W::cipher_round(high, low, hn::Set(du, keys[r]));
    hn::StoreInterleaved2(W::sample(high, table, drop), W::sample(low, table, drop), typename W::D(), noise);
  }

  static void samples(const std::uint32_t* keys, int rounds, std::uint64_t step, int first, int pairs,
                      const std::int32_t* table, int drop, std::int32_t* noise) {
    const hn::RebindToUnsigned<Wide::D> du;
    const auto upper = static_cast<std::uint32_t>(step >> 8);
    const auto lower = static_cast<std::uint32_t>(step << 24) + static_cast<std::uint32_t>(first);
    const auto from = [&](std::size_t p) { return lower + static_cast<std::uint32_t>(p); };
    const std::size_t count = static_cast<std::size_t>(pairs), each = Wide::lanes();
    std::size_t p = 0;
    // Four vectors at a time: a round of the cipher waits for the one before.
    for (; p + 4 * each <= count; p += 4 * each) {
      const auto counter = [&](std::size_t j) HWY_ATTR { return hn::Iota(du, from(p + j * each)); };
      Wide::U h0 = hn::Set(du, upper), h1 = h0, h2 = h0, h3 = h0;
      Wide::U l0 = counter(0), l1 = counter(1), l2 = counter(2), l3 = counter(3);
      for (int r = 0; r < rounds; ++r) {
        const Wide::U key = hn::Set(du, keys[r]);
        Wide::cipher_round(h0, l0, key);
        Wide::cipher_round(h1, l1, key);
        Wide::cipher_round(h2, l2, key);
        Wide::cipher_round(h3, l3, key);
      }
      const auto put = [&](std::size_t j, Wide::U high, Wide::U low) HWY_ATTR {
        hn::StoreInterleaved2(Wide::sample(high, table, drop), Wide::sample(low, table, drop), Wide::D(),
                              noise + 2 * (p + j * each));
      };
      put(0, h0, l0), put(1, h1, l1), put(2, h2, l2), put(3, h3, l3);
    }
    for (; p + each <= count; p += each) {
      sample_pairs<Wide>(keys, rounds, upper, from(p), table, drop, noise + 2 * p);
    }
    for (; p < count; ++p) sample_pairs<One>(keys, rounds, upper, from(p), table, drop, noise + 2 * p);
  }

  static void update(const CellUpdate& u) {
    if (u.sum != nullptr) window(u);
    start(u);
    for (const LocalTerms& local : *u.locals) add_local(u, local);
    for (int t = 0; t < u.tables; ++t) add_table(u);
    finish(u);
  }

  static std::size_t cells(const CellUpdate& u) {
    return static_cast<std::size_t>(u.sites) * static_cast<std::size_t>(u.site_cells);
  }

  static void start(const CellUpdate& u) {
    const std::int32_t factor = (u.gains[0] & 0xffff) | 1 << (u.fraction + 16);
    for_rows(cells(u), [&](auto vectors, std::size_t i) HWY_ATTR {
      using W = decltype(vectors);
      const typename W::V field = W::load(u.fields + i);
      const typename W::V both = u.noise == nullptr ? field : hn::Or(field, W::load(u.noise + i));
      const typename W::V part = W::multiply_add(both, W::set(factor), W::zero());
      if (u.begun) {
        W::add_part(u.force, i, part);
      } else {
        W::begin_sum(u.force, i, part);
      }
    });
  }

  static void add_local(const CellUpdate& u, const LocalTerms& local) {
    const auto count = static_cast<std::size_t>(u.site_cells);
    const std::int32_t* pairs = u.pairs;
    for (std::size_t s = 0; s < static_cast<std::size_t>(u.sites); ++s, pairs += (count + 1) / 2) {
      for_rows(count, [&](auto vectors, std::size_t i) HWY_ATTR {
        using W = decltype(vectors);
        const typename W::V x = hn::GatherIndex(typename W::D(), pairs, W::load(local.partners.data() + i));
        const typename W::V part = W::multiply_add(x, W::load(local.coefficients.data() + i), W::zero());
        W::add_part(u.force, s * count + i, hn::Neg(part));
      });
    }
  }

  static void add_table(const CellUpdate& u) {
    by_group(u.sites, static_cast<std::size_t>(u.site_cells),
             [&](std::size_t first_pair, std::size_t first, std::size_t count) HWY_ATTR {
               for_rows(count, [&](auto vectors, std::size_t i) HWY_ATTR {
                 using W = decltype(vectors);
                 const typename W::V x = number<W>(u.pairs + first_pair, i);
                 W::add_part(u.force, first + i, W::table_force(x, u.table, u.below, u.lowest, u.fraction));
               });
             });
  }

  static void finish(const CellUpdate& u) {
    std::size_t clipped = 0;
    for_rows(cells(u), [&](auto vectors, std::size_t i) HWY_ATTR {
      using W = decltype(vectors);
      const typename W::D d;
      const hn::Rebind<std::uint8_t, typename W::D> d8;
      const auto held = hn::Ne(hn::PromoteTo(d, hn::LoadU(d8, u.clamp + i)), W::zero());
      const typename W::V x = W::load(u.state + i), value = hn::Add(x, W::rounded(u.force, i, u.rounding));
      const typename W::V result = W::clamped(value, u.rounding);
      clipped += hn::CountTrue(d, hn::AndNot(held, hn::Ne(value, result)));
      W::store(hn::IfThenElse(held, x, result), u.next + i);
    });
    grow(u.counts, clipped);
  }

  static void window(const CellUpdate& u) {
    by_group(u.sites, static_cast<std::size_t>(u.site_cells),
             [&](std::size_t first_pair, std::size_t first, std::size_t count) HWY_ATTR {
               for_rows(count, [&](auto vectors, std::size_t i) HWY_ATTR {
                 using W = decltype(vectors);
                 const typename W::V x = hn::And(number<W>(u.pairs + first_pair, i), W::set(0xffff));
                 W::add_to(u.sum + first + i, W::load(u.state + first + i));
                 W::add_to(u.square + first + i, W::square_of(x));
               });
             });
  }

  /// `Count` vectors of outputs of a site from `o` on.
  template <std::size_t Count, int Pairs>
  static HWY_INLINE void site_outputs(const Term* terms, std::size_t count, const std::int32_t* pairs,
                                      const std::int32_t* coefficients, const DotShape& shape, std::size_t o,
                                      const Sums& sums, std::size_t place) {
    const auto outputs = static_cast<std::size_t>(shape.outputs);
    const int of_term = Pairs == 0 ? shape.pairs : Pairs;
    const int run = Pairs == 0 ? (sums.high == nullptr ? shape.pairs : shape.run) : Pairs;
    const std::size_t each = Wide::lanes();
    Wide::V s0 = Wide::zero(), s1 = s0, s2 = s0, s3 = s0;
    const auto flush = [&]() HWY_ATTR __attribute__((always_inline)) {
      const auto add = [&](std::size_t vector, Wide::V part) HWY_ATTR __attribute__((always_inline)) {
        part = hn::ShiftLeftSame(part, shape.left);
        Wide::put_part(sums, place + vector * each, shape.subtract ? hn::Neg(part) : part, shape.begin);
      };
      add(0, s0);
      if (Count > 1) add(1, s1);
      if (Count > 2) add(2, s2), add(3, s3);
      s0 = s1 = s2 = s3 = Wide::zero();
    };
    for (std::size_t t = 0; t < count; ++t) {
      const std::int32_t* x = pairs + terms[t].pairs;
      const std::int32_t* k = coefficients + terms[t].coefficients + o;
      for (int first = 0; first < of_term; first += run) {
        const int end = first + run < of_term ? first + run : of_term;
        for (int p = first; p < end; ++p, ++x, k += outputs) {
          const Wide::V v = Wide::set(*x);
          s0 = Wide::multiply_add(v, Wide::load(k), s0);
          if (Count > 1) s1 = Wide::multiply_add(v, Wide::load(k + each), s1);
          if (Count > 2) {
            s2 = Wide::multiply_add(v, Wide::load(k + 2 * each), s2);
            s3 = Wide::multiply_add(v, Wide::load(k + 3 * each), s3);
          }
        }
        if (sums.high != nullptr) flush();
      }
    }
    if (sums.high == nullptr) flush();
  }

  static void dots(const SiteTerms& all, std::size_t first, std::size_t count, const std::int32_t* pairs,
                   const std::int32_t* coefficients, const DotShape& shape, std::size_t site_rows, const Sums& sums) {
    if (shape.begin) Wide::begin_split(sums, count * site_rows + kOutputs);
    // What is split is flushed after runs of pairs, which are not known here.
    with_pairs(sums.high == nullptr ? shape.pairs : 0, [&](auto pair_count) HWY_ATTR {
      constexpr int kPairs = decltype(pair_count)::value;
      const std::size_t each = Wide::lanes(), outputs = static_cast<std::size_t>(shape.outputs);
      for (std::size_t s = first; s < first + count; ++s) {
        const std::size_t begin = s == 0 ? 0 : all.ends[s - 1], terms = all.ends[s] - begin;
        const std::size_t row = (s - first) * site_rows;
        const Term* const of_site = all.terms.data() + begin;
        for (std::size_t o = 0; o < outputs;) {
          const std::size_t left = (outputs - o) / each;
          if (left >= 4) {
            site_outputs<4, kPairs>(of_site, terms, pairs, coefficients, shape, o, sums, row + o);
            o += 4 * each;
          } else if (left >= 2) {
            site_outputs<2, kPairs>(of_site, terms, pairs, coefficients, shape, o, sums, row + o);
            o += 2 * each;
          } else {
            site_outputs<1, kPairs>(of_site, terms, pairs, coefficients, shape, o, sums, row + o);
            o += each;
          }
        }
      }
    });
  }

  static void words(const Sums& sums, int count, const Rounding& r, std::int32_t* to, std::int32_t* counts) {
    std::size_t clipped = 0;
    for_rows(static_cast<std::size_t>(count), [&](auto vectors, std::size_t m) HWY_ATTR {
      using W = decltype(vectors);
      const typename W::V value = W::rounded(sums, m, r), word = W::clamped(value, r);
      clipped += hn::CountTrue(typename W::D(), hn::Ne(value, word));
      W::store(word, to + m);
    });
    grow(counts, clipped);
  }

  static void word_pairs(const std::int32_t* from, int sources, int count, std::int32_t* pairs) {
    to_pairs(from, sources, count, pairs, [](auto, auto word) HWY_ATTR { return word; });
  }
};

const Kernels* solo_kernels() { return table_of<Solo>(); }

}  // namespace settle::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace settle::ensemble {

HWY_EXPORT(solo_kernels);

const Kernels& best_solo_kernels() { return *HWY_DYNAMIC_DISPATCH(solo_kernels)(); }

std::vector<const Kernels*> runnable_solo_kernels() {
  return of_every_target([] { return HWY_DYNAMIC_DISPATCH(solo_kernels)(); });
}

}  // namespace settle::ensemble
#endif
