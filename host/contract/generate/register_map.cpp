#include "contract/generate/register_map.hpp"

#include <algorithm>
#include <map>
#include <set>

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

/// A list that may be left out.
nlohmann::json list_of(const nlohmann::json& object, const char* key) {
  return object.value(key, nlohmann::json::array());
}

std::vector<MapField> fields_of(const nlohmann::json& list) {
  std::vector<MapField> fields;
  for (const auto& f : list) {
    fields.push_back({f.at("name").get<std::string>(), f.value("word", 0), f.at("low").get<int>(),
                      f.at("width").get<int>(), f.value("signed", false), f.at("text").get<std::string>()});
  }
  return fields;
}

std::vector<MapField> bits_of(const nlohmann::json& list) {
  std::vector<MapField> bits;
  for (const auto& b : list) {
    bits.push_back(
        {b.at("name").get<std::string>(), 0, b.at("bit").get<int>(), 1, false, b.at("text").get<std::string>()});
  }
  return bits;
}

std::vector<SumParts> parts_of(const nlohmann::json& list) {
  std::vector<SumParts> parts;
  for (const auto& p : list) {
    parts.push_back({p.at("name").get<std::string>(), p.at("first").get<int>(), p.at("count").get<int>(),
                     p.at("text").get<std::string>()});
  }
  return parts;
}

/// A byte as in "0x7e".
int byte_of(const nlohmann::json& object, const char* key) {
  return std::stoi(object.at(key).get<std::string>(), nullptr, 16);
}

std::vector<LinkCode> link_codes(const nlohmann::json& list) {
  std::vector<LinkCode> codes;
  for (const auto& c : list) {
    codes.push_back({c.at("name").get<std::string>(), c.at("code").get<int>(), c.at("text").get<std::string>()});
  }
  return codes;
}

/// In one of `words` words each, without overlap, names all different.
void check_fields(const std::vector<MapField>& fields, int words, const std::string& where, const std::string& path) {
  std::map<int, std::string> taken;
  std::set<std::string> names;
  for (const MapField& f : fields) {
    if (!names.insert(f.name).second) throw error("{}: {}.{}: there are two of this name", path, where, f.name);
    if (f.word < 0 || f.word >= words) {
      throw error("{}: {}.{}.word: {} is not 0 to {}", path, where, f.name, f.word, words - 1);
    }
    if (f.low < 0 || f.width < 1 || f.low + f.width > 32) {
      throw error("{}: {}.{}: {} bits from bit {} on do not lie in bits 0 to 31", path, where, f.name, f.width, f.low);
    }
    for (int b = f.low; b < f.low + f.width; ++b) claim(taken, 32 * f.word + b, f.name, path, (where + " bit").c_str());
  }
}

}  // namespace

std::vector<FieldGroup> field_groups(const RegisterMap& map) {
  std::vector<FieldGroup> groups = {{"address", false, &map.address}, {"kind", false, &map.link.kind}};
  for (const Register& r : map.registers) groups.push_back({r.name, false, &r.fields});
  for (const Memory& m : map.memories) {
    groups.push_back({m.name, true, &m.fields});
    groups.push_back({m.name + "_address", false, &m.address});
  }
  return groups;
}

const MapField& field_of(const std::vector<MapField>& fields, const std::string& name) {
  return *std::find_if(fields.begin(), fields.end(), [&](const MapField& f) { return f.name == name; });
}

RegisterMap read_register_map(const std::string& path) {
  RegisterMap map;
  try {
    const auto root = nlohmann::json::parse(read_text(path));
    map.version = root.at("version").get<int>();
    map.magic = static_cast<std::uint32_t>(std::stoul(root.at("magic").get<std::string>(), nullptr, 16));
    for (const auto& r : root.at("registers")) {
      map.registers.push_back({r.at("name").get<std::string>(), r.at("offset").get<int>(),
                               r.at("access").get<std::string>(), r.at("text").get<std::string>(), r.value("width", 32),
                               bits_of(list_of(r, "bits")), fields_of(list_of(r, "fields"))});
    }
    for (const auto& m : root.at("memories")) {
      map.memories.push_back({m.at("name").get<std::string>(), m.at("region").get<int>(), m.at("bytes").get<int>(),
                              m.at("signed").get<bool>(), m.at("text").get<std::string>(), m.value("words", 0),
                              fields_of(list_of(m, "fields")), fields_of(list_of(m, "address")),
                              parts_of(list_of(m, "parts"))});
    }
    for (const auto& o : root.at("operations")) {
      map.operations.push_back(
          {o.at("name").get<std::string>(), o.at("code").get<int>(), o.at("text").get<std::string>()});
    }
    map.fields = fields_of(root.at("operation_fields"));
    map.address = fields_of(root.at("address"));
    const auto& link = root.at("link");
    map.link.buffer = link.at("buffer").get<int>();
    map.link.longest_request = link.at("longest_request").get<int>();
    map.link.baud = link.at("baud").get<int>();
    map.link.wait_unit_log2 = link.at("wait_unit_log2").get<int>();
    map.link.flag = byte_of(link.at("frame"), "flag");
    map.link.escape = byte_of(link.at("frame"), "escape");
    map.link.flip = byte_of(link.at("frame"), "flip");
    map.link.request_header = link.at("request_header").get<int>();
    map.link.kind = fields_of(link.at("kind"));
    map.link.requests = link_codes(link.at("requests"));
    map.link.answers = link_codes(link.at("answers"));
  } catch (const nlohmann::json::exception& e) {
    throw error("{}: {}", path, e.what());
  }
  std::map<int, std::string> offsets, regions, codes;
  check_fields(map.address, 1, "address", path);
  if (map.address.size() != 2 || map.address[0].name != "word" || map.address[1].name != "region") {
    throw error("{}: address: the fields word and region are needed", path);
  }
  const int most_regions = 1 << map.address[1].width;
  for (const Register& r : map.registers) {
    claim(offsets, r.offset, r.name, path, "offset");
    if (r.access != "ro" && r.access != "rw" && r.access != "wo") {
      throw error("{}: registers.{}.access: {} is not ro, rw or wo", path, r.name, r.access);
    }
    if (r.width < 1 || r.width > 32) throw error("{}: registers.{}.width: {} is not 1 to 32", path, r.name, r.width);
    check_fields(r.bits, 1, "registers." + r.name + ".bits", path);
    check_fields(r.fields, 1, "registers." + r.name + ".fields", path);
  }
  for (const Memory& m : map.memories) {
    claim(regions, m.region, m.name, path, "region");
    if (m.region < 1 || m.region >= most_regions) {
      throw error("{}: memories.{}.region: {} is not 1 to {}", path, m.name, m.region, most_regions - 1);
    }
    if (m.bytes != 1 && m.bytes != 2 && m.bytes != 4) throw error("{}: memories.{}.bytes: not 1, 2 or 4", path, m.name);
    check_fields(m.fields, m.words, "memories." + m.name + ".fields", path);
    check_fields(m.address, 1, "memories." + m.name + ".address", path);
    std::map<int, std::string> parts;
    for (const SumParts& p : m.parts) {
      for (int n = p.first; n < p.first + p.count; ++n) claim(parts, n, p.name, path, "part");
    }
  }
  for (const OperationCode& o : map.operations) claim(codes, o.code, o.name, path, "code");
  check_fields(map.fields, kOperationWords, "operation_fields", path);
  check_fields(map.link.kind, 1, "link.kind", path);
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
