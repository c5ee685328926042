#include "device/link/link_client.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "base/error.hpp"
#include "base/splitmix.hpp"

namespace settle {

namespace {

using registers::Answer;
using registers::Request;

constexpr std::size_t kLongestAnswer = 1 + kMostWordsOfRead * 4 + 1;  // number, words, code
constexpr std::size_t kMostAhead = 64;        // requests: numbers tell 127 old ones from new ones
constexpr std::size_t kMostNoise = 1u << 20;  // bytes of a line that never falls silent
constexpr int kNoisySilences = 5;
constexpr int kMostStrays = 2 * static_cast<int>(kMostAhead);  // frames that may still be under way, and more
constexpr std::size_t kMostSaid = 60, kFewestWords = 4;        // bytes of what a line says in words

/// The request's frame, without what goes around it.
Bytes content_of(const LinkRequest& request, std::uint8_t number) {
  Bytes content;
  content.reserve(registers::kRequestHeader + request.content.size());
  content = {
      number,
      static_cast<std::uint8_t>(in_place(registers::kKindCode, static_cast<std::int64_t>(request.kind)) |
                                in_place(registers::kKindBytesLess1, request.bytes == 0 ? 0 : request.bytes - 1)),
      static_cast<std::uint8_t>(request.address), static_cast<std::uint8_t>(request.address >> 8),
      static_cast<std::uint8_t>(request.address >> 16)};
  content.insert(content.end(), request.content.begin(), request.content.end());
  return content;
}

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
  write(encode_frame(content_of(request, number)));
}

template <typename Take>
bool LinkClient::receive(std::chrono::microseconds patience, const Take& take) {
  std::array<std::uint8_t, 4096> bytes{};
  const std::size_t count = stream_.read(bytes.data(), bytes.size(), patience);
  statistics_.bytes_received += count;
  for (std::size_t i = 0; i < count; ++i) {
    if (said_.size() < kMostSaid) said_.push_back(bytes[i]);
    const FrameParser::Found found = parser_.take(bytes[i]);
    if (found == FrameParser::Found::broken) ++statistics_.broken_frames;
    if (found != FrameParser::Found::nothing) take(found == FrameParser::Found::frame);
  }
  return count > 0;
}

void LinkClient::drain() {
  const std::uint64_t before = statistics_.bytes_received;
  auto since = stream_.now();
  int strays = 0;
  // A board that still answers to what it was sent brings frames, and an end of them.
  while (receive(stream_.silence(), [&](bool whole) {
    since = whole ? stream_.now() : since;
    strays += whole ? 1 : 0;
  })) {
    bear(since);
    if (strays > kMostStrays) {
      throw DeviceTimeout(fmt::format(
          "{}: answers come without end that nobody asked for: does another program use the board?", stream_.name()));
    }
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

DeviceTimeout LinkClient::echo() const {
  return DeviceTimeout(
      fmt::format("{}: what is sent comes back: an echo, no Settle board (are its two wires joined?)", stream_.name()));
}

std::string LinkClient::words() const {
  std::string text;
  for (const std::uint8_t byte : said_) {
    if (byte < 0x20 || byte > 0x7e) break;
    text += static_cast<char>(byte);
  }
  return text.size() < kFewestWords ? "" : text;
}

DeviceTimeout LinkClient::no_session(std::uint64_t heard, std::uint64_t frames) const {
  const std::string text = words();
  if (heard == 0) {
    return DeviceTimeout(fmt::format("{}: no answer in {} attempts: no Settle board, no power, or another baud rate",
                                     stream_.name(), times_.attempts));
  }
  if (frames > 0) {
    return DeviceTimeout(fmt::format(
        "{}: {} answers came, but none to {} attempts to begin a session: does another program use the board?",
        stream_.name(), frames, times_.attempts));
  }
  return DeviceTimeout(
      fmt::format("{}: {} bytes came, but no answer to {} attempts: no Settle board, or another baud rate{}",
                  stream_.name(), heard, times_.attempts, text.empty() ? "" : "; it says \"" + text + "\""));
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
  const Bytes sent = content_of(sync, number);
  const std::uint64_t start = statistics_.bytes_received;
  std::uint64_t frames = 0;
  bool echoed = false;
  said_.clear();
  doubtful_ = false;
  try {
    for (int attempt = 0; attempt < times_.attempts; ++attempt) {
      drain();
      send(sync, number);
      bool answered = false;
      const std::uint64_t before = statistics_.bytes_received;
      const auto since = stream_.now();
      const auto take = [&](bool whole) {
        frames += whole ? 1 : 0;
        answered = answered || (whole && parser_.content() == wanted);
        echoed = echoed || (whole && parser_.content() == sent);
      };
      while (!answered && receive(times_.answer, take)) {
        bear(since);
        if (statistics_.bytes_received - before > kMostNoise) break;
      }
      bear(stream_.now());
      if (echoed) continue;  // its own words would pass for answers
      if (answered) {
        drain();
        due_ = static_cast<std::uint8_t>(number + 1);
        return;
      }
    }
  } catch (const DeviceInUse&) {
    throw;
  } catch (const DeviceLost& e) {
    if (frames > 0 || words().empty()) throw;
    throw DeviceLost(fmt::format("{}; it said \"{}\": no Settle board", e.what(), words()));
  }
  throw echoed ? echo() : no_session(statistics_.bytes_received - start, frames);
}

bool LinkClient::accept(const Bytes& answer, std::vector<LinkRequest>& requests, std::size_t& answered,
                        std::size_t sent) {
  if (answer.size() < 2) return false;
  if (answer == content_of(requests[answered], due_)) {
    // Only of a read of one word can this be an answer.
    if (requests[answered].kind != Request::read || answer.size() - 2 != requests[answered].expected) throw echo();
    doubtful_ = true;
  }
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
  bool strange = false;  // answers came since the last one that was due
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
      strange = strange || whole;
      if (trouble || answered == sent) return;
      trouble = !whole || !accept(parser_.content(), requests, answered, sent);
    });
    if (answered != before) {
      attempts = 0;
      strange = false;
    }
    if (answered != before || !heard) since = stream_.now();
    if (heard && !trouble) continue;
    if (++attempts > times_.attempts) {
      throw DeviceTimeout(fmt::format(
          "{}: {}: {} in {} attempts", stream_.name(), what(requests[answered]),
          heard || strange ? "no answer that is whole and due (does another program use the board?)" : "no answer",
          times_.attempts));
    }
    drain();
    ++statistics_.repeats;
    sent = answered;
  }
  ++statistics_.round_trips;
  // The number of a step may look like the question for it. On a line that echoes no session can be begun.
  if (doubtful_) begin();
}

}  // namespace settle
