#include <algorithm>

#include "aligned_floats.h"
#include "kernel_table.h"
#include "overlapping_rows.h"
#include "panel_runs.h"
#include "split_table.h"

namespace hearth::kernels {
namespace {

/// Of a run's rows in halves: they stay in the second-level cache while every panel passes them.
constexpr int kRunBytes = 768 * 1024;

int whole_blocks(int rows) { return (rows + kSplitBlock - 1) / kSplitBlock * kSplitBlock; }

/// Rows of a run: as many as stay in the cache, and so few that every thread has some.
int run_rows_of(int rows, int row_bytes) {
  const int cached = std::max(kSplitBlock, kRunBytes / row_bytes / kSplitBlock * kSplitBlock);
  return std::min(cached, whole_blocks((rows + thread_count() - 1) / thread_count()));
}

}  // namespace

const SplitTable* split_table() {
#if defined(__x86_64__) && defined(__linux__)
  if (&kernel_table() == &kAmxTable) return &kAmxSplitTable;
#endif
  return nullptr;
}

bool has_split_arithmetic() { return split_table() != nullptr; }

void split_linear(const float* x, int64_t x_stride, int rows, const SplitMatrix& matrix, const Epilogue& epilogue,
                  float* y, int64_t y_stride) {
  const auto& table = *split_table();
  const int blocks = (matrix.inputs() + kTileInputs - 1) / kTileInputs;
  const int row_halves = 2 * blocks * kTileInputs;
  const int run_rows = run_rows_of(rows, row_halves * static_cast<int>(sizeof(uint16_t)));
  const int panels = (matrix.outputs() + kSplitBlock - 1) / kSplitBlock;
  parallel_for((rows + run_rows - 1) / run_rows, [&](int run) {
    thread_local Scratch scratch;
    const int first = run * run_rows, count = std::min(run_rows, rows - first);
    auto* const tiles =
        reinterpret_cast<uint16_t*>(scratch.get(static_cast<size_t>(whole_blocks(count)) * row_halves / 2));
    table.split_rows(x + first * x_stride, x_stride, count, matrix.inputs(), tiles);
    for (int panel = 0; panel < panels; ++panel) {
      const int column = panel * kSplitBlock;
      table.product({.x = tiles,
                     .rows = count,
                     .blocks = blocks,
                     .panel = matrix.panels() + panel * matrix.panel_halves(),
                     .outputs = std::min(kSplitBlock, matrix.outputs() - column),
                     .epilogue = at_corner(epilogue, first, column),
                     .y = y + first * y_stride + column,
                     .y_stride = y_stride});
    }
  });
}

void split_conv1d(const float* x, int frames, int channels, int stride, const SplitMatrix& matrix,
                  const Epilogue& epilogue, float* y) {
  const float* const rows = overlapping_rows(x, frames, channels);
  split_linear(rows, static_cast<int64_t>(stride) * channels, frames / stride, matrix, epilogue, y, matrix.outputs());
}

}  // namespace hearth::kernels
