// What is refused is refused by name, and nothing comes of what is broken.
#include <array>

#include "base/splitmix.hpp"
#include "device/model_device.hpp"
#include "hil/tests.hpp"
#include "device/link/frame.hpp"

namespace settle::hil {

namespace {

using registers::Answer;
using registers::Memory;
using registers::Request;

constexpr std::size_t kLongestAnswer = 2000;

/// The line without the client that mends everything: frames go out as they are.
class RawLine {
 public:
  explicit RawLine(const Board& board) : stream_(board.open()), parser_(kLongestAnswer), times_(board.times) {}

  void send(const Bytes& bytes) { stream_->write(bytes.data(), bytes.size()); }

  /// The answers that come until the line is silent; the first is awaited longer.
  std::vector<Bytes> answers() {
    std::vector<Bytes> found;
    std::array<std::uint8_t, 512> bytes{};
    for (;;) {
      const std::size_t count =
          stream_->read(bytes.data(), bytes.size(), found.empty() ? times_.answer : 2 * stream_->silence());
      if (count == 0) return found;
      for (std::size_t i = 0; i < count; ++i) {
        if (parser_.take(bytes[i]) == FrameParser::Found::frame) found.push_back(parser_.content());
      }
    }
  }

  /// The one answer to one frame.
  Bytes ask(const Bytes& content) { return ask_raw(encode_frame(content)); }

  Bytes ask_raw(const Bytes& frame) {
    send(frame);
    std::vector<Bytes> found;
    // As patient as the client: a busy computer may hold up a virtual board.
    for (int i = 0; i < times_.attempts && found.empty(); ++i) found = answers();
    require(found.size() == 1, "{} answers instead of one", found.size());
    require(found[0].size() >= 2, "an answer of {} bytes", found[0].size());
    return found[0];
  }

