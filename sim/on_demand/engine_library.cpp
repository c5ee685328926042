// A verilated array as a library of its own. Verilator compiles it when a run asks for a configuration that the build
// has not verilated (engine_cache.cpp); no target of the build does.
#include <exception>
#include <memory>

#include <verilated.h>

#include "Vengine.h"
#include "Vengine___024root.h"
#include "sim/on_demand/engine_interface.hpp"
#include "sim/verilated/clock_cycle.hpp"
#include "sim/verilated/port_access.hpp"

namespace settle {

namespace {

class Engine {
 public:
  explicit Engine(int power_up) {
    context_.threads(1);  // it would start one for every core, and none of them is used
    context_.randReset(power_up);
    model_ = std::make_unique<Vengine>(&context_, "registered_array");
    reset_array(*model_, [this] { tick(); });
  }

  ~Engine() { model_->final(); }

  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  PortAnswer access(std::uint32_t address, bool is_write, std::uint32_t value, std::uint32_t& read) {
    return access_port(
        *model_, [this] { tick(); }, address, is_write, value, read);
  }

  std::uint64_t cycles() const { return cycles_; }

 private:
  void tick() {
    clock_cycle(*model_);
    ++cycles_;
  }

  VerilatedContext context_;
  std::unique_ptr<Vengine> model_;
  std::uint64_t cycles_ = 0;
};

/// An exception must not leave the library: it would be one of another program.
void* make(int power_up) {
  try {
    return new Engine(power_up);
  } catch (const std::exception&) {
    return nullptr;
  }
}

void end(void* array) { delete static_cast<Engine*>(array); }

int access(void* array, std::uint32_t address, int is_write, std::uint32_t value, std::uint32_t* read) {
  return static_cast<int>(static_cast<Engine*>(array)->access(address, is_write != 0, value, *read));
}

std::uint64_t cycles(const void* array) { return static_cast<const Engine*>(array)->cycles(); }

const EngineInterface kInterface{kEngineInterface, make, end, access, cycles};

}  // namespace

}  // namespace settle

extern "C" __attribute__((visibility("default"))) const settle::EngineInterface* settle_engine() {
  return &settle::kInterface;
}
