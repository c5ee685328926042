// Hosts that come to a board and leave it, at a pseudo-terminal and at a TCP port.
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "base/processes.hpp"
#include "board/echo_board.hpp"
#include "board/stream_checks.hpp"
#include "device/link/link_device.hpp"
#include "device/streams/serial_stream.hpp"
#include "device/streams/tcp_stream.hpp"
#include "error_message.hpp"
#include "sim/board/line/board_line.hpp"
#include "sim/board/ports/clients.hpp"
#include "sim/board/ports/pseudo_terminal.hpp"
#include "sim/board/ports/tcp_listener.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using namespace settle_test;

namespace {

/// An echo board that runs in a thread, with a terminal behind a link and a TCP port.
class Stand {
 public:
  explicit Stand(const FaultRates& rates = {}) : line_(std::make_unique<EchoBoard>(64), rates) {
    std::vector<std::unique_ptr<ClientPort>> ports;
    ports.push_back(std::make_unique<PseudoTerminal>(link()));
    auto listener = std::make_unique<TcpListener>("127.0.0.1", 0);
    endpoint_ = "127.0.0.1:" + std::to_string(listener->port());
    ports.push_back(std::move(listener));
    clients_ = std::make_unique<Clients>(std::move(ports));
    clients_->on_hang_up = [this](const ClientPort&) { ++hang_ups; };
    thread_ = std::thread([this] {
      while (!ended_) {
        line_.run(1000);
        clients_->exchange(line_.host());
        if (line_.host().idle()) clients_->wait(-1, milliseconds(5));
      }
    });
  }
  ~Stand() {
    ended_ = true;
    thread_.join();
  }
  Stand(const Stand&) = delete;
  Stand& operator=(const Stand&) = delete;

  std::filesystem::path link() const { return folder_ / "board"; }
  const std::string& endpoint() const { return endpoint_; }
  std::unique_ptr<ByteStream> serial() const { return std::make_unique<SerialStream>(link().string()); }
  std::unique_ptr<ByteStream> tcp() const { return std::make_unique<TcpStream>(endpoint_); }

  std::atomic<int> hang_ups{0};

