#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

#include "kernels.h"

namespace hearth::kernels {

/// How a product of rows with panels is divided: few rows by panels, many by rows.
struct PanelRuns {
  int rows;
  int run_rows;  ///< rows of x that stay in the second-level cache while every panel passes them
  int row_runs;
  int panels;
  int panel_runs;
};

/// `products` counts all multiplications. Below `fewest_shared`, about 5 µs of work, waking another thread takes
/// longer.
inline PanelRuns share_out(int rows, int panels, int row_tile, int64_t products, int64_t fewest_shared) {
  constexpr int kTilesPerRun = 6;
  const int run_rows = std::min(rows, row_tile * kTilesPerRun);
  const int row_runs = (rows + run_rows - 1) / run_rows;
  const int panel_runs = products < fewest_shared ? 1 : std::min(panels, std::max(1, 4 * thread_count() / row_runs));
  return {rows, run_rows, row_runs, panels, panel_runs};
}

/// One task's share: rows [first_row, first_row + rows) times panels [first_panel, last_panel).
struct PanelRun {
  int first_row;
  int rows;
  int first_panel;
  int last_panel;
};

inline void for_each_run(const PanelRuns& runs, const std::function<void(const PanelRun&)>& body) {
  parallel_for(runs.row_runs * runs.panel_runs, [&](int task) {
    const int first_row = task / runs.panel_runs * runs.run_rows;
    const int run = task % runs.panel_runs;
    body({first_row, std::min(runs.run_rows, runs.rows - first_row), runs.panels * run / runs.panel_runs,
          runs.panels * (run + 1) / runs.panel_runs});
  });
}

/// The epilogue of a product's part that begins at this row and column.
inline Epilogue at_corner(const Epilogue& epilogue, int row, int column) {
  Epilogue moved = epilogue;
  if (moved.bias) moved.bias += column;
  if (moved.residual) moved.residual += row * moved.residual_stride + column;
  return moved;
}

}  // namespace hearth::kernels
