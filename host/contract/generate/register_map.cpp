#include "contract/generate/register_map.hpp"

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/json.hpp"

namespace settle {

namespace {

void claim(std::map<int, std::string>& taken, int key, const std::string& name, const std::string& path,
           const char* what) {
  const auto [place, fresh] = taken.emplace(key, name);
  if (!fresh) throw error("{}: {} {}: {} and {} both claim it", path, what, key, place->second, name);
}

std::vector<LinkCode> link_codes(const JsonValue& list) {
  std::vector<LinkCode> codes;
  for (const JsonValue& c : list.items()) {
    codes.push_back({c.at("name").text(), c.at("code").integer(0, 255), c.at("text").text()});
  }
  return codes;
}

/// A text as in "0x53455431".
std::uint32_t hex(const JsonValue& value) {
  const std::string text = value.text(), digits = text.substr(std::min<std::size_t>(2, text.size()));
  const bool good = text.rfind("0x", 0) == 0 && !digits.empty() && digits.size() <= 8 &&
                    digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!good) value.refuse("a text of 0x and 1 to 8 digits 0 to 9 and a to f");
  return static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16));
}

}  // namespace

RegisterMap read_register_map(const std::string& path) {
  RegisterMap map;
  const JsonValue root = read_json(path);
  map.version = root.at("version").integer();
  map.magic = hex(root.at("magic"));
  for (const JsonValue& r : root.at("registers").items()) {
    map.registers.push_back(
        {r.at("name").text(), r.at("offset").integer(), r.at("access").text(), r.at("text").text()});
  }
  for (const JsonValue& m : root.at("memories").items()) {
    map.memories.push_back({m.at("name").text(), m.at("region").integer(), m.at("bytes").integer(),
                            m.at("signed").flag(), m.at("text").text()});
  }
  for (const JsonValue& o : root.at("operations").items()) {
    map.operations.push_back({o.at("name").text(), o.at("code").integer(), o.at("text").text()});
  }
  for (const JsonValue& f : root.at("operation_fields").items()) {
    map.fields.push_back({f.at("name").text(), f.at("low").integer(), f.at("width").integer()});
  }
  const JsonValue link = root.at("link");
  map.link.buffer = link.at("buffer").integer();
  map.link.longest_request = link.at("longest_request").integer();
  map.link.baud = link.at("baud").integer();
  map.link.requests = link_codes(link.at("requests"));
  map.link.answers = link_codes(link.at("answers"));
  std::map<int, std::string> offsets, regions, codes, bits;
  for (const Register& r : map.registers) {
    claim(offsets, r.offset, r.name, path, "offset");
    if (r.access != "ro" && r.access != "rw" && r.access != "wo") {
      throw error("{}: registers.{}.access: {} is not ro, rw or wo", path, r.name, r.access);
    }
  }
  for (const Memory& m : map.memories) {
    claim(regions, m.region, m.name, path, "region");
    if (m.region < 1 || m.region > 15) throw error("{}: memories.{}.region: not 1 to 15", path, m.name);
    if (m.bytes != 1 && m.bytes != 2 && m.bytes != 4) throw error("{}: memories.{}.bytes: not 1, 2 or 4", path, m.name);
  }
  for (const OperationCode& o : map.operations) claim(codes, o.code, o.name, path, "code");
  for (const OperationField& f : map.fields) {
    if (f.low < 0 || f.width < 1 || f.low + f.width > 128 || f.low / 32 != (f.low + f.width - 1) / 32) {
      throw error("{}: operation_fields.{}: does not lie in one of the four words", path, f.name);
    }
    for (int b = f.low; b < f.low + f.width; ++b) claim(bits, b, f.name, path, "operation bit");
  }
  std::map<int, std::string> requests, answers;
  for (const LinkCode& r : map.link.requests) {
    claim(requests, r.code, r.name, path, "link request");
    if (r.code < 1 || r.code > 15) throw error("{}: link.requests.{}.code: not 1 to 15", path, r.name);
  }
  for (const LinkCode& a : map.link.answers) claim(answers, a.code, a.name, path, "link answer");
  if (map.link.longest_request < 16 || map.link.longest_request > 251) {  // its length, with the check, is one byte
    throw error("{}: link.longest_request: not 16 to 251", path);
  }
  return map;
}

}  // namespace settle
