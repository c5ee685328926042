// Configurations with other values than the file's: word lengths to try out, and what a device says of itself.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"

namespace settle {

/// The configuration with other values for the fields that `changes` names (as rtl/configurations.json does), the
/// format's fields included; its name stays, its hash follows the values. Throws Error, which begins with `origin`, for
/// an unknown field (lists the known ones), a value out of the field's range, and values that do not go together.
Configuration with_changes(const Configuration& configuration, const std::map<std::string, int>& changes,
                           const std::string& origin);

/// The part of with_changes' checks that needs no configuration: names and ranges of single fields.
void check_changes(const std::map<std::string, int>& changes, const std::string& origin);

/// Adds to `changes` (as with_changes takes them) what "KEY=VALUE" says: a field's name and a whole number, or `state`,
/// `operand`, `coefficient` or `word` and a format as in Q4.20: 4 bits before the point with the sign, 20 after it.
/// Throws Error, which begins with `origin`, if the text is neither. The ranges are with_changes' to judge.
void add_change(std::map<std::string, int>& changes, const std::string& text, const std::string& origin);

/// The format as in Q4.20.
std::string format_text(const Format& format);

/// The configuration with these values, as many as field_values gives and in its order. Throws Error, which begins with
/// `origin`, for values out of range or that do not go together.
Configuration configuration_from(const std::vector<int>& values, const std::string& name, const std::string& origin);

}  // namespace settle
