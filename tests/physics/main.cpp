// settle-physics: every claim about the array's physics, its table and out/physics/physics.json. Exit status 1 if a
// claim fails, 130 if interrupted.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/model_device.hpp"
#include "generated/build.hpp"
#include "physics/context.hpp"
#include "sim/rtl_device.hpp"
#include "study/run/progress.hpp"

namespace {

using namespace settle;
using namespace settle::physics;

constexpr const char* kProgram = "settle-physics";

struct Section {
  std::string name;
  void (*claims)(const Context&);
};

const std::vector<Section>& sections() {
  static const std::vector<Section> all = {{"noise", noise::claims},
                                           {"linear", linear::claims},
                                           {"nonlinear", nonlinear::claims},
                                           {"equilibrium", equilibrium::claims},
                                           {"time", time::claims}};
  return all;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Section& section : sections()) names.push_back(section.name);
  return names;
}

/// The verilated array of a configuration's name and step, as sim/CMakeLists.txt calls it.
std::string rtl_key(const Configuration& c) {
  const bool as_built = c.step_shift == configuration(c.name).step_shift;
  return as_built ? c.name : fmt::format("{}_step{}", c.name, c.step_shift);
}

std::unique_ptr<Device> make_device(const std::string& engine, const Configuration& c) {
  if (engine == "model") return std::make_unique<ModelDevice>(c);
  return make_rtl_device(rtl_key(c));
}

struct Options {
  std::vector<std::string> only;
  std::string out = "out/physics";
  std::uint64_t seed = 1;
  bool fast = false;
};

int run(const Options& options) {
  check_writable(options.out + "/physics.json", "--out");
  const FolderLock lock(options.out, kProgram);
  Suite suite;
  Context context{suite, options.seed, options.fast, {"model"}, make_device, stop_requested, {}};
  // Not in the fast part: array.rtl_equals_model shows in the same `make test` that the RTL's bits are the model's.
  for (const std::string& key : rtl_device_keys()) {
    if (key == "tiny" && !options.fast) context.engines.emplace_back("rtl");
  }
  for (const Section& section : sections()) {
    const bool wanted =
        options.only.empty() || std::find(options.only.begin(), options.only.end(), section.name) != options.only.end();
    if (!wanted || context.stop()) continue;
    Progress progress(section.name.c_str());
    context.progress = [&](long long done, long long all) { progress(done, all); };
    const std::size_t before = suite.size();
    section.claims(context);
    if (suite.size() == before && !context.stop()) throw error("section {} makes no claim", section.name);
  }
  if (suite.empty()) throw error("interrupted before a claim was checked: nothing is written");
  nlohmann::ordered_json json = {{"seed", options.seed},
                                 {"git", kGit},
                                 {"config_hash", configuration("tiny").hash_text()},
                                 {"engine", fmt::format("{}", fmt::join(context.engines, ", "))},
                                 {"fast", options.fast},
                                 {"interrupted", context.stop()}};
  json.update(suite.json());
  const std::string file = options.out + "/physics.json";
  write_atomically(file, to_text(json));
  fmt::print("{}\n{} tests, each must reach p = {:.2g} (family-wise {}); seed {}, git {}\nwrote {}\n", suite.table(),
             suite.tests(), suite.threshold(), kFamily, options.seed, kGit, file);
  if (!suite.holds()) fmt::print("a claim FAILS\n");
  if (context.stop()) return kExitInterrupted;
  return suite.holds() ? kExitOk : kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  CommandLine app(kProgram, "Checks what the array samples against exact answers");
  Options options;
  app.add_option("--section", options.only, "only these sections")->check(known(section_names()));
  app.add_option("--seed", options.seed, "seed of every statistical claim")->check(whole(0))->shows_default();
  app.add_option("--out", options.out, "folder for physics.json")->check(path())->shows_default();
  app.add_flag("--fast", options.fast, "fewer samples, on the model alone: what the tests run");
  if (const auto status = app.parse(argc, argv)) return *status;
  return run_program(kProgram, [&options] {
    catch_stop_signals();
    return run(options);
  });
}
