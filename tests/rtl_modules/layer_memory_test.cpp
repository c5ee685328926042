// Random layers, written in parts, as the sequencer reads them.
#include <vector>

#include <doctest/doctest.h>

#include "VM_layers_1.h"
#include "VM_layers_1_alone.h"
#include "VM_layers_28.h"
#include "array/model/layer_descriptor.hpp"
#include "rtl_modules/bench.hpp"

namespace layer_memory_bench {
namespace {

using namespace settle;
using namespace settle::testing;

template <class Module>
class LayerBench {
 public:
  LayerBench(int lanes, int layers, int side, int rows, bool torus)
      : lanes_(lanes),
        side_(side),
        rows_(rows),
        torus_(torus),
        random_(lanes),
        bench_(lanes),
        contents_(static_cast<std::size_t>(layers)) {
    for (int layer = 0; layer < layers; ++layer) {
      for (int part = 0; part < 4; ++part) write(layer, part);
    }
  }

  int wrong() {
    const int layers = static_cast<int>(contents_.size());
    int wrong = 0;
    for (int i = 0; i < 2000; ++i) {
      write(random_.below(layers), random_.below(4));
      const int layer = random_.below(layers);
      const LayerDescriptor& expected = contents_[static_cast<std::size_t>(layer)];
      const int cell = random_.one_in(2) ? expected.site_cells : random_.below(65);
      bench_->layer_i = static_cast<std::uint8_t>(layer);
      bench_->cell_i = static_cast<std::uint8_t>(cell);
      // Not a write, whatever is there.
      bench_->addr_i = static_cast<std::uint8_t>(random_.below(layers));
      bench_->part_i = static_cast<std::uint8_t>(random_.below(4));
      bench_->wdata_i = static_cast<std::uint32_t>(random_.next());
      bench_.clock();
      wrong += bench_->first_row_o != expected.first / lanes_ || bench_->site_cells_o != expected.site_cells;
      wrong += bench_->height_o != expected.height || bench_->width_o != expected.width;
      wrong += bench_->columns_log2_o != (torus_ ? expected.columns_log2 : 0);
      wrong += bench_->rows_o != (torus_ ? expected.rows : 0);
      wrong += (bench_->site_ends_o != 0) != (cell == expected.site_cells);
    }
    return wrong;
  }

 private:
  void write(int layer, int part) {
    LayerDescriptor drawn;
    drawn.first = lanes_ * random_.below(rows_);
    drawn.site_cells = lanes_ * (1 + random_.below(64 / lanes_));
    drawn.height = 1 + random_.below(side_);
    drawn.width = 1 + random_.below(side_);
    drawn.columns_log2 = random_.below(7);
    drawn.rows = 1 + random_.below(64);
    const auto p = static_cast<std::size_t>(part);
    bench_->we_i = 1;
    bench_->addr_i = static_cast<std::uint8_t>(layer);
    bench_->part_i = static_cast<std::uint8_t>(part);
    bench_->wdata_i = encode(drawn)[p];
    bench_.clock();
    bench_->we_i = 0;
    set_word(contents_[static_cast<std::size_t>(layer)], p, encode(drawn)[p]);
  }

  int lanes_, side_, rows_;
  bool torus_;
  Random random_;
  Bench<Module> bench_;
  std::vector<LayerDescriptor> contents_;
};

}  // namespace

TEST_CASE("layer_memory: one site per layer") { CHECK(LayerBench<VM_layers_1>(4, 2, 1, 32, true).wrong() == 0); }

TEST_CASE("layer_memory: one layer of one site, no neighbours") {
  CHECK(LayerBench<VM_layers_1_alone>(4, 1, 1, 32, false).wrong() == 0);
}

TEST_CASE("layer_memory: grids") { CHECK(LayerBench<VM_layers_28>(16, 8, 28, 3592, true).wrong() == 0); }

}  // namespace layer_memory_bench
