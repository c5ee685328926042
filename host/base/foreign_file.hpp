// What a file is that is not what was wanted: a download that failed, a file that is still packed, another program's.
#pragma once

#include <string>
#include <string_view>

namespace settle {

/// The kinds of file that Settle itself reads and that can be taken for one another.
enum class FileKind { json, safetensors, idx, onnx };

/// Throws Error, "FILE: is a web page, JSON is needed: ...", which ends with what can be done, if the first bytes of
/// `bytes` (the whole file, or as much of it as there is) show that it is of another kind than `own`. `needed` is the
/// kind in words. Does nothing for bytes of no kind that is known.
void refuse_foreign(std::string_view bytes, FileKind own, const std::string& file, const std::string& needed);

/// True if the bytes begin as gzip's do.
bool is_gzip(std::string_view bytes);

}  // namespace settle
