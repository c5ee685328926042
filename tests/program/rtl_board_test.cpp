// The program on a board: a virtual one, behind a pseudo-terminal or a TCP port, which may go away while it runs.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "board/peers.hpp"
#include "hil/virtual_board.hpp"
#include "program/program.hpp"
#include "program/report_file.hpp"

using namespace settle_test;
using settle::hil::VirtualBoard;
using Json = nlohmann::json;
using std::chrono::milliseconds;

namespace {

std::unique_ptr<VirtualBoard> board(const Arguments& arguments) {
  return std::make_unique<VirtualBoard>(SETTLE_BOARD_BINARY, arguments);
}

/// A short run: two samples and all that is measured beside them.
Arguments short_run(const std::string& device, const std::filesystem::path& out) {
  return {"run", "--device",       device, "--samples", "2",     "--settle-steps",
          "20",  "--window-steps", "40",   "--quiet",   "--out", out.string()};
}

/// The settling alone of more samples: enough for what happens to a line, in a part of the time.
Arguments quick_run(const std::string& device, const std::filesystem::path& out) {
  Arguments arguments = short_run(device, out) + Arguments{"--quick"};
  arguments[4] = "16";
  return arguments;
}

/// What must not depend on the device.
Json numbers(const std::filesystem::path& out) {
  Json report = Json::parse(read_file(out / "report.json"));
  report.erase("engine");
  report.erase("wall_seconds");
  report["settling"].erase("ess_per_second");  // by the wall clock
  return report;
}

/// A host of the virtual board at "tcp:127.0.0.1:PORT", without a word.
class TcpHost {
 public:
  explicit TcpHost(const std::string& device) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(static_cast<std::uint16_t>(std::stoi(device.substr(device.rfind(':') + 1))));
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
  }
  ~TcpHost() { ::close(socket_); }
  TcpHost(const TcpHost&) = delete;
  TcpHost& operator=(const TcpHost&) = delete;

  int file() const { return socket_; }

 private:
  int socket_;
};

/// A serial port whose board boots: what comes first is lost, and then everything goes to another board and back.
class BootingPort {
 public:
  BootingPort(const std::string& board, int lost) : host_(board), lost_(lost), thread_([this] { pass(); }) {}
  ~BootingPort() {
    ended_ = true;
    thread_.join();
  }
  BootingPort(const BootingPort&) = delete;
  BootingPort& operator=(const BootingPort&) = delete;

  const std::string& path() const { return terminal_.path(); }

 private:
  void pass() {
    std::array<char, 4096> bytes{};
    while (!ended_) {
      std::array<pollfd, 2> both{{{terminal_.file(), POLLIN, 0}, {host_.file(), POLLIN, 0}}};
      poll(both.data(), both.size(), 5);
      for (const bool out : {true, false}) {
        const ssize_t count = (both[out ? 0 : 1].revents & POLLIN) == 0
                                  ? 0
                                  : read(out ? terminal_.file() : host_.file(), bytes.data(), bytes.size());
        if (count <= 0 || (out && lost_-- > 0)) continue;
        [[maybe_unused]] const ssize_t written =
            write(out ? host_.file() : terminal_.file(), bytes.data(), static_cast<std::size_t>(count));
      }
    }
  }

  Terminal terminal_;
  TcpHost host_;
  int lost_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

using RunOn = Arguments (*)(const std::string& device, const std::filesystem::path& out);

/// A run's results on the verilated engine.
struct Reference {
  Json report;
  std::string readout, settling;

  explicit Reference(RunOn run_on) {
    const TemporaryFolder folder;
    REQUIRE(run(run_on("rtl", folder / "out")).status == 0);
    read(folder / "out");
  }

  void check_same(const std::filesystem::path& out) const {
    Reference other = *this;
    other.read(out);
    CHECK(other.report == report);
    CHECK(other.readout == readout);
    CHECK(other.settling == settling);
  }

 private:
  void read(const std::filesystem::path& out) {
    const auto curve = out / "settling.csv";
    report = numbers(out);
    readout = read_file(out / "readout.csv");
    settling = std::filesystem::exists(curve) ? read_file(curve) : "";
  }
};

const Reference& quick_reference() {
  static const Reference kReference(quick_run);
  return kReference;
}

}  // namespace

