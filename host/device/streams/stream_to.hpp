// A stream that passes everything on to another line: to share a line that outlives its users, and to derive from where
// a little of what passes is changed.
#pragma once

#include "device/link/byte_stream.hpp"

namespace settle {

/// Passes everything on to `line`, which outlives it.
class StreamTo : public ByteStream {
 public:
  explicit StreamTo(ByteStream& line) : line_(line) {}
  /// Not copied: a copy of a derived stream would pass that stream by.
  StreamTo(const StreamTo&) = delete;
  StreamTo& operator=(const StreamTo&) = delete;

  const std::string& name() const override { return line_.name(); }
  void write(const std::uint8_t* bytes, std::size_t size) override { line_.write(bytes, size); }
  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override {
    return line_.read(bytes, size, patience);
  }
  std::chrono::microseconds now() const override { return line_.now(); }
  std::chrono::microseconds silence() const override { return line_.silence(); }
  void reopen() override { line_.reopen(); }

 private:
  ByteStream& line_;
};

}  // namespace settle
