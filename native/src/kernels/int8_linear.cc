#include <algorithm>

#include "aligned_floats.h"
#include "int8_table.h"
#include "overlapping_rows.h"
#include "panel_runs.h"

namespace hearth::kernels {
namespace {

/// Below this, about 5 µs of work, waking another thread takes longer than the product.
constexpr int64_t kFewestSharedInt8Products = 512 * 1024;

/// Rows of x in 8 bits, one tile after the other.
struct Int8Rows {
  int8_t* bytes;
  float* scales;
  int32_t* starts;
};

/// The tiles' bytes, then their scales, then their starts. A scratch buffer is measured in floats.
Int8Rows take_rows(Scratch& scratch, int64_t padded_rows, int64_t groups) {
  const int64_t words = padded_rows * groups * kInt8Group / 4;
  float* const floats = scratch.get(words + 2 * padded_rows * groups);
  return {reinterpret_cast<int8_t*>(floats), floats + words,
          reinterpret_cast<int32_t*>(floats + words + padded_rows * groups)};
}

}  // namespace

void int8_linear(const float* x, int64_t x_stride, int rows, const Int8Matrix& matrix, const Epilogue& epilogue,
                 float* y, int64_t y_stride) {
  const auto& table = int8_table();
  const int width = table.panel_width, tile = table.row_tile;
  const int groups = (matrix.inputs() + kInt8Group - 1) / kInt8Group;
  const int64_t padded_inputs = static_cast<int64_t>(groups) * kInt8Group;
  const int64_t padded_rows = (rows + tile - 1) / tile * tile;
  const int64_t products = static_cast<int64_t>(rows) * matrix.outputs() * matrix.inputs();
  const auto runs = share_out(rows, (matrix.outputs() + width - 1) / width, tile, products, kFewestSharedInt8Products);

  thread_local Scratch scratch;
  const Int8Rows all = take_rows(scratch, padded_rows, groups);
  // A run of rows is rounded by the task that multiplies it, or before all tasks if several share it.
  const auto quantize_rows = [&](int first, int count) {
    for (int row = first; row < first + count; ++row) {
      const int64_t tile_start = static_cast<int64_t>(row / tile) * tile;
      table.quantize_row({.x = x + row * x_stride,
                          .inputs = matrix.inputs(),
                          .bytes = all.bytes + tile_start * padded_inputs,
                          .scales = all.scales + tile_start * groups,
                          .starts = all.starts + tile_start * groups,
                          .tile = tile,
                          .row = row % tile});
    }
  };
  if (runs.panel_runs > 1) quantize_rows(0, rows);
  for_each_run(runs, [&](const PanelRun& run) {
    if (runs.panel_runs == 1) quantize_rows(run.first_row, run.rows);
    for (int panel = run.first_panel; panel < run.last_panel; ++panel) {
      const int column = panel * width;
      table.product({.x = all.bytes + run.first_row * padded_inputs,
                     .x_scales = all.scales + static_cast<int64_t>(run.first_row) * groups,
                     .starts = all.starts + static_cast<int64_t>(run.first_row) * groups,
                     .rows = run.rows,
                     .groups = groups,
                     .panel = matrix.panels() + column * padded_inputs,
                     .weight_scales = matrix.scales() + column,
                     .outputs = std::min(width, matrix.outputs() - column),
                     .epilogue = at_corner(epilogue, run.first_row, column),
                     .y = y + run.first_row * y_stride + column,
                     .y_stride = y_stride});
    }
  });
}

void int8_conv1d(const float* x, int frames, int channels, int stride, const Int8Matrix& matrix,
                 const Epilogue& epilogue, float* y) {
  const float* const rows = overlapping_rows(x, frames, channels);
  int8_linear(rows, static_cast<int64_t>(stride) * channels, frames / stride, matrix, epilogue, y, matrix.outputs());
}

}  // namespace hearth::kernels
