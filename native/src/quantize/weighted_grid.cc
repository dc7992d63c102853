#include "weighted_grid.h"

#include <algorithm>
#include <cmath>

#include "mlx/types/half_types.h"

namespace hearth::quantize {
namespace {

constexpr int kRefinements = 4;

float to_half(float value) { return static_cast<float>(mlx::core::float16_t(value)); }

double weighted_error(const Group& group, const Grid& grid) {
  float error = 0;
  for (int i = 0; i < group.size; ++i) {
    const float difference =
        group.weights[i] - (grid.scale * code_of(group.weights[i], grid, group.highest) + grid.bias);
    error += group.importance[i] * difference * difference;
  }
  return error;
}

/// Least squares for the codes that the weights have on this grid.
Grid refined(const Group& group, const Grid& grid) {
  double sum = 0, codes = 0, squares = 0, values = 0, products = 0;
  for (int i = 0; i < group.size; ++i) {
    const double importance = group.importance[i], code = code_of(group.weights[i], grid, group.highest);
    sum += importance;
    codes += importance * code;
    squares += importance * code * code;
    values += importance * group.weights[i];
    products += importance * code * group.weights[i];
  }
  const double determinant = sum * squares - codes * codes;
  if (!(determinant > 1e-12 * sum * squares)) return grid;
  const double scale = (sum * products - codes * values) / determinant;
  return stored({static_cast<float>(scale), static_cast<float>((values - scale * codes) / sum)});
}

}  // namespace

Grid stored(const Grid& grid) {
  const float scale = to_half(grid.scale);
  return {scale == 0 ? 6e-8F : scale, to_half(grid.bias)};
}

float code_of(float weight, const Grid& grid, float highest) {
  const float level = (weight - grid.bias) / grid.scale;
  return std::floor(std::clamp(level, 0.0F, highest) + 0.5F);
}

Grid best_grid(const Group& group) {
  const auto [lowest, highest] = std::minmax_element(group.weights, group.weights + group.size);
  Grid best{};
  double least = INFINITY;
  const auto consider = [&](const Grid& grid) {
    const double error = weighted_error(group, grid);
    if (error >= least) return false;
    least = error;
    best = grid;
    return true;
  };
  for (float part = 1.0F; part > 0.7F; part -= 0.05F) {
    consider(stored({(*highest - *lowest) * part / group.highest, *lowest * part}));
  }
  for (int i = 0; i < kRefinements && consider(refined(group, best)); ++i) continue;
  return best;
}

}  // namespace hearth::quantize
