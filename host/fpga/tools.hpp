// Which package brings which tool, and the tools' versions.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace settle {

/// The Debian package that has `tool`; "" if Debian 12 has none.
std::string package_of(const std::string& tool);

/// Throws Error, with the package to install, if `tool` is not on PATH.
void require_tool(const std::string& tool);

/// The first line that a tool prints when asked for its version with `words`. Throws as require_tool, and Stopped when
/// `stop` says yes; "unknown" if it prints nothing.
std::string version_of(const std::vector<std::string>& words, const std::string& tool,
                       const std::function<bool()>& stop);

}  // namespace settle
