// A mark for hot integer loops: compiled once for any x86-64 and once for AVX2, chosen when the program starts.
// Integers only: both versions then give the same bits.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SETTLE_VECTORISE __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define SETTLE_VECTORISE
#endif
