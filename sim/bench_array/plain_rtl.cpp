#include "sim/bench_array/plain_rtl.hpp"

#include <verilated.h>

#include "Vplain_o3.h"
#include "Vplain_usual.h"

namespace settle {

namespace {

template <typename Model>
class PlainDevice : public RtlDevice {
 public:
  PlainDevice() {
    context_.threads(1);
    model_ = std::make_unique<Model>(&context_, "settle_array");
    model_->rst_i = 1;
    model_->req_valid_i = 0;
    for (int i = 0; i < kResetCycles; ++i) tick();
    model_->rst_i = 0;
  }
  ~PlainDevice() override { model_->final(); }
  PlainDevice(const PlainDevice&) = delete;
  PlainDevice& operator=(const PlainDevice&) = delete;

  std::uint64_t cycles() const override { return cycles_; }
  std::uint32_t read(std::uint32_t address) override { return access(address, false, 0); }
  void write(std::uint32_t address, std::uint32_t value) override { access(address, true, value); }

 private:
  static constexpr int kResetCycles = 8;
  static constexpr int kIdleCyclesBetweenPolls = 8192;  // as VerilatedDevice
  static constexpr int kAnswerCycles = 16;

  std::uint32_t access(std::uint32_t address, bool is_write, std::uint32_t value) {
    for (int i = 0; i < kIdleCyclesBetweenPolls && model_->busy_o && !is_write; ++i) tick();
    model_->req_valid_i = 1;
    model_->req_write_i = is_write ? 1 : 0;
    model_->req_addr_i = address;
    model_->req_wdata_i = value;
    tick();
    model_->req_valid_i = 0;
    for (int i = 0; i < kAnswerCycles; ++i) {
      if (model_->rsp_valid_o) {
        if (model_->rsp_error_o) throw DeviceError(fmt::format("plain rtl: address 0x{:06x} refused", address));
        return model_->rsp_rdata_o;
      }
      tick();
    }
    throw DeviceTimeout(fmt::format("plain rtl: no answer to address 0x{:06x} in {} cycles", address, kAnswerCycles));
  }

  void tick() {
    model_->clk_i = 0;
    model_->eval();
    model_->clk_i = 1;
    model_->eval();
    ++cycles_;
  }

  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::uint64_t cycles_ = 0;
};

}  // namespace

std::unique_ptr<RtlDevice> make_plain_rtl_device(PlainOptimisation optimisation) {
  if (optimisation == PlainOptimisation::o3) return std::make_unique<PlainDevice<Vplain_o3>>();
  return std::make_unique<PlainDevice<Vplain_usual>>();
}

}  // namespace settle
