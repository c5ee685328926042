#include "device/streams/open_stream.hpp"

#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "device/streams/serial_stream.hpp"
#include "device/streams/tcp_stream.hpp"

namespace settle {

namespace {

constexpr char kSerial[] = "serial:", kTcp[] = "tcp:";

bool begins(const std::string& text, const std::string& start) { return text.rfind(start, 0) == 0; }

struct SerialPort {
  std::string path;
  int baud = registers::kBaud;
};

/// PATH or PATH@BAUD; a path may hold an @ that no number follows.
SerialPort parse_serial(const std::string& text, const std::string& name) {
  SerialPort port{text};
  if (const std::size_t at = text.rfind('@'); at != std::string::npos) {
    const char* const last = text.data() + text.size();
    int baud = 0;
    const auto [end, code] = std::from_chars(text.data() + at + 1, last, baud);
    if (end == last && (code == std::errc() || code == std::errc::result_out_of_range)) {
      if (code != std::errc() || baud < kLeastBaud || baud > kMostBaud) {
        throw error("{}: baud rate: {} to {} is needed", one_line(name), kLeastBaud, kMostBaud);
      }
      port = {text.substr(0, at), baud};
    }
  }
  if (port.path.empty()) {
    throw error("{}: the path of a serial port is needed, as in serial:/dev/ttyUSB1", one_line(name));
  }
  return port;
}

/// One of the two is filled.
struct Line {
  std::optional<SerialPort> serial;
  std::string endpoint;
};

Line parse(const std::string& name) {
  if (begins(name, kSerial)) return {parse_serial(name.substr(sizeof kSerial - 1), name), ""};
  if (begins(name, "/")) return {parse_serial(name, name), ""};
  if (!begins(name, kTcp)) {
    throw error("{}: no line: serial:PATH, serial:PATH@BAUD (or the path alone) or tcp:HOST:PORT is needed",
                one_line(name));
  }
  const std::string endpoint = name.substr(sizeof kTcp - 1);
  parse_endpoint(endpoint);
  return {std::nullopt, endpoint};
}

}  // namespace

bool names_stream(const std::string& name) { return begins(name, kSerial) || begins(name, kTcp) || begins(name, "/"); }

void check_stream_name(const std::string& name) { parse(name); }

std::unique_ptr<ByteStream> open_stream(const std::string& name) {
  const Line line = parse(name);
  if (line.serial) return std::make_unique<SerialStream>(line.serial->path, line.serial->baud);
  return std::make_unique<TcpStream>(line.endpoint);
}

}  // namespace settle
