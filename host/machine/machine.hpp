// The machine in physical units, as the fit makes it and the machine file holds it. Fixed point comes later
// (fixed_point/).
//
// Energy of the reciprocal machine (x: all states, by layer):
//   V = sum_i [a_i x_i^2 / 2 + G(x_i) - h_i x_i] + sum_{pairs i<j} J_ij x_i x_j
//     + sum_{buses s-t} (P_s^T x_s).(P_t^T x_t) + sum_{self-buses} |P^T x|^2 / 2,   force = -dV/dx.
// A one-way bus keeps only the force on its target.
//
// A layer is a grid of sites, each with the same number of cells; one site is the plain module. What a site's cells are
// made of (stiffness, force table, neighbours) is shared by all sites of the layer, and so are a bus's matrices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "array/model/tap_range.hpp"
#include "contract/configuration/configuration.hpp"

namespace settle {

inline constexpr double kStateRange = 8;        ///< a state spans [-8, 8) in units of its layer's scale
inline constexpr int kMostWindowSteps = 65536;  ///< the array's sums hold this many at least

/// Symmetric local couplings at one offset of a rows x columns torus (columns = 1: a ring).
/// Cell (r, c) is cell r * columns + c. `coupling[i]` is J between cell i and cell ((r+dy) mod rows, (c+dx) mod
/// columns); each unordered pair appears once, so an offset and its opposite are never both listed.
struct Neighbour {
  int dy = 0;                ///< rows, 0 .. rows-1
  int dx = 0;                ///< columns, 0 .. columns-1
  Eigen::VectorXd coupling;  ///< [site cells]
};

/// A layer: height x width sites of `site_cells` cells, which share a state scale and a force table. Cell i of site
/// (y, x) is cell (y * width + x) * site_cells + i of the layer.
struct Layer {
  std::string name;
  int site_cells = 0;
  int height = 1;             ///< rows of sites
  int width = 1;              ///< columns of sites
  double scale = 1;           ///< physical units of x per unit of the fixed-point state; a power of two
  Eigen::VectorXd stiffness;  ///< a_i, [site cells]
  Eigen::VectorXd field;      ///< static part of h_i, [site cells] for all sites alike or [cells]; physical force units
  std::vector<double> force;  ///< g = G' at equidistant knots over [-R, R], R = scale * state range; empty: linear cell
  int columns = 1;            ///< torus columns (a power of two); 1 is a ring
  std::vector<Neighbour> neighbours;
  std::vector<std::uint8_t> clamp;  ///< [cells] 1: held at its start value; empty: none held
  /// The network's map that the layer stands for ("input", "e1" .. "d1" of the U-Net; cell i for channel i mod
  /// channels), or its spatial mean if the layer has one site; empty: none.
  std::string map;
  /// With it the layer stands for map + added_factor * added_map, channel by channel; empty: for the map alone. So does
  /// a cell that cannot answer with an activation itself: it answers with the activation and some of its argument.
  std::string added_map;
  Eigen::VectorXd added_factor;  ///< [site cells]; empty without added_map
  bool held = false;             ///< per input the field also has A * activation (A: site_matrix; the map's activation)
  Eigen::VectorXd unit;          ///< [site cells] activation per unit of x, > 0; empty: 1
  Eigen::MatrixXd noise_level;   ///< [site cells x noise features] field per change of the U-Net's noise features

  int sites() const { return height * width; }
  int cells() const { return sites() * site_cells; }
};

/// How the grids of a bus's two ends lie to each other. Half sides are rounded up.
enum class Resolution {
  same,         ///< equal grids
  from_half,    ///< the source's sides are half the target's: site n of the target sees source site n / 2
  from_double,  ///< the target's sides are half the source's: site n sees the mean of the sites of its 2 x 2 block
};

/// Empty: the grids do not follow the resolution step.
std::optional<Resolution> resolution(const Layer& source, const Layer& target);

/// Rank-k bus. Words z[n] = source_matrix^T x_source[n], seen on the target's grid as Resolution says; force on the
/// target's site s: -sum over the range's taps t with s + offset(t) in the target's grid of target_matrix_t *
/// z[s + offset(t)]. Reciprocal: also the adjoint on the source. A self-bus has source == target, one
/// matrix in both places and one tap at offset 0, is reciprocal and acts once: -P (P^T x).
struct Bus {
  std::string name;
  int source = 0;  ///< layer index
  int target = 0;  ///< layer index
  bool reciprocal = true;
  Eigen::MatrixXd source_matrix;  ///< [source site cells x k]
  Eigen::MatrixXd target_matrix;  ///< [target site cells x taps * k], the k columns of a tap side by side
  TapRange tap_range = {};        ///< of one tap at offset 0 for layers of one site
};

/// The minimal digital interface: field = out * silu(in * (up * (down * activation))), no biases.
/// 64->4->64->16->64: 512 + 2,048 = 2,560 weights. `parameters()` counts them from the arrays. All sites of the target
/// share them: a site sees the activation at its own place, or at half of it if the map is one level down.
struct Interface {
  std::string source;    ///< U-Net map that feeds it: "e3", "b"; its spatial mean if the target has one site; "": none
  int target = 0;        ///< layer whose field it sets
  int anchor = -1;       ///< paper flow: layer whose field is the 64 values after `up`; -1: none
  Eigen::MatrixXd down;  ///< [4 x 64]
  Eigen::MatrixXd up;    ///< [64 x 4]
  Eigen::MatrixXd in;    ///< [16 x 64]
  Eigen::MatrixXd out;   ///< [64 x 16]
  Eigen::VectorXd mean_field;  ///< [target cells] mean output over the fit set: what `frozen_interface` applies instead
  Eigen::VectorXd mean_hidden;  ///< [anchor cells] mean over the fit set of the vector after `up`; empty: no anchor

  /// Its weights, all four matrices' entries.
  std::int64_t parameters() const { return down.size() + up.size() + in.size() + out.size(); }
  /// Output field for one activation vector [64]; `hidden` (may be null) receives up * (down * activation).
  Eigen::VectorXd field(const Eigen::VectorXd& activation, Eigen::VectorXd* hidden = nullptr) const;
};

/// The whole machine: what a machine file holds.
struct Machine {
  std::string preset;              ///< "anchored", "paper", "map", ...
  std::string configuration;       ///< name in rtl/configurations.json, or of its own
  std::string configuration_hash;  ///< 16 hex digits; a device with another hash refuses the machine
  /// The configuration itself, for a machine that no built-in one holds: its name is `configuration`, its hash
  /// `configuration_hash`. Absent: the name says which it is.
  std::optional<Configuration> own_configuration;
  double step = 0.25;    ///< e = mu * dt = 2^-s of the configuration
  double kt = 0;         ///< default temperature
  int settle_steps = 0;  ///< steps before the averaging window, 0 .. kMostSettleSteps
  int window_steps = 0;  ///< steps averaged, 1 .. kMostWindowSteps
  std::vector<Layer> layers;
  std::vector<Bus> buses;
  Interface interface;
  int encoder = -1;          ///< layer of the encoder's activation, of which the paper's pair is taken; -1: none
  int decoder = 0;           ///< layer that is read out
  Eigen::VectorXd fit_mean;  ///< [decoder cells] mean target over the fit set, the state's units
  // Provenance, strings and numbers as the fit wrote them.
  std::uint64_t fit_seed = 0;
  int fit_images = 0;
  double sigma = 0.5;
  std::string network;    ///< network file, from the machine file's folder on; empty: the one that ships
  std::string unet_hash;  ///< hash of the weights file that the activations came from
};

}  // namespace settle
