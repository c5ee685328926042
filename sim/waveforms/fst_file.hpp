// A waveform file is put in place only if it is whole: the library that writes it tells nobody of a full disk.
#pragma once

#include <filesystem>
#include <string>

namespace settle {

/// True if `path` is an FST file whose blocks end where the file ends and that has values, geometry and hierarchy.
bool is_whole_fst(const std::filesystem::path& path);

/// Whether a waveform can be begun beside `path`: the library maps its files into memory and does not survive a disk
/// without room. Returns what is wrong, "" if nothing is; leaves nothing behind.
std::string room_for_fst(const std::filesystem::path& path);

/// Renames `temporary` to `target` if it is whole, removes it otherwise. Returns what went wrong, "" if nothing did.
std::string put_fst_in_place(const std::filesystem::path& temporary, const std::filesystem::path& target);

}  // namespace settle
