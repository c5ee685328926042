// A float32 program (settle-bench-eigen, settle-bench-torch) as a child: it is tuned and checked once, then started for
// each measurement.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "programs/bench/bench_machine.hpp"

namespace settle {

class FloatProgram {
 public:
  /// `engine` is what rows call it, `style` how its loop is written, as the program names it; works in `folder`, where
  /// the machine's file is left.
  FloatProgram(std::string engine, std::string style, std::filesystem::path program, const BenchMachine& machine,
               std::filesystem::path folder);

  const std::string& engine() const { return engine_; }

  /// Tries the batch sizes and all ways of working, `seconds` each; later calls use the fastest. `batches`: as
  /// "256,512".
  void tune(const std::string& batches, double seconds);

  /// Holds it against float64 and the ensemble engine: the states after the machine's settling steps without noise,
  /// from state 0, and at the machine's temperature the variances in the steps after them. Throws Error if they are not
  /// those of the same machine; keeps how far they were apart.
  void check(const BenchMachine& machine);

  /// Cell updates/s by mode, the plain one first, CPU time of one thread over `seconds` at least.
  std::vector<std::pair<std::string, double>> rates(double seconds);

  /// What was tuned and checked, for the results.
  const nlohmann::ordered_json& facts() const { return facts_; }

 private:
  /// The line that it answers to a command. Throws Error as printed_by, and if it is no JSON.
  nlohmann::ordered_json answer(const std::vector<std::string>& words);

  std::string engine_, style_;
  std::filesystem::path program_, folder_;
  std::string machine_file_, batch_, way_;
  nlohmann::ordered_json facts_;
};

}  // namespace settle
