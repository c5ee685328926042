#include "study/run/samples.hpp"

#include <exception>
#include <utility>

#include "base/parallel.hpp"
#include "images/noise.hpp"
#include "network/conditioning/conditioning.hpp"
#include "network/graph/image_map.hpp"
#include "network/graph/queries.hpp"
#include "study/run/batch.hpp"

namespace settle {

namespace {

/// Keeps what decoding from a map takes in, drops the others.
Maps kept_for(const Graph& network, const std::string& map, Maps&& all) {
  Maps kept;
  for (const std::string& name : maps_beside(network, map)) kept[name] = std::move(all.at(name));
  return kept;
}

}  // namespace

bool gives_image(const Machine& machine) {
  const Layer& decoder = machine.layers[static_cast<std::size_t>(machine.decoder)];
  return decoder.sites() > 1 && !decoder.map.empty();
}

Sample make_sample(const Study& study, std::size_t s) {
  const Machine& machine = study.machine();
  const Image& clean = study.images[s];
  Image noise = noisy(clean, study.sigma, study.options.seed, s);
  Maps maps = run(study.network, image_map(noise, study.network), study.sigma);
  Conditioning conditioning = conditioning_of(machine, study.network, maps, study.sigma);
  Eigen::VectorXd field = fields(machine, conditioning, InterfaceMode::normal);
  const auto number = static_cast<Eigen::Index>(s);
  Sample sample;
  sample.fields = fixed_sample_field(*study.fixed, field, number);
  sample.target = conditioning.layers[static_cast<std::size_t>(machine.decoder)];
  if (number < study.compared(number + 1)) sample.compared = {std::move(conditioning), std::move(field)};
  if (gives_image(machine)) {
    Image denoised = map_image(maps.at(study.network.output));
    sample.decoding = {clean, std::move(noise), std::move(denoised),
                       kept_for(study.network, study.decoder().map, std::move(maps))};
  }
  return sample;
}

void make_samples(Study& study) {
  const std::size_t count = study.images.size();
  study.progress.begin(Phase::unet);
  study.samples.resize(count);
  std::vector<std::exception_ptr> failures(count);
  const auto work = [&](std::size_t s, std::size_t) {
    try {
      study.samples[s] = make_sample(study, s);
    } catch (...) {
      failures[s] = std::current_exception();
    }
  };
  const std::size_t done = parallel_for(count, worker_count(count, study.options.threads), work, study.stop);
  for (std::size_t s = 0; s < done; ++s) {
    if (failures[s]) std::rethrow_exception(failures[s]);
  }
  study.samples.resize(done);
}

}  // namespace settle
