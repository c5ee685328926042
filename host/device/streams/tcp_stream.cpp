#include "device/streams/tcp_stream.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include <asio.hpp>

#include "base/error.hpp"
#include "base/processes.hpp"

namespace settle {

namespace {

constexpr std::chrono::seconds kMostStall{3};

using asio::ip::tcp;

}  // namespace

Endpoint parse_endpoint(const std::string& text) {
  const auto wrong = [&] {
    return error("tcp:{}: HOST:PORT is needed, with a port from 1 to 65535, as in localhost:5123 or [::1]:5123",
                 one_line(text));
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) throw wrong();
  Endpoint endpoint;
  endpoint.host = text.substr(0, colon);
  const bool bracketed = endpoint.host.size() > 1 && endpoint.host.front() == '[' && endpoint.host.back() == ']';
  if (bracketed) endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  if (endpoint.host.empty() || endpoint.host.find_first_of("[] ") != std::string::npos) throw wrong();
  if (!bracketed && endpoint.host.find(':') != std::string::npos) throw wrong();
  const char* const last = text.data() + text.size();
  const auto [end, code] = std::from_chars(text.data() + colon + 1, last, endpoint.port);
  if (code != std::errc() || end != last || endpoint.port < 1 || endpoint.port > 65535) throw wrong();
  return endpoint;
}

/// A socket whose waits end in time.
struct TcpStream::Connection {
  asio::io_context context;
  tcp::socket socket{context};
  bool here = false;  // the other side is on this computer

  /// Runs what was begun on the socket until it is done, `done` says so, or for `patience`.
  void run(const bool& done, std::chrono::microseconds patience) {
    context.restart();
    context.run_for(std::clamp(patience, std::chrono::microseconds(0), kMostPatience));
    if (done) return;
    std::error_code ignored;
    socket.cancel(ignored);
    context.run();  // the handler, with operation_aborted
  }

  /// False if the socket was not ready in time. What is wrong with it, the next operation says.
  bool wait(tcp::socket::wait_type what, std::chrono::microseconds patience) {
    bool done = false, ready = false;
    socket.async_wait(what, [&](const std::error_code& code) {
      done = true;
      ready = code != asio::error::operation_aborted;
    });
    run(done, patience);
    return ready;
  }

  std::error_code connect(const tcp::endpoint& peer, std::chrono::milliseconds patience) {
    bool done = false;
    std::error_code result;
    socket.async_connect(peer, [&](const std::error_code& code) {
      done = true;
      result = code;
    });
    run(done, patience);
    return result == asio::error::operation_aborted ? make_error_code(asio::error::timed_out) : result;
  }
};

TcpStream::TcpStream(const std::string& host_and_port, std::chrono::milliseconds patience)
    : endpoint_(parse_endpoint(host_and_port)), name_("tcp:" + host_and_port), patience_(patience) {
  reopen();
}

TcpStream::~TcpStream() = default;

void TcpStream::reopen() {
  connection_.reset();
  auto connection = std::make_unique<Connection>();
  std::error_code code;
  const auto peers = tcp::resolver(connection->context).resolve(endpoint_.host, std::to_string(endpoint_.port), code);
  if (code) throw DeviceLost(fmt::format("{}: {} cannot be looked up: {}", name_, endpoint_.host, code.message()));
  const auto end = std::chrono::steady_clock::now() + patience_;
  code = asio::error::host_not_found;
  for (const auto& peer : peers) {
    std::error_code ignored;
    connection->socket.close(ignored);
    const auto left = end - std::chrono::steady_clock::now();
    code = connection->connect(peer, std::chrono::duration_cast<std::chrono::milliseconds>(left));
    if (!code) break;
  }
  if (code == asio::error::timed_out) {
    throw DeviceLost(fmt::format("{}: no answer in {} ms", name_, patience_.count()));
  }
  if (!code) connection->socket.set_option(tcp::no_delay(true), code);
  if (!code) connection->socket.set_option(asio::socket_base::keep_alive(true), code);
  if (!code) connection->socket.non_blocking(true, code);
  if (code) throw DeviceLost(fmt::format("{}: no connection: {}", name_, code.message()));
  std::error_code unknown;
  const auto ours = connection->socket.local_endpoint(unknown), theirs = connection->socket.remote_endpoint(unknown);
  connection->here = !unknown && ours.address() == theirs.address();
  connection_ = std::move(connection);
  heard_ = false;
}

void TcpStream::lose(const std::error_code& code) {
  const bool here = connection_->here;
  connection_.reset();
  const bool closed = code == asio::error::eof;
  // What was written and not read turns the end of the connection into a reset.
  const bool at_once = !heard_ && (closed || code == asio::error::connection_reset || code == asio::error::broken_pipe);
  const std::string what = closed ? ": the other side closed the connection" : ": connection lost: " + code.message();
  if (!at_once) throw DeviceLost(name_ + what);
  const std::optional<Process> other = here ? client_of_tcp(endpoint_.port) : std::nullopt;
  if (other) throw DeviceInUse(fmt::format("{}{}: in use by {}", name_, what, other->text()));
  throw DeviceLost(name_ + what +
                   " before it said anything: in use by another host (a board takes one at a time), or no board");
}

void TcpStream::write(const std::uint8_t* bytes, std::size_t size) {
  if (!connection_) throw DeviceLost(name_ + ": not connected");
  while (size > 0) {
    std::error_code code;
    const std::size_t count = connection_->socket.write_some(asio::buffer(bytes, size), code);
    bytes += count;
    size -= count;
    if (!code || code == asio::error::interrupted) continue;
    if (code != asio::error::would_block) lose(code);
    if (!connection_->wait(tcp::socket::wait_write, kMostStall)) {
      connection_.reset();
      throw DeviceLost(fmt::format("{}: the other side has taken no byte for {} s", name_, kMostStall.count()));
    }
  }
}

std::size_t TcpStream::read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) {
  if (!connection_) throw DeviceLost(name_ + ": not connected");
  if (size == 0) return 0;
  const auto end = std::chrono::steady_clock::now() + std::min(patience, kMostPatience);
  while (true) {
    std::error_code code;
    const std::size_t count = connection_->socket.read_some(asio::buffer(bytes, size), code);
    if (!code) {
      heard_ = true;
      return count;
    }
    if (code != asio::error::would_block && code != asio::error::interrupted) lose(code);
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(end - std::chrono::steady_clock::now());
    if (!connection_->wait(tcp::socket::wait_read, left)) return 0;
  }
}

}  // namespace settle
