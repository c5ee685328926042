// Serial ports, held against pseudo-terminals.
#include <fstream>
#include <memory>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/processes.hpp"
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
  check_fails([&] { SerialStream stream("/dev/tty"); }, "serial:/dev/tty: ");
  Terminal terminal;
  {
    const SerialStream stream(terminal.path());
    CHECK_THROWS_AS(SerialStream{terminal.path()}, DeviceLost);
    check_fails([&] { SerialStream second(terminal.path()); },
                terminal.path() + ": in use by another program: " + process(getpid())->text());
  }
  const SerialStream next(terminal.path());
}

TEST_CASE("serial: files that are no ports are told by what they are, and nothing is done to them") {
  const TemporaryFolder scratch;
  const auto is = [&](const std::string& name, const std::string& kind) {
    check_fails([&] { SerialStream stream(scratch / name); },
                "serial:" + (scratch / name).string() + ": no serial port, but " + kind);
  };
  std::ofstream(scratch / "file") << "text";
  std::filesystem::create_directory(scratch / "folder");
  REQUIRE(mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un where{};
  where.sun_family = AF_UNIX;
  std::snprintf(where.sun_path, sizeof where.sun_path, "%s", (scratch / "socket").c_str());
  REQUIRE(bind(socket, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0);
  is("file", "a regular file");
  is("folder", "a folder");
  is("pipe", "a named pipe");
  is("socket", "a socket");
  close(socket);
  std::filesystem::create_symlink(scratch / "nowhere", scratch / "link");
  check_fails([&] { SerialStream stream(scratch / "link"); }, "no such port");
}

TEST_CASE("serial: a port that another process has open is in use, though it holds no lock") {
  Terminal terminal;
  const Child child([&] {
    const int file = open(terminal.path().c_str(), O_RDWR | O_NOCTTY);
    return file >= 0;
  });
  CHECK_THROWS_AS(SerialStream{terminal.path()}, DeviceInUse);
  check_fails([&] { SerialStream stream(terminal.path()); },
              "in use by another program: " + process(child.pid())->text());
  Terminal other;  // which nobody else has
  const SerialStream stream(other.path());
}

TEST_CASE("serial: lock files of other programs are honoured as long as those live, and one is written") {
  const TemporaryFolder scratch;
  Terminal terminal;
  const std::filesystem::path link = scratch / "board";
  std::filesystem::create_symlink(terminal.path(), link);
  const std::string number = terminal.path().substr(std::string("/dev/pts/").size());
  const Child child([] { return true; });
  const auto open = [&] { return std::make_unique<SerialStream>(link.string(), registers::kBaud, scratch.path()); };
  const std::filesystem::path own = scratch / ("LCK..pts_" + number);
  std::string text = fmt::format("{:10}\n", child.pid());
  for (const std::string& name : {"LCK..pts_" + number, "LCK.." + number, std::string("LCK..board")}) {
    CAPTURE(name);
    std::ofstream(scratch / name) << text;
    CHECK_THROWS_AS(open(), DeviceInUse);
    check_fails([&] { open(); }, "in use by another program: " + process(child.pid())->text() + ", as " +
                                     (scratch / name).string() + " says");
    std::filesystem::remove(scratch / name);
  }
  const std::int32_t pid = child.pid();  // as old programs write it
  text.assign(reinterpret_cast<const char*>(&pid), sizeof pid);
  std::ofstream(own) << text;
  CHECK_THROWS_AS(open(), DeviceInUse);
  for (const char* stale : {"", "text", "  99999999\n", "-1", "0"}) {  // of nobody who lives
    CAPTURE(stale);
    std::ofstream(own) << stale;
    const auto stream = open();
    std::ifstream file(own);
    std::string line;
    std::getline(file, line);
    CHECK(line == fmt::format("{:10}", getpid()));
  }
  CHECK_FALSE(std::filesystem::exists(own));
  CHECK(scratch.entries() == 1);  // the link
}

TEST_CASE("serial: the lines of a port stay up when it is closed: opening it again resets no board") {
  Terminal terminal;
  const SerialStream stream(terminal.path());
  termios mode{};
  REQUIRE(tcgetattr(terminal.file(), &mode) == 0);
  CHECK((mode.c_cflag & HUPCL) == 0);
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
