#include "sim/on_demand/on_demand_engines.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>
#include <vector>

#include <dlfcn.h>

#include "base/error.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "sim/on_demand/engine_interface.hpp"

namespace settle {

namespace {

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The last thing that loading a library met.
std::string why_not_loaded() {
  const char* const why = dlerror();
  return why == nullptr ? "unknown" : one_line(why);
}

}  // namespace

bool is_verilated(const Configuration& configuration) {
  if (!holds(rtl_device_keys(), configuration.name) || !holds(configuration_names(), configuration.name)) return false;
  return field_values(settle::configuration(configuration.name)) == field_values(configuration);
}

/// A library that stays loaded as long as one of its arrays lives.
class OnDemandEngines::Library {
 public:
  explicit Library(const std::filesystem::path& file) : library_(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) throw error("{}: cannot be loaded: {}", file.string(), why_not_loaded());
    void* const found = dlsym(library_, kEngineFunction);
    if (found != nullptr) interface_ = reinterpret_cast<decltype(&settle_engine)>(found)();
    if (interface_ == nullptr || interface_->version != kEngineInterface) {
      dlclose(library_);
      throw error("{}: no engine of this program: remove it", file.string());
    }
  }

  ~Library() { dlclose(library_); }

  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const EngineInterface& interface() const { return *interface_; }

 private:
  void* library_;
  const EngineInterface* interface_ = nullptr;
};

namespace {

/// `Library` is OnDemandEngines::Library, which has no name here.
template <typename Library>
class LibraryDevice : public RtlDevice {
 public:
  LibraryDevice(std::shared_ptr<const Library> library, int power_up)
      : library_(std::move(library)), engine_(library_->interface()), array_(engine_.make(power_up)) {
    if (array_ == nullptr) throw error("engine {}: no memory for an array", kRtlEngine);
  }

  ~LibraryDevice() override { engine_.end(array_); }

  LibraryDevice(const LibraryDevice&) = delete;
  LibraryDevice& operator=(const LibraryDevice&) = delete;

  std::uint64_t cycles() const override { return engine_.cycles(array_); }

  std::uint32_t read(std::uint32_t address) override { return access(address, false, 0); }

  void write(std::uint32_t address, std::uint32_t value) override { access(address, true, value); }

 private:
  std::uint32_t access(std::uint32_t address, bool is_write, std::uint32_t value) {
    std::uint32_t read = 0;
    const int answer = engine_.access(array_, address, is_write ? 1 : 0, value, &read);
    check_answer(static_cast<PortAnswer>(answer), address, is_write);
    return read;
  }

  std::shared_ptr<const Library> library_;
  const EngineInterface& engine_;
  void* array_;
};

}  // namespace

std::unique_ptr<RtlDevice> OnDemandEngines::make(const Configuration& configuration, const RtlOptions& options) {
  if (is_verilated(configuration)) return make_rtl_device(configuration.name, options);
  if (!options.trace_path.empty()) {
    throw error(
        "--trace: configuration {} is not one that this build has verilated: what is verilated on demand has no "
        "waveforms",
        configuration.name);
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::filesystem::path file = cache_.library(configuration);
  std::shared_ptr<const Library>& library = libraries_[file.string()];
  if (!library) library = std::make_shared<const Library>(file);
  return std::make_unique<LibraryDevice<Library>>(library, options.power_up);
}

}  // namespace settle
