// settle-bench-torch: a machine's steps by libtorch, on one thread. settle-bench starts it.
#include <fstream>
#include <set>
#include <string>

#include <torch/torch.h>
#include <torch/version.h>

#include "programs/bench/floats/float_loop.hpp"
#include "programs/bench/torch/torch_loop.hpp"

namespace {

/// Files of the matrix libraries that this program has loaded: libtorch takes whichever libblas the system has.
std::string matrix_libraries() {
  std::set<std::string> found;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const std::size_t slash = line.find_last_of('/');
    const std::string name = slash == std::string::npos ? "" : line.substr(slash + 1);
    for (const char* library : {"libblas", "libopenblas", "libdnnl", "libmkl", "libblis"}) {
      if (name.rfind(library, 0) == 0) found.insert(line.substr(line.find('/')));
    }
  }
  std::string all;
  for (const std::string& name : found) all += (all.empty() ? "" : ", ") + name;
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  torch::set_num_threads(1);
  torch::manual_seed(1);
  settle::FloatLibrary library;
  library.name = std::string("libtorch ") + TORCH_VERSION;
  library.details = matrix_libraries();
  library.styles = {"written", "in place"};
  library.ways = settle::torch_ways;
  library.make = settle::make_torch_loop;
  library.modes = {"plain", "inference_mode"};
  library.in_mode = [](const std::string& mode, const std::function<void()>& body) {
    const c10::InferenceMode guard(mode == "inference_mode");
    body();
  };
  return settle::float_program("settle-bench-torch", library, argc, argv);
}
