// The other end of a pipe: something that answers, keeps silent or goes away.
#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace settle_test {

/// Sends everything back that comes on `file`, until it is told to end; byte by byte or all at once.
class Echo {
 public:
  explicit Echo(int file) : thread_([this, file] { run(file); }) {}
  ~Echo() {
    ended_ = true;
    thread_.join();
  }
  Echo(const Echo&) = delete;
  Echo& operator=(const Echo&) = delete;

 private:
  void run(int file) const {
    std::array<char, 4096> bytes{};
    while (!ended_) {
      pollfd entry{file, POLLIN, 0};
      if (poll(&entry, 1, 5) <= 0) continue;
      const ssize_t count = read(file, bytes.data(), bytes.size());
      if (count <= 0) continue;
      for (ssize_t done = 0; done < count && !ended_;) {
        const ssize_t written = write(file, bytes.data() + done, static_cast<std::size_t>(count - done));
        if (written > 0) done += written;
      }
    }
  }

  std::atomic<bool> ended_{false};
  std::thread thread_;
};

/// A pseudo-terminal; hosts open path().
class Terminal {
 public:
  Terminal() : file_(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
    std::array<char, 128> name{};
    if (file_ < 0 || grantpt(file_) != 0 || unlockpt(file_) != 0 || ptsname_r(file_, name.data(), name.size()) != 0) {
      throw std::runtime_error("no pseudo-terminal");
    }
    path_ = name.data();
  }
  ~Terminal() { unplug(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int file() const { return file_; }
  const std::string& path() const { return path_; }
  void unplug() {
    if (file_ >= 0) close(file_);
    file_ = -1;
  }

 private:
  int file_;
  std::string path_;
};

/// A TCP port of 127.0.0.1 that nobody listens on until listen().
class Server {
 public:
  Server() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof where;
    auto* any = reinterpret_cast<sockaddr*>(&where);
    if (bind(listener_, any, size) != 0 || getsockname(listener_, any, &size) != 0) {
      throw std::runtime_error("no TCP port");
    }
    port_ = ntohs(where.sin_port);
  }
  ~Server() {
    hang_up();
    close(listener_);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string name() const { return "127.0.0.1:" + std::to_string(port_); }
  void start() const { listen(listener_, 4); }
  /// Takes the next client; its socket.
  int take() {
    client_ = accept(listener_, nullptr, nullptr);
    return client_;
  }
  /// The same, beside the one that was taken.
  int take_next() const { return accept(listener_, nullptr, nullptr); }
  void hang_up_next() const { close(take_next()); }
  void hang_up() {
    if (client_ >= 0) close(client_);
    client_ = -1;
  }

 private:
  int listener_, client_ = -1;
  int port_ = 0;
};

/// Another process: it does `action` and then nothing, until it is ended. `action` says whether it went well.
class Child {
 public:
  template <typename Action>
  explicit Child(const Action& action) {
    std::array<int, 2> ready{};
    if (pipe2(ready.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    pid_ = fork();
    if (pid_ == 0) {
      // None of the files that this process has open, but its own.
      for (int file = 3; file < 1024; ++file) {
        if (file != ready[1]) close(file);
      }
      const char good = action() ? 'y' : 'n';
      if (write(ready[1], &good, 1) != 1) _exit(1);
      for (;;) pause();
    }
    close(ready[1]);
    char good = 'n';
    const bool told = read(ready[0], &good, 1) == 1;
    close(ready[0]);
    if (!told || good != 'y') throw std::runtime_error("the child failed");
  }
  ~Child() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

}  // namespace settle_test
