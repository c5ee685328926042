// The bench's results as files and as tables.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "programs/bench/bench_results.hpp"

namespace settle {

/// bench.json: every sample, the figures with their targets, limits, and what identifies the run.
nlohmann::ordered_json bench_json(const BenchResults& results, const BenchOptions& options);

/// bench.csv, what bench.gp draws: machine, engine, cell updates/s (median, least, most) of each row, then a row
/// "limit" per machine.
std::string bench_csv(const BenchResults& results);

/// The tables that are printed: engines by machine, limits, figures beside their targets.
std::string bench_text(const BenchResults& results, const BenchOptions& options);

/// The processor as the system names it; "" if it does not.
std::string processor();

}  // namespace settle
