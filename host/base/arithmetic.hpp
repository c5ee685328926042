// What the numbers of Settle rest on. A compiler that is told to bend one of these rules still compiles everything, and
// what comes out is wrong without a word: NaN weights are taken for good ones, the noise's bits are others. So every
// file that judges or reports reads this (base/error.hpp includes it), and a build that bends a rule does not compile.
//
// What each operation rounds to is settled here and in host/arithmetic.cmake, which says -ffp-contract=off: a product
// and a sum stay two roundings where the processor could do both in one (aarch64, or x86-64 with -march=native). It
// also says by which sizes of caches Eigen cuts large products. Eigen has its own vector code for processors other than
// x86-64; figures from the U-Net's activations may then differ in their last digits. The array's bits are integers and
// differ nowhere.
#pragma once

#include <cfloat>
#include <limits>

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#error \
    "Settle cannot be compiled with -ffast-math, -Ofast or -ffinite-math-only: NaN weights would be taken for good ones"
#endif
#if defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "Settle cannot be compiled with -funsafe-math-optimizations or a part of it: results would be other ones"
#endif

static_assert(FLT_EVAL_METHOD == 0,
              "float and double must be computed as such, not in longer registers (-mfpmath=sse)");
static_assert(std::numeric_limits<float>::is_iec559 && std::numeric_limits<double>::is_iec559,
              "float and double must be IEEE 754 numbers");
static_assert(-1 >> 1 == -1, "a negative number's shift to the right must keep its sign");
#ifdef __BYTE_ORDER__
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "weights and the link are little-endian and copied byte by byte: a big-endian computer is not supported");
#endif
