// Verilated arrays that are made when a run asks for them, and kept: one library per hardware, configuration and lanes.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "contract/configuration/configuration.hpp"

namespace settle {

/// Where engines come from and go to.
struct EnginePlaces {
  std::filesystem::path tree;   ///< the sources of Settle
  std::filesystem::path cache;  ///< folder of engines; made when it is needed
};

class EngineCache {
 public:
  /// `stop` (may be empty) ends what is under way; `notice` (may be empty) is told, in one line, what takes a while.
  EngineCache(EnginePlaces places, std::function<bool()> stop, std::function<void(const std::string&)> notice);

  /// The library of `configuration` (sim/on_demand/engine_interface.hpp), verilated and compiled now if it is not there
  /// yet; another program that makes the same one is waited for. Throws Error if sources, Verilator or the compiler are
  /// gone, and naming the log if one of the two fails; Stopped if it was ended, and then nothing is left.
  std::filesystem::path library(const Configuration& configuration) const;

 private:
  std::filesystem::path source(const char* name, const Configuration& configuration) const;
  std::string key(const Configuration& configuration) const;
  void make(const Configuration& configuration, const std::filesystem::path& folder) const;

  EnginePlaces places_;
  std::function<bool()> stop_;
  std::function<void(const std::string&)> notice_;
};

}  // namespace settle
