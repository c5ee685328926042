// Clocks one verilated array, port access by port access. Included once per verilated class, by the generated
// engine_<class>.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>

#include <verilated.h>
#include <verilated_fst_c.h>

#include "base/files.hpp"
#include "base/removed_when_killed.hpp"
#include "sim/rtl_device.hpp"
#include "sim/verilated/clock_cycle.hpp"
#include "sim/verilated/port_access.hpp"
#include "sim/waveforms/fst_file.hpp"

namespace settle {

/// HasTrace: the model was verilated with waveforms, and options.trace_path says where one goes; otherwise it must be
/// empty.
template <typename Model, bool HasTrace>
class VerilatedDevice : public RtlDevice {
 public:
  explicit VerilatedDevice(const RtlOptions& options)
      : options_(options), wanted_trace_(options.trace_path), trace_file_(link_target(options.trace_path)) {
    context_.threads(1);  // it would start one for every core, and none of them is used
    context_.randReset(options.power_up);
    context_.traceEverOn(!options.trace_path.empty());
    model_ = std::make_unique<Model>(&context_, "registered_array");
    reset_array(*model_, [this] { tick(); });
  }

  ~VerilatedDevice() override {
    close_trace();  // finish() was not reached: what there is of the waveform is kept
    model_->final();
    // Models with assertions look for their scopes in the thread's context, which may be one that is gone by now.
    Verilated::threadContextp(&context_);
  }

  VerilatedDevice(const VerilatedDevice&) = delete;
  VerilatedDevice& operator=(const VerilatedDevice&) = delete;

  std::uint64_t cycles() const override { return cycles_; }

  std::uint32_t read(std::uint32_t address) override { return access(address, false, 0); }

  void write(std::uint32_t address, std::uint32_t value) override { access(address, true, value); }

  void finish() override {
    close_trace();
    if (!trace_failure_.empty()) throw error("{}: {}", wanted_trace_.string(), trace_failure_);
    if (!options_.trace_path.empty()) {
      throw error("{}: no waveform: it begins at cycle {}, the last cycle was {}", wanted_trace_.string(),
                  options_.trace_from, cycles_);
    }
  }

 private:
  std::uint32_t access(std::uint32_t address, bool is_write, std::uint32_t value) {
    std::uint32_t read = 0;
    check_answer(access_port(
                     *model_, [this] { tick(); }, address, is_write, value, read),
                 address, is_write);
    return read;
  }

  void tick() {
    if constexpr (HasTrace) {
      clock_cycle_with_falling_edge(*model_, [&](int clock) {
        if (tracing()) trace_->dump(2 * cycles_ + static_cast<std::uint64_t>(clock));
      });
    } else {
      clock_cycle(*model_);
    }
    ++cycles_;
  }

  /// Opens and closes the waveform at the window's ends.
  bool tracing() {
    if (options_.trace_path.empty()) return false;
    if (cycles_ < options_.trace_from) return false;
    if (cycles_ >= options_.trace_to) {
      close_trace();
      return false;
    }
    if (!trace_) {
      trace_ = std::make_unique<VerilatedFstC>();
      if constexpr (HasTrace) model_->trace(trace_.get(), 99);
      std::error_code ignored;  // if the folder cannot be made, the file cannot be opened
      if (trace_file_.has_parent_path()) std::filesystem::create_directories(trace_file_.parent_path(), ignored);
      remove_left_over(trace_file_);
      trace_part_ = temporary_beside(trace_file_);
      const std::string failure = room_for_fst(trace_part_);
      if (!failure.empty()) {  // told by finish(): the run goes on without
        trace_.reset();
        options_.trace_path.clear();
        trace_failure_ = "the waveform cannot be written: " + failure;
        return false;
      }
      trace_killed_.emplace(trace_part_);
      trace_hier_killed_.emplace(trace_part_.string() + ".hier");  // the library's own temporary
      trace_->open(trace_part_.c_str());
      if (!trace_->isOpen()) throw error("{}: trace cannot be written", wanted_trace_.string());
      trace_held_ = std::make_unique<HeldTemporary>(trace_part_);
    }
    return true;
  }

  void close_trace() {
    if (!trace_) return;
    trace_->close();
    trace_.reset();
    options_.trace_path.clear();
    trace_failure_ = put_fst_in_place(trace_part_, trace_file_);
    trace_held_.reset();
    trace_killed_.reset();
    trace_hier_killed_.reset();
  }

  RtlOptions options_;  // trace_path is cleared when the waveform is closed
  std::filesystem::path wanted_trace_, trace_file_, trace_part_;
  std::unique_ptr<HeldTemporary> trace_held_;
  std::optional<RemovedWhenKilled> trace_killed_, trace_hier_killed_;
  std::string trace_failure_;
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<VerilatedFstC> trace_;
  std::uint64_t cycles_ = 0;
};

}  // namespace settle
