// The cycle-accurate engine behind the program: the model's numbers, a clock, waveforms.
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sys/resource.h>

#include "program/program.hpp"
#include "program/report_file.hpp"

using namespace settle_test;
using Json = nlohmann::json;

namespace {

std::uint64_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + 8; ++i) value = value << 8 | static_cast<unsigned char>(bytes.at(i));
  return value;
}

/// An FST file begins with a header block: type 0, its length 329, first and last time, and e as a double. The last
/// time is filled in when the file is closed.
void check_fst(const std::filesystem::path& path, std::uint64_t least_end) {
  const std::string bytes = read_file(path);
  REQUIRE(bytes.size() > 330);
  CHECK(bytes[0] == 0);
  CHECK(big_endian(bytes, 1) == 329);
  CHECK(big_endian(bytes, 17) >= least_end);
  double e = 0;
  std::memcpy(&e, bytes.data() + 25, sizeof e);
  CHECK(e == 2.7182818284590452354);
}

/// The temporary of a waveform has its first bytes on disk.
bool waveform_begun(const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::error_code gone;
    if (entry.path().extension() == ".partial" && entry.file_size(gone) > 1000 && !gone) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a waveform of an array that was verilated without: which have them, and how to have this one") {
  const TemporaryFolder scratch;
  const Ended ended = run({"run", "--preset", "map", "--engine", "rtl", "--samples", "1", "--trace",
                           (scratch / "w.fst").string(), "--out", (scratch / "out").string()});
  INFO(ended.err);
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find("--trace: configuration map was verilated without waveforms, to build faster; anchored "
                       "with. To have it, too: cmake -D 'SETTLE_WAVEFORMS=anchored;map' build") != std::string::npos);
  CHECK(scratch.entries() == 0);
}

TEST_CASE("both engines: the same decoder numbers") {
  for (const std::string preset : {"anchored", "paper"}) {
    CAPTURE(preset);
    const TemporaryFolder scratch;
    const Arguments command = {"--preset", preset, "--samples", "2", "--settle-steps", "10", "--window-steps", "8"};
    Json rtl = good_run(command + Arguments{"--engine", "rtl"}, scratch / "rtl");
    Json model = good_run(command + Arguments{"--engine", "model"}, scratch / "model");
    CHECK(rtl["decoder"] == model["decoder"]);
    CHECK(rtl["cycles"].get<double>() > 0);
    CHECK(rtl["mac_utilisation"].get<double>() > 0.5);
    CHECK(read_file(scratch / "rtl" / "readout.csv") == read_file(scratch / "model" / "readout.csv"));
    CHECK(read_file(scratch / "rtl" / "settling.csv") == read_file(scratch / "model" / "settling.csv"));
    for (const char* name : {"cycles", "mac_utilisation", "engine"}) {
      rtl.erase(name);
      model.erase(name);
    }
    rtl["settling"].erase("settling_cycles");
    model["settling"].erase("settling_cycles");
    CHECK(model["run"]["not_taken"].erase("cycles") == 1);  // it has no clock, and says so
    drop_times(rtl);
    drop_times(model);
    CHECK(rtl == model);
  }
}

TEST_CASE("a waveform of a window of cycles") {
  const TemporaryFolder scratch;
  const auto trace = scratch / "wave.fst";
  good_run({"--engine", "rtl", "--samples", "2", "--settle-steps", "20", "--window-steps", "20", "--trace",
            trace.string(), "--trace-from", "1000", "--trace-to", "3000"},
           scratch / "out");
  check_fst(trace, 5990);  // two times per cycle
}

TEST_CASE("a waveform that cannot be written") {
  const TemporaryFolder scratch;
  write_file(scratch / "no", "a file, not a folder");
  const Ended ended = run({"run", "--engine", "rtl", "--samples", "2", "--trace", (scratch / "no" / "wave").string(),
                           "--out", (scratch / "out").string()});
  CHECK(ended.status > 0);
  CHECK(ended.one_line());
  CHECK(ended.err.find((scratch / "no" / "wave").string()) != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(scratch / "out"));
}

TEST_CASE("a waveform whose first cycle never comes: said, and the run's results stay") {
  const TemporaryFolder scratch;
  const auto trace = scratch / "wave.fst";
  const Ended ended = run({"run", "--engine", "rtl", "--quick", "--samples", "2", "--settle-steps", "20",
                           "--window-steps", "20", "--trace", trace.string(), "--trace-from", "1000000000",
                           "--trace-to", "1000000001", "--out", (scratch / "out").string()});
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find("no waveform: it begins at cycle 1000000000") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(trace));
  CHECK(Json::parse(read_file(scratch / "out" / "report.json"))["samples"] == 2);
}

TEST_CASE("a waveform that outgrows the disk is no waveform") {
  const TemporaryFolder scratch;
  const auto trace = scratch / "wave.fst";
  const rlimit small{200000, RLIM_INFINITY};
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  setrlimit(RLIMIT_FSIZE, &small);
  const Ended ended = run({"run", "--engine", "rtl", "--quick", "--samples", "2", "--settle-steps", "20",
                           "--window-steps", "20", "--trace", trace.string(), "--out", (scratch / "out").string()});
  setrlimit(RLIMIT_FSIZE, &before);
  INFO("stderr: ", ended.err);
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find(trace.string()) != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(trace));
  CHECK(Json::parse(read_file(scratch / "out" / "report.json"))["samples"] == 2);
}

TEST_CASE("Ctrl-C closes the waveform") {
  const TemporaryFolder scratch;
  const auto trace = scratch / "wave.fst";
  Running running({"run", "--engine", "rtl", "--samples", "512", "--window-steps", "20000", "--trace", trace.string(),
                   "--trace-to", "1000000000", "--out", (scratch / "out").string()});
  // Its first bytes on disk show that the waveform is on its way.
  for (int wait = 0; wait < 300 && !running.ends_within(std::chrono::milliseconds(200)); ++wait) {
    if (waveform_begun(scratch.path())) break;
  }
  CHECK_FALSE(std::filesystem::exists(trace));  // only whole
  CHECK_FALSE(running.ends_within(std::chrono::milliseconds(500)));
  running.send(SIGINT);
  const Ended ended = running.wait();
  INFO("stderr: ", ended.err);
  CHECK(ended.status == 130);
  CHECK(ended.one_line());
  CHECK_FALSE(std::filesystem::exists(scratch / "out"));
  check_fst(trace, 2);
}
