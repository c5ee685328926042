// settle-train: trains the U-Net on MNIST, or reports on trained weights.
#include <algorithm>
#include <cstdio>
#include <future>
#include <string>

#include <malloc.h>

#include <fmt/format.h>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/program.hpp"
#include "base/terminal.hpp"
#include "network/train/data.hpp"
#include "network/train/export.hpp"
#include "network/train/report.hpp"
#include "network/train/trainer.hpp"
#include "network/unet/constants.hpp"

namespace {

constexpr const char* kProgram = "settle-train";

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
    if (option.name == "--data" || option.name == "--out" || option.name == "--reference") continue;
    command += fmt::format(" {} {}", option.name, fmt::join(option.words, " "));
  }
  return command;
}

struct Paths {
  std::string data = "data/mnist", out, reference, report;
};

int run(const Paths& paths, const settle::TrainingOptions& options, const settle::Slopes& slopes, double background,
        double d3_bias, const std::string& command) {
  ask_for_threads_that_there_are();
  const settle::Mnist data = settle::read_mnist(paths.data);
  if (!paths.report.empty()) {
    settle::TorchUnet net = settle::read_weights(paths.report);
    fmt::print("{}", settle::report(net, data));
    if (!paths.reference.empty()) settle::write_reference(paths.reference, net, data.test);
    return settle::kExitOk;
  }
  torch::manual_seed(options.seed);
  settle::TorchUnet net(slopes, background, d3_bias);
  for (torch::Tensor& weight : net->parameters()) {
    if (weight.dim() == 4) weight.set_data(weight.data().contiguous(at::MemoryFormat::ChannelsLast));
  }
  settle::catch_stop_signals();
  const settle::TrainingProgress done =
      train(net, data.train, options, settle::stop_requested,
            [&](const settle::TrainingProgress& progress) { show_progress(progress, options); });
  if (settle::can_redraw()) std::fputc('\n', stderr);
  if (done.step == 0) throw settle::error("training was interrupted before its first step, nothing is written");
  settle::write_weights(paths.out, net,
                        {{"training_command", command},
                         {"seed", fmt::format("{}", options.seed)},
                         {"steps", fmt::format("{}", done.step)}});
  fmt::print("{} steps of {} images in {:.0f} s, {:.0f} images/s; weights in {}\n", done.step, options.batch,
             done.seconds, done.images_per_second, paths.out);
  if (done.step < options.steps) fmt::print("interrupted: {} steps were asked for\n", options.steps);
  if (!paths.reference.empty()) settle::write_reference(paths.reference, net, data.test);
  fmt::print("{}", settle::report(net, data));
  return done.step < options.steps ? settle::kExitInterrupted : settle::kExitOk;
}

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  keep_large_blocks();
  Paths paths;
  settle::TrainingOptions options;
  settle::Slopes slopes{0.125, 0.7};
  double background = 0.0, d3_bias = -0.3;
  settle::CommandLine app{kProgram, "Trains Settle's denoising U-Net on MNIST, or reports on trained weights."};
  app.add_option("--data", paths.data, "folder of the four MNIST files")->check(settle::path())->shows_default();
  auto* out = app.add_option("--out", paths.out, "weights file to write")->check(settle::path());
  app.add_option("--reference", paths.reference, "file of reference activations to write")->check(settle::path());
  auto* report =
      app.add_option("--report", paths.report, "weights file to report on, without training")->check(settle::path());
  out->excludes(report);
  app.add_option("--steps", options.steps, "optimiser steps")->shows_default()->check(settle::whole(1, 10'000'000));
  app.add_option("--batch", options.batch, "images per step")->shows_default()->check(settle::whole(1, 4096));
  app.add_option("--learning-rate", options.learning_rate, "Adam's learning rate at its highest")
      ->shows_default()
      ->check(settle::real(1e-6, 1.0));
  app.add_option("--slope", slopes.others, "activations' slope below zero")
      ->shows_default()
      ->check(settle::real(0.125, 1.0));
  app.add_option("--d3-slope", slopes.d3, "the same in d3")->shows_default()->check(settle::real(0.125, 1.0));
  app.add_option("--d3-bias", d3_bias, "where the biases of d3 start")->check(settle::real(-1.0, 1.0))->shows_default();
  app.add_option("--background", background, "share of the background's level that the first biases start by removing")
      ->shows_default()
      ->check(settle::real(0.0, 1.0));
  app.add_option("--narrow-share", options.narrow_share, "share of the images with sigma near 0.5")
      ->shows_default()
      ->check(settle::real(0.0, 1.0));
  app.add_option("--bottleneck-rank", options.bottleneck_rank, "rank of the bottleneck's part of d3's kernel")
      ->check(settle::whole(1, settle::kChannelsB))
      ->shows_default();
  app.add_option("--skip-rank", options.skip_rank, "rank of e3's part of d3's kernel")
      ->check(settle::whole(1, settle::kChannels3))
      ->shows_default();
  app.add_option("--seed", options.seed, "seed of weights, order and noise")->check(settle::whole(0))->shows_default();
  const auto check = [&paths] {
    if (paths.out.empty() && paths.report.empty()) throw settle::error("--out or --report is needed");
  };
  if (const auto status = app.parse(argc, argv, check)) return *status;
  return settle::run_program(kProgram,
                             [&] { return run(paths, options, slopes, background, d3_bias, command_of(app)); });
}