TEST_CASE("a board behind a pseudo-terminal and one behind TCP: every number is the verilated engine's") {
  const TemporaryFolder scratch;
  const auto check = [&](const Arguments& arguments, RunOn run_on, const Reference& reference) {
    const auto virtual_board = board(arguments);
    CAPTURE(virtual_board->device());
    const Ended ended = run(run_on(virtual_board->device(), scratch / "out"));
    CHECK(ended.status == 0);
    CHECK(ended.err == "");
    reference.check_same(scratch / "out");
  };
  check({"--pty", (scratch / "board").string()}, short_run, Reference(short_run));
  std::filesystem::remove_all(scratch / "out");
  check({"--tcp", "0"}, quick_run, quick_reference());
}

TEST_CASE("a line that loses bytes, is closed, and a board that is reset in mid run: the same numbers") {
  const TemporaryFolder scratch;
  const auto virtual_board = board({"--pty", (scratch / "board").string(), "--drop", "1e-4", "--flip", "1e-4",
                                    "--repeat", "1e-4", "--hang-up-after", "12000", "--reset-after", "27000"});
  const Ended ended = run(quick_run(virtual_board->device(), scratch / "out"));
  CAPTURE(ended.err);
  CHECK(ended.status == 0);
  CHECK(ended.err.find("the board was reset") != std::string::npos);
  CHECK(ended.err.find("the run goes on") != std::string::npos);
  quick_reference().check_same(scratch / "out");
}

TEST_CASE("a board that is unplugged in mid run and comes back: the run goes on") {
  const TemporaryFolder scratch;
  const std::string path = (scratch / "board").string();
  auto virtual_board = board({"--pty", path});
  Arguments arguments = quick_run(virtual_board->device(), scratch / "out");
  arguments[4] = "64";
  Running running(arguments);
  CHECK_FALSE(running.ends_within(milliseconds(1500)));
  virtual_board.reset();
  CHECK_FALSE(running.ends_within(milliseconds(700)));
  virtual_board = board({"--pty", path});
  const Ended ended = running.wait();
  CAPTURE(ended.err);
  CHECK(ended.status == 0);
  CHECK(ended.err.find("waiting for it to come back") != std::string::npos);
  CHECK(ended.err.find("the run goes on") != std::string::npos);
  arguments = quick_run("rtl", scratch / "rtl");
  arguments[4] = "64";
  CHECK(run(arguments).status == 0);
  CHECK(numbers(scratch / "out") == numbers(scratch / "rtl"));
  CHECK(read_file(scratch / "out" / "readout.csv") == read_file(scratch / "rtl" / "readout.csv"));
}

TEST_CASE("a board that stays away: the error names it, and what was settled is kept") {
  bool kept = false;
  // Machines differ: until one has settled a sample by the time its board goes.
  for (milliseconds delay{1000}; !kept && delay < milliseconds(60000); delay *= 2) {
    const TemporaryFolder scratch;
    auto virtual_board = board({"--pty", (scratch / "board").string()});
    Arguments arguments = short_run(virtual_board->device(), scratch / "out");
    arguments[4] = "128";
    Running running(arguments + Arguments{"--patience", "1"});
    CHECK_FALSE(running.ends_within(delay));
    virtual_board.reset();
    const Ended ended = running.wait();
    CAPTURE(ended.err);
    CHECK(ended.status == 1);
    CHECK(ended.err.find((scratch / "board").string()) != std::string::npos);
    kept = std::filesystem::exists(scratch / "out" / "report.json");
    if (!kept) continue;
    const Json report = Json::parse(read_file(scratch / "out" / "report.json"));
    CHECK(report["samples"] >= 1);
    CHECK(report["samples"] < 128);
    CHECK(report["run"]["not_taken"].contains("run"));
  }
  CHECK(kept);
}

TEST_CASE("Ctrl-C on a board: the samples that are complete, and the board is free for the next run") {
  const TemporaryFolder scratch;
  const auto virtual_board = board({"--pty", (scratch / "board").string()});
  Arguments arguments = short_run(virtual_board->device(), scratch / "out");
  arguments[4] = "128";
  {
    Running running(arguments);
    CHECK_FALSE(running.ends_within(milliseconds(2500)));
    running.send(SIGINT);
    CHECK(running.wait().status == 130);
  }
  arguments[4] = "1";
  CHECK(run(arguments).status == 0);
}

