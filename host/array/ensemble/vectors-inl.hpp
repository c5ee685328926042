// What the loops of the ensemble engine do with vectors, for vectors of any length. Read once for each set of
// instructions, within a file that Highway reads again and again.
#if defined(SETTLE_ENSEMBLE_VECTORS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef SETTLE_ENSEMBLE_VECTORS_INL
#undef SETTLE_ENSEMBLE_VECTORS_INL
#else
#define SETTLE_ENSEMBLE_VECTORS_INL
#endif

#include <algorithm>
#include <type_traits>

#include <hwy/highway.h>

#include "array/ensemble/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace settle::ensemble::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Calls body(std::integral_constant<int, Pairs>): the number of a term's pairs where loops over so many are worth
/// being unrolled, otherwise 0.
template <typename Body>
HWY_INLINE void with_pairs(int pairs, const Body& body) {
  if (pairs == 1) return body(std::integral_constant<int, 1>());
  if (pairs == 2) return body(std::integral_constant<int, 2>());
  if (pairs == 4) return body(std::integral_constant<int, 4>());
  if (pairs == 8) return body(std::integral_constant<int, 8>());
  return body(std::integral_constant<int, 0>());
}

/// `Tag`: Highway's, of numbers of 32 bits.
template <typename Tag>
struct VectorsOf {
  using D = Tag;
  using V = hn::Vec<D>;
  using U = hn::Vec<hn::RebindToUnsigned<D>>;

  static HWY_INLINE std::size_t lanes() { return hn::Lanes(D()); }
  static HWY_INLINE V set(std::int32_t value) { return hn::Set(D(), value); }
  static HWY_INLINE V load(const std::int32_t* from) { return hn::LoadU(D(), from); }
  static HWY_INLINE void store(V v, std::int32_t* to) { hn::StoreU(v, D(), to); }
  static HWY_INLINE V zero() { return hn::Zero(D()); }

