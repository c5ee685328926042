// A stream to a line that outlives its users.
#pragma once

#include <memory>

#include "link/byte_stream.hpp"

namespace settle_test {

class StreamTo : public settle::ByteStream {
 public:
  explicit StreamTo(settle::ByteStream& other) : other_(other) {}

  const std::string& name() const override { return other_.name(); }
  void write(const std::uint8_t* bytes, std::size_t size) override { other_.write(bytes, size); }
  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override {
    return other_.read(bytes, size, patience);
  }
  std::chrono::microseconds silence() const override { return other_.silence(); }
  void reopen() override { other_.reopen(); }

 private:
  settle::ByteStream& other_;
};

inline std::unique_ptr<settle::ByteStream> stream_to(settle::ByteStream& board) {
  return std::make_unique<StreamTo>(board);
}

}  // namespace settle_test
