#include "program/program.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace settle_test {

namespace fs = std::filesystem;

bool Ended::one_line() const {
  return err.size() > 1 && err.back() == '\n' && std::count(err.begin(), err.end(), '\n') == 1;
}

namespace {

/// A line of signals in /proc/PID/status, a bit each.
std::uint64_t signals_of(pid_t process, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind(name + ":", 0) == 0) return std::stoull(line.substr(name.size() + 1), nullptr, 16);
  }
  return 0;
}

bool has(std::uint64_t signals, int signal) { return (signals >> (signal - 1) & 1) != 0; }

}  // namespace

bool ignores(pid_t process, int signal) { return has(signals_of(process, "SigIgn"), signal); }

bool handles(pid_t process, int signal) {
  std::error_code gone;
  const fs::path program = fs::read_symlink("/proc/" + std::to_string(process) + "/exe", gone);
  return program == fs::canonical(SETTLE_BINARY, gone) && has(signals_of(process, "SigCgt"), signal);
}

Running::Running(const Arguments& arguments, const std::string& given_out, const std::function<void()>& before) {
  std::string program = SETTLE_BINARY;
  Arguments copies = arguments;
  std::vector<char*> pointers{program.data()};
  for (std::string& copy : copies) pointers.push_back(copy.data());
  pointers.push_back(nullptr);
  write_file(output_ / "out", "");
  const std::string out = given_out.empty() ? (output_ / "out").string() : given_out, err = (output_ / "err").string();
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("fork failed");
  if (process_ > 0) return;
  // A test runner in the background may have set Ctrl-C to be ignored; a user's shell has not.
  std::signal(SIGINT, SIG_DFL);
  const int to_out = open(out.c_str(), O_CREAT | O_WRONLY, 0600), to_err = open(err.c_str(), O_CREAT | O_WRONLY, 0600);
  if (to_out < 0 || to_err < 0 || dup2(to_out, STDOUT_FILENO) < 0 || dup2(to_err, STDERR_FILENO) < 0) _exit(126);
  if (before) before();
  execv(program.c_str(), pointers.data());
  _exit(127);
}

Running::~Running() {
  if (ended_) return;
  kill(process_, SIGKILL);
  waitpid(process_, &raw_status_, 0);
}

void Running::send(int signal) const { kill(process_, signal); }

bool Running::ends_within(std::chrono::milliseconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!ended_) {
    ended_ = waitpid(process_, &raw_status_, WNOHANG) == process_;
    if (ended_ || std::chrono::steady_clock::now() >= until) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return ended_;
}

Ended Running::wait() {
  if (!ends_within(std::chrono::minutes(2))) throw std::runtime_error("the program does not end");
  Ended result;
  if (WIFEXITED(raw_status_)) result.status = WEXITSTATUS(raw_status_);
  if (WIFSIGNALED(raw_status_)) result.signal = WTERMSIG(raw_status_);
  result.out = read_file(output_ / "out");
  result.err = read_file(output_ / "err");
  return result;
}

Ended run(const Arguments& arguments, const std::string& out) { return Running(arguments, out).wait(); }

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  if (!out.flush()) throw std::runtime_error(path.string() + " cannot be written");
}

fs::path asset(const std::string& name) { return fs::path(SETTLE_SOURCE_DIR) / "host" / "assets" / name; }

Arguments operator+(Arguments left, const Arguments& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

}  // namespace settle_test
