// The suite of claims about the physics: each is a statement, what it was checked against and what came out.
//
// Statistical claims bring p-values. All p-values of a run are judged together: a claim fails if one of its own is
// below kFamily / (number of all p-values), Bonferroni's bound, so that a correct array fails the whole suite with one
// seed in a thousand at most. Exact claims bring a figure and its bound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace settle::physics {

inline constexpr double kFamily = 1e-3;  ///< probability that a correct array fails the suite

struct Claim {
  std::string section;  ///< "noise", "linear machines", ...
  std::string text;     ///< what is claimed
  std::string against;  ///< the exact or independent answer
  std::string engine;   ///< "model", "rtl", or "-" for what no array computes
};

class Suite {
 public:
  /// `p`: two-sided p-values of tests of their own, each 0 to 1. `sees`: the relative (or as `text` says) deviation
  /// that the suite's threshold would just reject: how sharp the claim is; nothing: not asked. Throws Error if `p` is
  /// empty or holds something else.
  void statistical(const Claim& claim, const std::vector<double>& p, std::optional<double> sees = std::nullopt);

  /// Holds if least <= value <= most.
  void exact(const Claim& claim, double value, double least, double most);

  /// Kept for the table, judged by nobody: a figure that has no independent answer.
  void figure(const Claim& claim, double value);

  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }  ///< lines
  std::size_t tests() const { return tests_; }
  double threshold() const;  ///< of one p-value
  bool holds() const;        ///< every claim

  std::string table() const;            ///< for a terminal
  nlohmann::ordered_json json() const;  ///< rows and threshold

 private:
  struct Row {
    Claim claim;
    enum class Kind { statistical, exact, figure } kind = Kind::statistical;
    std::size_t tests = 0;
    double least_p = 1;
    std::optional<double> sees;
    double value = 0, least = 0, most = 0;
  };
  bool holds(const Row& row) const;

  std::vector<Row> rows_;
  std::size_t tests_ = 0;
};

}  // namespace settle::physics
