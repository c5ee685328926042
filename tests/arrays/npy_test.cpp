// Arrays against NumPy's own files (make_files.py), and what is refused.
#include "base/arrays/npy.hpp"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "error_message.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using settle_test::check_fails;

namespace {

const std::filesystem::path kFiles = std::filesystem::path(SETTLE_SOURCE_DIR) / "tests" / "arrays" / "files";

/// The file's bytes, one of them another.
std::string changed(const std::string& name, std::size_t at, char byte) {
  std::string bytes = read_text(kFiles / name);
  bytes.at(at) = byte;
  return bytes;
}

}  // namespace

TEST_CASE("every type and byte order that NumPy writes") {
  for (const std::string type : {"u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8"}) {
    for (const std::string order : {"little", "big"}) {
      CAPTURE(type);
      CAPTURE(order);
      std::string name = order;
      name.append("-").append(type).append(".npy");
      const NumberArray array = read_npy(kFiles / name);
      CHECK(array.shape == std::vector<std::int64_t>{2, 3});
      CHECK(array.floats == (type[0] == 'f'));
      const double first = type[0] == 'u' ? 0 : -3;
      CHECK(array.values == std::vector<double>{first, first + 1, first + 2, first + 3, first + 4, first + 5});
    }
  }
}

TEST_CASE("Fortran's order, flags, one number, none, halves") {
  const NumberArray fortran = read_npy(kFiles / "fortran.npy");
  CHECK(fortran.shape == std::vector<std::int64_t>{2, 3, 4});
  for (std::size_t i = 0; i < 24; ++i) CHECK(fortran.values.at(i) == static_cast<double>(i) / 8);
  CHECK(read_npy(kFiles / "flags.npy").values == std::vector<double>{1, 0, 1});
  CHECK_FALSE(read_npy(kFiles / "flags.npy").floats);
  CHECK(read_npy(kFiles / "number.npy").shape.empty());
  CHECK(read_npy(kFiles / "number.npy").values == std::vector<double>{0.1});
  CHECK(read_npy(kFiles / "none.npy").shape == std::vector<std::int64_t>{0, 5});
  CHECK(read_npy(kFiles / "none.npy").values.empty());
  const std::vector<double> halves = read_npy(kFiles / "halves.npy").values;
  REQUIRE(halves.size() == 7);
  CHECK(halves[0] == 0.333251953125);         // 1365 / 4096
  CHECK(halves[1] == -65504);                 // the lowest one
  CHECK(halves[2] == std::ldexp(1, -24));     // the least one above 0
  CHECK(halves[3] == std::ldexp(1007, -24));  // 6e-5, still without a leading 1
  CHECK(halves[4] == std::numeric_limits<double>::infinity());
  CHECK(halves[5] == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(halves[6]));
}

TEST_CASE("archives, stored and packed") {
  for (const char* name : {"stored.npz", "packed.npz"}) {
    CAPTURE(name);
    const auto arrays = read_npz(kFiles / name);
    CHECK(arrays.at("first").values == std::vector<double>{0, 1, 2, 3});
    CHECK(arrays.at("second").shape == std::vector<std::int64_t>{3, 3});
    CHECK(arrays.at("second").values == std::vector<double>{1, 0, 0, 0, 1, 0, 0, 0, 1});
  }
  CHECK(read_npz(kFiles / "packed.npz").at("zeros").values == std::vector<double>(5000));
}