  /// sum + the products of both numbers of each pair.
  static HWY_INLINE V multiply_add(V a, V b, V sum) {
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

  static HWY_INLINE V clamped(V v, const Rounding& r) { return hn::Min(hn::Max(v, set(r.lowest)), set(r.highest)); }

  /// A state as the multipliers see it.
  static HWY_INLINE V operand(V x, const Rounding& r) {
    return clamped(hn::ShiftRightSame(hn::Add(x, set(r.half)), r.shift), r);
  }

  /// A sum in registers; split as Sums are, or not.
  template <bool Split>
  struct Sum {
    V low, high;
    int shift;

    HWY_INLINE Sum(const Sums& sums, std::size_t place, bool begun) : low(zero()), high(zero()), shift(sums.shift) {
      if (!begun) return;
      low = load(sums.low + place);
      if (Split) high = load(sums.high + place);
    }
    HWY_INLINE void add(V part) {
      low = hn::Add(low, Split ? hn::And(part, set((1 << shift) - 1)) : part);
      if (Split) high = hn::Add(high, hn::ShiftRightSame(part, shift));
    }
    HWY_INLINE V rounded(const Rounding& r) const {
      const V part = hn::ShiftRightSame(hn::Add(low, set(r.half)), r.shift);
      return Split ? hn::Add(part, high) : part;
    }
  };

  /// The largest of the magnitudes in v, and of `largest`.
  static HWY_INLINE std::int32_t largest_of(V v, std::int32_t largest) {
    alignas(64) std::int32_t all[hn::MaxLanes(D())];
    hn::Store(v, D(), all);
    for (std::size_t k = 0; k < lanes(); ++k) largest = all[k] > largest ? all[k] : largest;
    return largest;
  }

  /// The upper number of each pair, with 0 above it.
  static HWY_INLINE V upper(V pair) {
    const hn::RebindToUnsigned<D> du;
    return hn::BitCast(D(), hn::ShiftRight<16>(hn::BitCast(du, pair)));
  }

  /// The square of a number of 16 bits, given with 0 above it.
  static HWY_INLINE V square_of(V low) { return multiply_add(low, low, zero()); }

  /// Adds to numbers in memory.
  static HWY_INLINE void add_to(std::int32_t* sum, V part) { store(hn::Add(load(sum), part), sum); }

  /// Two numbers of 16 bits as a pair.
  static HWY_INLINE V paired(V low, V high) { return hn::Or(hn::And(low, set(0xffff)), hn::ShiftLeft<16>(high)); }

  /// Adds a part to the sums from `place` on.
  static HWY_INLINE void add_part(const Sums& sums, std::size_t place, V part) {
    if (sums.high == nullptr) {
      store(hn::Add(load(sums.low + place), part), sums.low + place);
      return;
    }
    const V mask = set((1 << sums.shift) - 1);
    store(hn::Add(load(sums.low + place), hn::And(part, mask)), sums.low + place);
    store(hn::Add(load(sums.high + place), hn::ShiftRightSame(part, sums.shift)), sums.high + place);
  }

  static HWY_INLINE void begin_sum(const Sums& sums, std::size_t place, V part) {
    if (sums.high == nullptr) {
      store(part, sums.low + place);
      return;
    }
    store(hn::And(part, set((1 << sums.shift) - 1)), sums.low + place);
    store(hn::ShiftRightSame(part, sums.shift), sums.high + place);
  }

  /// Adds a part, or makes it the sum's beginning. Split sums have begun (begin_split()).
  static HWY_INLINE void put_part(const Sums& sums, std::size_t place, V part, bool begin) {
    if (begin && sums.high == nullptr) {
      store(part, sums.low + place);
    } else {
      add_part(sums, place, part);
    }
  }

  /// Sums that are split begin with 0, for parts come in several turns.
  static HWY_INLINE void begin_split(const Sums& sums, std::size_t count) {
    if (sums.high == nullptr) return;
    std::fill_n(sums.low, count, 0);
    std::fill_n(sums.high, count, 0);
  }

  /// (sum + half) >> shift. Split sums are split at the same shift.
  static HWY_INLINE V rounded(const Sums& sums, std::size_t place, const Rounding& r) {
    const V low = hn::ShiftRightSame(hn::Add(load(sums.low + place), set(r.half)), r.shift);
    return sums.high == nullptr ? low : hn::Add(low, load(sums.high + place));
  }

  /// Minus a table's force on cells whose operand is x.
  static HWY_INLINE V table_force(V x, const std::int32_t* pieces, int below, std::int32_t lowest, int fraction) {
    const V from_left = hn::Sub(x, set(lowest));
    const V piece = hn::GatherIndex(D(), pieces, hn::ShiftRightSame(from_left, below));
    const V inside = hn::ShiftLeftSame(hn::And(from_left, set((1 << below) - 1)), fraction - below);
    return hn::Neg(multiply_add(piece, hn::Or(set(1 << fraction), hn::ShiftLeft<16>(inside)), zero()));
  }

  /// gaussian_sample() of contract/configuration/gaussian.hpp. The magnitude as a float holds the table's knot in its
  /// exponent and upper 3 bits and the place after the knot in the next 11, both counted the other way; it has 24 bits
  /// at most, so that the conversion is exact: lower ones play no part from 2^24 on.
  static HWY_INLINE V sample(U uniform, const std::int32_t* table, int drop) {
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

  /// By a byte: one shuffle where Highway's would be two shifts and their union.
  static HWY_INLINE U rotated_by_byte(U v) {
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3 && HWY_TARGET <= HWY_SSE4
    const hn::RebindToUnsigned<D> du;
    const hn::Repartition<std::uint8_t, decltype(du)> d8;
    alignas(16) static constexpr std::uint8_t kOrder[16] = {1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12};
    return hn::BitCast(du, hn::TableLookupBytes(hn::BitCast(d8, v), hn::LoadDup128(d8, kOrder)));
#else
    return hn::RotateRight<8>(v);
#endif
  }

  /// A round of the cipher.
  static HWY_INLINE void cipher_round(U& high, U& low, U key) {
    high = hn::Xor(hn::Add(rotated_by_byte(high), low), key);
    low = hn::Xor(hn::RotateRight<29>(low), high);
  }
};

/// Loops that are static functions of a class, as a table.
template <typename Loops>
const Kernels* table_of() {
  static const Kernels kKernels = {
      &Loops::operands,           &Loops::samples, &Loops::dots, &Loops::words, &Loops::word_pairs, &Loops::update,
      hwy::TargetName(HWY_TARGET)};
  return &kKernels;
}

}  // namespace settle::ensemble::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