TEST_CASE("devices are listed, refused and missed by name") {
  const auto virtual_board = board({"--tcp", "0", "--configuration", "tiny"});
  const Ended listed = run({"devices", virtual_board->device()});
  CHECK(listed.status == 0);
  CHECK(listed.out.find("configuration tiny") != std::string::npos);
  const Ended as_json = run({"devices", virtual_board->device(), "--json"});
  CHECK(as_json.status == 0);
  const Json found = Json::parse(as_json.out)["boards"];
  REQUIRE(found.size() == 1);
  CHECK(found[0]["name"] == virtual_board->device());
  CHECK(found[0]["status"] == "ready");
  CHECK(found[0]["reason"].is_null());
  CHECK(found[0]["configuration"] == "tiny");
  CHECK(listed.out.find("(" + found[0]["configuration_hash"].get<std::string>() + ")") != std::string::npos);
  CHECK(run({"devices"}).status == 0);
  const Ended missed = run({"devices", "tcp:localhost:1"});
  CHECK(missed.status == 1);
  CHECK(missed.one_line());
  for (const char* name : {"model", "tcp:", "serial:", "serial:/dev/null@1", "no-such"}) {
    CAPTURE(name);
    CHECK(run({"devices", name}).status == 2);
  }

  const TemporaryFolder scratch;
  for (const auto& wrong : {std::pair<std::string, std::string>{virtual_board->device(), "it holds configuration tiny"},
                            {"tcp:localhost:1", "tcp:localhost:1"},
                            {"serial:/dev/null", "/dev/null"},
                            {"serial:/no/such/port", "/no/such/port"},
                            {"/no/such/port@115200", "/no/such/port"},
                            {"/dev/null", "/dev/null"}}) {
    const std::string &device = wrong.first, &text = wrong.second;
    CAPTURE(device);
    const Ended ended = run({"run", "--device", device, "--samples", "1", "--out", (scratch / "out").string()});
    CHECK(ended.status == 1);
    CHECK(ended.one_line());
    CHECK(ended.err.find(text) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  }
  for (const auto& wrong : {std::pair<std::string, std::string>{"no-such", "unknown; known are rtl, model"},
                            {"serial:/dev/null@1", "baud rate"},
                            {"serial:", "path of a serial port is needed"},
                            {"tcp:localhost", "HOST:PORT is needed"}}) {
    CAPTURE(wrong.first);
    const Ended ended = run({"run", "--device", wrong.first, "--samples", "1"});
    CHECK(ended.status == 2);
    CHECK(ended.one_line());
    CHECK(ended.err.find(wrong.second) != std::string::npos);
  }
}

TEST_CASE("a board that another host has is in use, by whom, at its terminal and at its port") {
  const TemporaryFolder scratch;
  const std::string mine = "in use by another program: test_program (pid " + std::to_string(getpid()) + ")";
  const auto refused = [&](const std::string& device, const std::string& words) {
    CAPTURE(device);
    const Ended listed = run({"devices", device, "--json"});
    CHECK(listed.status == 1);
    const Json board = Json::parse(listed.out)["boards"][0];
    CHECK(board["status"] == "in use");
    CHECK(board["reason"].get<std::string>().find(words) != std::string::npos);
    const Ended ended = run(short_run(device, scratch / "out"));
    CHECK(ended.status == 1);
    CHECK(ended.one_line());
    CHECK(ended.err.find(words) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  };
  {
    const auto virtual_board = board({"--tcp", "0", "--configuration", "tiny"});
    const TcpHost host(virtual_board->device());
    refused(virtual_board->device(), "in use by test_program (pid " + std::to_string(getpid()) + ")");
  }
  const auto virtual_board = board({"--pty", (scratch / "board").string(), "--configuration", "tiny"});
  const int file = open((scratch / "board").c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(file >= 0);
  refused(virtual_board->device(), mine);
  close(file);
}

TEST_CASE("devices: a board that boots when its port is opened is found if its port is named") {
  const auto virtual_board = board({"--tcp", "0", "--configuration", "tiny"});
  const BootingPort port(virtual_board->device(), 5);
  CHECK(run({"devices", port.path(), "--patience", "0"}).status == 1);  // three attempts
  const Ended found = run({"devices", port.path()});
  CHECK(found.status == 0);
  CHECK(found.out.find("configuration tiny") != std::string::npos);
}
