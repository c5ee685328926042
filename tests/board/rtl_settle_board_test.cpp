// settle-board as a user runs it: hosts come and go, faults are counted, Ctrl-C ends it.
#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include "board/stream_checks.hpp"
#include "device/streams/serial_stream.hpp"
#include "device/streams/tcp_stream.hpp"
#include "program/program.hpp"
#include "sim/board/line/pin_board.hpp"

using namespace settle;
using namespace settle_test;
using Json = nlohmann::json;

namespace {

/// A running settle-board and what it printed.
class BoardProcess {
 public:
  explicit BoardProcess(const Arguments& arguments) : running_(arguments, made(output())) {}

  /// The name of the first port of its kind, "serial" or "tcp"; waits until it is printed.
  std::string port(const std::string& kind) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < end) {
      for (const std::string& line : lines()) {
        if (line.rfind(kind + ":", 0) == 0) return line.substr(kind.size() + 1);
      }
      std::this_thread::sleep_for(milliseconds(5));
    }
    throw std::runtime_error("settle-board prints no port");
  }

  /// Whole lines only.
  std::vector<std::string> lines() const {
    std::istringstream text(read_file(output()));
    std::vector<std::string> lines;
    std::string line;
    while (std::getline(text, line) && !text.eof()) lines.push_back(line);
    return lines;
  }

  std::unique_ptr<ByteStream> serial() const { return std::make_unique<SerialStream>(port("serial")); }
  std::unique_ptr<ByteStream> tcp() const { return std::make_unique<TcpStream>(port("tcp")); }

  double cpu_seconds() const {
    std::ifstream in("/proc/" + std::to_string(running_.process()) + "/stat");
    std::string field;
    double ticks = 0;
    for (int i = 1; i <= 15 && in >> field; ++i) ticks += i >= 14 ? std::stod(field) : 0;  // user and system
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  /// Ends it and checks that it ends well and says nothing but its ports.
  void stop(int signal = SIGINT) {
    running_.send(signal);
    CHECK(running_.ends_within(milliseconds(10000)));
    const Ended ended = running_.wait();
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
  }

 private:
  std::filesystem::path output() const { return folder_ / "out"; }
  /// An empty file.
  static std::string made(const std::filesystem::path& file) {
    write_file(file, "");
    return file.string();
  }

  TemporaryFolder folder_;
  Running running_;
};

/// Begins a session and reads the magic number, until it is answered: faults may take a frame.
void speak(ByteStream& stream, int attempts = 1) {
  const std::size_t size = frame_of(sync_answer(77)).size() + frame_of(read_magic_answer(78)).size();
  const milliseconds patience(attempts > 1 ? 300 : 10000);
  const std::vector<Bytes> wanted = {sync_answer(77), read_magic_answer(78)};
  std::vector<Bytes> got;
  for (int i = 0; i < attempts && got != wanted; ++i) {
    settle_test::send(stream, joined(sync_request(77), read_magic_request(78)));
    got = contents(receive(stream, size, patience));
  }
  CHECK(got == wanted);
}

