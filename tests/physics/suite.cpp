#include "physics/suite.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text_table.hpp"

namespace settle::physics {

void Suite::statistical(const Claim& claim, const std::vector<double>& p, std::optional<double> sees) {
  if (p.empty()) throw error("{}: {}: no test", claim.section, claim.text);
  Row row;
  row.claim = claim;
  row.tests = p.size();
  row.sees = sees;
  for (const double one : p) {
    if (!(one >= 0 && one <= 1)) throw error("{}: {}: p-value {}", claim.section, claim.text, one);
    row.least_p = std::min(row.least_p, one);
  }
  tests_ += p.size();
  rows_.push_back(row);
}

void Suite::exact(const Claim& claim, double value, double least, double most) {
  Row row;
  row.claim = claim;
  row.kind = Row::Kind::exact;
  row.value = value;
  row.least = least;
  row.most = most;
  rows_.push_back(row);
}

void Suite::figure(const Claim& claim, double value) {
  Row row;
  row.claim = claim;
  row.kind = Row::Kind::figure;
  row.value = value;
  rows_.push_back(row);
}

double Suite::threshold() const { return kFamily / static_cast<double>(std::max<std::size_t>(tests_, 1)); }

bool Suite::holds(const Row& row) const {
  switch (row.kind) {
    case Row::Kind::statistical:
      return row.least_p >= threshold();
    case Row::Kind::exact:
      return row.value >= row.least && row.value <= row.most;
    case Row::Kind::figure:
      break;
  }
  return true;
}

bool Suite::holds() const {
  return std::all_of(rows_.begin(), rows_.end(), [&](const Row& row) { return holds(row); });
}

std::string Suite::table() const {
  std::vector<std::vector<std::string>> text = {{"claim", "against", "engine", "tests", "found", "sees", ""}};
  std::string section;
  for (const Row& row : rows_) {
    if (row.claim.section != section) {
      section = row.claim.section;
      text.push_back({section + ":", "", "", "", "", "", ""});
    }
    std::string tests, found, sees;
    if (row.kind == Row::Kind::statistical) {
      tests = fmt::format("{}", row.tests);
      found = fmt::format("least p {:.2g}", row.least_p);
      if (row.sees) sees = fmt::format("{:.2g}", *row.sees);
    } else {
      found = fmt::format("{:.4g}", row.value);
      if (row.kind == Row::Kind::exact) sees = fmt::format("{:.3g} to {:.3g}", row.least, row.most);
    }
    const char* verdict = row.kind == Row::Kind::figure ? "-" : holds(row) ? "holds" : "FAILS";
    text.push_back({"  " + row.claim.text, row.claim.against, row.claim.engine, tests, found, sees, verdict});
  }
  return text_table(text);
}

nlohmann::ordered_json Suite::json() const {
  nlohmann::ordered_json claims = nlohmann::ordered_json::array();
  for (const Row& row : rows_) {
    nlohmann::ordered_json one = {{"section", row.claim.section},
                                  {"claim", row.claim.text},
                                  {"against", row.claim.against},
                                  {"engine", row.claim.engine}};
    if (row.kind == Row::Kind::statistical) {
      one["tests"] = row.tests;
      one["least_p"] = row.least_p;
      one["sees"] = row.sees ? nlohmann::ordered_json(*row.sees) : nlohmann::ordered_json(nullptr);
    } else {
      one["value"] = row.value;
      if (row.kind == Row::Kind::exact) {
        one["least"] = row.least;
        one["most"] = row.most;
      }
    }
    if (row.kind != Row::Kind::figure) one["holds"] = holds(row);
    claims.push_back(one);
  }
  return {
      {"tests", tests_}, {"family_wise", kFamily}, {"threshold", threshold()}, {"holds", holds()}, {"claims", claims}};
}

}  // namespace settle::physics
