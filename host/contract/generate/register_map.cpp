#include "contract/generate/register_map.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "base/json.hpp"

namespace settle {

namespace {

constexpr int kMostParts = 4;  // of 16 bits, which make up a sum of at most 64
constexpr int kMostCode = 15;  // operations, requests and answers have four bits

void claim(std::map<int, std::string>& taken, int key, const std::string& name, const std::string& path,
           const char* what) {
  const auto [place, fresh] = taken.emplace(key, name);
  if (!fresh) throw error("{}: {} {}: {} and {} both claim it", path, what, key, place->second, name);
}

/// What becomes a name in SystemVerilog and in C++.
std::string name_of(const JsonValue& object) {
  const std::string name = object.at("name").text();
  const bool good = !name.empty() && name[0] >= 'a' && name[0] <= 'z' &&
                    name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
  if (!good) object.at("name").refuse("a name of small letters, digits and _ that begins with a letter");
  return name;
}

/// What becomes a comment, and a text in C++.
std::string text_of(const JsonValue& object) {
  const std::string text = object.at("text").text();
  if (one_line(text) != text || text.find_first_of("\"\\") != std::string::npos ||
      text.find("*/") != std::string::npos) {
    object.at("text").refuse("one line without \", \\ and */");
  }
  return text;
}

/// Names of one kind are all different.
template <typename Named>
void check_names(const std::vector<Named>& all, const char* what, const std::string& path) {
  std::set<std::string> names;
  for (const Named& one : all) {
    if (!names.insert(one.name).second) throw error("{}: {}: there are two of the name {}", path, what, one.name);
  }
}

/// A list that may be left out.
std::vector<JsonValue> list_of(const JsonValue& object, const char* key) {
  return object.has(key) ? object.at(key).items() : std::vector<JsonValue>();
}

int integer_or(const JsonValue& object, const char* key, int otherwise) {
  return object.has(key) ? object.at(key).integer() : otherwise;
}

std::vector<MapField> fields_of(const std::vector<JsonValue>& list) {
  std::vector<MapField> fields;
  fields.reserve(list.size());
  for (const JsonValue& f : list) {
    f.keys({"name", "low", "width", "text"}, {"word", "signed"});
    fields.push_back({name_of(f), integer_or(f, "word", 0), f.at("low").integer(), f.at("width").integer(),
                      f.has("signed") && f.at("signed").flag(), text_of(f)});
  }
  return fields;
}

std::vector<MapField> bits_of(const std::vector<JsonValue>& list) {
  std::vector<MapField> bits;
  bits.reserve(list.size());
  for (const JsonValue& b : list) {
    b.keys({"name", "bit", "text"});
    bits.push_back({name_of(b), 0, b.at("bit").integer(), 1, false, text_of(b)});
  }
  return bits;
}

std::vector<LinkCode> link_codes(const JsonValue& list) {
  std::vector<LinkCode> codes;
  for (const JsonValue& c : list.items()) {
    c.keys({"name", "code", "text"});
    codes.push_back({name_of(c), c.at("code").integer(0, kMostCode), text_of(c)});
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

/// A text as in "0x53455431".
std::uint32_t hex(const JsonValue& value) {
  const std::string text = value.text(), digits = text.substr(std::min<std::size_t>(2, text.size()));
  const bool good = text.rfind("0x", 0) == 0 && !digits.empty() && digits.size() <= 8 &&
                    digits.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!good) value.refuse("a text of 0x and 1 to 8 digits 0 to 9 and a to f");
  return static_cast<std::uint32_t>(std::stoul(digits, nullptr, 16));
}

/// A byte as in "0x7e".
int byte_of(const JsonValue& value) {
  const std::uint32_t byte = hex(value);
  if (byte > 255) value.refuse("a text of 0x and one or two digits");
  return static_cast<int>(byte);
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
  const JsonValue root = read_json(path);
  root.keys({"version", "magic", "address", "registers", "memories", "operations", "operation_fields", "link"});
  map.version = root.at("version").integer(1);
  map.magic = hex(root.at("magic"));
  for (const JsonValue& r : root.at("registers").items()) {
    r.keys({"name", "offset", "access", "text"}, {"width", "bits", "fields"});
    map.registers.push_back({name_of(r), r.at("offset").integer(), r.at("access").text(), text_of(r),
                             integer_or(r, "width", 32), bits_of(list_of(r, "bits")), fields_of(list_of(r, "fields"))});
  }
  for (const JsonValue& m : root.at("memories").items()) {
    m.keys({"name", "region", "bytes", "signed", "text"}, {"words", "fields", "address", "parts"});
    map.memories.push_back({name_of(m), m.at("region").integer(), m.at("bytes").integer(), m.at("signed").flag(),
                            text_of(m), integer_or(m, "words", 0), fields_of(list_of(m, "fields")),
                            fields_of(list_of(m, "address")),
                            m.has("parts") ? m.at("parts").integer(1, kMostParts) : 0});
  }
  for (const JsonValue& o : root.at("operations").items()) {
    o.keys({"name", "code", "text"});
    map.operations.push_back({name_of(o), o.at("code").integer(0, kMostCode), text_of(o)});
  }
  map.fields = fields_of(root.at("operation_fields").items());
  map.address = fields_of(root.at("address").items());
  const JsonValue link = root.at("link"), frame = link.at("frame");
  map.link.buffer = link.at("buffer").integer(1);
  map.link.longest_request = link.at("longest_request").integer();
  map.link.baud = link.at("baud").integer(1);
  map.link.wait_unit_log2 = link.at("wait_unit_log2").integer(0, 31);
  map.link.flag = byte_of(frame.at("flag"));
  map.link.escape = byte_of(frame.at("escape"));
  map.link.flip = byte_of(frame.at("flip"));
  map.link.request_header = link.at("request_header").integer(1, 16);
  map.link.kind = fields_of(link.at("kind").items());
  map.link.requests = link_codes(link.at("requests"));
  map.link.answers = link_codes(link.at("answers"));
  std::map<int, std::string> offsets, regions, codes;
  if (map.registers.empty()) root.at("registers").refuse("a list of one register or more");
  check_names(map.registers, "registers", path);
  check_names(map.memories, "memories", path);
  check_names(map.operations, "operations", path);
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
