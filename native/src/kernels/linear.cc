#include <algorithm>
#include <vector>

#include "kernel_table.h"
#include "thread_pool.h"

namespace hearth::kernels {
namespace {

/// Rows of x that stay in the second-level cache while every panel passes them.
constexpr int kTilesPerRun = 6;

Epilogue at_corner(const Epilogue& epilogue, int row, int column) {
  Epilogue moved = epilogue;
  if (moved.bias) moved.bias += column;
  if (moved.residual) moved.residual += row * moved.residual_stride + column;
  return moved;
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
  const int panel_runs = std::min(panels, std::max(1, 4 * thread_count() / row_runs));
  parallel_for(row_runs * panel_runs, [&](int task) {
    const int first_row = task / panel_runs * run_rows;
    const int run = task % panel_runs;
    for (int panel = panels * run / panel_runs; panel < panels * (run + 1) / panel_runs; ++panel) {
      const int column = panel * width;
      table.panel_product({.x = x + first_row * x_stride,
                           .x_stride = x_stride,
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
