#include "programs/bench/bench_report.hpp"

#include <algorithm>
#include <fstream>

#include "array/ensemble/kernels.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "generated/build.hpp"
#include "programs/bench/figures.hpp"

namespace settle {

namespace {

using nlohmann::ordered_json;

ordered_json samples_json(const std::string& unit, const std::vector<double>& samples) {
  return {{"unit", unit}, {"median", middle_of(samples)}, {"samples", samples}};
}

ordered_json row_json(const BenchRow& row) {
  ordered_json json{{"machine", row.machine},
                    {"engine", row.engine},
                    {"how", row.note},
                    {"clock", row.clock == "CPU" ? "CPU time, one thread" : "the clock on the wall"},
                    {"cell_updates", samples_json("1/s", row.updates)}};
  if (!row.cycles.empty()) json["clock_cycles"] = samples_json("1/s", row.cycles);
  if (!row.facts.is_null()) json["program"] = row.facts;
  return json;
}

ordered_json work_json(const BenchWork& w) {
  return {{"machine", w.machine},
          {"config_hash", w.configuration_hash},
          {"cells", w.cells},
          {"products_per_step", w.products},
          {"products_per_cell_update", w.products / w.cells},
          {"noise_samples_per_cell_update", w.noise_samples / w.cells},
          {"limit", samples_json("cell updates/s", w.limit)}};
}

ordered_json figure_json(const BenchFigure& f) {
  ordered_json json{{"name", f.name}, {"value", f.value}, {"samples", f.samples}};
  json["target_at_least"] = f.target ? ordered_json(*f.target) : ordered_json(nullptr);
  json["met"] = f.target ? ordered_json(f.met()) : ordered_json(nullptr);
  return json;
}

}  // namespace

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    const std::size_t value = line.find_first_not_of(" \t", line.find(':') + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "";
}

ordered_json bench_json(const BenchResults& results, const BenchOptions& options) {
  ordered_json rows = ordered_json::array(), works = ordered_json::array(), all = ordered_json::array();
  for (const BenchRow& row : results.rows) rows.push_back(row_json(row));
  for (const BenchWork& work : results.works) works.push_back(work_json(work));
  for (const BenchFigure& figure : figures(results)) all.push_back(figure_json(figure));
  return {{"git", kGit},
          {"seed", options.seed},
          {"runs", options.runs},
          {"quick", options.quick},
          {"processor", processor()},
          {"cores", core_count()},
          {"instructions", results.instructions},
          {"chains", ensemble::kChains},
          {"cycles_per_step", results.cycles_per_step},
          {"rows", std::move(rows)},
          {"machines", std::move(works)},
          {"limits",
           {{"multiply_adds", samples_json("16-bit products/s", results.products)},
            {"noise", samples_json("samples/s", results.noise)},
            {"memory", samples_json("bytes/s", results.memory)}}},
          {"figures", std::move(all)}};
}

std::string bench_csv(const BenchResults& results) {
  std::string text = "machine,engine,median,least,most\n";
  const auto add = [&](const std::string& machine, const std::string& engine, const std::vector<double>& samples) {
    const auto [least, most] = std::minmax_element(samples.begin(), samples.end());
    text += fmt::format("{},{},{:.6g},{:.6g},{:.6g}\n", machine, engine, middle_of(samples), *least, *most);
  };
  for (const BenchWork& work : results.works) {
    for (const BenchRow& row : results.rows) {
      if (row.machine == work.machine) add(row.machine, row.engine, row.updates);
    }
    add(work.machine, "limit", work.limit);
  }
  return text;
}

}  // namespace settle
