#include "fpga/check_command.hpp"

#include <functional>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program.hpp"

namespace settle {

namespace {

/// Does `part`; an error, unless it is of the command line, is told and the result false.
bool told(const std::function<void()>& part) {
  try {
    part();
    return true;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& e) {
    tell("settle-fpga", e.what());
    return false;
  }
}

}  // namespace

int check(const CheckOptions& options) {
  PlanOptions each = options.plan;
  const std::vector<std::string> names = options.boards.empty() ? board_names(each.constraints) : options.boards;
  std::vector<BuildPlan> good;
  bool all_good = true;
  for (const std::string& name : names) {
    each.board = name;
    std::vector<BoardBuild> builds;
    all_good &= told([&] { builds = read_board(each.constraints, name).builds; });
    for (const BoardBuild& build : builds) {
      each.build = build.name;
      all_good &= told([&] { good.push_back(plan_build(each)); });
    }
  }
  std::string list;
  for (const BuildPlan& plan : good) {
    const Board& b = plan.board;
    fmt::print("{}: {} lanes at {} Hz from {} Hz, line at {} baud\n", plan.name(), plan.configuration.lanes, b.clock_hz,
               b.oscillator_hz, b.baud);
    list += fmt::format("{} {} {} {} {}\n", b.id, plan.build.name, name_of(b.family), b.top, b.pins);
    if (!options.packages.empty()) write_packages(plan, options.packages / plan.name());
  }
  if (!options.packages.empty()) write_atomically(options.packages / "builds.txt", list);
  return all_good ? kExitOk : kExitFailed;
}

}  // namespace settle
