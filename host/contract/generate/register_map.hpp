// rtl/registers.json as data: registers, memories and operation encoding of the array, codes of its link.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace settle {

struct Register {
  std::string name;
  int offset = 0;
  std::string access;  ///< "ro", "rw" or "wo"
  std::string text;
};

struct Memory {
  std::string name;
  int region = 0;          ///< bits 23:20 of the address; registers are region 0
  int bytes = 4;           ///< that a word's value needs: 1, 2 or 4
  bool is_signed = false;  ///< its upper bits repeat the sign
  std::string text;
};

struct OperationCode {
  std::string name;
  int code = 0;
  std::string text;
};

struct OperationField {
  std::string name;
  int low = 0;
  int width = 0;
};

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
  std::vector<LinkCode> requests;
  std::vector<LinkCode> answers;
};

struct RegisterMap {
  int version = 0;
  std::uint32_t magic = 0;
  std::vector<Register> registers;
  std::vector<Memory> memories;
  std::vector<OperationCode> operations;
  std::vector<OperationField> fields;
  LinkMap link;
};

/// Reads and checks the map: no two registers, regions or codes alike, fields inside one of the four words each,
/// without overlap.
RegisterMap read_register_map(const std::string& path);

}  // namespace settle
