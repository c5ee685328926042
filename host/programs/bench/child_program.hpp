// Children whose output is read when they have ended.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace settle {

/// What a program prints that runs in `folder`; a copy stays in NAME.log there. Throws Error if it fails, with the
/// reason that it gives; Stopped if the user wants to end.
std::string printed_by(const std::vector<std::string>& words, const std::filesystem::path& folder,
                       const std::string& name);

}  // namespace settle
