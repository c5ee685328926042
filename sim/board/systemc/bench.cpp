#include "sim/board/systemc/bench.hpp"

#include <memory>
#include <vector>

#include "base/cpu_time.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/link/link_device.hpp"
#include "device/streams/stream_to.hpp"
#include "sim/bench_array/bench_array.hpp"
#include "sim/bench_array/measurement.hpp"
#include "sim/board/line/pin_stream.hpp"

namespace settle {

namespace {

constexpr std::uint32_t kEndless = 1U << 31;  // steps: hours of simulation
constexpr std::uint64_t kAtOnce = 1000;       // cycles of loading between two looks

/// Keeps what is written.
class RecordingStream : public StreamTo {
 public:
  RecordingStream(ByteStream& line, std::vector<std::uint8_t>& written) : StreamTo(line), written_(written) {}

  void write(const std::uint8_t* bytes, std::size_t size) override {
    written_.insert(written_.end(), bytes, bytes + size);
    StreamTo::write(bytes, size);
  }

 private:
  std::vector<std::uint8_t>& written_;
};

/// What a host sends to load the array and to start it. A board takes it faster than the line brings it: it can be sent
/// without waiting for the answers.
std::vector<std::uint8_t> loading(const BoardBench& bench) {
  PinStream pins(make_pin_board(bench.configuration, bench.divisor16));
  std::vector<std::uint8_t> written;
  LinkDevice device(std::make_unique<RecordingStream>(pins, written));
  for (const PortWrites& writes : {bench_array(configuration(bench.configuration), 1), bench_start(kEndless)}) {
    for (const auto& [address, value] : writes) device.write(address, value);
  }
  device.finish();
  return written;
}

/// Sends the bytes and waits until the array runs and the line is at rest.
template <typename Busy, typename Run>
bool load(LineEnd& line, const std::vector<std::uint8_t>& bytes, const Busy& busy, const Run& run) {
  if (!run(kAtOnce)) return false;  // out of reset
  line.send(bytes.data(), bytes.size());
  const std::uint64_t most = 4 * bytes.size() * line.adapter().byte_cycles() + 100 * kAtOnce;
  for (std::uint64_t cycles = 0; cycles < most; cycles += kAtOnce) {
    if (!run(kAtOnce)) return false;
    if (busy() && line.idle() && line.quiet_cycles() > line.adapter().byte_cycles()) return true;
  }
  throw error("bench: the array does not run");
}

}  // namespace

bool bench_board(const BoardBench& bench) {
  const std::vector<std::uint8_t> bytes = loading(bench);
  BoardLine bare(make_pin_board(bench.configuration, bench.divisor16), {});
  load(
      bare.host(), bytes, [&] { return bare.board().busy(); },
      [&](std::uint64_t cycles) { return bare.run(cycles) > 0; });
  if (!load(*bench.line, bytes, bench.busy, bench.run)) return false;
  Measurement top{"bare verilated top", "cycles/s", {}}, board{bench.wrapper, "cycles/s", {}};
  for (int i = 0; i < bench.runs; ++i) {
    double before = cpu_seconds();
    PinBoard& pins = bare.board();
    for (std::uint64_t cycle = 0; cycle < bench.cycles; ++cycle) pins.clock(true);
    top.samples.push_back(static_cast<double>(bench.cycles) / (cpu_seconds() - before));
    const std::uint64_t clock_before = bench.clock();
    before = cpu_seconds();
    if (!bench.run(bench.cycles)) return false;
    board.samples.push_back(static_cast<double>(bench.clock() - clock_before) / (cpu_seconds() - before));
  }
  if (!bare.board().busy() || !bench.busy()) throw error("bench: the array did not run all the time");
  fmt::print("board {}, {} cycles per bit, its array busy; medians of {} alternating runs of {} cycles, CPU time\n",
             bench.configuration, bench.divisor16 / 16.0, bench.runs, bench.cycles);
  for (const Measurement& m : {top, board}) fmt::print("{:<32}{:>12.3g} {}\n", m.engine, m.median(), m.unit);
  fmt::print("{:<32}{:>12.2f}\n", "ratio", board.median() / top.median());
  return true;
}

}  // namespace settle
