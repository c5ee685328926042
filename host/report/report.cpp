#include "report/report.hpp"

namespace settle {

std::string report_text(const Report& report) { return to_json(report).dump(2) + "\n"; }

}  // namespace settle
