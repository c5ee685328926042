// settle: settles a U-Net's activations on the cell array. Commands: run, sweep, fit, devices, info.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <map>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/standard_streams.hpp"
#include "device/identity.hpp"
#include "device/link/resuming_device.hpp"
#include "device/model_device.hpp"
#include "device/streams/open_stream.hpp"
#include "fit/fit_command.hpp"
#include "fit/maps/map_machine.hpp"
#include "fit/vectors/preset.hpp"
#include "generated/build.hpp"
#include "network/unet/constants.hpp"
#include "programs/settle/command_line.hpp"
#include "programs/settle/devices.hpp"
#include "programs/settle/info.hpp"
#include "sim/rtl_device.hpp"
#include "study/run/run_command.hpp"
#include "study/sweep/sweep_command.hpp"

namespace {

namespace fs = std::filesystem;
using settle::known;
using settle::path;
using settle::real;
using settle::whole;

volatile std::sig_atomic_t stop_requested = 0;

void on_interrupt(int) { stop_requested = 1; }

/// The first Ctrl-C asks, and ends a call that waits; the second one ends the program as usual. A file that grows too
/// large is an error of its writing, not the program's end.
void catch_signals() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool stop() { return stop_requested != 0; }

/// Throws Error, which begins with `what`, for the name of no device; only here is it known which there are.
void check_device(const std::string& name, const std::string& what) {
  if (name == "rtl" || name == "model" || settle::names_stream(name)) return;
  throw settle::error(
      "{}: {}: unknown; known are rtl, model, serial:PATH, serial:PATH@BAUD (or the path alone) and tcp:HOST:PORT",
      what, settle::one_line(name));
}

/// A board that is waited for `patience` seconds if it goes away.
std::unique_ptr<settle::Device> make_board(const std::string& name, std::uint64_t patience) {
  settle::ResumeOptions options;
  options.patience = std::chrono::seconds(patience);
  options.stop = stop;
  options.notice = [](const std::string& text) { fmt::print(stderr, "settle: {}\n", settle::one_line(text)); };
  settle::LinkTimes times;
  times.stop = stop;
  return std::make_unique<settle::ResumingDevice>(
      std::make_unique<settle::LinkDevice>(settle::open_stream(name), times), options);
}

std::unique_ptr<settle::Device> make_device(const std::string& name, const settle::Configuration& configuration,
                                            const settle::RtlOptions& rtl, std::uint64_t patience) {
  check_device(name, "--device");
  if (name == "rtl") return settle::make_rtl_device(configuration.name, rtl);
  if (name == "model") return std::make_unique<settle::ModelDevice>(configuration);
  return make_board(name, patience);
}

CLI::Validator device_name() {
  const auto check = [](std::string& text) -> std::string {
    try {
      check_device(text, "");
    } catch (const settle::Error& e) {
      return std::string(e.what()).substr(2);  // CLI11 names the option
    }
    return "";
  };
  return CLI::Validator(check, "");
}

const std::vector<std::string>& presets() {
  static const std::vector<std::string> names = {"anchored", "paper", "map", "map-bus", "unet", "whole"};
  return names;
}

/// `what` begins the error for an unknown preset.
fs::path machine_file(const std::string& preset, const std::string& what) {
  const fs::path path = fs::path(settle::kAssets) / (preset + ".machine.json");
  if (preset.find('/') != std::string::npos || !fs::exists(path)) {
    throw settle::error("{}: {}: unknown; known are {}", what, preset, fmt::join(presets(), ", "));
  }
  return path;
}

/// The configuration that a preset's machines are made for.
std::string configuration_of(const std::string& preset) {
  return settle::is_map_preset(preset) ? settle::map_configuration(preset) : preset;
}

/// The parts of an option --rank BUS=RANK.
std::string bus_name(const std::string& text) { return text.substr(0, text.find('=')); }

int bus_rank(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string digits = equals == std::string::npos ? "" : text.substr(equals + 1);
  const bool number =
      !digits.empty() && digits.size() < 6 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number) throw settle::error("--rank: {}: BUS=RANK is needed, as in d3-d2=24", text);
  return std::stoi(digits);
}

/// One line on stderr and the exit status.
int refuse(const std::string& message, int status) {
  std::fprintf(stderr, "settle: %s\n", settle::one_line(message).c_str());
  return status;
}

bool flushed() {
  std::cout.flush();  // of CLI11's help
  return std::cout.good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

int refuse_output() { return refuse(fmt::format("standard output cannot be written: {}", std::strerror(errno)), 1); }

}  // namespace

