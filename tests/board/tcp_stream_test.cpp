// TCP connections.
#include <memory>

#include <doctest/doctest.h>

#include "base/processes.hpp"
#include "board/peers.hpp"
#include "board/stream_checks.hpp"
#include "device/streams/tcp_stream.hpp"
#include "error_message.hpp"

using namespace settle;
using namespace settle_test;

TEST_CASE("tcp: how a peer is named") {
  const auto is = [](const char* text, const char* host, int port) {
    const Endpoint endpoint = parse_endpoint(text);
    return endpoint.host == host && endpoint.port == port;
  };
  CHECK(is("localhost:5123", "localhost", 5123));
  CHECK(is("127.0.0.1:1", "127.0.0.1", 1));
  CHECK(is("[::1]:65535", "::1", 65535));
  CHECK(is("[fe80::1%eth0]:80", "fe80::1%eth0", 80));
  for (const char* text : {"", ":", "localhost", "localhost:", ":5123", "localhost:0", "localhost:65536",
                           "localhost:-1", "localhost:5x", "localhost:5 ", "::1:5123", "[]:5123", "[::1:5123",
                           "::1]:5123", "[::1]5123", "a b:5", "localhost:99999999999999999999"}) {
    INFO("text ", text);
    check_fails([&] { parse_endpoint(text); }, "HOST:PORT is needed");
  }
}

TEST_CASE("tcp: every byte passes, both ways") {
  Server server;
  server.start();
  TcpStream stream(server.name());
  const Echo echo(server.take());
  CHECK(stream.name() == "tcp:" + server.name());
  CHECK(stream.silence() == milliseconds(20));
  CHECK(echoed_by(stream, all_bytes()) == all_bytes());
  const Bytes many = random_bytes(100000, 3);
  {
    const Alarms alarms;
    CHECK(echoed_by(stream, many) == many);
  }
}

TEST_CASE("tcp: patience") {
  Server server;
  server.start();
  TcpStream stream(server.name());
  server.take();
  check_patience(stream);
}

TEST_CASE("tcp: nobody there") {
  Server server;
  CHECK_THROWS_AS(TcpStream{server.name()}, DeviceLost);
  check_fails([&] { TcpStream stream(server.name()); }, "tcp:" + server.name() + ": no connection: ");
  check_fails([] { TcpStream stream("no.such.host.invalid:1"); }, "no.such.host.invalid cannot be looked up");
  check_fails([] { TcpStream stream("localhost"); }, "tcp:localhost: HOST:PORT is needed");
}

TEST_CASE("tcp: a connection that nobody answers is given up in time") {
  Server server;
  server.start();
  // The queue of connections that nobody takes fills up; those that come then are not answered.
  std::vector<std::unique_ptr<TcpStream>> queue;
  std::string message;
  const auto waited = time_of([&] {
    message = message_of([&] {
      for (int i = 0; i < 100; ++i) queue.push_back(std::make_unique<TcpStream>(server.name(), milliseconds(300)));
    });
  });
  CHECK(contains(message, "tcp:" + server.name() + ": no answer in 300 ms"));
  CHECK(waited.count() < 10);
}

TEST_CASE("tcp: a peer that goes is lost, and found when it is there again") {
  Server server;
  server.start();
  TcpStream stream(server.name());
  server.take();
  std::uint8_t byte = 1;
  SUBCASE("while it is waited for") {
    std::thread puller([&] {
      std::this_thread::sleep_for(milliseconds(30));
      server.hang_up();
    });
    CHECK(time_of([&] { CHECK_THROWS_AS(stream.read(&byte, 1, milliseconds(20000)), DeviceLost); }).count() < 10);
    puller.join();
  }
  SUBCASE("before it is read") {
    server.hang_up();
    check_fails([&] { stream.read(&byte, 1, milliseconds(5000)); },
                "tcp:" + server.name() + ": the other side closed the connection");
  }
  SUBCASE("while it is written") {
    server.hang_up();
    const auto write = [&] {
      for (int i = 0; i < 1000; ++i) {  // the first bytes are on their way before the system knows
        stream.write(&byte, 1);
        std::this_thread::sleep_for(milliseconds(1));
      }
    };
    check_fails(write, "tcp:" + server.name() + ": connection lost");
  }
  check_fails([&] { stream.write(&byte, 1); }, "not connected");
  check_fails([&] { stream.read(&byte, 1, milliseconds(0)); }, "not connected");
  stream.reopen();
  const Echo echo(server.take());
  CHECK(echoed_by(stream, all_bytes()) == all_bytes());
}

TEST_CASE("tcp: a peer that takes nothing is given up") {
  Server server;
  server.start();
  TcpStream stream(server.name());
  server.take();
  const Bytes many(100'000'000);
  CHECK(time_of([&] { check_fails([&] { send(stream, many); }, "has taken no byte for 3 s"); }).count() < 20);
}

TEST_CASE("tcp: a peer that closes at once is another host's, which is named if it is on this computer") {
  Server server;
  server.start();
  std::uint8_t byte = 1;
  {
    TcpStream stream(server.name());
    server.take();
    server.hang_up();
    const std::string message = message_of([&] { stream.read(&byte, 1, milliseconds(5000)); });
    CHECK(contains(message, "the other side closed the connection before it said anything: in use by another host"));
  }
  TcpStream first(server.name());
  const Echo echo(server.take());
  {
    TcpStream second(server.name());
    server.hang_up_next();
    const auto read = [&] { second.read(&byte, 1, milliseconds(5000)); };
    check_fails(read, "the other side closed the connection: in use by " + process(getpid())->text());
    second.reopen();
    server.hang_up_next();
    CHECK_THROWS_AS(read(), DeviceInUse);
    second.reopen();
    send(second, {1, 2, 3});
    server.hang_up_next();  // what was sent was not read: the connection is reset
    check_fails(read, "in use by " + process(getpid())->text());
  }
  CHECK(echoed_by(first, all_bytes()) == all_bytes());
}

TEST_CASE("tcp: a peer that has spoken and closes is lost, and nobody else's") {
  Server server;
  server.start();
  TcpStream other(server.name());
  server.take();
  TcpStream stream(server.name());
  const int client = server.take_next();
  CHECK(::write(client, "HTTP", 4) == 4);
  close(client);
  CHECK(receive(stream, 4, milliseconds(5000)) == Bytes{'H', 'T', 'T', 'P'});
  std::uint8_t byte = 0;
  const std::string message = message_of([&] { stream.read(&byte, 1, milliseconds(5000)); });
  CHECK(message == "tcp:" + server.name() + ": the other side closed the connection");
}
