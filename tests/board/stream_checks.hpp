// What tests ask of every pipe to a board.
#pragma once

#include <chrono>
#include <csignal>
#include <numeric>
#include <random>

#include <sys/time.h>

#include <doctest/doctest.h>

#include "board/frames.hpp"
#include "device/link/byte_stream.hpp"

namespace settle_test {

using std::chrono::milliseconds;

inline Bytes random_bytes(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  Bytes bytes(count);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

/// Every value of a byte once.
inline Bytes all_bytes() {
  Bytes bytes(256);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return bytes;
}

/// Reads until `count` bytes are there, or none came for `patience`.
inline Bytes receive(settle::ByteStream& stream, std::size_t count, std::chrono::microseconds patience) {
  Bytes all;
  std::uint8_t bytes[64];
  while (all.size() < count) {
    const std::size_t got = stream.read(bytes, std::min(sizeof bytes, count - all.size()), patience);
    if (got == 0) break;
    all.insert(all.end(), bytes, bytes + got);
  }
  return all;
}

/// Reads until nothing comes for as long as the line needs to be silent.
inline Bytes drain(settle::ByteStream& stream) {
  Bytes all;
  std::uint8_t bytes[64];
  while (const std::size_t got = stream.read(bytes, sizeof bytes, stream.silence())) {
    all.insert(all.end(), bytes, bytes + got);
  }
  return all;
}

inline void send(settle::ByteStream& stream, const Bytes& bytes) { stream.write(bytes.data(), bytes.size()); }

/// What comes back of bytes that are sent to a peer that echoes.
inline Bytes echoed_by(settle::ByteStream& stream, const Bytes& bytes) {
  send(stream, bytes);
  return receive(stream, bytes.size(), std::chrono::seconds(5));
}

template <typename Action>
std::chrono::duration<double> time_of(Action action) {
  const auto before = std::chrono::steady_clock::now();
  action();
  return std::chrono::steady_clock::now() - before;
}

/// SIGALRM every millisecond while it lives, to a handler that does nothing and restarts nothing.
class Alarms {
 public:
  Alarms() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, &before_);
    const itimerval every{{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &every, nullptr);
  }
  ~Alarms() {
    const itimerval none{};
    setitimer(ITIMER_REAL, &none, nullptr);
    sigaction(SIGALRM, &before_, nullptr);
  }
  Alarms(const Alarms&) = delete;
  Alarms& operator=(const Alarms&) = delete;

 private:
  struct sigaction before_ {};
};

/// No bytes come: neither too early nor for ever, with signals and without.
inline void check_patience(settle::ByteStream& stream) {
  std::uint8_t byte = 0;
  const auto wait = [&] {
    const auto waited = time_of([&] { CHECK(stream.read(&byte, 1, milliseconds(60)) == 0); });
    CHECK(waited.count() >= 0.060);
    CHECK(waited.count() < 5);
  };
  wait();
  {
    const Alarms alarms;
    wait();
  }
  CHECK(time_of([&] { CHECK(stream.read(&byte, 1, milliseconds(0)) == 0); }).count() < 1);
  CHECK(time_of([&] { CHECK(stream.read(&byte, 1, milliseconds(-7)) == 0); }).count() < 1);
  CHECK(time_of([&] { CHECK(stream.read(&byte, 0, milliseconds(10000)) == 0); }).count() < 1);
}

}  // namespace settle_test
