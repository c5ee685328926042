#include "base/process.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/signals.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

constexpr auto kPoll = std::chrono::milliseconds(10);
constexpr auto kGrace = std::chrono::seconds(5);  // between asking a child to end and ending it

/// Becomes the program. What a child does between fork and exec must not allocate: all is made before.
[[noreturn]] void become(const char* program, char* const* words, const char* folder, int output, pid_t parent) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // whatever ends this program, its children do not work on for nobody
  if (getppid() != parent) _exit(126);
  for (const int signal : {SIGXFSZ, SIGPIPE}) {
    if (ignored_for_itself(signal)) std::signal(signal, SIG_DFL);
  }
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    const bool ignored = sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
    if (!ignored) std::signal(signal, SIG_DFL);  // under nohup a child is protected too
  }
  const int input = open("/dev/null", O_RDONLY);
  if (input < 0 || dup2(input, STDIN_FILENO) < 0) _exit(126);
  if (output >= 0 && (dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)) _exit(126);
  if (*folder != '\0' && chdir(folder) != 0) _exit(126);
  execv(program, words);
  _exit(127);
}

/// Starts the command with its output in `output` (-1: this program's own).
pid_t start(const Command& command, int output) {
  const std::optional<fs::path> found = find_program(command.words.at(0));
  if (!found) throw error("{}: no such program on PATH", one_line(command.words[0]));
  const std::string program = fs::absolute(*found).string(), folder = command.folder.string();
  std::vector<std::string> copies = command.words;
  std::vector<char*> words;
  words.reserve(copies.size() + 1);
  for (std::string& copy : copies) words.push_back(copy.data());
  words.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw error("{}: cannot be started: {}", program, std::strerror(errno));
  if (child == 0) become(program.c_str(), words.data(), folder.c_str(), output, parent);
  setpgid(child, child);  // here too: whoever comes first
  return child;
}

pid_t start_with_log(const Command& command) {
  if (command.log.empty()) return start(command, -1);
  const int output = open(command.log.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
  if (output < 0) throw error("{}: cannot be written: {}", command.log.string(), std::strerror(errno));
  try {
    const pid_t child = start(command, output);
    close(output);
    return child;
  } catch (...) {
    close(output);
    throw;
  }
}

/// True if the child has ended; its status then is in `ended`.
bool has_ended(pid_t child, Ended& ended) {
  int raw = 0;
  const pid_t got = waitpid(child, &raw, WNOHANG);
  if (got == 0 || (got < 0 && errno == EINTR)) return false;
  if (got == child && WIFEXITED(raw)) ended.status = WEXITSTATUS(raw);
  if (got == child && WIFSIGNALED(raw)) ended.signal = WTERMSIG(raw);
  return true;
}

/// Ends the child and all of its group.
void end(pid_t child, Ended& ended) {
  kill(-child, SIGTERM);
  const auto until = std::chrono::steady_clock::now() + kGrace;
  bool gone = false;
  while (!(gone = has_ended(child, ended)) && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(kPoll);
  kill(-child, SIGKILL);  // what the child left running
  while (!gone && !(gone = has_ended(child, ended))) std::this_thread::sleep_for(kPoll);
  ended.stopped = true;
}

}  // namespace

std::string Ended::text() const {
  return signal != 0 ? fmt::format("signal {}", signal) : fmt::format("exit status {}", status);
}

std::optional<fs::path> find_program(const std::string& name) {
  const auto runs = [](const fs::path& file) {
    std::error_code none;
    return fs::is_regular_file(file, none) && access(file.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string::npos) return runs(name) ? std::optional<fs::path>(name) : std::nullopt;
  const char* const variable = std::getenv("PATH");
  const std::string folders = variable == nullptr ? "/usr/bin:/bin" : variable;
  for (std::size_t begin = 0; begin <= folders.size();) {
    const std::size_t colon = std::min(folders.find(':', begin), folders.size());
    const std::string folder = folders.substr(begin, colon - begin);
    const fs::path file = fs::path(folder.empty() ? "." : folder) / name;
    if (runs(file)) return file;
    begin = colon + 1;
  }
  return std::nullopt;
}

std::string seen_from(const fs::path& folder, const fs::path& file) {
  const auto real = [](const fs::path& path) { return fs::weakly_canonical(fs::absolute(path)); };
  return real(file).lexically_relative(real(folder)).string();
}

std::string as_argument(const fs::path& file) {
  const std::string name = file.string();
  return name.empty() || name[0] != '-' ? name : "./" + name;
}

std::vector<Ended> run_all(const std::vector<Command>& commands, int jobs, const std::function<bool()>& stop,
                           const std::function<void(std::size_t, const Ended&)>& done) {
  std::vector<Ended> all(commands.size());
  std::vector<std::pair<std::size_t, pid_t>> running;
  std::size_t next = 0;
  const auto end_running = [&] {
    for (const auto& [index, child] : running) end(child, all[index]);
    running.clear();
  };
  try {
    while (next < commands.size() || !running.empty()) {
      if (stop && stop()) {
        end_running();
        for (; next < commands.size(); ++next) all[next].stopped = true;
        break;
      }
      while (next < commands.size() && running.size() < static_cast<std::size_t>(jobs)) {
        running.emplace_back(next, start_with_log(commands[next]));
        ++next;
      }
      std::this_thread::sleep_for(kPoll);
      for (std::size_t r = 0; r < running.size();) {
        const std::size_t index = running[r].first;
        if (!has_ended(running[r].second, all[index])) {
          ++r;
          continue;
        }
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(r));
        if (done) done(index, all[index]);
      }
    }
  } catch (...) {
    end_running();
    throw;
  }
  return all;
}

Ended run(const Command& command, const std::function<bool()>& stop) { return run_all({command}, 1, stop)[0]; }

std::optional<std::string> output_of(const std::vector<std::string>& words, const std::function<bool()>& stop) {
  if (!find_program(words.at(0))) return std::nullopt;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  Ended ended;
  std::string text;
  bool stopped = false;
  try {
    const pid_t child = start({words, {}, {}}, ends[1]);
    // What there is now: the end of the pipe comes only with the last program that has it.
    const auto read_there = [&] {
      char bytes[4096];
      pollfd pipe{ends[0], POLLIN, 0};
      while (::poll(&pipe, 1, 0) > 0) {
        const ssize_t got = ::read(ends[0], bytes, sizeof bytes);
        if (got <= 0) return;
        text.append(bytes, static_cast<std::size_t>(got));
      }
    };
    while (!has_ended(child, ended)) {
      if (stop && stop()) {
        stopped = true;
        end(child, ended);
        break;
      }
      read_there();
      std::this_thread::sleep_for(kPoll);
    }
    read_there();
  } catch (const Error&) {  // it cannot be started
  }
  close(ends[1]);
  close(ends[0]);
  if (stopped) throw Stopped(fmt::format("interrupted in {}", words[0]));
  return ended.good() ? std::optional<std::string>(text) : std::nullopt;
}

std::string reason_in(const fs::path& log) {
  std::ifstream file(log);
  std::string line, last, reason;
  while (std::getline(file, line)) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    last = line;
    if (line.rfind("ERROR", 0) == 0) reason = line;
  }
  return one_line(reason.empty() ? last : reason);
}

}  // namespace settle
