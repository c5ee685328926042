// What became of each test: how it is found, printed and counted.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "hil/board.hpp"
#include "hil/junit.hpp"

namespace settle::hil {

/// What `test` finds, with its time, printed. What it throws is a failure, so that a report is written whatever breaks.
/// Once a signal has asked for the end it is skipped, and not printed.
Outcome outcome_of(const std::string& name, const std::function<Outcome()>& test);

/// Runs every test; what failed is told and does not stop the others. After an interruption the others are skipped.
std::vector<Outcome> run_tests(const Board& board);

/// The tests that were run, for report.json: an array of {name, result, text}.
nlohmann::json list_of(const std::vector<Outcome>& outcomes);

/// How many of them are of that kind.
std::size_t count(const std::vector<Outcome>& outcomes, Outcome::Kind kind);

}  // namespace settle::hil
