// Small shell scripts that stand for yosys, nextpnr-ice40, icepack and the programmers, and a board of the test's own.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "program/program.hpp"
#include "temporary_folder.hpp"

namespace settle_test {

/// A workshop: PATH holds the stand-ins and what a shell needs, constraints/ one copy of the iCEBreaker. PATH is put
/// back at the end.
class Workshop {
 public:
  Workshop();
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  std::filesystem::path board_file() const { return folder_ / "constraints" / "icebreaker" / "board.json"; }
  std::filesystem::path build_folder() const { return folder_ / "out" / "icebreaker-anchored"; }

  /// Changes board.json.
  void edit_board(const std::function<void(nlohmann::ordered_json&)>& change) const;
  /// What yosys will leave: cells by type, and a PLL with these settings (none if divf < 0).
  void netlist(const nlohmann::json& cells, int divr = 0, int divf = 63, int divq = 5) const;
  /// How fast nextpnr will find the design with a seed, MHz.
  void fmax(int seed, double mhz) const;
  void remove_tool(const std::string& name) const { std::filesystem::remove(folder_ / "bin" / name); }
  /// A program of that name which is this shell script.
  void tool(const std::string& name, const std::string& script) const;
  /// How often a tool was run, versions not counted.
  int calls(const std::string& name) const;

  Arguments arguments(const std::string& command, const Arguments& more = {}) const;
  Ended run(const std::string& command, const Arguments& more = {}) const;

 private:
  TemporaryFolder folder_;
  std::string path_before_;
};

/// Makes the iCEBreaker's board.json one of another family, whose PLL makes the same clock.
void change_family(nlohmann::ordered_json& board, const std::string& family);

/// The cells of a design that fits an UP5K.
nlohmann::json small_design();

}  // namespace settle_test
