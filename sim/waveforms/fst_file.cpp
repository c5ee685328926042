#include "sim/waveforms/fst_file.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace settle {

namespace fs = std::filesystem;

namespace {

// Types of blocks (GTKWave's user guide, appendix "FST file format"; the library's fstapi.h names the newer ones).
constexpr int kHeader = 0, kGeometry = 3;
constexpr std::array<int, 3> kValues = {1, 5, 8};
constexpr std::array<int, 3> kHierarchy = {4, 6, 7};

bool any_of(const std::set<int>& seen, const std::array<int, 3>& kinds) {
  for (const int kind : kinds) {
    if (seen.count(kind) > 0) return true;
  }
  return false;
}

}  // namespace

// A block is its type (one byte), the length of all that follows the type (eight bytes, big-endian) and its content.
bool is_whole_fst(const fs::path& path) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(path, code);
  if (code) return false;
  std::ifstream in(path, std::ios::binary);
  std::set<int> seen;
  std::uintmax_t at = 0;
  while (at < size) {
    std::array<char, 9> head{};
    in.seekg(static_cast<std::streamoff>(at));
    if (!in.read(head.data(), head.size())) return false;
    std::uint64_t length = 0;
    for (std::size_t i = 1; i < head.size(); ++i) length = length << 8 | static_cast<unsigned char>(head[i]);
    if (length < 8 || length > size - at - 1) return false;
    seen.insert(static_cast<unsigned char>(head[0]));
    at += 1 + length;
  }
  return seen.count(kHeader) > 0 && seen.count(kGeometry) > 0 && any_of(seen, kValues) && any_of(seen, kHierarchy);
}

std::string room_for_fst(const fs::path& path) {
  constexpr off_t kRoom = 1 << 20;  // bytes: more than the library maps at its start
  const fs::path probe = path.string() + ".room";
  const int file = ::open(probe.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) return std::strerror(errno);
  const int failure = ::posix_fallocate(file, 0, kRoom);
  ::close(file);
  ::unlink(probe.c_str());
  return failure == 0 ? "" : std::strerror(failure);
}

std::string put_fst_in_place(const fs::path& temporary, const fs::path& target) {
  std::error_code code;
  if (!is_whole_fst(temporary)) {
    fs::remove(temporary, code);
    fs::remove(temporary.string() + ".hier", code);  // the library's own temporary
    return "the waveform could not be written whole: is the disk full?";
  }
  fs::rename(temporary, target, code);
  return code ? "the waveform could not be put in place: " + code.message() : "";
}

}  // namespace settle
