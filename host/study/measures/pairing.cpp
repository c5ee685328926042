#include "study/measures/pairing.hpp"

#include <cstddef>
#include <numeric>
#include <utility>

#include "study/measures/check.hpp"
#include "study/measures/rows.hpp"

namespace settle {
namespace {

void shuffle(std::vector<Eigen::Index>& places, SplitMix64& random) {
  for (std::size_t last = places.size() - 1; last > 0; --last) {
    std::swap(places[last], places[random.below(last + 1)]);
  }
}

bool has_fixed_point(const std::vector<Eigen::Index>& places) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] == static_cast<Eigen::Index>(i)) return true;
  }
  return false;
}

}  // namespace

std::vector<Eigen::Index> derangement(Eigen::Index count, SplitMix64& random) {
  if (count < 2)
    throw measure_error("derangement: {} samples cannot be paired with others, at least 2 are needed", count);
  std::vector<Eigen::Index> places(static_cast<std::size_t>(count));
  std::iota(places.begin(), places.end(), Eigen::Index{0});
  do {
    shuffle(places, random);
  } while (has_fixed_point(places));
  return places;
}

double shuffled(const Eigen::MatrixXd& readout, const Eigen::MatrixXd& target, const Eigen::VectorXd& fit_mean,
                int pairings, std::uint64_t seed, Eigen::Index sites) {
  check_pair("shuffled", "readout", readout, "target", target);
  check_mean("shuffled", target, fit_mean);
  check_rows("shuffled", "readout", readout, 2);
  if (pairings < 1) throw measure_error("shuffled: {} pairings asked for, at least 1 is needed", pairings);
  // Images are paired, all their sites together.
  const auto directions = [&](const Eigen::MatrixXd& rows) {
    return by_image(unit_rows(by_site(centred(rows, fit_mean), sites)), sites);
  };
  const Eigen::MatrixXd answers = directions(readout);
  const Eigen::MatrixXd targets = directions(target);
  SplitMix64 random(seed);
  double sum = 0;
  for (int pairing = 0; pairing < pairings; ++pairing) {
    sum += mean_row_product(answers, targets(derangement(targets.rows(), random), Eigen::all));
  }
  return sum / pairings / static_cast<double>(sites);
}

}  // namespace settle