TEST_CASE("what is written is read again; NumPy's own bytes") {
  const NumberArray array = {{2, 3}, {-3, -2, -1, 0, 1, 2}};
  CHECK(npy_bytes(array, NumberType::float32) == read_text(kFiles / "little-f4.npy"));
  CHECK(npy_bytes(array, NumberType::float64) == read_text(kFiles / "little-f8.npy"));
  CHECK(npy_bytes({{2, 3}, {0, 1, 2, 3, 4, 5}}, NumberType::byte) == read_text(kFiles / "little-u1.npy"));
  CHECK(npy_bytes({{}, {0.1}}, NumberType::float64) == read_text(kFiles / "number.npy"));
  CHECK(parse_npy(npy_bytes({{7}, {1, 2, 3, 4, 5, 6, 7}}, NumberType::byte), "x").shape ==
        std::vector<std::int64_t>{7});
  const settle_test::TemporaryFolder scratch;
  write_atomically(scratch / "two.npz", npz_bytes({{"a", array}, {"b", {{1}, {0.1}}}}, NumberType::float64));
  const auto again = read_npz(scratch / "two.npz");
  REQUIRE(again.size() == 2);
  CHECK(again.at("a").values == array.values);
  CHECK(again.at("b").values == std::vector<double>{0.1});
  check_fails([&] { npy_bytes({{2}, {1}}, NumberType::byte); }, "npy: 1 numbers, the shape needs 2");
  check_fails([&] { npy_bytes({{1}, {0.5}}, NumberType::byte); }, "npy: 0.5 is no byte");
}

TEST_CASE("arrays that are refused") {
  const auto refused = [](const std::string& name, const std::string& why) {
    check_fails([&] { read_npy(kFiles / name); }, (kFiles / name).string() + ": " + why);
  };
  refused("complex.npy", "holds numbers of type <c16");
  refused("text.npy", "holds numbers of type <U4");
  refused("records.npy", "holds records of several fields");
  refused("beyond.npy", "holds an integer beyond 2^53");
  refused("stored.npz", "is no array of NumPy");
  check_fails([] { read_npy(kFiles / "nothing.npy"); }, "no such file");
  const std::string good = read_text(kFiles / "little-f4.npy");
  const auto bad = [](const std::string& bytes, const std::string& why) {
    check_fails([&] { parse_npy(bytes, "x.npy"); }, "x.npy: " + why);
  };
  bad("", "is no array of NumPy");
  bad(good.substr(0, 9), "ends in the array's header (9 bytes)");
  bad(good.substr(0, 40), "ends in the array's header (40 bytes)");
  bad(good.substr(0, good.size() - 1), "23 bytes of numbers, its shape needs 24");
  bad(good + "x", "25 bytes of numbers, its shape needs 24");
  bad(changed("little-f4.npy", 6, 9), "is of .npy version 9, 1 to 3 are read");
  std::string shape = good;
  shape.replace(shape.find("(2, 3)"), 6, "(2,-3)");
  bad(shape, "the array's shape has a");
  shape = good;
  shape.replace(shape.find("'shape'"), 7, "'shale'");
  bad(shape, "the array's header has no shape");
  shape = good;
  shape.replace(shape.find("(2, 3), }     "), 14, "(99999999999)}");
  bad(shape, "the array is larger than");
}

TEST_CASE("archives that are refused") {
  const settle_test::TemporaryFolder scratch;
  const auto bad = [&](const std::string& bytes, const std::string& why) {
    write_atomically(scratch / "x.npz", bytes);
    check_fails([&] { read_npz(scratch / "x.npz"); }, why);
  };
  const std::string good = read_text(kFiles / "packed.npz");
  bad("", "is no archive of NumPy's arrays");
  bad(read_text(kFiles / "little-f4.npy"), "is no archive of NumPy's arrays");
  bad(good.substr(0, good.size() / 2), "the archive is cut short");
  bad(changed("stored.npz", 200, '\x7f'), "its checksum is wrong");
  for (std::size_t at = 60; at < good.size() - 1; at += 7) {
    // No byte makes it do anything but read the arrays or say what is wrong.
    write_atomically(scratch / "x.npz", changed("packed.npz", at, '\x55'));
    settle_test::message_of([&] { read_npz(scratch / "x.npz"); });
  }
  std::string other = npz_bytes({{"a", {{1}, {1}}}}, NumberType::byte);
  for (std::size_t at = other.find("a.npy"); at != std::string::npos; at = other.find("a.npy", at)) {
    other.replace(at, 5, "a.txt");
  }
  bad(other, "x.npz: a.txt: is no array");
}
