#include "contract/configuration/fields.hpp"

namespace settle {

std::vector<NamedValue> named_bounds(Configuration& c) {
  std::vector<NamedValue> all;
  all.reserve(kNumberFields.size());
  for (const NumberField& f : kNumberFields) all.push_back({f.name, &(c.*f.value), f.lowest, f.highest});
  return all;
}

std::vector<NamedValue> named_formats(Configuration& c) {
  std::vector<NamedValue> all;
  all.reserve(kFormatFields.size() + kFormatNumbers.size());
  for (const FormatField& f : kFormatFields) all.push_back({f.name, &((c.*f.format).*f.value), f.lowest, f.highest});
  for (const NumberField& f : kFormatNumbers) all.push_back({f.name, &(c.*f.value), f.lowest, f.highest});
  return all;
}

std::vector<NamedValue> named_values(Configuration& c) {
  std::vector<NamedValue> all = named_bounds(c);
  for (const NamedValue& f : named_formats(c)) all.push_back(f);
  return all;
}

}  // namespace settle
