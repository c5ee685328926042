#include "study/sweep/points.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "device/driver/array_driver.hpp"

namespace settle {

namespace {

constexpr const char* kReport = "report.json";

/// What a run refuses, in a plan's words: an option's name at its beginning has _ for - there, and no -- before it.
std::string in_plan_words(std::string text) {
  const std::size_t colon = text.find(':');
  if (text.rfind("--", 0) != 0 || colon == std::string::npos) return text;
  std::replace(text.begin() + 2, text.begin() + static_cast<std::ptrdiff_t>(colon), '-', '_');
  return text.substr(2);
}

}  // namespace

SweepPoints::SweepPoints(const SweepOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop)
    : options_(options),
      make_device_(make_device),
      stop_(stop),
      origin_(options.plan.string()),
      program_(program_hash()),
      points_(parse_plan(read_text(options.plan), origin_)) {
  for (const PlanPoint& point : points_) {
    if (stop_()) throw Interrupted("interrupted: nothing was run");
    add(point);
  }
}

const std::string& SweepPoints::hash_of(const std::filesystem::path& file) {
  const auto [place, fresh] = hashes_.try_emplace(file);
  if (fresh) place->second = file_hash(file);
  return place->second;
}

void SweepPoints::add(const PlanPoint& point) {
  RunOptions run = options_of(point, options_.run, origin_);
  options_.check_device(run.engine, origin_ + ": engine");
  options_.take_preset(run, origin_ + ": preset");
  run.quiet = true;
  // Two files with one name but other contents are two points. The machine names the network's weights.
  const std::string identity =
      to_line(point.settings) + hash_of(run.machine) + hash_of(run.network) + hash_of(run.shipped_images);
  folders_.push_back(fmt::format("{:016x}", fnv1a64(identity)));
  run.out = options_.out / "points" / folders_.back();
  run.progress = false;  // of several at a time
  runs_.push_back(run);
}

PointResult SweepPoints::unknown(std::size_t p) const {
  PointResult result;
  result.folder = folders_[p];
  return result;
}

PointResult SweepPoints::kept(std::size_t p, bool failures) const {
  PointResult result = unknown(p);
  std::error_code ignored;
  if (program_.empty()) return result;
  try {
    if (failures && std::filesystem::exists(refusal(p), ignored)) {
      const std::string text = read_text(refusal(p));
      if (text.rfind(program_ + "\n", 0) == 0) result.failure = text.substr(program_.size() + 1);
    }
    if (!std::filesystem::exists(maker(p), ignored)) return result;
    std::istringstream kept(read_text(maker(p)));
    std::string line;
    if (!std::getline(kept, line) || line != program_) return result;
    bool complete = false;
    for (std::string hash, name; kept >> hash >> name; complete = complete || name == kReport) {
      if (file_hash(runs_[p].out / name) != hash) return result;
    }
    const JsonValue report = read_json(runs_[p].out / kReport);
    if (complete && !report.at("run").at("interrupted").flag()) result.report = report.json();
  } catch (const Error&) {
    // Not a report, or a file is gone: it is written anew.
  }
  return result;
}

/// What maker(p) holds once the point is run: the program, and its files' hashes.
std::string SweepPoints::made(std::size_t p) const {
  std::vector<std::string> lines;
  for (const auto& entry : std::filesystem::directory_iterator(runs_[p].out)) {
    const std::string name = entry.path().filename().string();
    const bool result = name == kReport || entry.path().extension() == ".csv";
    if (result && entry.is_regular_file()) lines.push_back(fmt::format("{} {}\n", file_hash(entry.path()), name));
  }
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}\n{}", program_, fmt::join(lines, ""));
}

PointResult SweepPoints::run(std::size_t p, std::size_t threads) const {
  PointResult result = unknown(p);
  RunOptions run = runs_[p];
  run.threads = threads;
  try {
    remove_older(maker(p), "--out");  // until the report is this program's
    remove_older(refusal(p), "--out");
    if (run_command(run, make_device_, stop_) != kExitOk) return result;  // interrupted
    result.report = read_json(run.out / kReport).json();
    write_atomically(maker(p), made(p));
  } catch (const Interrupted&) {
    return result;
  } catch (const Error& e) {
    if (stop_()) return result;
    result.failure = in_plan_words(e.what());
    write_atomically(refusal(p), program_ + "\n" + result.failure);
  }
  return result;
}

/// The file that names the program which made a point's report, and the files that it left.
std::filesystem::path SweepPoints::maker(std::size_t p) const { return runs_[p].out / "program"; }

/// The file that says why a program, which it names, could not run the point.
std::filesystem::path SweepPoints::refusal(std::size_t p) const { return runs_[p].out / "failure"; }

}  // namespace settle
