#include "device/link/link_client.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace settle {

namespace {

using registers::Answer;
using registers::Request;

constexpr std::size_t kLongestAnswer = 1 + 256 * 4 + 1;  // number, words, code
constexpr std::size_t kMostAhead = 64;                   // requests: numbers tell 127 old ones from new ones
constexpr std::size_t kMostNoise = 1u << 20;             // bytes of a line that never falls silent
constexpr int kNoisySilences = 5;

/// What a request takes of the board's buffer until it is answered: a length, and the check while it arrives.
std::size_t room(const LinkRequest& r) { return 1 + registers::kRequestHeader + r.content.size() + kFrameCheck; }

std::string what(const LinkRequest& r) {
  switch (r.kind) {
    case Request::read:
      return fmt::format("read of address 0x{:06x}", r.address);
    case Request::write:
      return fmt::format("write to address 0x{:06x}", r.address);
    case Request::wait:
      return "wait";
    case Request::reset:
      return "reset";
    default:
      return "sync";
  }
}

const char* reason(Answer answer) {
  switch (answer) {
    case Answer::busy:
      return "the array runs";
    case Answer::no_address:
      return "no such address";
    case Answer::bad_request:
      return "the board does not know such a request: its link is another version's";
    default:
      return "an answer that makes no sense";
  }
}

}  // namespace

LinkClient::LinkClient(ByteStream& stream, const LinkTimes& times)
    : stream_(stream), times_(times), parser_(kLongestAnswer) {
  begin();
}

void LinkClient::write(const Bytes& frame) {
  stream_.write(frame.data(), frame.size());
  statistics_.bytes_sent += frame.size();
}

void LinkClient::send(const LinkRequest& request, std::uint8_t number) {
  Bytes content;
  content.reserve(registers::kRequestHeader + request.content.size());
  content = {
      number,
      static_cast<std::uint8_t>(in_place(registers::kKindCode, static_cast<std::int64_t>(request.kind)) |
                                in_place(registers::kKindBytesLess1, request.bytes == 0 ? 0 : request.bytes - 1)),
      static_cast<std::uint8_t>(request.address), static_cast<std::uint8_t>(request.address >> 8),
      static_cast<std::uint8_t>(request.address >> 16)};
  content.insert(content.end(), request.content.begin(), request.content.end());
  write(encode_frame(content));
}

template <typename Take>
bool LinkClient::receive(std::chrono::microseconds patience, const Take& take) {
  std::array<std::uint8_t, 4096> bytes{};
  const std::size_t count = stream_.read(bytes.data(), bytes.size(), patience);
  statistics_.bytes_received += count;
  for (std::size_t i = 0; i < count; ++i) {
    const FrameParser::Found found = parser_.take(bytes[i]);
    if (found == FrameParser::Found::broken) ++statistics_.broken_frames;
    if (found != FrameParser::Found::nothing) take(found == FrameParser::Found::frame);
  }
  return count > 0;
}

void LinkClient::drain() {
  const std::uint64_t before = statistics_.bytes_received;
  auto since = stream_.now();
  // A board that still answers to what it was sent brings frames, and an end of them.
  while (receive(stream_.silence(), [&](bool whole) { since = whole ? stream_.now() : since; })) {
    bear(since);
    if (statistics_.bytes_received - before > kMostNoise) throw not_silent();
  }
  parser_.clear();
}

void LinkClient::bear(std::chrono::microseconds since) const {
  if (times_.stop && times_.stop()) throw DeviceTimeout(fmt::format("{}: interrupted", stream_.name()));
  if (stream_.now() - since > times_.noise + kNoisySilences * stream_.silence()) throw not_silent();
}

DeviceTimeout LinkClient::not_silent() const {
  return DeviceTimeout(
      fmt::format("{}: the line does not fall silent: no Settle board, or another baud rate", stream_.name()));
}

