// settle-train: trains a network that a file describes, or reports on a trained one.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <future>
#include <optional>
#include <string>

#include <malloc.h>

#include <fmt/format.h>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "base/program.hpp"
#include "base/terminal.hpp"
#include "network/description/description.hpp"
#include "network/graph/graph_file.hpp"
#include "network/train/data.hpp"
#include "network/train/reference.hpp"
#include "network/train/report.hpp"
#include "network/train/trainer.hpp"

namespace {

constexpr const char* kProgram = "settle-train";
constexpr std::int64_t kShippedImages = 64;  // that --test-images writes

// libtorch takes and returns the same large blocks in every step. Kept in the heap they cost nothing; by default the
// C library maps each anew, and clearing their pages takes longer than the arithmetic.
void keep_large_blocks() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2000 << 20);
}

// libtorch ends the program where the system gives it fewer threads than it asks for. So they are counted first.
void ask_for_threads_that_there_are() {
  std::promise<void> counted;
  const std::shared_future<void> wait = counted.get_future().share();
  const settle::Helpers helpers(static_cast<std::size_t>(std::max(1, at::get_num_threads()) - 1),
                                [wait](std::size_t) { wait.wait(); });
  at::set_num_threads(static_cast<int>(helpers.size()) + 1);
  counted.set_value();
}

void show_progress(const settle::TrainingProgress& progress, const settle::TrainingOptions& options) {
  if (!settle::can_redraw() || progress.step % 20 != 0) return;
  const double left =
      progress.seconds / static_cast<double>(progress.step) * static_cast<double>(options.steps - progress.step);
  settle::redraw_line(fmt::format("step {} of {}, loss {:.4f}, {:.0f} images/s, {:.0f} s left", progress.step,
                                  options.steps, progress.loss, progress.images_per_second, left));
}

// The options that were given, for the weights' metadata: all that decides them, so no names of files.
std::string command_of(const settle::CommandOptions& app) {
  std::string command = kProgram;
  for (const settle::GivenOption& option : app.given_options()) {
    if (option.name != "--steps" && option.name != "--learning-rate" && option.name != "--network") continue;
    command += fmt::format(" {} {}", option.name, fmt::join(option.words, " "));
  }
  return command;
}

struct Options {
  std::string network = "unet", data = "data/mnist", out = "host/assets", reference, test_images;
  bool report = false;
  std::optional<int> steps;
  std::optional<double> learning_rate;
  std::uint64_t seed = 1;
};

// A word without an ending is one of the networks that ship.
std::filesystem::path description_path(const std::string& network) {
  if (std::filesystem::path(network).has_extension()) return network;
  return std::filesystem::path("host/network/train/networks") / (network + ".json");
}

settle::Description description_of(const Options& options) {
  settle::Description description = settle::read_description(description_path(options.network));
  if (options.steps) description.training.steps = *options.steps;
  if (options.learning_rate) description.training.learning_rate = *options.learning_rate;
  description.training.seed = options.seed;
  return description;
}

// Before the hours of work whose results they are to hold.
void check_outputs(const Options& options, const std::string& name) {
  const std::filesystem::path out = options.out;
  if (!options.report) {
    settle::check_writable(out / (name + ".network.json"), "--out");
    settle::check_writable(out / (name + ".safetensors"), "--out");
  }
  if (!options.reference.empty()) settle::check_writable(options.reference, "--reference");
  if (!options.test_images.empty()) settle::check_writable(options.test_images, "--test-images");
}

// Trains and writes the network; returns how far it came.
settle::TrainingProgress train_and_write(const settle::Description& description, const torch::Tensor& images,
                                         const std::filesystem::path& out, const std::string& command) {
  const settle::TrainingOptions& training = description.training;
  settle::catch_stop_signals();
  settle::TrainingProgress done;
  const settle::TorchGraph net = train(
      description, images, settle::stop_requested,
      [&](const settle::TrainingProgress& progress) { show_progress(progress, training); }, done);
  if (settle::can_redraw()) std::fputc('\n', stderr);
  if (done.step == 0) throw settle::error("training was interrupted before its first step, nothing is written");
  const std::filesystem::path file = write_network(out, net.graph(),
                                                   {{"training_command", command},
                                                    {"seed", fmt::format("{}", training.seed)},
                                                    {"steps", fmt::format("{}", done.step)}});
  fmt::print("{} steps of {} images in {:.0f} s, {:.0f} images/s, loss {:.4f}; the network is {}\n", done.step,
             training.batch, done.seconds, done.images_per_second, done.loss, file.string());
  if (done.step < training.steps) fmt::print("interrupted: {} steps were asked for\n", training.steps);
  return done;
}

int run(const Options& options, const std::string& command) {
  ask_for_threads_that_there_are();
  const settle::Description description = description_of(options);
  const settle::ImageData data = settle::read_image_data(description.images, options.data, description.graph);
  check_outputs(options, description.graph.name);
  bool whole = true;
  if (!options.report) {
    whole = train_and_write(description, data.train, options.out, command).step == description.training.steps;
  }
  // What stands in the files is what is judged.
  const std::filesystem::path file = std::filesystem::path(options.out) / (description.graph.name + ".network.json");
  const settle::Graph graph = settle::read_network(file).graph;
  check_same_shape(graph, description, file.string());
  const settle::TorchGraph net(graph);
  if (!options.reference.empty()) write_reference(options.reference, net, data.test);
  if (!options.test_images.empty()) settle::write_images(options.test_images, data.test, kShippedImages);
  fmt::print("{}", settle::report(net, data, description));
  return whole ? settle::kExitOk : settle::kExitInterrupted;
}

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  keep_large_blocks();
  Options options;
  settle::CommandLine app{kProgram, "Trains a denoising network that a file describes, or reports on a trained one."};
  app.add_option("--network", options.network,
                 "a name in host/network/train/networks, or a description NAME.json: what to train")
      ->shows_default();
  app.add_option("--data", options.data, "folder of MNIST's files, for networks that learn from them")
      ->check(settle::path())
      ->shows_default();
  app.add_option("--out", options.out, "folder for NAME.network.json and NAME.safetensors")
      ->check(settle::path())
      ->shows_default();
  app.add_flag("--report", options.report, "report on the network in --out, without training");
  app.add_option("--reference", options.reference, "file of reference activations to write")->check(settle::path());
  app.add_option("--test-images", options.test_images, ".npy file of the first 64 test images to write")
      ->check(settle::path());
  app.add_option("--steps", options.steps, "optimiser steps, in place of the description's")
      ->check(settle::whole(1, 10'000'000));
  app.add_option("--learning-rate", options.learning_rate, "Adam's learning rate at its highest, likewise")
      ->check(settle::real(1e-6, 1.0));
  app.add_option("--seed", options.seed, "seed of weights, order and noise")->check(settle::whole(0))->shows_default();
  if (const auto status = app.parse(argc, argv)) return *status;
  return settle::run_program(kProgram, [&] { return run(options, command_of(app)); });
}
