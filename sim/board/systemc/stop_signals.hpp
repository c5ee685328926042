// Ctrl-C and its like as something that can be waited for together with files: without a handler, and without a moment
// between asking and waiting in which one is missed.
#pragma once

#include <csignal>

#include <sys/signalfd.h>
#include <unistd.h>

#include "base/error.hpp"

namespace settle {

class StopSignals {
 public:
  /// From now on SIGINT, SIGTERM and SIGHUP end nothing by themselves.
  StopSignals() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    file_ = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
    if (file_ < 0) throw error("signals cannot be waited for");
  }
  ~StopSignals() { ::close(file_); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// True once one has come.
  bool came() {
    signalfd_siginfo info{};
    came_ = came_ || ::read(file_, &info, sizeof info) == static_cast<ssize_t>(sizeof info);
    return came_;
  }

  /// Can be read when one has come.
  int file() const { return file_; }

 private:
  int file_ = -1;
  bool came_ = false;
};

}  // namespace settle