 private:
  std::unique_ptr<ByteStream> stream_;
  FrameParser parser_;
  LinkTimes times_;
};

Bytes request(std::uint8_t number, Request kind, int bytes, std::uint32_t address, const Bytes& content) {
  Bytes out;
  out.reserve(5 + content.size());
  out = {number, static_cast<std::uint8_t>(static_cast<unsigned>(kind) << 4 | static_cast<unsigned>(bytes - 1)),
         static_cast<std::uint8_t>(address), static_cast<std::uint8_t>(address >> 8),
         static_cast<std::uint8_t>(address >> 16)};
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

void expect(const Bytes& answer, std::uint8_t number, Answer code, const char* what) {
  require(answer.front() == number, "{}: answered with number {}, not {}", what, answer.front(), number);
  require(answer.back() == static_cast<std::uint8_t>(code), "{}: answered with code {}, not {}", what, answer.back(),
          static_cast<int>(code));
}

const Bytes kEcho = {1, 2, 3, 4};

}  // namespace

std::string busy_array_refuses(const Board& board) {
  const auto device = board.connect();
  // The shortest program there is, for minutes.
  device->write(address(Memory::program, 0), 0);
  device->write(address(Memory::segment, 0), 1000000000);
  device->write(address(Memory::segment, 1), 0);
  device->write(registers::segments, 1);
  device->write(registers::control, 1);
  require((device->status_when_idle() & 1u) != 0, "the array does not run");
  for (const std::uint32_t where : {address(Memory::state, 0), address(Memory::coefficient, 1)}) {
    std::string message;
    try {
      device->read(where);
    } catch (const DeviceError& e) {
      message = e.what();
    }
    require(message.find("the array runs") != std::string::npos, "address 0x{:06x} of a busy array: \"{}\"", where,
            message);
  }
  const std::uint32_t cycles = device->read(registers::cycles_lo);  // registers can be read
  require(device->read(registers::cycles_lo) != cycles, "the cycle counter stands still");
  device->write(registers::control, 8);
  const std::uint32_t status = device->status_when_idle();
  require((status & 1u) == 0, "the array does not stop");
  require((status & 2u) != 0 && (status & 4u) != 0, "status {} after refusals and a stop", status);
  device->read(address(Memory::state, 0));
  return "refused by name, stopped at a whole step";
}

std::string errors_are_named(const Board& board) {
  RawLine line(board);
  expect(line.ask(request(200, Request::sync, 1, 0, kEcho)), 200, Answer::ok, "sync");
  const std::uint32_t where = registers::step_lo;
  const Bytes word = {9, 0, 0, 0};
  struct Case {
    const char* what;
    Bytes frame;
    std::uint8_t number;
    Answer code;
  };
  Bytes flipped = encode_frame(request(201, Request::write, 4, where, word));
  flipped[4] = static_cast<std::uint8_t>(flipped[4] ^ 1);
  Bytes cut = encode_frame(request(201, Request::write, 4, where, word));
  cut.erase(cut.begin() + 6);
  const auto frame = [](const Bytes& content) { return encode_frame(content); };
  const std::vector<Case> cases = {
      {"a write", frame(request(201, Request::write, 4, where, word)), 201, Answer::ok},
      {"the same again", frame(request(201, Request::write, 4, where, word)), 201, Answer::repeated},
      {"a read done before", frame(request(201, Request::read, 4, where, {0})), 201, Answer::ok},
      {"one too far", frame(request(203, Request::write, 4, where, word)), 202, Answer::out_of_sequence},
      {"a read too far", frame(request(250, Request::read, 4, where, {0})), 202, Answer::out_of_sequence},
      {"no such register", frame(request(202, Request::read, 4, 999, {0})), 202, Answer::no_address},
      {"no such region", frame(request(202, Request::write, 4, 15u << 20, word)), 202, Answer::no_address},
      {"an unknown kind", frame(request(202, static_cast<Request>(9), 1, 0, {})), 202, Answer::bad_request},
      {"three bytes a word", frame(request(202, Request::read, 3, where, {0})), 202, Answer::bad_request},
      {"half a word", frame(request(202, Request::write, 4, where, {1, 2, 3, 4, 5, 6})), 202, Answer::bad_request},
      {"a read without a count", frame(request(202, Request::read, 4, where, {})), 202, Answer::bad_request},
      {"a write without words", frame(request(202, Request::write, 4, where, {})), 202, Answer::bad_request},
      {"a sync that is too short", frame(request(7, Request::sync, 1, 0, {1})), 7, Answer::bad_request},
      {"a flipped bit", flipped, 202, Answer::bad_frame},
      {"a byte lost", cut, 202, Answer::bad_frame},
      {"a frame that is too long", frame(request(202, Request::write, 1, where, Bytes(300, 1))), 202,
       Answer::bad_frame},
      {"a frame given up", {0x7e, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x7d, 0x7e}, 202, Answer::bad_frame},
      {"a frame not ended", {0x7e, 1, 2, 3}, 202, Answer::timed_out},
      {"the request that was due all the time", frame(request(202, Request::read, 4, where, {0})), 202, Answer::ok},
  };
  for (const Case& c : cases) expect(line.ask_raw(c.frame), c.number, c.code, c.what);
  return fmt::format("{} requests, good and bad, each answered by name", cases.size());
}

std::string broken_frames_change_nothing(const Board& board) {
  constexpr int kFrames = 300;
  constexpr std::size_t kWords = 64;
  {
    const auto device = board.connect();
    for (std::size_t i = 0; i < kWords; ++i) {
      device->write(address(Memory::coefficient, i), static_cast<std::uint32_t>(mix64(i)) & 0x7fffu);
    }
    device->write(registers::step_lo, 4711);
    device->finish();
  }
  {
    RawLine line(board);
    expect(line.ask(request(10, Request::sync, 1, 0, kEcho)), 10, Answer::ok, "sync");
    for (std::uint64_t n = 0; n < kFrames; ++n) {
      // Writes that would be carried out, were they not broken somewhere.
      const std::uint64_t r = mix64(board.seed * 7777 + n);
      const std::uint32_t where =
          n % 2 == 0 ? address(Memory::coefficient, r % kWords) : std::uint32_t{registers::step_lo};
      Bytes frame = encode_frame(request(11, Request::write, n % 2 == 0 ? 2 : 4, where, {0, 1, 2, 3}));
      const std::size_t at = 1 + (r >> 8) % (frame.size() - 2);
      const auto place = frame.begin() + static_cast<std::ptrdiff_t>(at);
      const auto other = static_cast<std::uint8_t>(*place ^ (1u << ((r >> 40) % 8)));
      switch ((r >> 32) % 4) {
        case 0:
          frame.erase(place);
          break;
        case 1:
          *place = other;
          break;
        case 2:
          frame.insert(place, other == 0x7e ? std::uint8_t{0x11} : other);
          break;
        default:
          frame.resize(at);
          frame.push_back(0x7e);
          break;
      }
      line.send(frame);
      if (n % 10 == 9) line.answers();
    }
    line.answers();
    expect(line.ask(request(11, Request::read, 4, registers::magic, {0})), 11, Answer::ok, "a read after it all");
    const Bytes step = line.ask(request(12, Request::read, 4, registers::step_lo, {0}));
    require(Bytes(step.begin() + 1, step.end() - 1) == Bytes{4711 & 255, 4711 >> 8, 0, 0}, "the step has changed");
  }
  const auto device = board.connect();
  for (std::size_t i = 0; i < kWords; ++i) {
    const std::uint32_t found = device->read(address(Memory::coefficient, i));
    require(found == (static_cast<std::uint32_t>(mix64(i)) & 0x7fffu), "coefficient {} has changed to {}", i, found);
  }
  return fmt::format("{} broken frames", kFrames);
}

std::string reconnects(const Board& board) {
  auto device = board.connect();
  device->write(address(Memory::coefficient, 3), 1234);
  device->write(registers::step_lo, 5);
  device->finish();
  for (int i = 0; i < 3; ++i) {
    device->reconnect();
    require(device->read(address(Memory::coefficient, 3)) == 1234, "a coefficient was lost");
    require(device->read(registers::step_lo) == 0, "the array was not reset");
    device->write(registers::step_lo, 5);
  }
  device.reset();  // the line is closed, perhaps with something under way
  device = board.connect();
  require(device->read(address(Memory::coefficient, 3)) == 1234, "a coefficient was lost");
  return "4 times";
}

}  // namespace settle::hil
