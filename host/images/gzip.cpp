#include "images/gzip.hpp"

#include <algorithm>
#include <cstddef>
#include <new>

#include <zlib.h>

#include "base/error.hpp"

namespace settle {

namespace {

constexpr int kGzip = 16 + MAX_WBITS;  // a gzip header, checksum and length around the data
constexpr std::size_t kChunk = 1 << 18;

/// zlib's state, let go of whatever happens.
class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream, kGzip) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
};

}  // namespace

std::vector<std::uint8_t> unpacked(const std::vector<std::uint8_t>& packed, std::uint64_t most,
                                   const std::string& file) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  std::vector<std::uint8_t> input = packed;  // zlib takes no const
  stream.next_in = input.data();
  stream.avail_in = static_cast<uInt>(input.size());
  std::vector<std::uint8_t> out;
  for (;;) {
    const std::size_t before = out.size();
    out.resize(before + std::min<std::uint64_t>(kChunk, most + 1 - before));
    stream.next_out = out.data() + before;
    stream.avail_out = static_cast<uInt>(out.size() - before);
    const int result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (out.size() > most) throw error("{}: unpacks to more than {} bytes, up to that are read", file, most);
    const std::size_t at = input.size() - stream.avail_in;
    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0) return out;
      // A gzip file may be several ones after each other.
      if (stream.next_in[0] != 0x1f || inflateReset(&stream) != Z_OK) {
        throw error("{}: {} bytes stand after the end of its gzip data", file, stream.avail_in);
      }
    } else if (result == Z_BUF_ERROR || (result == Z_OK && stream.avail_in == 0 && stream.avail_out > 0)) {
      throw error("{}: its gzip data is cut short after {} bytes: fetch it again", file, input.size());
    } else if (result != Z_OK) {
      throw error("{}: its gzip data is damaged, at byte {} of {}: fetch it again", file, at, input.size());
    }
  }
}

}  // namespace settle
