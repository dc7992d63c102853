#include <algorithm>

#include "aligned_floats.h"
#include "kernel_table.h"
#include "overlapping_rows.h"
#include "panel_runs.h"

namespace hearth::kernels {
namespace {

/// Below this, about 5 µs of work, waking another thread takes longer than the product.
constexpr int64_t kFewestSharedProducts = 128 * 1024;

/// x [rows, inputs] as tiles [inputs][row tile]: one stream of cache lines instead of one per row. Those would share
/// the same few lines of the cache.
void pack_rows(const float* x, int64_t stride, int rows, int inputs, int tile, float* packed) {
  for (int first = 0; first < rows; first += tile, packed += static_cast<int64_t>(tile) * inputs) {
    const float* source = x + first * stride;
    const int count = std::min(tile, rows - first);
    for (int input = 0; input < inputs; ++input) {
      float* to = packed + static_cast<int64_t>(input) * tile;
      for (int row = 0; row < count; ++row) to[row] = source[row * stride + input];
    }
  }
}

}  // namespace

void linear(const float* x, int64_t x_stride, int rows, const PackedMatrix& matrix, const Epilogue& epilogue, float* y,
            int64_t y_stride) {
  const auto& table = kernel_table();
  const int width = table.panel_width;
  const int panels = (matrix.outputs() + width - 1) / width;
  const int64_t products = static_cast<int64_t>(rows) * matrix.outputs() * matrix.inputs();
  const auto runs = share_out(rows, panels, table.row_tile, products, kFewestSharedProducts);
  const bool packed = runs.row_runs > 1;
  for_each_run(runs, [&](const PanelRun& run) {
    thread_local Scratch scratch;
    const float* own_rows = x + run.first_row * x_stride;
    if (packed) {
      float* const tiles = scratch.get(static_cast<size_t>(runs.run_rows) * matrix.inputs());
      pack_rows(own_rows, x_stride, run.rows, matrix.inputs(), table.row_tile, tiles);
      own_rows = tiles;
    }
    for (int panel = run.first_panel; panel < run.last_panel; ++panel) {
      const int column = panel * width;
      table.panel_product({.x = own_rows,
                           .x_stride = packed ? 0 : x_stride,
                           .rows = run.rows,
                           .inputs = matrix.inputs(),
                           .panel = matrix.panels() + static_cast<int64_t>(column) * matrix.inputs(),
                           .panel_stride = width,
                           .outputs = std::min(width, matrix.outputs() - column),
                           .epilogue = at_corner(epilogue, run.first_row, column),
                           .y = y + run.first_row * y_stride + column,
                           .y_stride = y_stride});
    }
  });
}

void conv1d(const float* x, int frames, int channels, int stride, const PackedMatrix& matrix, const Epilogue& epilogue,
            float* y) {
  const float* const rows = overlapping_rows(x, frames, channels);
  linear(rows, static_cast<int64_t>(stride) * channels, frames / stride, matrix, epilogue, y, matrix.outputs());
}

}  // namespace hearth::kernels
