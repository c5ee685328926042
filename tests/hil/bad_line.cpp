#include "hil/bad_line.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/program.hpp"
#include "device/link/link_device.hpp"
#include "device/link/resuming_device.hpp"
#include "device/streams/stream_to.hpp"
#include "hil/faulty_stream.hpp"
#include "sim/board/line/pin_stream.hpp"
#include "study/run/progress.hpp"

namespace settle::hil {

namespace {

/// Of a session on a bad line.
constexpr int kMostBeginnings = 20;

}  // namespace

FaultReport work_on_bad_line(const HilOptions& options, const BoardLines& lines, const Configuration& configuration) {
  FaultRates rates;
  rates.seed = options.seed;
  rates.drop = rates.flip = rates.repeat = 4e-4;  // a third of the longest frames is hit
  rates.hang_up = 1e-5;
  ResumeOptions resume;
  resume.interval = std::chrono::milliseconds(1);
  resume.stop = stop_requested;
  std::function<std::uint64_t()> injected;
  std::unique_ptr<ByteStream> line, stream;
  const bool in_process = is_virtual(options.device);
  if (in_process) {
    rates.delay = 4e-4;
    rates.reset = 3;
    auto pins = std::make_unique<PinStream>(make_pin_board(options.configuration), rates);
    const LineEnd& end = pins->line().host();
    injected = [&end] {
      const auto all = [](const FaultCounts& c) { return c.dropped + c.flipped + c.repeated + c.delayed; };
      return all(end.to_board()) + all(end.to_host()) + end.faults().resets() + end.faults().hang_ups();
    };
    stream = std::move(pins);
  } else {
    line = lines.open();
    auto faulty = std::make_unique<FaultyStream>(*line, rates);
    const FaultyStream& counted = *faulty;
    injected = [&counted] { return counted.injected(); };
    stream = std::move(faulty);
  }
  LinkTimes patient = in_process ? pin_times() : LinkTimes{};
  patient.attempts = 30;  // a line this bad needs more of them
  patient.stop = resume.stop;
  std::unique_ptr<ResumingDevice> device;
  for (int attempt = 1; !device; ++attempt) {
    try {
      auto link = std::make_unique<LinkDevice>(std::make_unique<StreamTo>(*stream), patient);
      device = std::make_unique<ResumingDevice>(std::move(link), resume);
    } catch (const DeviceError&) {
      if (stop_requested() || attempt == kMostBeginnings) throw;
      stream->reopen();  // it was hit before there was anything to resume
    }
  }
  Progress show("faults");
  return work_under_faults(
      *device, configuration, options.seed, options.faults, injected,
      [&](std::uint64_t done) { show(static_cast<long long>(done), static_cast<long long>(options.faults)); },
      resume.stop);
}

}  // namespace settle::hil
