// The scaling study as files and as a table.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "programs/bench/scaling/scaling.hpp"

namespace settle {

/// scaling.json: every sample, fits with errors, and what identifies the run.
nlohmann::ordered_json scaling_json(const ScalingResults& results, const ScalingOptions& options);

/// scaling.csv: series, x, work, shape, chains, then medians: seconds per step of ensemble and model (empty: not
/// measured), slots per step, and those of dense buses.
std::string scaling_csv(const ScalingResults& results);

/// scaling-fits.csv, what scaling.gp draws lines of: series, engine, then constant, factor and exponent of x, then the
/// log-log slope and both exponents' errors.
std::string scaling_fits_csv(const ScalingResults& results);

/// The table of fits that is printed.
std::string scaling_text(const ScalingResults& results, const ScalingOptions& options);

}  // namespace settle
