#include <algorithm>

#include "split_table.h"

namespace hearth::kernels {

SplitMatrix::SplitMatrix(const float* weights, int outputs, int inputs) : outputs_(outputs), inputs_(inputs) {
  const int panels = (outputs + kSplitBlock - 1) / kSplitBlock;
  bytes_ = panels * panel_halves() * sizeof(uint16_t);
  panels_.reset(static_cast<uint16_t*>(::operator new(bytes_, kCacheLine)));
  parallel_for(panels, [&](int panel) {
    const int first = panel * kSplitBlock;
    split_table()->split_panel(weights + static_cast<int64_t>(first) * inputs, inputs,
                               std::min(kSplitBlock, outputs - first), inputs, panels_.get() + panel * panel_halves());
  });
}

int64_t SplitMatrix::panel_halves() const {
  return static_cast<int64_t>((inputs_ + kTileInputs - 1) / kTileInputs) * 4 * kTileHalves;
}

}  // namespace hearth::kernels
