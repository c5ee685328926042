#include "programs/settle/device_choice.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/program.hpp"
#include "device/engine_names.hpp"
#include "device/identity.hpp"
#include "device/link/resuming_device.hpp"
#include "device/model_device.hpp"
#include "device/solo_device.hpp"
#include "device/streams/open_stream.hpp"
#include "programs/settle/boards.hpp"
#include "sim/on_demand/on_demand_engines.hpp"
#include "study/run/engines.hpp"

namespace settle {

namespace {

/// Of a run that makes no step, whatever a user says: a look at it takes time too.
constexpr std::chrono::seconds kLeastStepPatience{1};

/// A board that is waited for if it goes away.
std::unique_ptr<Device> make_board(const std::string& name, const DeviceChoice& choice) {
  ResumeOptions options;
  options.patience = std::chrono::seconds(choice.patience);
  options.stop = choice.stop;
  options.notice = [](const std::string& text) { tell("settle", text); };
  const std::chrono::seconds first_answer =
      std::min<std::chrono::seconds>(kFirstAnswer, std::chrono::seconds(choice.patience));
  LinkTimes times = times_of(first_answer, choice.stop);
  times.step = std::max<std::chrono::microseconds>(kLeastStepPatience, options.patience);
  return std::make_unique<ResumingDevice>(std::make_unique<LinkDevice>(open_stream(name), times), options);
}

/// Throws Error for what names neither an engine nor a line.
void check_name(const std::string& name) {
  if (is_engine(name)) return;
  if (names_stream(name)) return check_stream_name(name);
  throw error("{}: unknown; known are {}, {}, {}, serial:PATH, serial:PATH@BAUD (or the path alone) and tcp:HOST:PORT",
              one_line(name), kRtlEngine, kModelEngine, kEnsembleEngine);
}

/// Of an option's value: what `check` throws is what is wrong with it.
ValueCheck validator(const std::function<void(const std::string&)>& check) {
  const auto why_not = [check](std::string& text) -> std::string {
    try {
      check(text);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  return {why_not, ""};
}

}  // namespace

void check_device(const std::string& name, const std::string& what) {
  try {
    check_name(name);
  } catch (const Error& e) {
    throw error("{}: {}", what, e.what());
  }
}

ValueCheck device_name() { return validator(check_name); }

ValueCheck line_name() { return validator(check_stream_name); }

MakeDevice device_maker(const DeviceChoice& choice) {
  const auto notice = [&choice](const std::string& text) {
    if (!choice.quiet) tell("settle", text);
  };
  const auto verilated = std::make_shared<OnDemandEngines>(EngineCache(choice.engines, choice.stop, notice));
  return [&choice, verilated](const std::string& name, const Configuration& configuration) -> std::unique_ptr<Device> {
    check_device(name, "--device");
    if (name == kRtlEngine) return verilated->make(configuration, choice.rtl);
    if (name == kModelEngine) return std::make_unique<ModelDevice>(configuration);
    if (name == kEnsembleEngine) return std::make_unique<SoloDevice>(configuration);
    return make_board(name, choice);
  };
}

std::function<Configuration(const std::string& engine, const Configuration& configuration)> board_reader(
    const DeviceChoice& choice) {
  return [&choice](const std::string& engine, const Configuration& configuration) {
    if (is_engine(engine)) return configuration;
    return as_built(identify(*make_board(engine, choice)), configuration);
  };
}

}  // namespace settle
