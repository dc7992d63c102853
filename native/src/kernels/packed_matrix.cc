#include <algorithm>

#include "aligned_floats.h"
#include "kernel_table.h"
#include "pack_panel.h"

namespace hearth::kernels {

PackedMatrix::PackedMatrix(const float* weights, int outputs, int inputs) : outputs_(outputs), inputs_(inputs) {
  const int width = kernel_table().panel_width;
  const int panels = (outputs + width - 1) / width;
  const size_t size = static_cast<size_t>(panels) * width * inputs;
  bytes_ = size * sizeof(float);
  panels_ = aligned_floats(size);
  for (int panel = 0; panel < panels; ++panel) {
    const int first = panel * width;
    pack_panel(weights + static_cast<int64_t>(first) * inputs, inputs, std::min(width, outputs - first), inputs, width,
               panels_.get() + static_cast<int64_t>(first) * inputs);
  }
}

}  // namespace hearth::kernels
