#include "machine/bus_operator.hpp"

#include "base/error.hpp"
#include "base/linear_algebra/product.hpp"

namespace settle {
namespace {

int half(int side) { return (side + 1) / 2; }

using Sites = Eigen::Map<const Eigen::MatrixXd>;  // one column per site

Sites by_site(const Eigen::Ref<const Eigen::VectorXd>& cells, Eigen::Index site_cells) {
  return {cells.data(), site_cells, cells.size() / site_cells};
}

/// A matrix in `buffer`; its values are undefined.
Eigen::Map<Eigen::MatrixXd> sized(std::vector<double>& buffer, Eigen::Index rows, Eigen::Index columns) {
  buffer.resize(static_cast<std::size_t>(rows * columns));
  return {buffer.data(), rows, columns};
}

Eigen::Map<Eigen::MatrixXd> zeros(std::vector<double>& buffer, Eigen::Index rows, Eigen::Index columns) {
  buffer.assign(static_cast<std::size_t>(rows * columns), 0.0);
  return {buffer.data(), rows, columns};
}

}  // namespace

std::optional<Resolution> resolution(const Layer& source, const Layer& target) {
  if (source.height == target.height && source.width == target.width) return Resolution::same;
  if (source.height == half(target.height) && source.width == half(target.width)) return Resolution::from_half;
  if (target.height == half(source.height) && target.width == half(source.width)) return Resolution::from_double;
  return std::nullopt;
}

BusOperator::BusOperator(const Bus& bus, const Layer& source, const Layer& target)
    : source_cells_(source.site_cells),
      target_cells_(target.site_cells),
      source_sites_(source.sites()),
      target_sites_(target.sites()),
      rank_(bus.source_matrix.cols()),
      source_matrix_(bus.source_matrix),
      target_matrix_(bus.target_matrix) {
  const std::optional<Resolution> found = resolution(source, target);
  if (!found) throw error("bus {}: the grids of its layers do not follow the resolution step", bus.name);
  const TapRange& range = bus.tap_range;
  if (source_matrix_.rows() != source_cells_ || target_matrix_.rows() != target_cells_ ||
      target_matrix_.cols() != range.taps() * rank_ || rank_ == 0) {
    throw error("bus {}: its matrices do not fit layers {} and {} and {} taps", bus.name, source.name, target.name,
                range.taps());
  }
  const bool from_half = *found == Resolution::from_half;
  const int word_width = from_half ? source.width : target.width;
  word_sites_ = from_half ? source_sites_ : target_sites_;
  for (int t = 0; t < range.taps(); ++t) {
    for (int s = 0; s < target.sites(); ++s) {
      const int y = s / target.width + range.top + t / range.width;
      const int x = s % target.width + range.left + t % range.width;
      const bool inside = y >= 0 && y < target.height && x >= 0 && x < target.width;
      seen_.push_back(!inside ? -1 : from_half ? (y / 2) * word_width + x / 2 : y * word_width + x);
    }
  }
  if (*found != Resolution::from_double) return;
  Eigen::VectorXd members = Eigen::VectorXd::Zero(word_sites_);
  for (int s = 0; s < source.sites(); ++s) {
    block_.push_back((s / source.width / 2) * word_width + s % source.width / 2);
    members[block_.back()] += 1;
  }
  share_ = members.cwiseInverse();
}

BusOperator::Matrix BusOperator::block_means(const Matrix& at_source, Buffers& buffers) const {
  Matrix words = zeros(buffers.words, rank_, word_sites_);
  for (Eigen::Index s = 0; s < source_sites_; ++s) words.col(block_[static_cast<std::size_t>(s)]) += at_source.col(s);
  words = words * share_.asDiagonal();
  return words;
}

BusOperator::Matrix BusOperator::shares(const Matrix& words, Buffers& buffers) const {
  Matrix at_source = sized(buffers.at_source, rank_, source_sites_);
  for (Eigen::Index s = 0; s < source_sites_; ++s) {
    const Eigen::Index block = block_[static_cast<std::size_t>(s)];
    at_source.col(s) = share_[block] * words.col(block);
  }
  return at_source;
}

void BusOperator::add_forward(const Eigen::Ref<const Eigen::VectorXd>& source, Eigen::Ref<Eigen::VectorXd> target,
                              Buffers& buffers) const {
  Matrix at_source = sized(buffers.at_source, rank_, source_sites_);
  set_transposed_product(source_matrix_, by_site(source, source_cells_), at_source);
  const Matrix words = block_.empty() ? at_source : block_means(at_source, buffers);
  const Eigen::Index taps = target_matrix_.cols() / rank_;
  Matrix seen = zeros(buffers.seen, taps * rank_, target_sites_);
  for (Eigen::Index t = 0; t < taps; ++t) {
    for (Eigen::Index s = 0; s < target_sites_; ++s) {
      const Eigen::Index from = seen_[static_cast<std::size_t>(t * target_sites_ + s)];
      if (from >= 0) seen.col(s).segment(t * rank_, rank_) = words.col(from);
    }
  }
  add_product(target_matrix_, seen, Matrix(target.data(), target_cells_, target_sites_));
}

void BusOperator::add_adjoint(const Eigen::Ref<const Eigen::VectorXd>& target, Eigen::Ref<Eigen::VectorXd> source,
                              Buffers& buffers) const {
  Matrix back = sized(buffers.seen, target_matrix_.cols(), target_sites_);
  set_transposed_product(target_matrix_, by_site(target, target_cells_), back);
  Matrix words = zeros(buffers.words, rank_, word_sites_);
  for (Eigen::Index t = 0; t < back.rows() / rank_; ++t) {
    for (Eigen::Index s = 0; s < target_sites_; ++s) {
      const Eigen::Index from = seen_[static_cast<std::size_t>(t * target_sites_ + s)];
      if (from >= 0) words.col(from) += back.col(s).segment(t * rank_, rank_);
    }
  }
  const Matrix at_source = block_.empty() ? words : shares(words, buffers);
  add_product(source_matrix_, at_source, Matrix(source.data(), source_cells_, source_sites_));
}

}  // namespace settle
