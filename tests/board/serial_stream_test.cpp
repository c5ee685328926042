// Serial ports, held against pseudo-terminals.
#include <memory>

#include <doctest/doctest.h>

#include "board/peers.hpp"
#include "board/stream_checks.hpp"
#include "device/streams/serial_stream.hpp"
#include "error_message.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using namespace settle_test;

TEST_CASE("serial: every byte passes as it is, both ways") {
  Terminal terminal;
  SerialStream stream(terminal.path());
  const Echo echo(terminal.file());
  CHECK(stream.name() == "serial:" + terminal.path());
  CHECK(stream.silence() == milliseconds(20));
  CHECK(echoed_by(stream, all_bytes()) == all_bytes());
  const Bytes many = random_bytes(20000, 1);
  CHECK(echoed_by(stream, Bytes(many.begin(), many.begin() + 3000)) == Bytes(many.begin(), many.begin() + 3000));
  send(stream, many);  // more than the kernel holds: written in parts
  CHECK(receive(stream, many.size(), milliseconds(5000)) == many);
}

TEST_CASE("serial: signals do not cut writes or reads") {
  Terminal terminal;
  SerialStream stream(terminal.path());
  const Bytes many = random_bytes(20000, 2);
  const Alarms alarms;
  const Echo echo(terminal.file());
  for (std::size_t at = 0; at < many.size(); at += 2000) {
    const Bytes part(many.begin() + static_cast<std::ptrdiff_t>(at),
                     many.begin() + static_cast<std::ptrdiff_t>(at + 2000));
    CHECK(echoed_by(stream, part) == part);
  }
}

TEST_CASE("serial: patience") {
  Terminal terminal;
  SerialStream stream(terminal.path());
  check_patience(stream);
}

TEST_CASE("serial: standard rates and others") {
  Terminal terminal;
  for (const int baud : {50, 9600, 115200, 1'000'000, 1'234'567, 12'000'000}) {
    SerialStream stream(terminal.path(), baud);
    termios mode{};
    REQUIRE(tcgetattr(terminal.file(), &mode) == 0);
    CHECK((mode.c_cflag & (CSIZE | CSTOPB | PARENB)) == CS8);
  }
  check_fails([&] { SerialStream stream(terminal.path(), 0); }, "0 baud; 50 to 20000000 are allowed");
  check_fails([&] { SerialStream stream(terminal.path(), 20'000'001); }, "50 to 20000000");
}

TEST_CASE("serial: ports that are none, are not there or are in use") {
  const TemporaryFolder scratch;
  const std::string missing = (scratch / "ttyUSB7").string();
  CHECK_THROWS_AS(SerialStream{missing}, DeviceLost);
  check_fails([&] { SerialStream stream(missing); }, "serial:" + missing + ": no such port");
  check_fails([&] { SerialStream stream("/dev/null"); }, "serial:/dev/null: no serial port");
  check_fails([&] { SerialStream stream(scratch.path().string()); }, "serial:" + scratch.path().string());
  Terminal terminal;
  {
    const SerialStream stream(terminal.path());
    CHECK_THROWS_AS(SerialStream{terminal.path()}, DeviceLost);
    check_fails([&] { SerialStream second(terminal.path()); }, terminal.path() + ": in use by another program");
  }
  const SerialStream next(terminal.path());
}

TEST_CASE("serial: an unplugged port is lost, and found when it is there again") {
  const TemporaryFolder scratch;
  const auto link = scratch / "port";
  auto terminal = std::make_unique<Terminal>();
  std::filesystem::create_symlink(terminal->path(), link);
  SerialStream stream(link.string());
  std::uint8_t byte = 1;
  SUBCASE("while it is read") {
    const Bytes last = {1, 2, 3};
    CHECK(::write(terminal->file(), last.data(), last.size()) == 3);
    CHECK(receive(stream, 3, milliseconds(5000)) == last);
    terminal->unplug();
    CHECK_THROWS_AS(stream.read(&byte, 1, milliseconds(5000)), DeviceLost);
  }
  SUBCASE("while it is waited for") {
    std::thread puller([&] {
      std::this_thread::sleep_for(milliseconds(30));
      terminal->unplug();
    });
    CHECK(time_of([&] { check_fails([&] { stream.read(&byte, 1, milliseconds(20000)); }, "unplugged"); }).count() < 10);
    puller.join();
  }
  SUBCASE("while it is written") {
    terminal->unplug();
    check_fails([&] { stream.write(&byte, 1); }, "serial:" + link.string() + ": unplugged");
  }
  CHECK_THROWS_AS(stream.read(&byte, 1, milliseconds(0)), DeviceLost);
  CHECK_THROWS_AS(stream.write(&byte, 1), DeviceLost);
  std::filesystem::remove(link);  // the terminal's name may be another process's by now
  check_fails([&] { stream.reopen(); }, "no such port");
  check_fails([&] { stream.write(&byte, 1); }, "not open");
  terminal = std::make_unique<Terminal>();
  std::filesystem::create_symlink(terminal->path(), link);
  stream.reopen();
  const Echo echo(terminal->file());
  CHECK(echoed_by(stream, all_bytes()) == all_bytes());
}

TEST_CASE("serial: opened anew, nothing is left in it") {
  Terminal terminal;
  SerialStream stream(terminal.path());
  CHECK(::write(terminal.file(), "stale", 5) == 5);
  std::uint8_t byte = 0;
  CHECK(stream.read(&byte, 1, milliseconds(5000)) == 1);
  stream.reopen();
  CHECK(drain(stream).empty());
}

TEST_CASE("serial: a port that takes nothing is given up") {
  Terminal terminal;
  SerialStream stream(terminal.path());
  const Bytes many(200000);
  CHECK(time_of([&] { check_fails([&] { send(stream, many); }, "has taken no byte for 3 s"); }).count() < 20);
}
