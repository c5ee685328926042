// Ctrl-C: what is complete is reported, and nothing is half written.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "program/program.hpp"

using namespace settle_test;
using Json = nlohmann::json;
using std::chrono::milliseconds;

namespace {

/// When an interrupt came: before a sample was complete, in the main batch, in what follows it, or after the end.
enum class Caught { early, batch, beside, late };

/// Interrupts a run of `samples` samples after `delay` and checks what it leaves.
Caught interrupt(int samples, const Arguments& arguments, milliseconds delay) {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  Running running(Arguments{"run", "--engine", "model", "--samples", std::to_string(samples), "--out", out.string()} +
                  arguments);
  if (!running.ends_within(delay)) running.send(SIGINT);
  const Ended ended = running.wait();
  INFO("stderr: ", ended.err);
  if (ended.signal == SIGINT) {  // so early that the program had not yet asked for the signal
    CHECK_FALSE(std::filesystem::exists(out));
    return Caught::early;
  }
  if (ended.status == 0) return Caught::late;
  CHECK(ended.status == 130);
  if (!std::filesystem::exists(out)) {
    CHECK(ended.one_line());
    return Caught::early;
  }
  CHECK(ended.one_line());
  CHECK(ended.err.find("interrupted") != std::string::npos);
  const Json report = Json::parse(read_file(out / "report.json"));
  const int done = report["samples"];
  CHECK(ended.err.find(std::to_string(done) + " of " + std::to_string(samples)) != std::string::npos);
  CHECK(report["run"]["interrupted"] == true);
  CHECK(report["run"]["samples_asked"] == samples);
  CHECK(done >= 1);
  CHECK(done <= samples);
  CHECK(report["decoder"]["cosine"].is_number());
  CHECK(report["thermal_ratio"].is_number() == (done > 1));  // it compares samples
  // Measures share the cores: which of them were not reached is not said, but one was not.
  const auto missing = [&](const char* group, const char* measure) { return report[group][measure].is_null(); };
  CHECK((missing("settling", "autocorrelation_steps") || missing("settling", "settling_steps") ||
         missing("fixed_point", "loss") || missing("fixed_point", "loss_kt0") || missing("fixed_point", "stall") ||
         missing("fixed_point", "covariance_bias") || missing("decoder", "oracle") ||
         missing("decoder", "frozen_interface") || missing("heat", "of_inference") ||
         missing("settling", "lambda_min_steps") || report["decoder_shift"].is_null()));
  if (done < 16) CHECK(ended.out.find(" met") == std::string::npos);  // too few to be judged
  for (const auto& entry : std::filesystem::directory_iterator(out)) {
    CHECK(entry.path().string().find("partial") == std::string::npos);
  }
  return done < samples ? Caught::batch : Caught::beside;
}

/// A terminal of a program's own; this end of it is the test's.
class LosableTerminal {
 public:
  LosableTerminal() : end_(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
    if (end_ < 0 || grantpt(end_) != 0 || unlockpt(end_) != 0) throw std::runtime_error("no terminal can be made");
    name_ = ptsname(end_);
  }
  ~LosableTerminal() { hang_up(); }
  LosableTerminal(const LosableTerminal&) = delete;
  LosableTerminal& operator=(const LosableTerminal&) = delete;

  /// In a new process: this is what its input and output are, and what controls it.
  void take() const {
    setsid();
    setenv("TERM", "xterm", 1);
    const int file = open(name_.c_str(), O_RDWR);
    if (file < 0) _exit(126);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(file, stream);
    if (file > STDERR_FILENO) ::close(file);
  }

  /// All that was written on it so far.
  const std::string& text() {
    char part[4096];
    for (ssize_t count = 0; (count = read(end_, part, sizeof part)) > 0;) text_.append(part, std::size_t(count));
    return text_;
  }

  void hang_up() {
    if (end_ >= 0) ::close(end_);
    end_ = -1;
  }

