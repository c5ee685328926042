// What a run has found so far: the report, the reasons for what is empty in it, curves and pictures.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "report/curve.hpp"
#include "report/pictures.hpp"
#include "report/report.hpp"

namespace settle {

inline constexpr const char* kLeftOut = "left out: --quick";  ///< the reason for what a quick run does not measure

struct Results {
  Report report;
  std::map<std::string, std::string> not_taken;  ///< measure, under its name in report.json, and why it is empty
  std::optional<SettlingCurve> curve;            ///< of the first sample
  std::vector<Picture> images, film;

  /// Does what fills a part of the report. If the machine or its read-out does not allow it (nothing varies, no bus, a
  /// field that does not fit), that part stays empty and the report says why: the other parts are not lost. An
  /// interrupt or a device's failure passes through.
  void take(const std::string& name, const std::function<void()>& action);

  /// The same for one number. One that is not finite is not taken.
  void measure(const std::string& name, Measure& result, const std::function<double()>& value);
};

}  // namespace settle
