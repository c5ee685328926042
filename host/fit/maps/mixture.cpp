#include "fit/maps/mixture.hpp"

#include <algorithm>
#include <utility>

namespace settle {
namespace {

Eigen::MatrixXd none(const MapSize& size) { return Eigen::MatrixXd::Zero(size.channels, 1); }

/// Adds to `sum` what is as large, or one column that counts for all.
void add_columns(Eigen::MatrixXd& sum, const Eigen::MatrixXd& more) {
  if (more.size() == 0) return;
  if (sum.size() == 0) {
    sum = more;
  } else if (sum.cols() == more.cols()) {
    sum += more;
  } else if (sum.cols() == 1) {
    const Eigen::VectorXd same = sum;
    sum = more.colwise() + same;
  } else {
    sum.colwise() += more.col(0);
  }
}

void add_part(MapSegment& segment, const LayerPart& part) {
  for (LayerPart& other : segment.parts) {
    if (other.layer != part.layer) continue;
    other.weights += part.weights;
    return;
  }
  segment.parts.push_back(part);
}

bool lies_alike(const MapSegment& a, const MapSegment& b) {
  return a.first == b.first && a.channels == b.channels && a.step == b.step;
}

}  // namespace

Mixture single(const std::string& layer, const std::string& map, const MapSize& size) {
  const Eigen::Index n = size.channels;
  return {size,
          {{map, 0, size.channels, Resolution::same, false, {{layer, Eigen::MatrixXd::Identity(n, n)}}}},
          none(size),
          {}};
}

Mixture sum_of(const std::vector<Mixture>& mixtures, const std::string& map) {
  Mixture result = mixtures.front();
  for (std::size_t m = 1; m < mixtures.size(); ++m) {
    add_columns(result.offset, mixtures[m].offset);
    add_columns(result.noise, mixtures[m].noise);
    for (const MapSegment& segment : mixtures[m].segments) {
      const auto alike = std::find_if(result.segments.begin(), result.segments.end(),
                                      [&](const MapSegment& other) { return lies_alike(other, segment); });
      if (alike == result.segments.end()) {
        result.segments.push_back(segment);
        continue;
      }
      for (const LayerPart& part : segment.parts) add_part(*alike, part);
      // Of a part of the channels, or of another grid, no map of the network is the sum.
      if (alike->channels == result.size.channels && alike->step == Resolution::same) alike->map = map;
    }
  }
  return result;
}

Mixture stacked(const std::vector<Mixture>& mixtures) {
  Mixture result;
  result.size.grid = mixtures.front().size.grid;
  Eigen::Index offset_columns = 1, features = 0;
  for (const Mixture& m : mixtures) {
    for (MapSegment segment : m.segments) {
      segment.first += result.size.channels;
      result.segments.push_back(std::move(segment));
    }
    result.size.channels += m.size.channels;
    offset_columns = std::max(offset_columns, m.offset.cols());
    features = std::max(features, m.noise.cols());
  }
  result.offset = Eigen::MatrixXd::Zero(result.size.channels, offset_columns);
  result.noise = Eigen::MatrixXd::Zero(features == 0 ? 0 : result.size.channels, features);
  Eigen::Index first = 0;
  for (const Mixture& m : mixtures) {
    const Eigen::Index n = m.size.channels;
    result.offset.middleRows(first, n) = m.offset.replicate(1, offset_columns / m.offset.cols());
    if (m.noise.size() > 0) result.noise.middleRows(first, n) = m.noise;
    first += n;
  }
  return result;
}

Mixture product(const Eigen::MatrixXd& weights, const Eigen::VectorXd& bias, const Mixture& mixture,
                const std::string& map) {
  Mixture result;
  result.size = {static_cast<int>(weights.rows()), mixture.size.grid};
  for (MapSegment segment : mixture.segments) {
    for (LayerPart& part : segment.parts) {
      part.weights = weights.middleCols(segment.first, segment.channels) * part.weights;
    }
    segment.map = map;
    segment.first = 0;
    segment.channels = result.size.channels;
    result.segments.push_back(std::move(segment));
  }
  result.offset = weights * mixture.offset;
  result.offset.colwise() += bias;
  if (mixture.noise.size() > 0) result.noise = weights * mixture.noise;
  return result;
}

bool can_halve(const Mixture& mixture) {
  return std::all_of(mixture.segments.begin(), mixture.segments.end(),
                     [](const MapSegment& s) { return s.step != Resolution::from_double; });
}

bool can_double(const Mixture& mixture) {
  return std::all_of(mixture.segments.begin(), mixture.segments.end(),
                     [](const MapSegment& s) { return s.step == Resolution::same; });
}

Mixture halved(const Mixture& mixture) {
  Mixture result = mixture;
  result.size.grid = half_grid(mixture.size.grid);
  for (MapSegment& s : result.segments) {
    // The mean of a block of equal sites is what each of them is.
    s.step = s.step == Resolution::from_half ? Resolution::same : Resolution::from_double;
  }
  if (result.offset.cols() > 1) {
    result.offset = halve(Map(mixture.offset.cast<float>()), mixture.size.grid).cast<double>();
  }
  return result;
}

Mixture doubled(const Mixture& mixture, const Grid& grid) {
  Mixture result = mixture;
  result.size.grid = grid;
  for (MapSegment& s : result.segments) s.step = Resolution::from_half;
  if (result.offset.cols() > 1) result.offset = twice(Map(mixture.offset.cast<float>()), grid).cast<double>();
  return result;
}

Eigen::MatrixXd offset_map(const Mixture& mixture) {
  return mixture.offset.replicate(1, mixture.size.grid.sites() / mixture.offset.cols());
}

bool has_offset(const Mixture& mixture) { return !mixture.offset.isZero(0); }

}  // namespace settle
