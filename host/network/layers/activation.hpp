// What a network does to each number of a map.
#pragma once

#include <string>
#include <vector>

#include "network/layers/map.hpp"

namespace settle {

/// A function of one number; u below.
struct Activation {
  enum class Kind {
    identity,
    leaky_relu,  ///< max(u, 0) + slope min(u, 0); a slope of 0 is the rectifier
    softplus,    ///< ln(1 + exp(beta u)) / beta
    sigmoid,     ///< 1 / (1 + exp(-u))
    tanh,
    silu,       ///< u / (1 + exp(-u))
    gelu,       ///< u (1 + erf(u / sqrt 2)) / 2
    gelu_tanh,  ///< u (1 + tanh(sqrt(2 / pi) (u + 0.044715 u^3))) / 2
    clip,       ///< the nearest number from lowest to highest
  };

  Kind kind = Kind::identity;
  std::vector<float> slopes;       ///< leaky_relu: one for all channels, or one of each
  double beta = 1;                 ///< softplus: above 0
  double lowest = 0, highest = 0;  ///< clip
};

/// Its name in files: as in Kind.
std::string activation_name(Activation::Kind kind);

/// Throws Error that begins with `where` for an unknown name; it lists the known ones.
Activation::Kind activation_kind(const std::string& name, const std::string& where);

/// Of one number, of channel `channel` where the slopes are channels'. In double.
double activated(const Activation& activation, double u, std::size_t channel = 0);

/// Of every number of a map, rounded to float once. Throws Error unless the slopes are one or the map's channels.
Map activated(const Activation& activation, const Map& map);

/// Whether it never falls as u grows: what one cell of the array can answer with.
bool is_monotone(const Activation& activation);

}  // namespace settle
