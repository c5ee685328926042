#include "report/report.hpp"

#include "base/json.hpp"

namespace settle {

std::string report_text(const Report& report) { return to_text(to_json(report)); }

}  // namespace settle
