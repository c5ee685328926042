// Which ranks a machine's buses need: the fewest weights for which the network's image loses no more than allowed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fit/maps/machine_plan.hpp"
#include "fit/maps/map_statistics.hpp"
#include "fit/maps/map_units.hpp"
#include "images/image_set.hpp"

namespace settle {

/// One choosable bus: a convolution's part that reads a segment.
struct RankedBus {
  std::string name;                   ///< bus_name()
  int full = 0;                       ///< the part's own rank
  std::int64_t weights_per_rank = 0;  ///< of both ends
};

/// Says what lower ranks cost, in float: the network, layer by layer as the plan has it, with its convolutions' parts
/// cut to words; no noise, no fixed point.
class RankJudge {
 public:
  /// Keeps references to all but `images`. The first `count` of these are judged, with the noise of (sigma, seed).
  RankJudge(const Graph& network, const MachinePlan& plan, const std::map<std::string, MapStatistics>& statistics,
            const ImageSet& images, std::size_t count, double sigma, std::uint64_t seed);

  const std::vector<RankedBus>& buses() const { return buses_; }
  std::size_t images() const { return clean_.size(); }

  /// PSNR lost at full ranks against the network itself, dB: by maps that the plan takes for constants.
  double plan_loss() const;

  /// PSNR lost by these ranks against full ones, dB; buses that are not named keep theirs. All cores share the work.
  double loss(const std::map<std::string, int>& ranks) const;

 private:
  Kernel cut(const PlannedLayer& layer, const std::map<std::string, int>& ranks) const;
  double mean_psnr_with(const std::map<std::string, int>& ranks) const;
  /// Mean PSNR of what follows from each image's maps once `add` has added to them; all cores share the work.
  double mean_psnr(const std::function<void(Maps& maps)>& add) const;

  const Graph& network_;
  const MachinePlan& plan_;
  const std::map<std::string, MapStatistics>& statistics_;
  double sigma_;
  std::map<std::string, LayerUnits> units_;
  std::vector<Image> clean_;
  std::vector<Maps> held_;  // the maps that are held, and the image, for each
  std::vector<RankedBus> buses_;
  double full_psnr_ = 0;
};

struct RankChoice {
  struct Row {
    std::string bus;
    int full = 0, chosen = 0;
    std::vector<std::pair<int, double>> alone;  ///< rank, and the loss in dB of that cut alone
  };
  std::map<std::string, int> ranks;
  std::vector<Row> rows;
  double loss = 0;  ///< of all cuts together, dB
};

/// The fewest weights found whose loss is at most `budget` dB: every bus is cut alone first, then the cuts that save
/// most for what they cost are taken together, and their sum is held against what they cost together. `most`: upper
/// bounds that hold from the start. Throws Error if `stop` says yes. `say` gets lines of progress.
RankChoice choose_ranks(const RankJudge& judge, double budget, const std::map<std::string, int>& most,
                        const std::function<bool()>& stop, const std::function<void(const std::string&)>& say);

/// As lines of text.
std::string table(const RankChoice& choice);

/// Throws Error, beginning with `what`, for a bus that the plan does not have, or a rank out of range.
void check_bus_ranks(const std::map<std::string, int>& ranks, const MachinePlan& plan, const std::string& what);

}  // namespace settle