/// That status and one line with every part.
void refused(const Arguments& arguments, const std::vector<std::string>& parts, int status = 2) {
  const Ended ended = run(arguments);
  INFO("stderr: ", ended.err);
  CHECK(ended.status == status);
  CHECK(ended.one_line());
  CHECK(ended.out.empty());
  for (const std::string& part : parts) {
    INFO("wanted: ", part);
    CHECK(ended.err.find(part) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("settle-board: a terminal") {
  BoardProcess board({});
  CHECK(board.port("serial").rfind("/dev/", 0) == 0);
  speak(*board.serial());
  speak(*board.serial());  // the next client
  CHECK(board.lines().size() == 1);
  board.stop();
}

TEST_CASE("settle-board: a TCP port, and SIGTERM") {
  BoardProcess board({"--configuration", "tiny", "--tcp", "0"});
  CHECK(board.port("tcp").rfind("127.0.0.1:", 0) == 0);
  speak(*board.tcp());
  speak(*board.tcp());
  CHECK(board.lines().size() == 1);
  board.stop(SIGTERM);
}

TEST_CASE("settle-board: both at once, a link to the terminal, another address") {
  const TemporaryFolder scratch;
  const std::string link = (scratch / "board").string();
  {
    BoardProcess board({"--configuration", "tiny", "--pty", link, "--tcp", "0", "--listen", "127.0.0.2"});
    CHECK(board.port("serial") == link);
    CHECK(board.port("tcp").rfind("127.0.0.2:", 0) == 0);
    speak(*board.serial());
    speak(*board.tcp());
    speak(*board.serial());
    board.stop();
  }
  CHECK(scratch.entries() == 0);  // the link is gone
}

TEST_CASE("settle-board: every clock edge in SystemC") {
  for (const std::string configuration : {"anchored", "tiny"}) {
    BoardProcess board({"--per-cycle", "--configuration", configuration, "--tcp", "0", "--reset-after", "60"});
    speak(*board.tcp());
    speak(*board.tcp(), 20);  // with a reset in it
    board.stop();
  }
}

TEST_CASE("settle-board: another length of a bit, other quanta") {
  for (const PinBoardKey& key : pin_board_keys()) {
    for (const std::string quantum : {"1", "100000"}) {
      BoardProcess board({"--configuration", key.configuration, "--divisor", fmt::format("{}", key.divisor16 / 16.0),
                          "--quantum", quantum, "--tcp", "0"});
      speak(*board.tcp());
      board.stop();
    }
  }
}

TEST_CASE("settle-board: an idle board takes no processor time, a session outlives its sleep") {
  BoardProcess board({"--configuration", "tiny", "--tcp", "0"});
  const auto stream = board.tcp();
  speak(*stream);
  const auto asleep = [&] {
    std::this_thread::sleep_for(milliseconds(500));
    const double before = board.cpu_seconds();
    std::this_thread::sleep_for(milliseconds(500));
    return board.cpu_seconds() - before < 0.05;
  };
  bool sleeps = false;
  for (int i = 0; i < 30 && !sleeps; ++i) sleeps = asleep();
  CHECK(sleeps);
  settle_test::send(*stream, read_magic_request(79));
  CHECK(contents(receive(*stream, frame_of(read_magic_answer(79)).size(), milliseconds(10000))) ==
        std::vector<Bytes>{read_magic_answer(79)});
  board.stop();
}

TEST_CASE("settle-board: a frame that is not ended is dropped although the board may sleep") {
  BoardProcess board({"--configuration", "tiny", "--tcp", "0"});
  const auto stream = board.tcp();
  speak(*stream);
  settle_test::send(*stream, {0x7e, 1, 2, 3});
  const Bytes said = receive(*stream, frame_of({79, 8}).size(), milliseconds(20000));
  CHECK(contents(said) == std::vector<Bytes>{{79, 8}});  // timed_out, and the number that is due
  board.stop();
}

TEST_CASE("settle-board: the line is closed after its bytes, and hosts come again") {
  BoardProcess board({"--configuration", "tiny", "--hang-up-after", "40"});
  const auto stream = board.serial();
  settle_test::send(*stream, joined(sync_request(1), read_magic_request(2)));
  CHECK_THROWS_AS(receive(*stream, 1000, milliseconds(10000)), DeviceLost);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (board.lines().size() < 2 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(milliseconds(5));
  }
  REQUIRE(board.lines().size() == 2);  // a new terminal, named again
  speak(*std::make_unique<SerialStream>(board.lines()[1].substr(7)));
  board.stop();
}

TEST_CASE("settle-board: faults are made, counted and written") {
  const TemporaryFolder scratch;
  const auto file = scratch / "faults.json";
  BoardProcess board({"--configuration", "tiny", "--tcp",    "0",          "--drop",        "0.02", "--flip", "0.02",
                      "--repeat",        "0.02", "--delay",  "0.02",       "--reset-after", "1000", "--seed", "7",
                      "--hang-up-after", "900",  "--faults", file.string()});
  auto stream = board.tcp();
  Bytes request;
  for (int i = 0; i < 20; ++i) request = joined(request, sync_request(3));
  for (int i = 0; i < 5; ++i) {
    try {
      settle_test::send(*stream, request);
      receive(*stream, static_cast<std::size_t>(-1), milliseconds(300));
    } catch (const DeviceLost&) {
      stream->reopen();
    }
  }
  CHECK_FALSE(std::filesystem::exists(file));
  board.stop();
  const Json faults = Json::parse(read_file(file));
  CHECK(faults["configuration"] == "tiny");
  CHECK(faults["divisor"] == 4);
  CHECK(faults["rates"]["drop"] == 0.02);
  CHECK(faults["rates"]["seed"] == 7);
  CHECK(faults["cycles"] > 10000);
  CHECK(faults["resets"] == 1);
  CHECK(faults["hang_ups"] == 1);
  CHECK(faults["to_board"]["bytes"] > 1000);
  for (const char* direction : {"to_board", "to_host"}) {
    for (const char* fault : {"dropped", "flipped", "repeated", "delayed"}) {
      INFO(direction, " ", fault);
      CHECK(faults[direction][fault] > 0);
      CHECK(faults[direction][fault] < faults[direction]["bytes"].get<int>() / 10);
    }
  }
  CHECK(scratch.entries() == 1);  // no temporary is left
}

TEST_CASE("settle-board: a board that is reset has no session") {
  BoardProcess board({"--configuration", "tiny", "--tcp", "0", "--reset-rate", "10000"});
  const auto stream = board.tcp();
  settle_test::send(*stream, sync_request(1));
  receive(*stream, static_cast<std::size_t>(-1), milliseconds(200));
  // A reset every 2400 cycles: some fall into a frame of 520 cycles or into its answer, most do not.
  const std::vector<Bytes> no_session = {{2, 6}};
  bool said_so = false;
  for (int i = 0; i < 100 && !said_so; ++i) {
    settle_test::send(*stream, read_magic_request(2));
    said_so = contents(receive(*stream, static_cast<std::size_t>(-1), milliseconds(200))) == no_session;
  }
  CHECK(said_so);
  board.stop();
}

TEST_CASE("settle-board: Ctrl-C at any time, also with a client that does not read") {
  for (const int delay : {0, 1, 3, 10, 30, 100}) {
    BoardProcess board({"--configuration", "tiny", "--tcp", "0"});
    const auto stream = board.tcp();
    settle_test::send(*stream, sync_request(1));
    for (int i = 0; i < 200; ++i) settle_test::send(*stream, read_magic_request(2));
    std::this_thread::sleep_for(milliseconds(delay));
    board.stop();
    CHECK_THROWS_AS(receive(*stream, static_cast<std::size_t>(-1), milliseconds(5000)), DeviceLost);
  }
}

TEST_CASE("settle-board: bad options: one line with the option and its range, status 2") {
  refused({"--configuration", "nothing"}, {"--configuration", "nothing", "anchored, tiny"});
  refused({"--divisor", "3"}, {"--divisor", "4 to 262144"});
  refused({"--divisor", "4.5"}, {"--divisor", "4.5", "built with 4"});
  refused({"--divisor", "four"}, {"--divisor", "four"});
  refused({"--tcp", "65536"}, {"--tcp", "0 to 65535"});
  refused({"--tcp", "0", "--listen", "localhost"}, {"--listen", "localhost", "IPv4 or IPv6"});
  refused({"--listen", "127.0.0.1"}, {"--listen", "--tcp"});
  refused({"--pty", ""}, {"--pty"});
  refused({"--quantum", "0"}, {"--quantum", "1 to 1000000"});
  for (const char* rate : {"--drop", "--flip", "--repeat", "--delay", "--hang-up"}) {
    refused({rate, "1.1"}, {rate, "0 to 1"});
    refused({rate, "-0.1"}, {rate, "0 to 1"});
    refused({rate, "nan"}, {rate, "0 to 1"});
  }
  refused({"--most-delay", "0"}, {"--most-delay", "1 to 1000000000"});
  refused({"--reset-rate", "-1"}, {"--reset-rate", "0 to"});
  refused({"--reset-after", "-1"}, {"--reset-after", "0 to"});
  refused({"--hang-up-after", "x"}, {"--hang-up-after", "0 to"});
  refused({"--seed", "1.5"}, {"--seed", "0 to"});
  refused({"--faults", "/"}, {"--faults", "/"}, 1);
  refused({"--faults", "/dev/null/faults.json"}, {"--faults", "/dev/null"}, 1);
  refused({"--cycles", "100000"}, {"--cycles", "--bench"});
  refused({"--no-such-option"}, {"--no-such-option"});
  refused({"stray"}, {"stray"});
}

TEST_CASE("settle-board: a link that leads to another board is not taken from it, one that leads nowhere is") {
  const TemporaryFolder scratch;
  const std::filesystem::path link = scratch / "board";
  const Arguments arguments = {"--configuration", "tiny", "--pty", link.string()};
  std::filesystem::create_symlink("/dev/pts/no-such-terminal", link);
  BoardProcess first(arguments);
  CHECK(first.port("serial") == link.string());
  const std::filesystem::path terminal = std::filesystem::read_symlink(link);
  const Ended second = run(arguments);
  CHECK(second.status == 1);
  CHECK(second.one_line());
  CHECK(second.err.find(link.string() + ": leads to " + terminal.string()) != std::string::npos);
  CHECK(std::filesystem::read_symlink(link) == terminal);
  speak(*first.serial());
  first.stop();
  CHECK(!std::filesystem::is_symlink(link));
}

TEST_CASE("settle-board: ports that cannot be had: one line, status 1") {
  const TemporaryFolder scratch;
  write_file(scratch / "file", "kept");
  const std::string file = (scratch / "file").string();
  const Ended link = run({"--pty", file});
  CHECK(link.status == 1);
  CHECK(link.one_line());
  CHECK(link.err.find(file + ": is there and is no symbolic link") != std::string::npos);
  CHECK(read_file(file) == "kept");
  BoardProcess first({"--configuration", "tiny", "--tcp", "0"});
  const std::string port = first.port("tcp").substr(10);
  const Ended second = run({"--configuration", "tiny", "--tcp", port});
  CHECK(second.status == 1);
  CHECK(second.one_line());
  CHECK(second.err.find("port " + port) != std::string::npos);
  first.stop();
  CHECK(run({"--tcp", "0"}, "/dev/full").status == 1);
}

TEST_CASE("settle-board: the bench measures both ways of simulating") {
  for (const Arguments& how : {Arguments{}, Arguments{"--per-cycle"}}) {
    const Ended ended = run(Arguments{"--bench", "--cycles", "20000", "--runs", "1"} + how);
    INFO("stderr: ", ended.err);
    CHECK(ended.status == 0);
    CHECK(ended.err.empty());
    CHECK(ended.out.find("bare verilated top") != std::string::npos);
    CHECK(ended.out.find("ratio") != std::string::npos);
  }
  const Ended small = run({"--bench", "--configuration", "tiny"});
  CHECK(small.status == 1);
  CHECK(small.one_line());
}

TEST_CASE("settle-board: help and version") {
  CHECK(run({"--help"}).status == 0);
  CHECK(run({"--version"}).out.find("settle-board, commit ") == 0);
}
