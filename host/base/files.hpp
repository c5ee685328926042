// Reading and writing whole files, so that a reader never sees a half-written one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace settle {

/// Longer files are refused before they are read. The longest that Settle reads, MNIST's training images, has 47e6.
inline constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 26;

/// Every byte of `path`. Throws Error naming the path if it is missing, no regular file (a folder, a pipe, a device),
/// longer than kMostFileBytes or unreadable.
std::vector<std::uint8_t> read_bytes(const std::filesystem::path& path);

/// As read_bytes, as text.
std::string read_text(const std::filesystem::path& path);

/// 16 hex digits that name a file's bytes (64-bit FNV-1a): provenance, not security. Throws Error as read_bytes.
std::string file_hash(const std::filesystem::path& path);

/// Writes `bytes` to a temporary beside `path` and renames it: `path` is either the old file or the whole new one.
/// Makes the parent folders; a symbolic link stays and its target is written. Throws Error naming the path and the
/// cause; what is there and no regular file is never replaced.
void write_atomically(const std::filesystem::path& path, std::string_view bytes);

/// A file that is to be written.
struct FileText {
  std::filesystem::path path;
  std::string text;
};

/// As write_atomically, for files that belong together: all temporaries are written before the first is renamed, so
/// that a full disk leaves every old file as it was.
void write_together(const std::vector<FileText>& files);

/// A path that an option or a purpose names.
struct NamedPath {
  std::string what;
  std::filesystem::path path;
};

/// Refuses outputs that are an input, or one another: through links and spellings, whether they exist yet or not.
/// Throws Error that begins with the output's `what`.
void check_distinct(const std::vector<NamedPath>& outputs, const std::vector<NamedPath>& inputs);

/// Removes what an earlier run left under the name, which must not be taken for this one's. Throws Error that begins
/// with `what` (an option) if it cannot.
void remove_older(const std::filesystem::path& path, std::string_view what);

/// The file that write_atomically(path) would replace: `path` itself, or what it leads to if it is a symbolic link.
std::filesystem::path link_target(std::filesystem::path path);

/// A name for a temporary that is to become `path`: beside it, NAME.0123456789abcdef.partial. Another one at each call,
/// in every process of every computer.
std::filesystem::path temporary_beside(const std::filesystem::path& path);

/// Removes temporaries of `path` that were left by programs which were killed: those older than ten minutes that
/// nobody holds.
void remove_left_over(const std::filesystem::path& path);

/// Keeps a temporary from other programs' remove_left_over() for as long as this lives. On a file system without locks
/// its age alone does.
class HeldTemporary {
 public:
  explicit HeldTemporary(const std::filesystem::path& temporary);  ///< a file that is there
  ~HeldTemporary();
  HeldTemporary(const HeldTemporary&) = delete;
  HeldTemporary& operator=(const HeldTemporary&) = delete;

 private:
  int file_ = -1;
};

/// Refuses a file that write_atomically could not write, before the work whose result it shall hold. Makes nothing.
/// Throws Error that begins with `what` (an option) and names the path.
void check_writable(const std::filesystem::path& path, std::string_view what);

}  // namespace settle
