#include "sim/board/systemc/faults_file.hpp"

#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "generated/build.hpp"

namespace settle {

namespace {

nlohmann::ordered_json to_json(const FaultCounts& counts) {
  return {{"bytes", counts.bytes},
          {"dropped", counts.dropped},
          {"flipped", counts.flipped},
          {"repeated", counts.repeated},
          {"delayed", counts.delayed}};
}

}  // namespace

std::string faults_text(const BoardOptions& o, const LineEnd& line, std::uint64_t cycles) {
  const FaultRates& r = o.rates;
  const nlohmann::ordered_json json = {
      {"configuration", o.configuration},
      {"divisor", o.divisor},
      {"git", kGit},
      {"rates",
       {{"drop", r.drop},
        {"flip", r.flip},
        {"repeat", r.repeat},
        {"delay", r.delay},
        {"most_delay", r.most_delay},
        {"hang_up", r.hang_up},
        {"hang_up_after", r.hang_up_after},
        {"reset_rate", r.reset},
        {"reset_after", r.reset_after},
        {"seed", r.seed}}},
      {"cycles", cycles},
      {"to_board", to_json(line.to_board())},
      {"to_host", to_json(line.to_host())},
      {"bytes_without_stop_bit", line.adapter().broken()},  // of resets while the board sends
      {"resets", line.faults().resets()},
      {"hang_ups", line.faults().hang_ups()}};
  return to_text(json);
}

}  // namespace settle
