// The machine file: a Machine as JSON, written for people to read (one matrix row per line) and read strictly.
#pragma once

#include <filesystem>
#include <string>

#include "machine/machine.hpp"

namespace settle {

/// The file's text. Every double is written with the digits that bring back its bits. Throws as validate.
std::string machine_text(const Machine& machine, const std::string& name);

/// Reads what machine_text wrote. Throws Error naming `name` and the field: not JSON or cut short, not a machine file
/// or of another version, a key missing, unknown or given twice, a value of a wrong type, shape or range, or not
/// finite.
Machine parse_machine(const std::string& text, const std::string& name);

/// As parse_machine, from a file.
Machine load_machine(const std::filesystem::path& path);

/// Writes `machine`; the file appears whole or not at all. Throws as validate, and if it cannot be written.
void save_machine(const Machine& machine, const std::filesystem::path& path);

}  // namespace settle
