// The report of all boards, for people.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace settle {

/// The rows as a table in Markdown. `rows` as report.json has them.
std::string markdown_table(const nlohmann::ordered_json& rows);

}  // namespace settle
