// Arrays as NumPy keeps them: one in a .npy file, several by name in a .npz archive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace settle {

/// An array of numbers. Whatever they were in the file, here they are doubles, which hold each of them exactly.
struct NumberArray {
  std::vector<std::int64_t> shape;  ///< none: one number
  std::vector<double> values;       ///< row-major (last index fastest), as many as the product of `shape`
  bool floats = false;              ///< of a file that was read: its numbers are floats, not integers or booleans
};

/// Numbers of a file that is written: floats of 4 or 8 bytes, or bytes 0 to 255.
enum class NumberType { float32, float64, byte };

/// The content of a .npy file, named `where` in errors. Read are booleans, integers of 1 to 8 bytes, floats of 2 to 8,
/// of either byte order, in C's or Fortran's order. Throws Error that names what is wrong: no such file, a header that
/// is broken, another type (complex numbers, texts, objects), an integer beyond 2^53, a length that is not the shape's.
NumberArray parse_npy(std::string_view bytes, const std::string& where);

/// A .npy file. Throws Error as read_bytes and parse_npy, which begins with the path.
NumberArray read_npy(const std::filesystem::path& path);

/// The arrays of a .npz archive, by the names that NumPy gives them; stored or compressed. `where`: as above. Throws
/// Error as parse_npy, and for an archive that is cut short, damaged (its checksums), encrypted, of more than 4 GB, or
/// packed in another way.
std::map<std::string, NumberArray> parse_npz(std::string_view bytes, const std::string& where);

/// A .npz archive. Throws Error as read_bytes and parse_npz, which begins with the path.
std::map<std::string, NumberArray> read_npz(const std::filesystem::path& path);

/// The bytes of a .npy file. Throws Error if the values are not as many as the shape says, or do not fit bytes.
std::string npy_bytes(const NumberArray& array, NumberType type);

/// The bytes of a .npz archive, not compressed; always the same for the same arrays. Throws Error as npy_bytes.
std::string npz_bytes(const std::map<std::string, NumberArray>& arrays, NumberType type);

}  // namespace settle
