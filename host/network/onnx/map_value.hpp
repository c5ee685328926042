// What a value of a model is while it is imported: known numbers, or a map that nodes of the network will make.
//
// Sums and products with constants are not made into nodes at once: a map is kept as a polynomial of what the last node
// made. So scales that follow each other become one, and GELU and SiLU, which ONNX spells out in up to ten operators,
// are recognised however their factors are spread over them.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include <Eigen/Core>

#include "network/graph/graph.hpp"
#include "network/onnx/constant.hpp"

namespace settle {

/// One number for all channels, or one per channel.
using Channels = Eigen::ArrayXd;

/// Number by number.
Channels sum_of(const Channels& a, const Channels& b);
Channels product_of(const Channels& a, const Channels& b);

/// Coefficients of x^0, x^1, ...; at most of x^3.
using Polynomial = std::vector<Channels>;

inline constexpr std::size_t kHighestPower = 3;

/// x itself.
Polynomial identity_polynomial();

Polynomial sum_of(const Polynomial& a, const Polynomial& b);
/// The powers may be up to the sum of both.
Polynomial product_of(const Polynomial& a, const Polynomial& b);
/// factor x + offset.
Polynomial line(const Channels& factor, const Channels& offset);
/// `p` times factor, plus offset.
Polynomial scaled(Polynomial p, const Channels& factor, const Channels& offset);
/// Whether every coefficient of both agrees to 1e-5 of the largest: constants in files are rounded to float.
bool near(const Polynomial& a, const Polynomial& b);
/// Whether it is a line, and whether it is x itself.
bool is_line(const Polynomial& p);
bool is_identity(const Polynomial& p);

struct MapValue;

/// What made a map: a node of the network, or one of three functions that are parts of GELU and SiLU. Such a function
/// becomes a node of its own only when something else takes it.
struct Source {
  enum class Function { none, sigmoid, tanh, erf };

  std::string node;  ///< the network's; empty: not made yet
  Function function = Function::none;
  std::shared_ptr<const MapValue> argument;  ///< of the function
  std::string name;                          ///< of the function's value
};

/// Rows and columns of zeros around a map, which a convolution will take into its own.
struct Zeros {
  int top = 0, left = 0, bottom = 0, right = 0;

  bool any() const { return top != 0 || left != 0 || bottom != 0 || right != 0; }
};

/// A map [channels x height x width]; the batch is one image.
struct MapValue {
  std::string name;  ///< the value's in the model; two maps of one name are the same
  MapSize size;      ///< without the zeros
  std::shared_ptr<Source> source;
  Polynomial polynomial = identity_polynomial();  ///< of what the source makes
  Zeros zeros;
};

using Value = std::variant<Constant, MapValue>;

}  // namespace settle
