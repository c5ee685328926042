// The image that a settled map stands for: what is left of the decoder runs digitally.
#include <algorithm>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "network/conditioning/layer_maps.hpp"
#include "network/graph/image_map.hpp"
#include "network/graph/queries.hpp"
#include "study/measures/psnr.hpp"
#include "study/run/measurements.hpp"
#include "study/run/plans.hpp"
#include "study/run/samples.hpp"
#include "study/run/trajectories.hpp"

namespace settle {

namespace {

constexpr Eigen::Index kPictures = 8;  // samples whose images are written

/// The image that follows from decoder states [decoder cells] for a sample.
Eigen::VectorXd image_from(const Study& study, const Sample::Decoding& sample, const Eigen::VectorXd& states) {
  Maps maps = sample.beside;
  const std::string& map = study.decoder().map;
  maps[map] = as_map(study.decoder(), states, map_size(study.network, map).channels);
  complete(study.network, study.sigma, study.network.output, maps);
  const Image image = map_image(maps.at(study.network.output));
  return image.cast<double>();
}

/// [samples x pixels] each.
struct DecodedImages {
  Eigen::MatrixXd clean, noisy;
  Eigen::MatrixXd unet;      ///< the digital network's own answer
  Eigen::MatrixXd settled;   ///< the network's answer with the read-out in place of its own map
  Eigen::MatrixXd mean_map;  ///< the same with the fit set's mean map: what a constant read-out gives
};

/// `readout`: decoder states, [samples x decoder cells], of the first samples. All cores share the work.
DecodedImages decoded_images(const Study& study, const Eigen::MatrixXd& readout) {
  const Eigen::Index n = readout.rows();
  const int pixels = image_shape(study.network.image).pixels();
  const auto blank = [n, pixels] { return Eigen::MatrixXd(n, pixels); };
  DecodedImages images{blank(), blank(), blank(), blank(), blank()};
  const auto work = [&](std::size_t item, std::size_t) {
    const auto s = static_cast<Eigen::Index>(item);
    const Sample::Decoding& sample = study.sample(s).decoding.value();
    images.clean.row(s) = sample.clean.cast<double>();
    images.noisy.row(s) = sample.noisy.cast<double>();
    images.unet.row(s) = sample.unet.cast<double>();
    images.settled.row(s) = image_from(study, sample, readout.row(s));
    images.mean_map.row(s) = image_from(study, sample, study.machine().fit_mean);
  };
  const auto count = static_cast<std::size_t>(n);
  // To the end, also of what an interrupted batch has settled.
  parallel_for(count, worker_count(count, study.options.threads), work);
  return images;
}

/// Noisy, U-Net, settled, mean map and clean image of the first `most` samples, in this order, with their PSNR.
std::vector<Picture> pictures_of(const DecodedImages& images, const ImageShape& shape, Eigen::Index most) {
  std::vector<Picture> all;
  for (Eigen::Index s = 0; s < std::min(most, images.clean.rows()); ++s) {
    const auto sample = static_cast<int>(s);
    const auto add = [&](const char* name, const Eigen::MatrixXd& kind) {
      all.push_back({sample, name, mean_psnr(kind.row(s), images.clean.row(s)), shape, kind.row(s)});
    };
    add("noisy", images.noisy);
    add("unet", images.unet);
    add("settled", images.settled);
    add("mean_map", images.mean_map);
    all.push_back({sample, "clean", std::nullopt, shape, images.clean.row(s)});
  }
  return all;
}

/// `states`: at `steps`, a row each.
void take_film(const Study& study, const Settled& settled, const std::vector<int>& steps, const Eigen::MatrixXd& states,
               Results& results) {
  const Sample::Decoding& sample = study.sample(0).decoding.value();
  const Eigen::VectorXd clean = sample.clean.cast<double>();
  const ImageShape shape = image_shape(study.network.image);
  const auto add = [&](const std::string& name, const Eigen::VectorXd& at) {
    const Eigen::VectorXd image = image_from(study, sample, at);
    results.film.push_back({0, name, mean_psnr(image.transpose(), clean.transpose()), shape, image});
  };
  for (std::size_t n = 0; n < steps.size(); ++n) {
    add(std::to_string(steps[n]), states.row(static_cast<Eigen::Index>(n)));
  }
  add("mean", settled.batch.mean.row(0));
}

}  // namespace

void measure_images(const Study& study, const Settled& settled, Results& results) {
  if (!gives_image(study.machine())) return;
  study.progress.begin(Phase::images);
  results.take("image", [&] {
    const DecodedImages images = decoded_images(study, settled.batch.mean);
    Report::Image& out = results.report.image.emplace();
    const auto psnr = [&](const char* name, Measure& result, const Eigen::MatrixXd& kind) {
      results.measure(std::string("image.") + name, result, [&] { return mean_psnr(kind, images.clean); });
    };
    psnr("psnr", out.psnr, images.settled);
    psnr("psnr_unet", out.psnr_unet, images.unet);
    psnr("psnr_mean_map", out.psnr_mean_map, images.mean_map);
    psnr("psnr_noisy", out.psnr_noisy, images.noisy);
    results.images = pictures_of(images, image_shape(study.network.image), kPictures);
  });
}

void measure_film(const Study& study, const Settled& settled, RunArrays& arrays, Beside& beside, Results& results) {
  if (!gives_image(study.machine())) return;
  results.take("film", [&] {
    const std::vector<int> steps = film_steps(study);
    const auto path = arrays.stepped_work<Eigen::MatrixXd>(beside, "film", [&study, steps](LoadedArray& array) {
      return states_over_time(array, study.conditions(0), steps, study.stop);
    });
    beside.then([&study, &settled, steps, path](Results& later) {
      later.take("film", [&] { take_film(study, settled, steps, path.get(), later); });
    });
  });
}

}  // namespace settle
