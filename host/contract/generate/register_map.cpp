#include "contract/generate/register_map.hpp"

#include <map>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/files.hpp"

namespace settle {

namespace {

void claim(std::map<int, std::string>& taken, int key, const std::string& name, const std::string& path,
           const char* what) {
  const auto [place, fresh] = taken.emplace(key, name);
  if (!fresh) throw error("{}: {} {}: {} and {} both claim it", path, what, key, place->second, name);
}

std::vector<LinkCode> link_codes(const nlohmann::json& list) {
  std::vector<LinkCode> codes;
  for (const auto& c : list) {
    codes.push_back({c.at("name").get<std::string>(), c.at("code").get<int>(), c.at("text").get<std::string>()});
  }
  return codes;
}

}  // namespace

RegisterMap read_register_map(const std::string& path) {
  RegisterMap map;
  try {
    const auto root = nlohmann::json::parse(read_text(path));
    map.version = root.at("version").get<int>();
    map.magic = static_cast<std::uint32_t>(std::stoul(root.at("magic").get<std::string>(), nullptr, 16));
    for (const auto& r : root.at("registers")) {
      map.registers.push_back({r.at("name").get<std::string>(), r.at("offset").get<int>(),
                               r.at("access").get<std::string>(), r.at("text").get<std::string>()});
    }
    for (const auto& m : root.at("memories")) {
      map.memories.push_back({m.at("name").get<std::string>(), m.at("region").get<int>(), m.at("bytes").get<int>(),
                              m.at("signed").get<bool>(), m.at("text").get<std::string>()});
    }
    for (const auto& o : root.at("operations")) {
      map.operations.push_back(
          {o.at("name").get<std::string>(), o.at("code").get<int>(), o.at("text").get<std::string>()});
    }
    for (const auto& f : root.at("operation_fields")) {
      map.fields.push_back({f.at("name").get<std::string>(), f.at("low").get<int>(), f.at("width").get<int>()});
    }
    const auto& link = root.at("link");
    map.link.buffer = link.at("buffer").get<int>();
    map.link.longest_request = link.at("longest_request").get<int>();
    map.link.baud = link.at("baud").get<int>();
    map.link.requests = link_codes(link.at("requests"));
    map.link.answers = link_codes(link.at("answers"));
  } catch (const nlohmann::json::exception& e) {
    throw error("{}: {}", path, e.what());
  }
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
