#include "study/sweep/sweep_command.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "device/driver/array_driver.hpp"
#include "study/sweep/plan.hpp"
#include "study/sweep/results.hpp"

namespace settle {

namespace {

using nlohmann::json;

constexpr const char* kReport = "report.json";

class Sweep {
 public:
  Sweep(const SweepOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop)
      : options_(options), make_device_(make_device), stop_(stop), origin_(options.plan.string()) {
    if (options.out.empty()) throw usage_error("--out: \"\": the name of a folder is needed");
    check_writable(options.out / "sweep.csv", "--out");
    check_distinct({{"--out", options.out / "sweep.csv"}}, {{"plan", options.plan}});
    lock_.emplace(options.out, "settle sweep");
    points_ = parse_plan(read_text(options.plan), origin_);
    for (const PlanPoint& point : points_) add(point);
  }

  int execute() {
    fmt::print("{}: {} runs\n{}", origin_, points_.size(), results_heading(points_));
    std::size_t failed = 0, kept = 0;
    for (std::size_t p = 0; p < points_.size() && !stop_(); ++p) {
      if (const std::optional<json> old = finished(p)) {
        results_[p].report = *old;
        ++kept;
      } else {
        run(p);
      }
      if (stop_() && results_[p].report.is_null() && results_[p].failure.empty()) break;
      failed += results_[p].failure.empty() ? 0 : 1;
      fmt::print("{}", results_line(points_, results_, p));
      std::fflush(stdout);
      write_csv();
    }
    write_csv();
    if (kept > 0) fmt::print("{} of {} runs were there already\n", kept, points_.size());
    fmt::print("wrote {}\n", csv().string());
    if (stop_()) {
      tell("settle", "interrupted: the same command runs what is missing");
      return kExitInterrupted;
    }
    if (failed > 0) {
      tell("settle", fmt::format("{} of {} runs failed, see {}", failed, points_.size(), csv().string()));
    }
    return failed > 0 ? kExitFailed : kExitOk;
  }

 private:
  void add(const PlanPoint& point) {
    RunOptions run = options_of(point, options_.run, origin_);
    options_.check_device(run.engine, origin_ + ": engine");
    options_.take_preset(run, origin_ + ": preset");
    run.quiet = true;
    // Two files with one name but other contents are two points.
    const std::string identity =
        to_line(point.settings) + file_hash(run.machine) + file_hash(run.unet) + file_hash(run.shipped_images);
    PointResult result;
    result.folder = fmt::format("{:016x}", fnv1a64(identity));
    run.out = options_.out / "points" / result.folder;
    runs_.push_back(run);
    results_.push_back(result);
  }

  /// The report of a point that this program has already run to its end, and of which nothing was changed since.
  std::optional<json> finished(std::size_t p) const {
    std::error_code ignored;
    if (program_.empty() || !std::filesystem::exists(maker(p), ignored)) return {};
    try {
      std::istringstream kept(read_text(maker(p)));
      std::string line;
      if (!std::getline(kept, line) || line != program_) return {};
      bool complete = false;
      for (std::string hash, name; kept >> hash >> name; complete = complete || name == kReport) {
        if (file_hash(runs_[p].out / name) != hash) return {};
      }
      const JsonValue report = read_json(runs_[p].out / kReport);
      if (!complete || report.at("run").at("interrupted").flag()) return {};
      return report.json();
    } catch (const Error&) {
      return {};  // not a report, or a file is gone: it is written anew
    }
  }

  /// What maker(p) holds once the point is run: the program, and its files' hashes.
  std::string made(std::size_t p) const {
    std::vector<std::string> lines;
    for (const auto& entry : std::filesystem::directory_iterator(runs_[p].out)) {
      const std::string name = entry.path().filename().string();
      const bool result = name == kReport || entry.path().extension() == ".csv";
      if (result && entry.is_regular_file()) lines.push_back(fmt::format("{} {}\n", file_hash(entry.path()), name));
    }
    std::sort(lines.begin(), lines.end());
    return fmt::format("{}\n{}", program_, fmt::join(lines, ""));
  }

  void run(std::size_t p) {
    try {
      remove_older(maker(p), "--out");                                    // until the report is this program's
      if (run_command(runs_[p], make_device_, stop_) != kExitOk) return;  // interrupted
      results_[p].report = read_json(runs_[p].out / kReport).json();
      write_atomically(maker(p), made(p));
    } catch (const Interrupted&) {
      return;
    } catch (const Error& e) {
      if (!stop_()) results_[p].failure = e.what();
    }
  }

  /// The file that names the program which made a point's report, and the files that it left.
  std::filesystem::path maker(std::size_t p) const { return runs_[p].out / "program"; }
  std::filesystem::path csv() const { return options_.out / "sweep.csv"; }
  void write_csv() const { write_atomically(csv(), results_csv(points_, results_)); }

  const SweepOptions& options_;
  const MakeDevice& make_device_;
  const std::function<bool()>& stop_;
  std::string origin_;
  std::string program_ = program_hash();
  std::optional<FolderLock> lock_;
  std::vector<PlanPoint> points_;
  std::vector<RunOptions> runs_;
  std::vector<PointResult> results_;
};

}  // namespace

int sweep_command(const SweepOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop) {
  return Sweep(options, make_device, stop).execute();
}

}  // namespace settle
