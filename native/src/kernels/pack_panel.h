#pragma once

#include <cstdint>

namespace hearth::kernels {

/// `rows` [outputs, inputs] as the columns of a panel [inputs, width]; missing columns are zeros.
inline void pack_panel(const float* rows, int64_t stride, int outputs, int inputs, int width, float* panel) {
  for (int input = 0; input < inputs; ++input, panel += width) {
    for (int output = 0; output < width; ++output) {
      panel[output] = output < outputs ? rows[output * stride + input] : 0.0F;
    }
  }
}

}  // namespace hearth::kernels
