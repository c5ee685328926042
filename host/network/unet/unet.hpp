// Inference with the trained U-Net, level by level, so that any map can be replaced by one that a machine settled to.
//
//   input 28x28 -> e1 ---------------------------> d1 -> output
//                   e2 14x14 ----------------> d2
//                       e3 7x7 ----------> d3
//                            b 4x4 ----->
//
// Each arrow into a map is one 3x3 convolution, a bias that depends on the noise level, and (but for the output) the
// activation max(u, slope * u). Going down, the map is halved first; going up, the lower map is doubled and put above
// the encoder's (stack). The network F sits in EDM's preconditioning: D(x; sigma) = skip x + out F(in x; sigma).
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include <Eigen/Core>

#include "images/image.hpp"
#include "network/layers/convolution.hpp"
#include "network/layers/map.hpp"

namespace settle {

/// The convolutions, in the order in which they run.
enum class Convolution { e1, e2, e3, b, d3, d2, d1, out };
inline constexpr int kConvolutions = 8;

/// What is fixed about a convolution: its name in files, which is that of the map that it makes; channels in (of the
/// stacked map, lower level first) and out; and the side of its grid.
struct ConvolutionShape {
  const char* name;
  int inputs, outputs, side;
};
/// Of the network as constants.hpp fixes it.
const ConvolutionShape& convolution_shape(Convolution convolution);

/// What the encoder makes of an image: its maps.
struct Encoded {
  Map input;  ///< [1 x 784] the preconditioned image
  Map e1;     ///< [16 x 784]
  Map e2;     ///< [32 x 196]
  Map e3;     ///< [64 x 49]
};

/// Every map of one pass.
struct Activations : Encoded {
  Map b;         ///< [64 x 16]
  Map d3;        ///< [64 x 49]
  Map d2;        ///< [32 x 196]
  Map d1;        ///< [16 x 784]
  Image output;  ///< the denoised image
};

/// A trained network. Its functions change nothing and may run on several threads at once; the same arguments give the
/// same bits for a build. All of them throw Error for a map of a wrong shape and for a sigma (standard deviation of the
/// noise, in pixels on [-1, 1]) outside [kSigmaMin, kSigmaMax].
class Unet {
 public:
  /// Reads a weights file. Throws Error naming the file and the tensor or entry if anything is missing, superfluous, of
  /// a wrong shape or type or not finite, or if an activation's slope is outside [1/8, 1].
  static Unet load(const std::filesystem::path& path);

  /// All maps of one image. Throws Error unless `noisy` has kImagePixels finite pixels.
  Activations run(const Image& noisy, double sigma) const;

  /// The pieces of `run`, in order.
  Encoded encode(const Image& noisy, double sigma) const;
  Map bottleneck(const Map& e3, double sigma) const;
  Map decode3(const Map& b, const Map& e3, double sigma) const;
  Map decode2(const Map& d3, const Map& e2, double sigma) const;
  Map decode1(const Map& d2, const Map& e1, double sigma) const;
  Image denoised(const Image& noisy, const Map& d1, double sigma) const;

  /// The last three of them: the image that follows from `d3`, wherever that came from.
  Image decode_from_d3(const Image& noisy, const Encoded& encoded, const Map& d3, double sigma) const;

  /// A convolution's kernel, [outputs x kTaps * inputs]: columns as in conv.hpp, the lower level's channels first.
  const Kernel& kernel(Convolution convolution) const { return weights(convolution).kernel; }

  /// Its bias at a noise level, one value per output channel.
  Eigen::VectorXf bias(Convolution convolution, double sigma) const;

  /// What the noise features (constants.hpp) add to the bias, [outputs x kNoiseFeatures].
  const Map& noise_weights(Convolution convolution) const { return weights(convolution).noise; }

  /// Its activation is max(u, slope * u); `out` has none, its slope is 1.
  float slope(Convolution convolution) const { return weights(convolution).slope; }

 private:
  struct Weights {
    Kernel kernel;
    Eigen::VectorXf bias;  // without noise features
    Map noise;             // [outputs x kNoiseFeatures]
    float slope = 1;
  };

  Unet() = default;
  const Weights& weights(Convolution convolution) const { return weights_[static_cast<std::size_t>(convolution)]; }
  Map raw(Convolution convolution, const Map& input, double sigma) const;
  Map activated(Convolution convolution, const Map& input, double sigma) const;

  std::array<Weights, kConvolutions> weights_;
};

}  // namespace settle
