#include "device/streams/open_stream.hpp"

#include <charconv>

#include "base/error.hpp"
#include "device/streams/serial_stream.hpp"
#include "device/streams/tcp_stream.hpp"

namespace settle {

namespace {

constexpr char kSerial[] = "serial:", kTcp[] = "tcp:";

bool begins(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

/// PATH or PATH@BAUD; a path may hold an @ that no number follows.
std::unique_ptr<ByteStream> open_serial(const std::string& text, const std::string& name) {
  const std::size_t at = text.rfind('@');
  std::string path = text;
  int baud = registers::kBaud;
  if (at != std::string::npos) {
    const char* const last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data() + at + 1, last, baud);
    if (end == last && (code == std::errc() || code == std::errc::result_out_of_range)) {
      path = text.substr(0, at);
      if (code != std::errc() || baud < kLeastBaud || baud > kMostBaud) {
        throw error("{}: baud rate: {} to {} is needed", one_line(name), kLeastBaud, kMostBaud);
      }
    } else {
      baud = registers::kBaud;
    }
  }
  if (path.empty()) throw error("{}: the path of a serial port is needed, as in serial:/dev/ttyUSB1", one_line(name));
  return std::make_unique<SerialStream>(path, baud);
}

}  // namespace

bool names_stream(const std::string& name) { return begins(name, kSerial) || begins(name, kTcp) || begins(name, "/"); }

std::unique_ptr<ByteStream> open_stream(const std::string& name) {
  if (begins(name, kSerial)) return open_serial(name.substr(sizeof kSerial - 1), name);
  if (begins(name, kTcp)) return std::make_unique<TcpStream>(name.substr(sizeof kTcp - 1));
  if (begins(name, "/")) return open_serial(name, name);
  throw error("{}: no line: serial:PATH, serial:PATH@BAUD or tcp:HOST:PORT is needed", one_line(name));
}

}  // namespace settle
