// Signals that a program ignores for itself alone.
#pragma once

#include <atomic>
#include <csignal>
#include <cstdint>

namespace settle {

/// Bits of the signals that ignore_for_itself() changed. Lock-free, so that a child may read it between fork and exec.
inline std::atomic<std::uint64_t>& signals_ignored_for_itself() {
  static std::atomic<std::uint64_t> bits{0};
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
  return bits;
}

/// From now on this program ignores the signal, 1 to 63. Programs that it starts (base/process.hpp) have it as this one
/// found it: ignored only if it was ignored before.
inline void ignore_for_itself(int signal) {
  if (std::signal(signal, SIG_IGN) != SIG_IGN) signals_ignored_for_itself() |= std::uint64_t{1} << signal;
}

inline bool ignored_for_itself(int signal) { return (signals_ignored_for_itself() & std::uint64_t{1} << signal) != 0; }

}  // namespace settle