 private:
  int end_ = -1;
  std::string name_, text_;
};

/// A folder with "training images": the shipped test images twice, as many as a fit needs.
void make_training_images(const std::filesystem::path& folder) {
  std::string bytes = read_file(asset("mnist-test-512-images-idx3-ubyte"));
  bytes += bytes.substr(16);  // after magic number, count, rows, columns
  bytes[6] = 4;               // 1024 in the count's four bytes
  std::filesystem::create_directory(folder);
  write_file(folder / "train-images-idx3-ubyte", bytes);
}

/// As interrupt(), of a fit. `beside` stands for the search, `early` for the images before it.
Caught interrupt_fit(milliseconds delay) {
  const TemporaryFolder scratch;
  make_training_images(scratch / "mnist");
  const auto out = scratch / "fitted.json", part = scratch / "fitted.json.interrupted";
  write_file(out, "old");
  Running running({"fit", "--samples", "1000", "--mnist", (scratch / "mnist").string(), "--out", out.string()});
  if (!running.ends_within(delay)) running.send(SIGINT);
  const Ended ended = running.wait();
  INFO("stderr: ", ended.err);
  if (ended.signal == SIGINT) return Caught::early;
  if (ended.status == 0) {
    CHECK(read_file(out) != "old");
    return Caught::late;
  }
  CHECK(ended.status == 130);
  CHECK(ended.one_line());
  CHECK(read_file(out) == "old");
  if (!std::filesystem::exists(part)) return Caught::early;
  CHECK(ended.err.find(part.string()) != std::string::npos);
  CHECK(run({"info", "--machine", part.string()}).status == 0);
  return Caught::beside;
}

/// Looks for the delay at which the interrupt comes in `wanted`: machines differ, and one machine from one minute to
/// the next, so that the search begins anew where it has been led astray.
bool catch_in(Caught wanted, const std::function<Caught(milliseconds)>& interrupt_after) {
  milliseconds low{0}, high{0}, delay{1000};
  for (int attempt = 0; attempt < 40; ++attempt) {
    const Caught caught = interrupt_after(delay);
    if (caught == wanted) return true;
    (caught < wanted ? low : high) = delay;
    if (high > low && high - low < low / 50 + milliseconds(2)) low = high = milliseconds(0);
    delay = high > low ? (low + high) / 2 : 2 * delay;
  }
  return false;
}

bool catch_run_in(Caught wanted, int samples, const Arguments& arguments) {
  return catch_in(wanted, [&](milliseconds delay) { return interrupt(samples, arguments, delay); });
}

}  // namespace

TEST_CASE("interrupted in the main batch: the samples that are complete") {
  CHECK(catch_run_in(Caught::batch, 64, {"--window-steps", "20000"}));
}

TEST_CASE("interrupted in the comparisons: the whole main batch") {
  CHECK(catch_run_in(Caught::beside, 8, {"--window-steps", "5000"}));
}

TEST_CASE("an interrupted fit leaves the machine that it should have replaced") {
  CHECK(catch_in(Caught::beside, interrupt_fit));
}

TEST_CASE("a terminal that is closed in mid run interrupts it: nobody sees it, and the samples are written") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  LosableTerminal terminal;
  Running running(
      {"run", "--engine", "model", "--samples", "64", "--window-steps", "4000", "--quick", "--out", out.string()}, "",
      [&terminal] { terminal.take(); });
  while (terminal.text().find("settling 8/64") == std::string::npos) {
    INFO("terminal: ", terminal.text());
    REQUIRE_FALSE(running.ends_within(milliseconds(10)));
  }
  terminal.hang_up();
  const Ended ended = running.wait();
  CHECK(ended.signal == 0);
  CHECK(ended.status == 130);
  REQUIRE(std::filesystem::exists(out / "report.json"));
  const Json report = Json::parse(read_file(out / "report.json"));
  CHECK(report["run"]["interrupted"] == true);
  CHECK(report["samples"] >= 1);  // those before the first that was not complete
  CHECK(report["samples"] < 64);
  CHECK(std::filesystem::exists(out / "readout.csv"));
}

TEST_CASE("a second Ctrl-C ends the program at once") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  Running running({"run", "--engine", "model", "--samples", "64", "--settle-steps", "1000000", "--out", out.string()});
  CHECK_FALSE(running.ends_within(milliseconds(1500)));
  running.send(SIGINT);
  running.ends_within(milliseconds(50));
  running.send(SIGINT);
  CHECK(running.ends_within(milliseconds(3000)));
  const Ended ended = running.wait();
  CHECK((ended.signal == SIGINT || ended.status == 130));
  CHECK_FALSE(std::filesystem::exists(out));
}