void LinkClient::begin() {
  // A number and a text that no answer to an earlier host can have by accident.
  const std::uint64_t random = mix64(std::uint64_t{std::random_device{}()} << 32 | ++sessions_);
  LinkRequest sync;
  sync.kind = Request::sync;
  for (int i = 0; i < 4; ++i) sync.content.push_back(static_cast<std::uint8_t>(random >> (8 * i)));
  const auto number = static_cast<std::uint8_t>(random >> 32);
  Bytes wanted = {number};
  wanted.insert(wanted.end(), sync.content.begin(), sync.content.end());
  wanted.push_back(static_cast<std::uint8_t>(Answer::ok));
  std::uint64_t heard = 0;
  for (int attempt = 0; attempt < times_.attempts; ++attempt) {
    drain();
    send(sync, number);
    bool answered = false;
    const std::uint64_t before = statistics_.bytes_received;
    const auto since = stream_.now();
    while (!answered &&
           receive(times_.answer, [&](bool whole) { answered = answered || (whole && parser_.content() == wanted); })) {
      bear(since);
      if (statistics_.bytes_received - before > kMostNoise) break;
    }
    bear(stream_.now());
    heard += statistics_.bytes_received - before;
    if (answered) {
      drain();
      due_ = static_cast<std::uint8_t>(number + 1);
      return;
    }
  }
  throw DeviceTimeout(heard == 0
                          ? fmt::format("{}: no answer in {} attempts: no Settle board, no power, or another baud rate",
                                        stream_.name(), times_.attempts)
                          : fmt::format("{}: {} bytes came, but no answer to {} attempts: no Settle board, or another "
                                        "baud rate",
                                        stream_.name(), heard, times_.attempts));
}

bool LinkClient::accept(const Bytes& answer, std::vector<LinkRequest>& requests, std::size_t& answered,
                        std::size_t sent) {
  if (answer.size() < 2) return false;
  const auto code = static_cast<Answer>(answer.back());
  switch (code) {
    case Answer::no_session:
      throw DeviceReset(fmt::format("{}: the board was reset", stream_.name()));
    case Answer::bad_frame:
    case Answer::timed_out:
    case Answer::out_of_sequence:
      ++statistics_.reported;
      return false;
    default:
      break;
  }
  const std::size_t ahead = static_cast<std::uint8_t>(answer.front() - due_);
  if (ahead >= sent - answered) return true;  // answered before: it had been sent twice
  if (ahead > 0) return false;                // the answer before it was lost
  LinkRequest& request = requests[answered];
  const bool done = code == Answer::ok || (code == Answer::repeated && request.kind != Request::read);
  if (!done) {
    const std::string refused = fmt::format("{}: {} refused: {}", stream_.name(), what(request), reason(code));
    drain();  // what was sent after it is not due and will be said so
    throw DeviceError(refused);
  }
  if (answer.size() - 2 != request.expected) {
    throw DeviceError(fmt::format("{}: {} brought {} bytes, {} were asked for", stream_.name(), what(request),
                                  answer.size() - 2, request.expected));
  }
  request.data.assign(answer.begin() + 1, answer.end() - 1);
  ++answered;
  ++due_;
  ++statistics_.requests;
  return true;
}

// Whatever goes wrong - an answer broken, missing or skipped, or the board saying that a request did not reach it whole
// - is mended in one way: wait until the line is silent, then send all that is unanswered again. The board does nothing
// twice, so that too much is never sent.
void LinkClient::run(std::vector<LinkRequest>& requests) {
  std::size_t answered = 0, sent = 0;
  int attempts = 0;
  auto since = stream_.now();
  const auto fits = [&](const LinkRequest& next) {
    std::size_t used = room(next);
    for (std::size_t i = answered; i < sent; ++i) used += room(requests[i]);
    return used < registers::kLinkBuffer;
  };
  while (answered < requests.size()) {
    while (sent < requests.size() && sent - answered < kMostAhead && (sent == answered || fits(requests[sent]))) {
      send(requests[sent], static_cast<std::uint8_t>(due_ + (sent - answered)));
      ++sent;
    }
    bool trouble = false;
    const std::size_t before = answered;
    bear(since);
    const bool heard = receive(times_.answer, [&](bool whole) {
      if (trouble || answered == sent) return;
      trouble = !whole || !accept(parser_.content(), requests, answered, sent);
    });
    if (answered != before) attempts = 0;
    if (answered != before || !heard) since = stream_.now();
    if (heard && !trouble) continue;
    if (++attempts > times_.attempts) {
      throw DeviceTimeout(
          fmt::format("{}: {}: {} in {} attempts", stream_.name(), what(requests[answered]),
                      heard ? "no answer that is whole and due (does another program use the board?)" : "no answer",
                      times_.attempts));
    }
    drain();
    ++statistics_.repeats;
    sent = answered;
  }
  ++statistics_.round_trips;
}

}  // namespace settle
