// What the bench measures: options, samples of every engine, limits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/median.hpp"

namespace settle {

struct BenchOptions {
  std::string out = "out/bench";  ///< folder for the results and for what children leave
  std::filesystem::path torch;    ///< settle-bench-torch; empty or not there: no rows of libtorch
  std::uint64_t seed = 1;
  int runs = 5;        ///< of each engine
  bool quick = false;  ///< few steps, no tuning: whether all agree; their speeds mean nothing
};

/// One engine on one machine; a sample for each run.
struct BenchRow {
  std::string machine;
  std::string engine;                      ///< "Icarus", "ensemble on 2 cores", ...: no commas
  std::string note;                        ///< how it works, for the table
  std::string clock = "CPU";               ///< "CPU" time of its one thread, or "wall"
  std::vector<double> updates;             ///< cell updates/s of all of its chains
  std::vector<double> cycles = {};         ///< clock cycles/s, where it has a clock
  nlohmann::ordered_json facts = nullptr;  ///< of a float32 program: library, batch, way of working, checks

  double median() const { return middle_of(updates); }
};

/// What a step of one chain of a machine needs, and what bounds the ensemble engine there.
struct BenchWork {
  std::string machine, configuration_hash;
  double cells = 0;                ///< updated in a step
  double products = 0;             ///< multiplications with a coefficient, noise gain and sums included
  double noise_samples = 0;        ///< normal numbers
  std::vector<double> limit = {};  ///< cell updates/s of noise and multiply-adds alone, by run
};

struct BenchResults {
  std::vector<BenchRow> rows;
  std::vector<BenchWork> works;
  std::string instructions;      ///< of ensemble engine and limits
  double cycles_per_step = 0;    ///< of the verilated array
  std::vector<double> products;  ///< 16-bit multiply-adds/s on registers: products/s, by run
  std::vector<double> noise;     ///< noise samples/s, by run
  std::vector<double> memory;    ///< bytes/s, by run

  /// The row, made where there is none yet. `note` and `clock` are those of its first call.
  BenchRow& row(const std::string& machine, const std::string& engine, const std::string& note = "",
                const std::string& clock = "CPU");
  /// Null if it was not measured.
  const BenchRow* find(const std::string& machine, const std::string& engine) const;
};

}  // namespace settle
