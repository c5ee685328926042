#include "fit/vectors/anchored.hpp"

#include "fit/response/regression.hpp"
#include "fit/vectors/bus.hpp"
#include "fit/vectors/linear_layer.hpp"
#include "fit/vectors/score.hpp"

namespace settle {

Machine fit_anchored(const Eigen::MatrixXd& encoder, const Eigen::MatrixXd& bottleneck, const Eigen::MatrixXd& decoder,
                     const AnchoredOptions& options, const std::function<bool()>& stop, ResponseModel* model) {
  const Eigen::VectorXd mean = decoder.colwise().mean();
  const Eigen::VectorXd weights = cosine_weights(decoder, mean);
  SearchOptions search = options.search;
  search.profile.ridge =
      options.ridge * weighted_centred(encoder, weights).squaredNorm() / static_cast<double>(encoder.cols());
  search.profile.decay = options.decay * weighted_centred(decoder, weights).squaredNorm();
  const ResponseModel response = train_response(encoder, bottleneck, decoder, weights, search, stop);
  const double a = options.encoder_stiffness;
  const RealisedBus realised = realise_bus(response.coupling, search.profile.rank, a, options.decoder_stiffness);

  Machine machine;
  machine.preset = "anchored";
  machine.configuration = "anchored";
  machine.step = options.step;
  machine.encoder = 0;
  machine.decoder = 1;
  machine.fit_mean = mean;
  machine.layers = {linear_layer("encoder", encoder.cols(), a),
                    linear_layer("decoder", decoder.cols(), options.decoder_stiffness)};
  machine.layers[0].map = "e3";
  machine.layers[0].held = true;
  machine.layers[1].map = "d3";
  machine.buses = {{"encoder-decoder", 0, 1, true, realised.source_matrix, realised.target_matrix}};

  Interface& interface = machine.interface;
  interface.source = "b";
  interface.target = 1;
  interface.down = response.down;
  interface.up = response.up;
  interface.in = response.in;
  interface.out = realised.restoring * response.response;
  interface.mean_field = interface.out * response_features(response, bottleneck).colwise().mean().transpose();

  // A static force J mean on the encoder makes up for the mean back-action, so that its states lie about their
  // activations; the decoder's static field carries the offset and pays that force back.
  const Eigen::MatrixXd coupling = realised.source_matrix * realised.target_matrix.transpose();
  machine.layers[0].field = coupling * mean;
  machine.layers[1].field = realised.restoring * response.offset + coupling.transpose() * machine.layers[0].field / a;
  if (model != nullptr) *model = response;
  return machine;
}

}  // namespace settle
