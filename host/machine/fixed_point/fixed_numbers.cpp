#include "machine/fixed_point/fixed_numbers.hpp"

#include <cmath>

#include "base/error.hpp"
#include "machine/fixed_point/gain_format.hpp"

namespace settle {

namespace {

const LayerContents& layer_of(const ArrayContents& contents, int cell) {
  std::size_t l = 0;
  while (l + 1 < contents.layers.size() && cell >= contents.layers[l + 1].first) ++l;
  return contents.layers[l];
}

void check_size(const Eigen::VectorXd& values, const ArrayContents& contents, const std::string& name,
                const char* what) {
  if (values.size() != contents.cells) {
    throw error("{}: {}: {} values for {} cells", name, what, values.size(), contents.cells);
  }
}

/// As to_fixed; `what` is called for an error alone, since a text per cell would take most of the time.
template <typename What>
std::int32_t fixed_or_error(double value, const Format& format, const What& what) {
  const double scaled = value / format.unit();
  const double rounded = std::floor(scaled + 0.5);
  if (!(rounded >= static_cast<double>(format.lowest()) && rounded <= static_cast<double>(format.highest()))) {
    throw error("{}: {} does not fit {} bits with {} after the point: {} to {}", what(), value, format.width,
                format.fraction, static_cast<double>(format.lowest()) * format.unit(),
                static_cast<double>(format.highest()) * format.unit());
  }
  return static_cast<std::int32_t>(rounded);
}

}  // namespace

std::int32_t to_fixed(double value, const Format& format, const std::string& what) {
  return fixed_or_error(value, format, [&] { return what; });
}

std::vector<std::int16_t> fixed_fields(const Eigen::VectorXd& fields, const ArrayContents& contents,
                                       const Configuration& c, const std::string& name) {
  check_size(fields, contents, name, "fields");
  std::vector<std::int16_t> out;
  out.reserve(static_cast<std::size_t>(contents.cells));
  for (const LayerContents& layer : contents.layers) {
    for (int i = layer.first; i < layer.first + layer.cells(); ++i) {
      const double field = fields(i) / layer.scale;
      if (!layer.per_site_field && i >= layer.first + layer.site_cells && fields(i) != fields(i - layer.site_cells)) {
        throw error("{}: field of cell {}: {}, but the sites of its layer share one field of {}", name, i, fields(i),
                    fields(i - layer.site_cells));
      }
      out.push_back(static_cast<std::int16_t>(
          fixed_or_error(field, c.coefficient, [&] { return fmt::format("{}: field of cell {}", name, i); })));
    }
  }
  return out;
}

std::vector<std::int32_t> fixed_states(const Eigen::VectorXd& states, const ArrayContents& contents,
                                       const Configuration& c, const std::string& name) {
  check_size(states, contents, name, "states");
  std::vector<std::int32_t> out(static_cast<std::size_t>(contents.cells));
  for (int i = 0; i < contents.cells; ++i) {
    out[static_cast<std::size_t>(i)] =
        to_fixed(states(i) / layer_of(contents, i).scale, c.state, fmt::format("{}: state of cell {}", name, i));
  }
  return out;
}

std::vector<std::int16_t> fixed_gains(double kt, const ArrayContents& contents, const Configuration& c,
                                      const std::string& what) {
  std::vector<std::int16_t> gains;
  const Format format = gain_format(c);
  for (const LayerContents& layer : contents.layers) {
    const double unit = format.unit() * layer.scale;
    const auto temperature = [&](double units) { return units * unit * (units * unit) * c.step() / 2; };
    const double most = temperature(static_cast<double>(format.highest()));
    // A gain that would be rounded to 0 is refused: a run at kT > 0 must not be one without noise.
    const double least = temperature(0.5);
    if (kt != 0 && !(kt >= least && kt <= most)) {
      throw error("{}: {} is not 0 nor {:.3g} to {:.6g}, where the noise gain sqrt(2 kT / e) fits its format", what, kt,
                  least, most);
    }
    gains.push_back(
        static_cast<std::int16_t>(to_fixed(std::sqrt(2 * kt / c.step()) / layer.scale, format, what + ": noise gain")));
  }
  return gains;
}

std::vector<double> realised_kt(const std::vector<std::int16_t>& gains, const ArrayContents& contents,
                                const Configuration& c) {
  std::vector<double> kt;
  for (std::size_t l = 0; l < gains.size(); ++l) {
    const double gain = gains[l] * gain_format(c).unit() * contents.layers[l].scale;
    kt.push_back(gain * gain * c.step() / 2);
  }
  return kt;
}

}  // namespace settle
