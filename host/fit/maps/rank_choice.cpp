#include "fit/maps/rank_choice.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "fit/maps/segment_bus.hpp"
#include "images/noise.hpp"
#include "network/graph/image_map.hpp"
#include "network/layers/convolution.hpp"

namespace settle {
namespace {

// Shares of a part's own rank that are tried, from the most on.
constexpr double kShares[] = {0.75, 0.5, 0.375, 0.25, 0.1875, 0.125, 0.0625};
constexpr int kTrials = 12;  // of the cuts together: their losses add up only about

/// What is there of a segment at the target's grid, [channels x sites].
Map segment_map(const MapSegment& segment, const Grid& grid, const std::map<std::string, Map>& values,
                const MachinePlan& plan) {
  Map sum;
  for (const LayerPart& part : segment.parts) {
    const Map& value = values.at(part.layer);
    const Map more = part.weights.cast<float>() * value;
    sum = sum.size() == 0 ? more : Map(sum + more);
  }
  if (segment.step == Resolution::from_half) return twice(sum, grid);
  if (segment.step == Resolution::from_double) return halve(sum, plan.layer(segment.parts[0].layer).size.grid);
  return sum;
}

/// Cells that are clamped hold 0.
void clear_others(const PlannedLayer& layer, Map& value) {
  if (!layer.moving) return;
  for (int y = 0; y < layer.size.grid.height; ++y) {
    for (int x = 0; x < layer.size.grid.width; ++x) {
      if (y % 2 == layer.moving->rows && x % 2 == layer.moving->columns) continue;
      value.col(y * layer.size.grid.width + x).setZero();
    }
  }
}

Map layer_value(const PlannedLayer& layer, const Kernel& kernel, const std::map<std::string, Map>& values,
                const MachinePlan& plan) {
  const Drive& drive = layer.drive;
  const Grid& grid = layer.size.grid;
  Map input = Map::Zero(drive.input.size.channels, grid.sites());
  for (const MapSegment& segment : drive.input.segments) {
    input.middleRows(segment.first, segment.channels) += segment_map(segment, grid, values, plan);
  }
  Map value = convolve(input, grid, kernel, Eigen::VectorXf::Zero(kernel.rows()), drive.window);
  value += drive.offset.replicate(1, grid.sites() / drive.offset.cols()).cast<float>();
  if (layer.answer) {
    value = value.unaryExpr([&](float u) { return static_cast<float>((*layer.answer)(static_cast<double>(u))); });
  }
  clear_others(layer, value);
  return value;
}

/// In dB, of pixels from -1 to 1.
double psnr_of(const Image& found, const Image& clean) {
  return 10 * std::log10(4 * static_cast<double>(clean.size()) / (found - clean).cast<double>().squaredNorm());
}

}  // namespace

RankJudge::RankJudge(const Graph& network, const MachinePlan& plan,
                     const std::map<std::string, MapStatistics>& statistics, const ImageSet& images, std::size_t count,
                     double sigma, std::uint64_t seed)
    : network_(network),
      plan_(plan),
      statistics_(statistics),
      sigma_(sigma),
      units_(layer_units(network, plan, statistics)) {
  for (std::size_t i = 0; i < count; ++i) {
    clean_.push_back(images.image(i));
    Maps maps = {{kImageNode, image_map(noisy(clean_.back(), sigma, seed, i), network)}};
    for (const PlannedLayer& layer : plan.layers) {
      if (layer.held) complete(network, sigma, layer.value.map, maps);
    }
    held_.push_back(std::move(maps));
  }
  for (const PlannedLayer& layer : plan.layers) {
    const bool shared = !layer.beside.empty() && plan.layer(layer.beside).has_companion;
    if (layer.held || shared || !layer.drive.is_convolution) continue;
    for (const MapSegment& segment : layer.drive.input.segments) {
      const SegmentBus bus = segment_bus(layer, segment, units_, statistics_, std::nullopt);
      std::int64_t source_rows = 0;
      for (const LayerPart& part : segment.parts) source_rows += plan.layer(part.layer).size.channels;
      buses_.push_back({bus_name(plan, layer, segment), static_cast<int>(bus.ends.source_matrix.cols()),
                        source_rows + bus.range.taps() * layer.size.channels});
    }
  }
  full_psnr_ = mean_psnr_with({});
}

double RankJudge::loss(const std::map<std::string, int>& ranks) const { return full_psnr_ - mean_psnr_with(ranks); }

Kernel RankJudge::cut(const PlannedLayer& layer, const std::map<std::string, int>& ranks) const {
  Kernel kernel = layer.drive.weights;
  const Eigen::Index outputs = kernel.rows(), taps = layer.drive.window.taps();
  const Eigen::VectorXd& to = units_.at(layer.name).field;
  for (const MapSegment& segment : layer.drive.input.segments) {
    const auto asked = ranks.find(bus_name(plan_, layer, segment));
    if (asked == ranks.end()) continue;
    const SegmentBus bus = segment_bus(layer, segment, units_, statistics_, asked->second);
    const Eigen::Index rank = bus.ends.source_matrix.cols(), kept = bus.range.taps();
    for (Eigen::Index t = 0; t < taps; ++t) {
      const Eigen::Index tap = kept == taps ? t : 0;
      const bool there = kept == taps || t == taps / 2;
      const Eigen::MatrixXd product = bus.ends.target_matrix.middleCols(tap * rank, rank) *
                                      bus.ends.source_matrix.transpose() * bus.unit.cwiseInverse().asDiagonal();
      for (Eigen::Index i = 0; i < segment.channels; ++i) {
        for (Eigen::Index o = 0; o < outputs; ++o) {
          kernel(o, (segment.first + i) * taps + t) = there ? static_cast<float>(to[o] * product(o, i)) : 0.0F;
        }
      }
    }
  }
  return kernel;
}

double RankJudge::mean_psnr_with(const std::map<std::string, int>& ranks) const {
  std::map<std::string, Kernel> kernels;
  for (const PlannedLayer& layer : plan_.layers) {
    if (!layer.held) kernels[layer.name] = cut(layer, ranks);
  }
  return mean_psnr([&](Maps& maps) {
    std::map<std::string, Map> values;
    for (const PlannedLayer& layer : plan_.layers) {
      values[layer.name] =
          layer.held ? maps.at(layer.value.map) : layer_value(layer, kernels.at(layer.name), values, plan_);
    }
    maps[plan_.readout_map] = values.at(plan_.readout);
  });
}

double RankJudge::plan_loss() const {
  return mean_psnr([](Maps&) {}) - full_psnr_;
}

double RankJudge::mean_psnr(const std::function<void(Maps& maps)>& add) const {
  std::vector<double> psnr(clean_.size());
  const auto work = [&](std::size_t i, std::size_t) {
    Maps maps = held_[i];
    add(maps);
    complete(network_, sigma_, network_.output, maps);
    psnr[i] = psnr_of(map_image(maps.at(network_.output)), clean_[i]);
  };
  parallel_for(clean_.size(), worker_count(clean_.size()), work);
  double sum = 0;
  for (const double value : psnr) sum += value;
  return sum / static_cast<double>(psnr.size());
}

RankChoice choose_ranks(const RankJudge& judge, double budget, const std::map<std::string, int>& most,
                        const std::function<bool()>& stop, const std::function<void(const std::string&)>& say) {
  struct Step {
    std::size_t row;
    int rank;
    double loss, saved;  // beyond the step before it
  };
  const auto check_stop = [&] {
    if (stop && stop()) throw error("fit: interrupted at the choice of ranks, nothing is written");
  };
  RankChoice choice;
  choice.ranks = most;
  std::vector<Step> steps;
  for (const RankedBus& bus : judge.buses()) {
    RankChoice::Row row{bus.name, bus.full, bus.full, {}};
    const auto bound = most.find(bus.name);
    int before = bound == most.end() ? bus.full : std::min(bus.full, bound->second);
    double loss_before = 0;
    for (const double share : kShares) {
      check_stop();
      const int rank = std::max(1, static_cast<int>(std::lround(share * bus.full)));
      if (rank >= before) continue;
      const double loss = judge.loss({{bus.name, rank}});
      row.alone.emplace_back(rank, loss);
      // A bus's loss grows as its rank falls; what noise in the estimate says otherwise does not make it cheaper.
      const double grown = std::max(loss, loss_before);
      steps.push_back(
          {choice.rows.size(), rank, grown - loss_before, static_cast<double>((before - rank) * bus.weights_per_rank)});
      before = rank;
      loss_before = grown;
      if (loss > budget) break;
    }
    choice.rows.push_back(row);
    if (say) say(fmt::format("  {} of {} buses", choice.rows.size(), judge.buses().size()));
  }
  const auto taken = [&](double price) {  // all leading steps of each bus that cost less per weight
    std::map<std::string, int> ranks = most;
    std::vector<bool> open(choice.rows.size(), true);
    for (const Step& step : steps) {
      if (!open[step.row] || step.loss > price * step.saved) {
        open[step.row] = false;
      } else {
        ranks.insert_or_assign(choice.rows[step.row].bus, step.rank);
      }
    }
    return ranks;
  };
  // The price at which the cuts together cost what they may: by bisection on its logarithm.
  double low = 1e-9, high = 1;
  for (int n = 0; n < kTrials; ++n) {
    check_stop();
    const double price = std::sqrt(low * high);
    const std::map<std::string, int> ranks = taken(price);
    const double loss = judge.loss(ranks);
    if (loss <= budget) {
      choice.ranks = ranks;
      choice.loss = loss;
      low = price;
    } else {
      high = price;
    }
  }
  for (RankChoice::Row& row : choice.rows) {
    const auto chosen = choice.ranks.find(row.bus);
    if (chosen != choice.ranks.end()) row.chosen = std::min(row.full, chosen->second);
  }
  return choice;
}

std::string table(const RankChoice& choice) {
  std::string text =
      fmt::format("  {:<32}{:>6}{:>8}  {}\n", "bus", "full", "chosen", "rank: loss in dB of that cut alone");
  for (const RankChoice::Row& row : choice.rows) {
    std::string alone;
    for (const auto& [rank, loss] : row.alone)
      alone += fmt::format("{}{}: {:.3f}", alone.empty() ? "" : ", ", rank, loss);
    text += fmt::format("  {:<32}{:>6}{:>8}  {}\n", row.bus, row.full, row.chosen, alone);
  }
  return text + fmt::format("  all cuts together cost {:.3f} dB\n", choice.loss);
}

void check_bus_ranks(const std::map<std::string, int>& ranks, const MachinePlan& plan, const std::string& what) {
  std::vector<std::string> known;
  for (const PlannedLayer& layer : plan.layers) {
    if (layer.held || (!layer.beside.empty() && plan.layer(layer.beside).has_companion)) continue;
    for (const MapSegment& segment : layer.drive.input.segments) known.push_back(bus_name(plan, layer, segment));
  }
  for (const auto& [bus, rank] : ranks) {
    if (std::find(known.begin(), known.end(), bus) == known.end()) {
      throw error("{}: {}: no bus of the network's machine; known are {}", what, bus, fmt::join(known, ", "));
    }
    if (rank < 1) throw error("{}: {}: {} is not 1 or more", what, bus, rank);
  }
}

}  // namespace settle
