// The port of a verilated array, clock cycle by clock cycle: reset, and one access. It needs nothing but Verilator, for
// engines that are compiled by themselves (sim/on_demand).
#pragma once

#include <cstdint>

namespace settle {

inline constexpr int kResetCycles = 8;
// A real link leaves thousands of clocks between two polls of a busy array; so does this one.
inline constexpr int kIdleCyclesBetweenPolls = 8192;
inline constexpr int kAnswerCycles = 16;  // the port answers after four

/// What became of an access.
enum class PortAnswer : int {
  done,
  refused,  ///< the array is busy, or there is no such address
  none,     ///< no answer in kAnswerCycles
};

/// Brings a new model to where the host finds it. `tick` makes a clock cycle.
template <typename Model, typename Tick>
void reset_array(Model& model, const Tick& tick) {
  model.rst_i = 1;
  model.req_valid_i = 0;
  model.clk_i = 0;
  model.eval();
  for (int i = 0; i < kResetCycles; ++i) tick();
  model.rst_i = 0;
}

/// One read or write of the host. `read` becomes what was read, if it was done.
template <typename Model, typename Tick>
PortAnswer access_port(Model& model, const Tick& tick, std::uint32_t address, bool is_write, std::uint32_t value,
                       std::uint32_t& read) {
  for (int i = 0; i < kIdleCyclesBetweenPolls && model.busy_o && !is_write; ++i) tick();
  model.req_valid_i = 1;
  model.req_write_i = is_write ? 1 : 0;
  model.req_addr_i = address;
  model.req_wdata_i = value;
  tick();
  model.req_valid_i = 0;
  for (int i = 0; i < kAnswerCycles; ++i) {
    tick();
    if (!model.rsp_valid_o) continue;
    if (model.rsp_error_o) return PortAnswer::refused;
    read = model.rsp_rdata_o;
    return PortAnswer::done;
  }
  return PortAnswer::none;
}

}  // namespace settle
