#include "hil/outcomes.hpp"

#include <chrono>
#include <cstdio>
#include <exception>

#include "base/program.hpp"
#include "hil/tests.hpp"

namespace settle::hil {

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void print(const Outcome& outcome) {
  fmt::print("{}{}: {}\n", outcome.kind == Outcome::Kind::passed ? "ok      " : "FAILED  ", outcome.name, outcome.text);
  std::fflush(stdout);
}

}  // namespace

Outcome outcome_of(const std::string& name, const std::function<Outcome()>& test) {
  const auto begin = std::chrono::steady_clock::now();
  Outcome outcome{name, Outcome::Kind::skipped, "interrupted", 0};
  try {
    if (!stop_requested()) outcome = test();
  } catch (const std::exception& e) {
    // What an interruption breaks is no fault of the board's.
    if (!stop_requested()) outcome = {name, Outcome::Kind::failed, e.what(), 0};
  }
  outcome.seconds = seconds_since(begin);
  if (outcome.kind != Outcome::Kind::skipped) print(outcome);
  return outcome;
}

std::vector<Outcome> run_tests(const Board& board) {
  std::vector<Outcome> all;
  for (const Test& test : tests()) {
    all.push_back(outcome_of(test.name, [&] { return Outcome{test.name, Outcome::Kind::passed, test.run(board), 0}; }));
  }
  return all;
}

nlohmann::json list_of(const std::vector<Outcome>& outcomes) {
  nlohmann::json list = nlohmann::json::array();
  for (const Outcome& o : outcomes) {
    if (o.kind == Outcome::Kind::skipped) continue;
    list.push_back(
        {{"name", o.name}, {"result", o.kind == Outcome::Kind::passed ? "passed" : "failed"}, {"text", o.text}});
  }
  return list;
}

std::size_t count(const std::vector<Outcome>& outcomes, Outcome::Kind kind) {
  std::size_t number = 0;
  for (const Outcome& o : outcomes) number += o.kind == kind ? 1 : 0;
  return number;
}

}  // namespace settle::hil
