#include <algorithm>
#include <vector>

#include "aligned_floats.h"
#include "kernel_table.h"
#include "thread_pool.h"

namespace hearth::kernels {
namespace {

/// Rows of x that stay in the second-level cache while every panel passes them.
constexpr int kTilesPerRun = 6;

/// Below this, about 5 µs of work, waking another thread takes longer than the product.
constexpr int64_t kFewestSharedProducts = 128 * 1024;

Epilogue at_corner(const Epilogue& epilogue, int row, int column) {
  Epilogue moved = epilogue;
  if (moved.bias) moved.bias += column;
  if (moved.residual) moved.residual += row * moved.residual_stride + column;
  return moved;
}

/// x [rows, inputs] as tiles [inputs][row tile]: one stream of cache lines instead of one per row, whose addresses fall
/// on the same few lines of the cache.
void pack_rows(const float* x, int64_t stride, int rows, int inputs, int tile, float* packed) {
  for (int first = 0; first < rows; first += tile, packed += static_cast<int64_t>(tile) * inputs) {
    for (int row = first; row < std::min(first + tile, rows); ++row) {
      const float* source = x + row * stride;
      for (int input = 0; input < inputs; ++input)
        packed[static_cast<int64_t>(input) * tile + row - first] = source[input];
    }
  }
}

}  // namespace

void linear(const float* x, int64_t x_stride, int rows, const PackedMatrix& matrix, const Epilogue& epilogue, float* y,
            int64_t y_stride) {
  const auto& table = kernel_table();
  const int width = table.panel_width;
  const int panels = (matrix.outputs() + width - 1) / width;
  const int run_rows = std::min(rows, table.row_tile * kTilesPerRun);
  const int row_runs = (rows + run_rows - 1) / run_rows;
  // Few rows are shared out by panels, many by rows.
  const int64_t products = static_cast<int64_t>(rows) * matrix.outputs() * matrix.inputs();
  const int panel_runs =
      products < kFewestSharedProducts ? 1 : std::min(panels, std::max(1, 4 * thread_count() / row_runs));
  const bool packed = row_runs > 1;
  parallel_for(row_runs * panel_runs, [&](int task) {
    thread_local Scratch scratch;
    const int first_row = task / panel_runs * run_rows;
    const float* own_rows = x + first_row * x_stride;
    if (packed) {
      float* const tiles = scratch.get(static_cast<size_t>(run_rows) * matrix.inputs());
      pack_rows(own_rows, x_stride, std::min(run_rows, rows - first_row), matrix.inputs(), table.row_tile, tiles);
      own_rows = tiles;
    }
    const int run = task % panel_runs;
    for (int panel = panels * run / panel_runs; panel < panels * (run + 1) / panel_runs; ++panel) {
      const int column = panel * width;
      table.panel_product({.x = own_rows,
                           .x_stride = packed ? 0 : x_stride,
                           .rows = std::min(run_rows, rows - first_row),
                           .inputs = matrix.inputs(),
                           .panel = matrix.panels() + static_cast<int64_t>(column) * matrix.inputs(),
                           .panel_stride = width,
                           .outputs = std::min(width, matrix.outputs() - column),
                           .epilogue = at_corner(epilogue, first_row, column),
                           .y = y + first_row * y_stride + column,
                           .y_stride = y_stride});
    }
  });
}

void conv1d(const float* x, int frames, int channels, int stride, const PackedMatrix& matrix, const Epilogue& epilogue,
            float* y) {
  // Neighbouring rows overlap in memory, so that a convolution is a product with rows that are three frames wide.
  thread_local std::vector<float> padded;
  padded.assign(static_cast<size_t>(frames + 2) * channels, 0.0F);
  std::copy_n(x, static_cast<size_t>(frames) * channels, padded.begin() + channels);
  linear(padded.data(), static_cast<int64_t>(stride) * channels, frames / stride, matrix, epilogue, y,
         matrix.outputs());
}

}  // namespace hearth::kernels
