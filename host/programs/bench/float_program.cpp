#include "programs/bench/float_program.hpp"

#include <cmath>
#include <utility>

#include "array/float64/float64_array.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "programs/bench/child_program.hpp"
#include "programs/bench/ensemble_run.hpp"

namespace settle {

namespace {

using nlohmann::ordered_json;

// In units of a layer's scale, where states span -8 to 8. Float32 has 24 bits of a state, after a hundred steps fewer;
// fixed point rounds operands and words to 2^-12, which couplings add up.
constexpr double kFloatTolerance = 1e-4, kFixedTolerance = 2e-2;
constexpr int kWindowSteps = 128;
constexpr const char* kCheckBatch = "16";   // the ensemble engine's chains, with their fields
constexpr double kVarianceTolerance = 0.1;  // relative; a layer's mean is over thousands of numbers

/// Largest difference over all cells, each in units of its layer's scale.
double distance(const FixedMachine& fixed, const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  double largest = 0;
  for (const LayerContents& layer : fixed.contents.layers) {
    const auto part = (a - b).segment(layer.first, layer.cells());
    largest = std::max(largest, part.cwiseAbs().maxCoeff() / layer.scale);
  }
  return largest;
}

void demand(bool holds, const std::string& engine, const std::string& machine, const std::string& what, double found,
            double most) {
  if (holds) return;
  throw error("{}: {}: {} differ by {:.3g}, {:.3g} at most is the same machine", engine, machine, what, found, most);
}

}  // namespace

FloatProgram::FloatProgram(std::string engine, std::string style, std::filesystem::path program,
                           const BenchMachine& machine, std::filesystem::path folder)
    : engine_(std::move(engine)), style_(std::move(style)), program_(std::move(program)), folder_(std::move(folder)) {
  const std::filesystem::path file = std::filesystem::absolute(folder_) / (machine.name + ".float.json");
  write_atomically(file, to_text(float_machine(machine)));
  machine_file_ = file.string();
}

ordered_json FloatProgram::answer(const std::vector<std::string>& words) {
  // Libraries of matrices start their threads when they are loaded.
  std::vector<std::string> all = {"env", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", "MKL_NUM_THREADS=1",
                                  std::filesystem::absolute(program_).string()};
  all.insert(all.end(), words.begin(), words.end());
  all.insert(all.end(), {"--machine", machine_file_, "--style", style_});
  const std::string printed = printed_by(all, folder_, engine_);
  const std::size_t last = printed.find_last_of('{') == std::string::npos ? 0 : printed.rfind("{\"library\"");
  return parse_json(last == std::string::npos ? printed : printed.substr(last), engine_ + "'s answer").json();
}

void FloatProgram::tune(const std::string& batches, double seconds) {
  const ordered_json found = answer({"tune", "--batch", batches, "--seconds", fmt::format("{}", seconds)});
  batch_ = fmt::format("{}", found.at("batch").get<int>());
  way_ = found.at("way").get<std::string>();
  facts_.update(found);
}

void FloatProgram::check(const BenchMachine& machine) {
  const FixedMachine& fixed = *machine.fixed;
  const int steps = fixed.machine.settle_steps;
  std::vector<std::string> words = {"check", "--steps", fmt::format("{}", steps), "--window",
                                    fmt::format("{}", kWindowSteps)};
  words.insert(words.end(), {"--batch", kCheckBatch});
  if (!way_.empty()) words.insert(words.end(), {"--way", way_});
  const ordered_json found = answer(words);

  const auto states = found.at("states").get<std::vector<double>>();
  if (static_cast<int>(states.size()) != fixed.cells()) throw error("{}: {} states", engine_, states.size());
  const Eigen::VectorXd floats = Eigen::VectorXd::Map(states.data(), fixed.cells());
  Float64Array expected(fixed.machine, fixed.configuration.state_range());
  expected.set_field(machine.fields.front());
  expected.run(0, steps, 0, {});
  EnsembleRun quiet(machine, false);
  quiet.run(static_cast<std::uint32_t>(steps), 0);
  std::vector<std::int32_t> integers;
  for (const std::uint32_t state : quiet.states()) integers.push_back(static_cast<std::int32_t>(state));
  const double to_float64 = distance(fixed, floats, expected.state());
  const double to_ensemble = distance(fixed, floats, fixed.physical(integers));
  demand(to_float64 <= kFloatTolerance, engine_, machine.name, "its states and float64's", to_float64, kFloatTolerance);
  demand(to_ensemble <= kFixedTolerance, engine_, machine.name, "its states and the ensemble's", to_ensemble,
         kFixedTolerance);

  EnsembleRun noisy(machine);
  noisy.run(static_cast<std::uint32_t>(steps), kWindowSteps);
  const std::vector<double> ours = noisy.variances();
  const auto theirs = found.at("variances").get<std::vector<double>>();
  double largest = 0;
  for (std::size_t l = 0; l < ours.size(); ++l) largest = std::max(largest, std::abs(theirs.at(l) / ours[l] - 1));
  demand(largest <= kVarianceTolerance, engine_, machine.name, "its variances and the ensemble's", largest,
         kVarianceTolerance);
  facts_["library"] = found.at("library");
  facts_["details"] = found.at("details");
  facts_["checked"] = {{"steps", steps},
                       {"window_steps", kWindowSteps},
                       {"states_from_float64", to_float64},
                       {"states_from_ensemble", to_ensemble},
                       {"variances_from_ensemble", largest}};
}

std::vector<std::pair<std::string, double>> FloatProgram::rates(double seconds) {
  std::vector<std::string> words = {"time", "--seconds", fmt::format("{}", seconds)};
  words.insert(words.end(), {"--batch", batch_.empty() ? kCheckBatch : batch_});
  if (!way_.empty()) words.insert(words.end(), {"--way", way_});
  std::vector<std::pair<std::string, double>> all;
  const ordered_json found = answer(words);
  for (const auto& [mode, rate] : found.at("cell_updates_per_s").items()) all.emplace_back(mode, rate.get<double>());
  return all;
}

}  // namespace settle
