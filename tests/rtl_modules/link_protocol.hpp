// The board's side of the link, request by request, as rtl/link/README.md has it: what link_executor and settle_board
// are compared with.
#pragma once

#include <functional>
#include <utility>

#include "rtl_modules/link_frames.hpp"

namespace settle::testing {

using registers::Answer;
using registers::Request;

/// What is asked of the array.
struct Access {
  enum class Kind { read, write, reset };
  Kind kind;
  std::uint32_t address;
  std::uint32_t data;  ///< to be written
};

/// What it says to that.
struct Response {
  std::uint32_t data;
  bool refused, busy;
};

using Port = std::function<Response(const Access&)>;

inline Bytes request(unsigned number, Request kind, int word_bytes, std::uint32_t address, const Bytes& content = {}) {
  const unsigned code = static_cast<unsigned>(kind) << 4 | static_cast<unsigned>(word_bytes - 1);
  Bytes out = {static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(code), static_cast<std::uint8_t>(address),
               static_cast<std::uint8_t>(address >> 8), static_cast<std::uint8_t>(address >> 16)};
  append(out, content);
  return out;
}

class LinkModel {
 public:
  /// The answer to a frame's content; the array is asked on the way.
  Bytes answer(const Bytes& frame, const Port& port) {
    Bytes out = {frame[0]};
    const Answer code = judge(frame, port, out);
    out.push_back(static_cast<std::uint8_t>(code));
    return out;
  }

  /// What is said of frames that came broken.
  Bytes report(Answer code) const { return {due_, static_cast<std::uint8_t>(code)}; }

  std::uint8_t due() const { return due_; }
  bool in_session() const { return session_; }

 private:
  static constexpr std::size_t kHeader = 5;

  static bool well_formed(const Bytes& frame) {
    if (frame.size() < kHeader) return false;
    const unsigned bytes = (frame[1] & 3u) + 1;
    if ((frame[1] & 0xcu) != 0 || bytes == 3) return false;
    const std::size_t content = frame.size() - kHeader;
    switch (static_cast<Request>(frame[1] >> 4)) {
      case Request::sync:
        return bytes == 1 && content == 4;
      case Request::reset:
        return bytes == 1 && content == 0;
      case Request::wait:
        return bytes == 1 && content == 1;
      case Request::read:
        return content == 1;
      case Request::write:
        return content > 0 && content % bytes == 0;
    }
    return false;
  }

  Answer judge(const Bytes& frame, const Port& port, Bytes& out) {
    if (!well_formed(frame)) return Answer::bad_request;
    const auto kind = static_cast<Request>(frame[1] >> 4);
    if (kind == Request::sync) {
      session_ = true;
      due_ = static_cast<std::uint8_t>(frame[0] + 1);
      out.insert(out.end(), frame.begin() + kHeader, frame.end());
      return Answer::ok;
    }
    if (!session_) return Answer::no_session;
    const auto behind = static_cast<std::uint8_t>(due_ - frame[0]);
    if (behind > 127) {
      out[0] = due_;
      return Answer::out_of_sequence;
    }
    if (behind > 0 && kind != Request::read) return Answer::repeated;
    const Answer code = carry_out(kind, frame, port, out);
    if (behind == 0 && code == Answer::ok) ++due_;
    return code;
  }

  static Answer carry_out(Request kind, const Bytes& frame, const Port& port, Bytes& out) {
    if (kind == Request::wait) return Answer::ok;  // when: not said here
    if (kind == Request::reset) {
      port({Access::Kind::reset, 0, 0});
      return Answer::ok;
    }
    const std::size_t bytes = (frame[1] & 3u) + 1;
    const std::uint32_t region = std::uint32_t{frame[4]} >> 4 << 20;
    const std::uint32_t word = (std::uint32_t{frame[4]} & 15u) << 16 | std::uint32_t{frame[3]} << 8 | frame[2];
    const bool writes = kind == Request::write;
    const std::size_t words = writes ? (frame.size() - kHeader) / bytes : std::size_t{frame[5]} + 1;
    for (std::size_t i = 0; i < words; ++i) {
      const std::uint32_t address = region | ((word + static_cast<std::uint32_t>(i)) & 0xfffffu);
      std::uint32_t data = 0;
      for (std::size_t b = 0; writes && b < bytes; ++b) {
        data |= std::uint32_t{frame[kHeader + i * bytes + b]} << (8 * b);
      }
      const Response response = port({writes ? Access::Kind::write : Access::Kind::read, address, data});
      if (response.refused) return response.busy ? Answer::busy : Answer::no_address;
      for (std::size_t b = 0; !writes && b < bytes; ++b) {
        out.push_back(static_cast<std::uint8_t>(response.data >> (8 * b)));
      }
    }
    return Answer::ok;
  }

  bool session_ = false;
  std::uint8_t due_ = 0;
};

/// A request such as hosts send, in a small part of the array's addresses.
inline Bytes random_request(Random& random, unsigned number, std::uint32_t address) {
  const int kind = random.below(20);
  if (kind == 0) return request(number, Request::sync, 1, address, random_content(random, 4));
  if (kind == 1) return request(number, Request::reset, 1, address);
  if (kind == 2) return request(number, Request::wait, 1, address, {static_cast<std::uint8_t>(random.below(3))});
  constexpr int kWidths[] = {1, 2, 4};
  const int bytes = kWidths[random.below(3)];
  const bool is_long = random.one_in(50);
  if (kind < 10) {
    const int words_less_1 = is_long ? (random.one_in(2) ? 255 : random.below(256)) : random.below(4);
    return request(number, Request::read, bytes, address, {static_cast<std::uint8_t>(words_less_1)});
  }
  constexpr int kMost = static_cast<int>(registers::kLongestRequest) - 5;
  const int words = is_long ? kMost / bytes - random.below(2) : 1 + random.below(4);
  return request(number, Request::write, bytes, address,
                 random_content(random, static_cast<std::size_t>(words * bytes)));
}

}  // namespace settle::testing
