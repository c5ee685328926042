// The host's side of the link (rtl/link/README.md): sends requests ahead, takes their answers, sends again what was
// lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "device/link/byte_stream.hpp"
#include "device/link/frame.hpp"
#include "generated/registers.hpp"

namespace settle {

/// Words that one request can read: their number less 1 is a byte.
inline constexpr std::size_t kMostWordsOfRead = 256;

/// One request and, once it is done, the words that it brought.
struct LinkRequest {
  registers::Request kind = registers::Request::read;
  std::uint32_t address = 0;  ///< of the array's port
  int bytes = 0;              ///< of a word on the line: 1, 2 or 4; 0: no words
  Bytes content;              ///< after the header: number, kind and address
  std::size_t expected = 0;   ///< bytes of the answer's data
  Bytes data;                 ///< of the answer
};

/// What a link did since it was made.
struct LinkStatistics {
  std::uint64_t requests = 0;     ///< done, each counted once
  std::uint64_t round_trips = 0;  ///< times that the host waited with nothing left to send
  std::uint64_t bytes_sent = 0;   ///< on the wire, repeated frames included
  std::uint64_t bytes_received = 0;
  std::uint64_t broken_frames = 0;  ///< answers that failed their check
  std::uint64_t reported = 0;       ///< answers by which the board said that something did not reach it whole
  std::uint64_t repeats = 0;        ///< times that the unanswered requests were sent again
};

/// How long, and how often, an answer is waited for.
struct LinkTimes {
  std::chrono::microseconds answer{1'000'000};  ///< the longest silence in which an answer is still awaited
  int attempts = 8;                             ///< of one request
  /// A line that brings bytes for so long (and five of its silences), but no whole frame, is no board's.
  std::chrono::microseconds noise{5'000'000};
  std::function<bool()> stop = nullptr;            ///< the user wants to end: then DeviceTimeout, within about `answer`
  std::chrono::microseconds step = kStepPatience;  ///< how long a run may make no step
};

class LinkClient {
 public:
  /// Begins a session. `stream`: open, outlives this. Throws DeviceLost, DeviceTimeout if nothing that speaks this
  /// protocol answers: the message says what was heard instead.
  explicit LinkClient(ByteStream& stream, const LinkTimes& times = {});

  /// Does all of these, in order; words read are then in `data`. No request that changes the array may follow a
  /// `read`. Throws DeviceError naming the address if the board refuses one (those before it are done, those after it
  /// are not), DeviceReset if the board was reset, DeviceTimeout after all attempts or if what is sent comes back,
  /// DeviceLost. After a throw the link is good again from the next run on, except after DeviceReset, DeviceLost and an
  /// echo: begin() first.
  void run(std::vector<LinkRequest>& requests);

  /// Begins a session anew, whatever was before. Throws as the constructor.
  void begin();

  const LinkStatistics& statistics() const { return statistics_; }

 private:
  void send(const LinkRequest& request, std::uint8_t number);
  void write(const Bytes& frame);
  /// Reads what comes within `patience`, frame by frame; false if nothing came.
  template <typename Take>
  bool receive(std::chrono::microseconds patience, const Take& take);
  /// Throws away what still comes on the line until it is silent.
  void drain();
  /// Throws DeviceTimeout if only noise has come since `since` for too long, or if the user wants to end.
  void bear(std::chrono::microseconds since) const;
  DeviceTimeout not_silent() const;
  DeviceTimeout echo() const;
  DeviceTimeout no_session(std::uint64_t heard, std::uint64_t frames) const;
  /// What a line says that speaks in words; "" if it says none.
  std::string words() const;
  /// Takes an answer to one of requests[answered .. sent). False if it shows that something was lost.
  bool accept(const Bytes& answer, std::vector<LinkRequest>& requests, std::size_t& answered, std::size_t sent);

  ByteStream& stream_;
  LinkTimes times_;
  FrameParser parser_;
  LinkStatistics statistics_;
  std::uint8_t due_ = 0;   ///< number of the next request
  Bytes said_;             ///< the first bytes that came since the session was to begin
  bool doubtful_ = false;  ///< an answer was, byte by byte, the request
  std::uint32_t sessions_ = 0;
};

}  // namespace settle
