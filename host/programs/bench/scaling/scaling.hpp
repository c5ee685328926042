// What a step costs as one size of a machine grows and the others stay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "programs/bench/scaling/drawn_machine.hpp"
#include "programs/bench/scaling/least_squares.hpp"

namespace settle {

struct ScalingOptions {
  std::string out = "out/bench";
  std::uint64_t seed = 1;
  int runs = 5;        ///< timings of each point
  bool quick = false;  ///< few steps of the smaller machines
};

/// One size of a machine, and what a step of it costs.
struct ScalingPoint {
  double x = 0;     ///< the size that grows
  double work = 0;  ///< what the cost should be linear in
  Shape shape;
  int chains = 0;  ///< on one core
  std::string configuration_hash;
  std::vector<double> ensemble = {};  ///< seconds per step of all chains, CPU time, by run
  std::vector<double> model = {};     ///< of one chain; empty: not measured
  double slots = 0, dense = 0;        ///< per step of one chain (hardware_cycles.hpp)
};

/// The fits of one engine's costs: see least_squares.hpp.
struct ScalingFit {
  std::string engine;  ///< "ensemble", "model", "slots"
  Estimate slope;      ///< log-log
  LinearFit linear;    ///< constant, and factor of `work`
  PowerFit power;      ///< the part that grows, in x
};

/// A series of machines of which one size grows.
struct ScalingSeries {
  std::string name;     ///< "cells", "rank", "layers", "chains", "side"
  std::string text;     ///< what grows and what stays
  std::string work;     ///< name of ScalingPoint::work
  double expected = 1;  ///< exponent of x
  std::vector<ScalingPoint> points;

  /// `engine` as ScalingFit's; none if it was not measured at four points.
  std::optional<ScalingFit> fit(const std::string& engine) const;
  /// Medians at the points that have them.
  std::vector<double> costs(const std::string& engine) const;
};

struct ScalingResults {
  std::string instructions;
  std::vector<ScalingSeries> series;
  LinearFit together;  ///< of the ensemble on series cells and rank: 1, D, D k (D: cells of a layer)
};

/// Measures every point `runs` times, all in turn. Throws Error if a machine does not fit, Stopped if a signal asked
/// for the end.
ScalingResults measure_scaling(const ScalingOptions& options);

}  // namespace settle
