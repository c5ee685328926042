#include "network/onnx/constant.hpp"

#include <algorithm>

#include "network/layers/safetensors.hpp"

namespace settle {

std::int64_t count_of(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t side : shape) {
    if (side < 0 || (side != 0 && count > kMostNumbers / side)) return -1;
    count *= side;
  }
  return count;
}

std::string shape_of(const Constant& constant) {
  return constant.shape.empty() ? "one number" : shape_text(constant.shape);
}

std::vector<std::size_t> repeated(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to) {
  const std::size_t more = to.size() - from.size();
  // By how much the index grows along each side of the result: 0 where the array is repeated.
  std::vector<std::size_t> strides(to.size(), 0);
  std::size_t stride = 1;
  for (std::size_t side = to.size(); side-- > more;) {
    const std::int64_t length = from[side - more];
    strides[side] = length == 1 ? 0 : stride;
    stride *= static_cast<std::size_t>(length);
  }
  std::vector<std::size_t> indices;
  indices.reserve(static_cast<std::size_t>(count_of(to)));
  std::vector<std::int64_t> place(to.size(), 0);
  if (std::find(to.begin(), to.end(), 0) != to.end()) return indices;
  std::size_t index = 0;
  while (true) {
    indices.push_back(index);
    std::size_t side = to.size();
    while (side-- > 0) {
      index += strides[side];
      if (++place[side] < to[side]) break;
      index -= strides[side] * static_cast<std::size_t>(to[side]);
      place[side] = 0;
    }
    if (side > to.size()) return indices;  // passed the first side: it wrapped below 0
  }
}

bool common_shape(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b,
                  std::vector<std::int64_t>& result) {
  const std::size_t rank = std::max(a.size(), b.size());
  result.assign(rank, 1);
  for (std::size_t i = 0; i < rank; ++i) {  // from the last side
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1, y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return false;
    result[rank - 1 - i] = x == 1 ? y : x;
  }
  return count_of(result) >= 0;
}

}  // namespace settle
