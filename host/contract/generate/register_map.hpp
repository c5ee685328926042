// rtl/registers.json as data: registers, memories and operation encoding of the array, codes of its link.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

/// Some bits of a word that have a meaning of their own.
struct MapField {
  std::string name;
  int word = 0;            ///< of a record of several words
  int low = 0;             ///< lowest bit in the word
  int width = 1;           ///< bits
  bool is_signed = false;  ///< two's complement
  std::string text;
};

struct Register {
  std::string name;
  int offset = 0;
  std::string access;  ///< "ro", "rw" or "wo"
  std::string text;
  int width = 32;                ///< bits that it holds; the others read as 0
  std::vector<MapField> bits;    ///< flags, one bit each
  std::vector<MapField> fields;  ///< numbers
};

struct Memory {
  std::string name;
  int region = 0;          ///< of the address; registers are region 0
  int bytes = 4;           ///< that a word's value needs: 1, 2 or 4
  bool is_signed = false;  ///< its upper bits repeat the sign
  std::string text;
  int words = 0;                  ///< of a record with fields, 0: no fields
  std::vector<MapField> fields;   ///< of a record
  std::vector<MapField> address;  ///< what the bits of a word's number mean, if they do
  int parts = 0;                  ///< words, by the address's field part, of one wide sum; 0: of none
};

struct OperationCode {
  std::string name;
  int code = 0;
  std::string text;
};

/// Words of an operation.
constexpr int kOperationWords = 4;

/// A request or an answer of the link.
struct LinkCode {
  std::string name;
  int code = 0;
  std::string text;
};

/// rtl/link/README.md says what these are.
struct LinkMap {
  int buffer = 0;
  int longest_request = 0;
  int baud = 0;
  int wait_unit_log2 = 0;  ///< clock cycles of a wait's unit
  int flag = 0;
  int escape = 0;
  int flip = 0;
  int request_header = 0;      ///< bytes of a request before its content
  std::vector<MapField> kind;  ///< of a request's byte that says what it asks for
  std::vector<LinkCode> requests;
  std::vector<LinkCode> answers;
};

struct RegisterMap {
  int version = 0;
  std::uint32_t magic = 0;
  std::vector<MapField> address;  ///< of the array's port
  std::vector<Register> registers;
  std::vector<Memory> memories;
  std::vector<OperationCode> operations;
  std::vector<MapField> fields;  ///< of an operation, a record of kOperationWords
  LinkMap link;
};

/// A group of fields and what stands before their names in the generated sources.
struct FieldGroup {
  std::string owner;  ///< as "layer"
  bool has_words = false;
  const std::vector<MapField>* fields = nullptr;
};

/// Every group of fields of `map`, which must outlive them, but flags and the operation's: registers, memories'
/// records, addresses, the kind of a request.
std::vector<FieldGroup> field_groups(const RegisterMap& map);

/// The field of this name, which is there.
const MapField& field_of(const std::vector<MapField>& fields, const std::string& name);

/// Reads and checks the map. Throws Error naming file and field unless no two registers, regions or codes are alike and
/// all fields lie in one word each, without overlap.
RegisterMap read_register_map(const std::string& path);

}  // namespace settle
