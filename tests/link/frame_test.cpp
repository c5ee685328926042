#include "device/link/frame.hpp"

#include <doctest/doctest.h>
#include <boost/crc.hpp>

#include "base/splitmix.hpp"

using settle::Bytes;
using settle::encode_frame;
using settle::FrameParser;
using settle::mix64;

namespace {

/// Contents of the frames in a line's bytes; broken ones are counted.
std::vector<Bytes> parse(const Bytes& line, int* broken = nullptr, std::size_t longest = 300) {
  FrameParser parser(longest);
  std::vector<Bytes> found;
  for (const std::uint8_t byte : line) {
    const FrameParser::Found now = parser.take(byte);
    if (now == FrameParser::Found::frame) found.push_back(parser.content());
    if (now == FrameParser::Found::broken && broken != nullptr) ++*broken;
  }
  return found;
}

Bytes random_content(std::uint64_t seed, std::size_t most) {
  Bytes content(1 + mix64(seed) % most);
  for (std::size_t i = 0; i < content.size(); ++i) {
    const std::uint64_t r = mix64(seed * 1000 + i);
    // Flags and escapes often: they are what frames stumble over.
    content[i] = r % 4 == 0 ? static_cast<std::uint8_t>(0x7d + r / 4 % 2) : static_cast<std::uint8_t>(r >> 8);
  }
  return content;
}

}  // namespace

TEST_CASE("a frame is flag, content, CRC-32 low byte first, flag; flags and escapes within are escaped") {
  const Bytes text = {'1', '2', '3', '4', '5', '6', '7', '8', '9'};  // the catalogues' check value: cbf43926
  Bytes expected = {0x7e};
  expected.insert(expected.end(), text.begin(), text.end());
  expected.insert(expected.end(), {0x26, 0x39, 0xf4, 0xcb, 0x7e});
  CHECK(encode_frame(text) == expected);

  const Bytes special = encode_frame({0x7e, 0x00, 0x7d});
  CHECK(Bytes(special.begin(), special.begin() + 6) == Bytes{0x7e, 0x7d, 0x5e, 0x00, 0x7d, 0x5d});
}

TEST_CASE("the check is the one that others compute") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Bytes content = random_content(seed, 200);
    boost::crc_32_type crc;
    crc.process_bytes(content.data(), content.size());
    Bytes line = {0x7e};
    const auto put = [&](std::uint8_t byte) {
      if (byte == 0x7d || byte == 0x7e) line.push_back(0x7d);
      line.push_back(byte == 0x7d || byte == 0x7e ? static_cast<std::uint8_t>(byte ^ 0x20) : byte);
    };
    for (const std::uint8_t byte : content) put(byte);
    for (int i = 0; i < 4; ++i) put(static_cast<std::uint8_t>(crc.checksum() >> (8 * i)));
    line.push_back(0x7e);
    CHECK(encode_frame(content) == line);
    CHECK(parse(line) == std::vector<Bytes>{content});
  }
}

TEST_CASE("flags may be shared and repeated, and anything before the first one is a broken frame") {
  const Bytes a = encode_frame({1, 2, 3}), b = encode_frame({4, 5, 6, 7});
  Bytes line = a;
  line.insert(line.end(), b.begin() + 1, b.end());
  line.insert(line.end(), {0x7e, 0x7e, 0x7e});
  line.insert(line.end(), a.begin(), a.end());
  int broken = 0;
  CHECK(parse(line, &broken) == std::vector<Bytes>{{1, 2, 3}, {4, 5, 6, 7}, {1, 2, 3}});
  CHECK(broken == 0);
  line.insert(line.begin(), {9, 9, 9});
  CHECK(parse(line, &broken).size() == 3);
  CHECK(broken == 1);
}

TEST_CASE("one byte lost, changed, doubled or put in costs that frame and no other") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Bytes before = random_content(3 * seed, 40), hit = random_content(3 * seed + 1, 40),
                after = random_content(3 * seed + 2, 40);
    const Bytes frame = encode_frame(hit);
    for (std::size_t at = 0; at < frame.size(); ++at) {
      for (int kind = 0; kind < 4; ++kind) {
        Bytes damaged = frame;
        const auto place = damaged.begin() + static_cast<std::ptrdiff_t>(at);
        const auto other = static_cast<std::uint8_t>(mix64(seed * 977 + at));
        if (kind == 0) damaged.erase(place);
        if (kind == 1) *place = static_cast<std::uint8_t>(*place ^ (other | 1));
        if (kind == 2) damaged.insert(place, *place);
        if (kind == 3) damaged.insert(place, other);
        Bytes line = encode_frame(before);
        line.insert(line.end(), damaged.begin(), damaged.end());
        const Bytes good = encode_frame(after);
        line.insert(line.end(), good.begin(), good.end());
        const std::vector<Bytes> found = parse(line);
        REQUIRE(found.size() >= 2);
        CHECK(found.front() == before);
        CHECK(found.back() == after);
        // A flag lost, doubled or put in at an end changes nothing; whatever else is found is what was sent.
        for (std::size_t f = 1; f + 1 < found.size(); ++f) CHECK(found[f] == hit);
        CHECK(found.size() <= 3);
      }
    }
  }
}

TEST_CASE("frames that are too long or given up are broken") {
  int broken = 0;
  CHECK(parse(encode_frame(Bytes(10, 1)), &broken, 10).size() == 1);
  CHECK(broken == 0);
  CHECK(parse(encode_frame(Bytes(11, 1)), &broken, 10).empty());
  CHECK(broken == 1);
  CHECK(parse({0x7e, 1, 2, 3, 4, 5, 6, 0x7d, 0x7e}, &broken).empty());
  CHECK(broken == 2);
  CHECK(parse({0x7e, 0, 0, 0, 0, 0x7e}, &broken).empty());  // the check of no content
  CHECK(broken == 3);
}

TEST_CASE("no bytes that a line may bring make a frame by accident") {
  FrameParser parser(300);
  std::uint64_t frames = 0, broken = 0;
  for (std::uint64_t i = 0; i < 4'000'000; ++i) {
    const std::uint64_t r = mix64(i);
    const auto byte = r % 8 == 0 ? std::uint8_t{0x7e} : static_cast<std::uint8_t>(r >> 32);
    const FrameParser::Found found = parser.take(byte);
    frames += found == FrameParser::Found::frame ? 1 : 0;
    broken += found == FrameParser::Found::broken ? 1 : 0;
    REQUIRE(parser.content().size() <= 304);
  }
  CHECK(frames == 0);  // one in 2^32 has a check that holds
  CHECK(broken > 400'000);
}
