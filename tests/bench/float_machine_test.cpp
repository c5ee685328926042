// The file by which settle-bench tells other programs of a machine.
#include <string>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "error_message.hpp"
#include "programs/bench/floats/float_machine.hpp"
#include "temporary_folder.hpp"

using namespace settle;

namespace {

FloatMachine small() {
  FloatMachine machine;
  machine.name = "small";
  machine.step = 0.25F;
  machine.samples = 2;
  FloatLayer layer;
  layer.height = layer.width = 2;
  layer.site_cells = 1;
  layer.stiffness = {1.1F};
  layer.field = {0.1F, 0.2F, 0.3F, 0.4F, 1e-7F, -3.3333333F, 5, 6};
  layer.field_samples = 2;
  layer.field_sites = 4;
  layer.noise = 0.01F;
  layer.force = {-1, 0, 0.5F};
  layer.range = 8;
  machine.layers = {layer, layer};
  FloatBus bus;
  bus.target = 1;
  bus.grids = Grids::from_half;
  bus.top = bus.left = -1;
  bus.height = bus.width = 3;
  bus.source_matrix = {0.7F};
  bus.target_matrix = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  machine.buses = {bus};
  return machine;
}

/// The file with `to` in place of `from` is refused with a message that names `part`.
void check_refused(const std::string& from, const std::string& to, const std::string& part) {
  const settle_test::TemporaryFolder folder;
  std::string text = to_text(small());
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  write_atomically(folder.path() / "m.json", text);
  settle_test::check_fails([&] { read_float_machine(folder.path() / "m.json"); }, part);
}

}  // namespace

TEST_CASE("every bit of a machine comes back") {
  const settle_test::TemporaryFolder folder;
  write_atomically(folder.path() / "m.json", to_text(small()));
  const FloatMachine back = read_float_machine(folder.path() / "m.json");
  CHECK(to_text(back) == to_text(small()));
  CHECK(back.cells() == 8);
  CHECK(back.layers[1].field == small().layers[1].field);
  CHECK(back.buses[0].target_matrix == small().buses[0].target_matrix);
  CHECK(back.buses[0].grids == Grids::from_half);
}

TEST_CASE("what is wrong with a file is named") {
  check_refused("\"stiffness\":[1", "\"stiffness\":[1,1", "layers[0].stiffness");
  check_refused("from_half", "from_far", "same, from_half or from_double");
  check_refused("\"target\":1", "\"target\":2", "buses[0].target");
}
