// The network, images, presets and machines that ship.
#pragma once

#include <string>

#include "contract/presets/presets.hpp"
#include "images/idx.hpp"
#include "machine/machine.hpp"
#include "machine/machine_file.hpp"
#include "network/graph/graph_file.hpp"

namespace settle_test {

inline std::string asset(const std::string& name) { return std::string(SETTLE_SOURCE_DIR) + "/host/assets/" + name; }

inline settle::Graph shipped_network() { return settle::read_network(asset("unet.network.json")).graph; }

inline settle::ImageSet shipped_images() { return settle::read_images(asset("mnist-test-512-images-idx3-ubyte")); }

inline settle::Machine shipped_machine(const std::string& preset) {
  return settle::load_machine(asset(preset + ".machine.json"));
}

inline settle::Preset shipped_preset(const std::string& name) {
  return settle::find_preset(settle::load_presets(asset("presets.json")), name, "test");
}

}  // namespace settle_test