int main(int argc, char** argv) {
  settle::keep_standard_streams();
  CLI::App app("Settles a denoising U-Net's activations on an array of stochastic Langevin cells");
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", std::string("settle, commit ") + settle::kGit);

  const CLI::Validator sigma_range = real(settle::kSigmaMin, settle::kSigmaMax);

  settle::RunOptions run;
  settle::RtlOptions rtl;
  run.unet = fs::path(settle::kAssets) / "unet.safetensors";
  run.shipped_images = fs::path(settle::kAssets) / "mnist-test-512-images-idx3-ubyte";
  run.own_images = run.shipped_images;
  run.mnist = settle::kMnist;
  run.out = "out/run";
  run.git = settle::kGit;
  CLI::App* run_app = app.add_subcommand("run", "settle held-out images on the array, score them, write a report");
  run_app
      ->add_option("--preset", run.preset, "anchored, paper (two modules), map, map-bus, unet or whole (feature maps)")
      ->check(known(presets()))
      ->capture_default_str();
  run_app
      ->add_option("--device,--engine", run.engine,
                   "rtl (verilated, cycle-accurate), model (bit-exact, fast), or a board: serial:PATH[@BAUD], "
                   "tcp:HOST:PORT")
      ->check(device_name())
      ->capture_default_str();
  std::uint64_t patience = 60;
  run_app->add_option("--patience", patience, "seconds that a board which goes away is waited for")
      ->transform(whole(0, 86400))
      ->capture_default_str();
  run_app->add_option("--samples", run.samples, "test images")
      ->transform(whole(1, settle::kMostSamples))
      ->capture_default_str();
  run_app->add_option("--seed", run.seed, "seed of image noise and thermal noise")
      ->transform(whole(0))
      ->capture_default_str();
  run_app->add_option("--sigma", run.sigma, "noise level of the images (default: the machine's)")->check(sigma_range);
  run_app->add_option("--kt", run.kt, "temperature (default: the machine's)")->check(real(0));
  run_app->add_option("--settle-steps", run.settle_steps, "steps before the window (default: the machine's)")
      ->transform(whole(0, settle::kMostSettleSteps));
  run_app->add_option("--window-steps", run.window_steps, "steps averaged (default: the machine's)")
      ->transform(whole(1, settle::kMostWindowSteps));
  run_app->add_option("--out", run.out, "folder for report.json, settling.csv, readout.csv")
      ->check(path())
      ->capture_default_str();
  run_app->add_option("--machine", run.machine, "machine file (default: the preset's)")->check(path());
  run_app->add_option("--unet", run.unet, "weights of the U-Net")->check(path())->capture_default_str();
  run_app->add_option("--images", run.shipped_images, "test images, IDX3")->check(path())->capture_default_str();
  run_app->add_option("--mnist", run.mnist, "folder of the whole MNIST")->check(path())->capture_default_str();
  std::vector<std::string> formats;
  run_app->add_option("--format", formats, "model engine: another word length, as in state=Q4.16 or noise_fraction=6");
  run_app->add_flag("--quick", run.quick, "only settle, score and draw: what is measured beside is left out");
  run_app->add_flag("--energy", run.energy, "also print the energy table and its assumptions");
  CLI::Option* trace = run_app->add_option("--trace", rtl.trace_path, "waveform of the rtl engine, FST")->check(path());
  run_app->add_option("--trace-from", rtl.trace_from, "first clock cycle of the waveform")
      ->needs(trace)
      ->transform(whole(0))
      ->capture_default_str();
  rtl.trace_to = 100000;
  run_app->add_option("--trace-to", rtl.trace_to, "cycle at which the waveform ends")
      ->needs(trace)
      ->transform(whole(1))
      ->capture_default_str();

  settle::SweepOptions sweep;
  CLI::App* sweep_app = app.add_subcommand("sweep", "run a plan: settle run over a grid of options and word lengths");
  sweep_app->add_option("plan", sweep.plan, "plan file, JSON (host/study/sweep/plan.hpp says what it holds)")
      ->check(path())
      ->required();
  sweep.out = "out/sweep";
  sweep_app->add_option("--out", sweep.out, "folder for sweep.csv and the runs' own folders")
      ->check(path())
      ->capture_default_str();
  sweep_app->add_option("--mnist", run.mnist, "folder of the whole MNIST")->check(path())->capture_default_str();

  settle::FitOptions fit;
  fit.unet = run.unet;
  fit.mnist = run.mnist;
  CLI::App* fit_app = app.add_subcommand("fit", "fit a preset's machine to activations on training images");
  fit_app
      ->add_option("--preset", fit.preset, "anchored, paper (two modules), map, map-bus, unet or whole (feature maps)")
      ->check(known(presets()))
      ->capture_default_str();
  fit_app->add_option("--images", fit.images, "training images, a sixth of them held out")
      ->transform(whole(settle::kFewestImages, 60000))
      ->capture_default_str();
  fit_app->add_option("--seed", fit.seed, "seed of image noise and of the search")
      ->transform(whole(0))
      ->capture_default_str();
  fit_app->add_option("--sigma", fit.sigma, "noise level of the images")->check(sigma_range)->capture_default_str();
  fit_app->add_option("--unet", fit.unet, "weights of the U-Net")->check(path())->capture_default_str();
  fit_app->add_option("--mnist", fit.mnist, "folder of train-images-idx3-ubyte")->check(path())->capture_default_str();
  bool full_rank = false;
  std::vector<std::string> ranks;
  fit_app->add_flag("--full-rank", full_rank, "presets of maps: every bus of its convolution's own rank");
  fit_app->add_option("--rank", ranks, "presets of maps: upper bound of one bus's rank, as in d3-d2=24");
  fit_app->add_option("--out", fit.out, "machine file to write")->check(path())->required();

  settle::InfoOptions info;
  settle::DevicesOptions devices;
  CLI::App* devices_app = app.add_subcommand("devices", "what can be run on: engines of this build, attached boards");
  devices_app->add_option("device", devices.names, "only these: serial:PATH[@BAUD], tcp:HOST:PORT")
      ->check(device_name());

  CLI::App* info_app = app.add_subcommand("info", "what this build knows: configurations, registers, a machine file");
  info_app->add_flag("--registers", info.registers, "the register map");
  info_app->add_flag("--configurations", info.configurations, "bounds and formats of every configuration");
  info_app->add_option("--machine", info.machine, "describe a machine file")->check(path());

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& e) {
    const int status = app.exit(e);  // --help, --version
    return flushed() ? status : refuse_output();
  } catch (const CLI::ParseError& e) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    const std::string command = commands.empty() ? "" : " " + commands.front()->get_name();
    return refuse(fmt::format("{} (settle{} --help lists the options)", e.what(), command), 2);
  }
  if (app.get_subcommands().empty())
    return refuse("a command is needed: run, sweep, fit, devices or info (see settle --help)", 2);
  catch_signals();
  const auto command = [&] {
    if (info_app->parsed()) return settle::info_command(info);
    if (devices_app->parsed()) return settle::devices_command(devices);
    if (fit_app->parsed()) {
      const settle::Configuration configuration = settle::configuration(configuration_of(fit.preset));
      fit.configuration_hash = configuration.hash_text();
      fit.step = configuration.step();
      fit.table_segments = configuration.table_segments();
      if (full_rank || !ranks.empty()) {
        std::map<std::string, int> asked;
        for (const std::string& text : ranks) {
          if (!asked.emplace(bus_name(text), bus_rank(text)).second) {
            throw settle::error("--rank: {} is given twice", bus_name(text));
          }
        }
        settle::check_ranks(asked, fit.preset, ranks.empty() ? "--full-rank" : "--rank");
        fit.ranks = full_rank ? std::map<std::string, int>() : settle::measured_ranks(fit.preset);
        for (const auto& [bus, rank] : asked) fit.ranks->insert_or_assign(bus, rank);
      }
      return settle::fit_command(fit, stop);
    }
    const settle::MakeDevice device = [&](const std::string& engine, const settle::Configuration& configuration) {
      return make_device(engine, configuration, rtl, patience);
    };
    run.built_as = [&](const std::string& engine, const settle::Configuration& configuration) {
      if (engine == "rtl" || engine == "model") return configuration;
      return settle::as_built(settle::identify(*make_board(engine, patience)), configuration);
    };
    if (sweep_app->parsed()) {
      sweep.run = run;
      sweep.machine_of = machine_file;
      sweep.check_device = check_device;
      return settle::sweep_command(sweep, device, stop);
    }
    for (const std::string& text : formats) settle::add_change(run.format, text, "--format");
    settle::check_changes(run.format, "--format");
    run.own_machine = run.machine.empty();
    if (run.own_machine) run.machine = machine_file(run.preset, "--preset");
    run.trace = rtl.trace_path;
    if (!rtl.trace_path.empty()) {
      if (run.engine != "rtl") throw settle::error("--trace: needs --engine rtl");
      settle::check_writable(rtl.trace_path, "--trace");
    }
    if (rtl.trace_from >= rtl.trace_to) {
      throw settle::error("--trace-from: {} is not below --trace-to, {}", rtl.trace_from, rtl.trace_to);
    }
    return settle::run_command(run, device, stop);
  };
  try {
    const int status = command();
    return flushed() ? status : refuse_output();
  } catch (const std::bad_alloc&) {
    return refuse("not enough memory", 1);
  } catch (const std::system_error& e) {  // of fmt: standard output
    return refuse(fmt::format("standard output cannot be written: {}", e.code().message()), 1);
  } catch (const std::exception& e) {
    return refuse(e.what(), stop() ? 130 : 1);
  }
}
