#include "core/files.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include <unistd.h>

#include "core/error.hpp"

namespace settle {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code)) throw error("{}: no such file", path.string());
  if (fs::is_directory(path, code)) throw error("{}: is a folder, a file is needed", path.string());
  std::ifstream in(path, std::ios::binary);
  if (!in) throw error("{}: cannot be read: {}", path.string(), std::strerror(errno));
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) throw error("{}: reading failed: {}", path.string(), std::strerror(errno));
  return text;
}

std::vector<std::uint8_t> read_bytes(const fs::path& path) {
  const std::string text = read_text(path);
  return {text.begin(), text.end()};
}

void write_atomically(const fs::path& path, std::string_view bytes) {
  std::error_code code;
  if (path.has_parent_path()) {
    fs::create_directories(path.parent_path(), code);
    if (code) throw error("{}: folder cannot be made: {}", path.parent_path().string(), code.message());
  }
  const fs::path temporary = path.string() + fmt::format(".{}.partial", ::getpid());
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
      const std::string cause = std::strerror(errno);
      fs::remove(temporary, code);
      throw error("{}: cannot be written: {}", path.string(), cause);
    }
  }
  fs::rename(temporary, path, code);
  if (code) {
    const std::string cause = code.message();
    fs::remove(temporary, code);
    throw error("{}: cannot be put in place: {}", path.string(), cause);
  }
}

}  // namespace settle
