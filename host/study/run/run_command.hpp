// The body of `settle run`: from images to a report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contract/configuration/configuration.hpp"
#include "contract/presets/presets.hpp"
#include "device/device.hpp"
#include "device/engine_names.hpp"

namespace settle {

inline constexpr int kMostSamples = 1000000;

struct RunOptions {
  std::string preset = "anchored";
  std::string engine = kRtlEngine;  ///< or another device, as MakeDevice takes it
  int samples = 64;
  std::uint64_t seed = 1;
  std::optional<double> sigma;                    ///< default: the machine's
  std::optional<double> kt;                       ///< default: the machine's
  std::optional<int> settle_steps, window_steps;  ///< default: the machine's
  std::filesystem::path out;
  std::filesystem::path machine;         ///< machine file
  std::filesystem::path network;         ///< network file
  bool network_is_default = true;        ///< a machine that names its network goes before `network`
  std::filesystem::path shipped_images;  ///< the test images: by default those that come with Settle
  std::filesystem::path own_images;      ///< the test images that the presets' targets were set for
  std::filesystem::path mnist;           ///< folder of the whole test set, needed beyond the shipped images
  bool own_machine = true;               ///< `machine` is the one that ships for the preset
  std::filesystem::path trace;           ///< waveform that the device writes beside; empty: none
  bool energy = false;                   ///< also print the energy table
  std::string git;                       ///< commit of this program
  std::size_t threads = 0;               ///< at most; 0: one per core. Results do not depend on it
  /// Changed fields of the machine's configuration, as with_changes takes them; the machine is retargeted. Only for
  /// engines that any configuration can be had of: not the verilated one.
  std::map<std::string, int> format;
  /// What the engine is built for, given what the machine is made for: a board's lanes and memory sizes are its own.
  /// Empty: every engine is what the machine is made for.
  std::function<Configuration(const std::string& engine, const Configuration& configuration)> built_as;
  std::vector<Target> targets;  ///< the preset's: what the run is judged by, see report/judgement.hpp
  bool check = false;           ///< the exit status says whether every target is met
  bool all_measures = false;    ///< the table has every measure, and why one was not taken follows
  bool quick = false;    ///< only the settling itself, its scores and pictures: nothing that is settled beside it
  bool quiet = false;    ///< no table and no notes: the caller tells what became of the run
  bool progress = true;  ///< a line of progress on a terminal
};

/// Throws UsageError, which begins with --format, if other word lengths are asked for on an engine that has its own.
void check_format_engine(const RunOptions& options);

/// Makes the device of an engine for a configuration; for the engines of this process it is called from several threads
/// at once. Throws Error for an unknown engine.
using MakeDevice =
    std::function<std::unique_ptr<Device>(const std::string& engine, const Configuration& configuration)>;

/// Runs, prints the table, writes OUT/report.json, OUT/settling.csv and OUT/readout.csv. Returns the exit status: 0;
/// kExitCheckMissed (base/program.hpp) if `check` was asked for and a target is missed, could not be judged, or the run
/// is not judged at all (a line on stderr says which and why); or 130 if `stop` ended it early (what was complete is
/// reported). Throws Error for every bad input, before anything is written, and at once if another program works in OUT
/// (base/folder_lock.hpp).
int run_command(const RunOptions& options, const MakeDevice& make_device, const std::function<bool()>& stop);

}  // namespace settle
