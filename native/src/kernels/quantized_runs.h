#pragma once

#include <algorithm>
#include <cstdint>

#include "kernel_table.h"
#include "thread_pool.h"

namespace hearth::kernels {

/// Groups of a row, filled up to whole vectors.
constexpr int group_stride_of(const QuantizedMatrix& matrix, int width) {
  return (matrix.inputs / matrix.group_size + width - 1) / width * width;
}

/// Shares out a product of all rows and outputs: calls `multiply(row, part)` for runs of `grain` outputs and at most
/// `rows_at_a_time` rows from `row` on.
template <class Multiply>
void for_each_quantized_run(const QuantizedOutputs& all, int rows_at_a_time, int grain, const Multiply& multiply) {
  parallel_ranges(all.outputs, grain, [&](int first, int last) {
    for (int row = 0; row < all.rows; row += rows_at_a_time) {
      QuantizedOutputs part = all;
      part.group_sums += static_cast<int64_t>(row) * all.group_stride;
      part.rows = std::min(rows_at_a_time, all.rows - row);
      part.first_output = first;
      part.outputs = last - first;
      if (part.epilogue.residual) part.epilogue.residual += row * all.epilogue.residual_stride;
      part.y += row * all.y_stride;
      multiply(row, part);
    }
  });
}

}  // namespace hearth::kernels
