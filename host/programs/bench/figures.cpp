#include "programs/bench/figures.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "device/engine_names.hpp"

namespace settle {

namespace {

class Figures {
 public:
  explicit Figures(const BenchResults& results) : results_(results) {}

  /// `engine` over `other` on a machine, if both were measured.
  void add_ratio(const std::string& name, const std::string& machine, const std::string& engine,
                 const std::string& other, std::optional<double> target) {
    const BenchRow* const above = results_.find(machine, engine);
    const BenchRow* const below = results_.find(machine, other);
    if (above == nullptr || below == nullptr) return;
    add(name, fmt::format("{}: {} over {}", machine, engine, other), above->updates, below->updates, target);
  }

  void add(const std::string& name, const std::string& text, const std::vector<double>& above,
           const std::vector<double>& below, std::optional<double> target) {
    BenchFigure figure{name, text, 0, {}, target};
    for (std::size_t r = 0; r < std::min(above.size(), below.size()); ++r) {
      figure.samples.push_back(above[r] / below[r]);
    }
    figure.value = middle_of(figure.samples);
    all.push_back(std::move(figure));
  }

  std::vector<BenchFigure> all;

 private:
  const BenchResults& results_;
};

/// Whether vectors of these instructions (Highway's name) have 512 bits.
bool long_vectors(const std::string& instructions) { return instructions.rfind("AVX3", 0) == 0; }

}  // namespace

std::vector<BenchFigure> figures(const BenchResults& results) {
  Figures f(results);
  f.add_ratio("verilated_over_icarus", "anchored", "verilated", "Icarus", 800);
  f.add_ratio("verilated_over_plain", "anchored", "verilated", "plain verilator", 1.3);
  f.add_ratio("verilated_over_plain_o3", "anchored", "verilated", "plain verilator GCC -O3", std::nullopt);
  f.add_ratio("model_over_verilated", "anchored", kModelEngine, "verilated", std::nullopt);
  for (const BenchWork& work : results.works) {
    const std::string& machine = work.machine;
    const bool small = machine == "anchored";
    f.add_ratio(machine + ".ensemble_over_model", machine, kEnsembleEngine, kModelEngine,
                small ? std::nullopt : std::optional<double>(8));
    const double over_torch = small && !long_vectors(results.instructions) ? 4 : 8;
    for (const auto& [key, engine] :
         {std::pair("libtorch", "libtorch"), std::pair("libtorch_inference", "libtorch inference_mode"),
          std::pair("libtorch_in_place", "libtorch in place"),
          std::pair("libtorch_in_place_inference", "libtorch in place inference_mode")}) {
      f.add_ratio(machine + ".ensemble_over_" + key, machine, kEnsembleEngine, engine, over_torch);
    }
    f.add_ratio(machine + ".ensemble_over_eigen", machine, kEnsembleEngine, "Eigen", std::nullopt);
    if (const BenchRow* const ensemble = results.find(machine, kEnsembleEngine)) {
      f.add(machine + ".share_of_limit", machine + ": ensemble over its limit, noise and multiply-adds alone",
            ensemble->updates, work.limit, 0.7);
    }
    f.add_ratio(machine + ".two_cores_over_one", machine, "ensemble on 2 cores", "ensemble on 1 core", 1.9);
  }
  return f.all;
}

}  // namespace settle