 private:
  TemporaryFolder folder_;
  BoardLine line_;
  std::string endpoint_;
  std::unique_ptr<Clients> clients_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

/// Opens a stream and reads until the other side closes the line, which may be while it is opened; nothing may come
/// before.
template <typename Open>
bool is_sent_away(const Open& open) {
  std::uint8_t byte = 0;
  try {
    return open()->read(&byte, 1, milliseconds(10000)) > 1;
  } catch (const DeviceLost&) {
    return true;
  }
}

}  // namespace

TEST_CASE("clients: bytes pass through terminal and TCP, one client after the other") {
  const Stand stand;
  const Bytes bytes = random_bytes(3000, 4);
  for (int round = 0; round < 3; ++round) {
    CHECK(echoed_by(*stand.serial(), bytes) == bytes);
    CHECK(echoed_by(*stand.tcp(), bytes) == bytes);
    CHECK(echoed_by(*stand.tcp(), all_bytes()) == all_bytes());
    CHECK(echoed_by(*stand.serial(), all_bytes()) == all_bytes());
  }
  CHECK(stand.hang_ups == 0);
}

TEST_CASE("clients: whoever comes while another is served is sent away") {
  const Stand stand;
  SUBCASE("TCP is served") {
    const auto first = stand.tcp();
    CHECK(echoed_by(*first, all_bytes()) == all_bytes());
    CHECK(is_sent_away([&] { return stand.tcp(); }));
    CHECK(is_sent_away([&] { return stand.serial(); }));
    const auto second = [&] { LinkDevice device(stand.tcp()); };
    check_fails(second, "tcp:" + stand.endpoint() + ": ");
    check_fails(second, "in use by " + process(getpid())->text());
    CHECK_THROWS_AS(second(), DeviceInUse);
    CHECK(echoed_by(*first, all_bytes()) == all_bytes());
  }
  SUBCASE("the terminal is served") {
    const auto first = stand.serial();
    CHECK(echoed_by(*first, all_bytes()) == all_bytes());
    CHECK(is_sent_away([&] { return stand.tcp(); }));
    check_fails([&] { stand.serial(); }, "in use");
    CHECK(echoed_by(*first, all_bytes()) == all_bytes());
  }
  CHECK(echoed_by(*stand.serial(), all_bytes()) == all_bytes());
}

TEST_CASE("clients: the line is closed after its bytes, and the client comes again") {
  FaultRates rates;
  rates.hang_up_after = 100;
  const Stand stand(rates);
  std::unique_ptr<ByteStream> stream;
  SUBCASE("terminal") { stream = stand.serial(); }
  SUBCASE("TCP") { stream = stand.tcp(); }
  send(*stream, random_bytes(200, 7));
  CHECK_THROWS_AS(receive(*stream, 400, milliseconds(10000)), DeviceLost);
  stream->reopen();
  drain(*stream);  // what the board was still saying
  CHECK(echoed_by(*stream, all_bytes()) == all_bytes());
  CHECK(stand.hang_ups == 1);
}

TEST_CASE("clients: what the board says while nobody is there is lost") {
  const Stand stand;
  {
    const auto first = stand.serial();
    send(*first, random_bytes(2000, 5));
    std::uint8_t byte = 0;
    CHECK(first->read(&byte, 1, milliseconds(5000)) == 1);
  }
  std::this_thread::sleep_for(milliseconds(200));
  CHECK(drain(*stand.serial()).empty());
}

TEST_CASE("clients: one that does not read loses nothing") {
  const Stand stand;
  const Bytes bytes = random_bytes(150000, 6);
  const auto stream = stand.tcp();
  send(*stream, bytes);
  std::this_thread::sleep_for(milliseconds(300));
  CHECK(receive(*stream, bytes.size(), milliseconds(5000)) == bytes);
}

TEST_CASE("clients: IPv6, where there is any") {
  std::unique_ptr<TcpListener> listener;
  try {
    listener = std::make_unique<TcpListener>("::1", 0);
  } catch (const Error&) {
    MESSAGE("no IPv6 on this machine");
    return;
  }
  const std::string endpoint = "[::1]:" + std::to_string(listener->port());
  CHECK(listener->name() == "tcp:" + endpoint);
  TcpStream stream(endpoint);
  CHECK(listener->look() == Client::here);
  send(stream, {1, 2, 3});
  Bytes got(3);
  for (int i = 0; i < 1000 && listener->read(got.data(), got.size()) == 0; ++i) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  CHECK(got == Bytes{1, 2, 3});
}

TEST_CASE("clients: links and addresses that cannot be") {
  const TemporaryFolder scratch;
  const auto file = scratch / "file";
  std::filesystem::create_directory(file);
  check_fails([&] { PseudoTerminal terminal(file); }, file.string() + ": is there and is no symbolic link");
  check_fails([&] { PseudoTerminal terminal(scratch / "no" / "such"); }, "no symbolic link can be made");
  {
    const PseudoTerminal terminal(scratch / "link");
    CHECK(terminal.name() == "serial:" + (scratch / "link").string());
    const auto leads_to = std::filesystem::read_symlink(scratch / "link");
    check_fails([&] { PseudoTerminal second(scratch / "link"); },
                "leads to " + leads_to.string() + ", which is there: in use by " + process(getpid())->text());
    CHECK(std::filesystem::read_symlink(scratch / "link") == leads_to);
  }
  CHECK(scratch.entries() == 1);  // the folder
  const PseudoTerminal unnamed;
  CHECK(unnamed.name().rfind("serial:/dev/", 0) == 0);
  check_fails([] { TcpListener listener("localhost", 0); }, "localhost: an IPv4 or IPv6 address is needed");
  const TcpListener listener("127.0.0.1", 0);
  check_fails([&] { TcpListener second("127.0.0.1", listener.port()); },
              fmt::format("tcp port {} of 127.0.0.1: in use by {}", listener.port(), process(getpid())->text()));
}
