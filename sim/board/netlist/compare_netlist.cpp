#include "sim/board/netlist/compare_netlist.hpp"

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "base/text_table.hpp"
#include "generated/build.hpp"
#include "sim/board/netlist/netlist_board.hpp"

namespace settle {

int compare_netlist(const NetlistArrays& arrays, const std::filesystem::path& out) {
  const NetlistBoard& from = netlist_board();
  check_writable(out, "--out");
  remove_older(out, "--out");
  const SynthesisRecord record = read_synthesis_record(from.folder);
  const NetlistComparison result = compare_arrays(arrays, record);
  const Configuration& c = result.identity.configuration;
  nlohmann::ordered_json report;
  report["board"] = from.board;
  report["build"] = from.build;
  report["engine"] = from.engine;
  report["steps"] = result.total.steps;
  report["mismatches"] = result.total.mismatches;
  report["states"] = result.total.states;
  report["values"] = result.total.values;
  report["arrays"] = arrays.arrays;
  report["runs"] = result.runs;
  report["interrupted"] = result.interrupted;
  report["clock_cycles"] = result.cycles;
  report["seed"] = arrays.seed;
  report["lanes"] = c.lanes;
  report["configuration_hash"] = c.hash_text();
  report["hardware_hash"] = record.hardware_hash;
  report["netlist_hash"] = record.netlist_hash;
  report["program"] = kGit;
  write_atomically(out, to_text(report));

  fmt::print("{} of {}, build {}: configuration {}, {} lanes, hardware {:08x}\n\n{}\n", from.engine, from.board,
             from.build, c.hash_text(), c.lanes, result.identity.hardware, text_table(result.table));
  fmt::print("{} steps, {} states and {} values in all compared with the model: {} mismatches; {}\n",
             result.total.steps, result.total.states, result.total.values, result.total.mismatches, out.string());
  if (result.total.mismatches > 0) fmt::print("first: {}\n", result.total.first_mismatch);
  if (result.total.mismatches > 0) return kExitFailed;
  if (result.interrupted) {
    return refuse(netlist_program(), "interrupted: only the runs above were compared", kExitInterrupted);
  }
  return kExitOk;
}

}  // namespace settle
