#include "error_feedback.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "../kernels/thread_pool.h"
#include "inverse_factor.h"
#include "mlx/ops.h"
#include "mlx/transforms.h"

namespace mx = mlx::core;

namespace hearth::quantize {
namespace {

/// Added to the moments' diagonal, as a share of its mean; and more, where inputs are few for the channels that they
/// have: what they say of each is not trusted fully.
constexpr float kDamping = 0.01F;
constexpr float kDampingOfFew = 0.5F;
constexpr int kRowsAtATime = 8;
constexpr int kRefinements = 4;

struct Grid {
  float scale;
  float bias;
};

float to_half(float value) { return static_cast<float>(mx::float16_t(value)); }

/// As the file stores it; a scale is never 0.
Grid stored(Grid grid) {
  const float scale = to_half(grid.scale);
  return {scale == 0 ? 6e-8F : scale, to_half(grid.bias)};
}

float code_of(float weight, const Grid& grid, float highest) {
  const float level = (weight - grid.bias) / grid.scale;
  return std::floor(std::clamp(level, 0.0F, highest) + 0.5F);
}

struct Group {
  const float* weights;
  const float* importance;
  int size;
  float highest;
};

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

/// Over ranges that are cut at both ends, the best of them refined: the grid with the least weighted error.
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

/// The columns in the order in which they are rounded, those with the largest inputs first, and the upper Cholesky
/// factor of the inverse of their moments.
struct Feedback {
  std::vector<int> order;
  std::vector<float> importance;  ///< of each column's rounding errors, in the layer's own order
  std::vector<float> factor;      ///< row-major [inputs, inputs], in `order`
};

Feedback make_feedback(const InputMoments& moments) {
  const int inputs = moments.mean.shape(0);
  const float* const values = moments.mean.data<float>();
  std::vector<float> squares(inputs);
  for (int i = 0; i < inputs; ++i) squares[i] = values[static_cast<int64_t>(i) * inputs + i];
  const float mean = std::accumulate(squares.begin(), squares.end(), 0.0F) / static_cast<float>(inputs);
  const float few = static_cast<float>(inputs) / static_cast<float>(moments.count);
  const float damping = std::max((kDamping + kDampingOfFew * few) * mean, 1e-8F);
  std::vector<int> order(inputs);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](int a, int b) { return squares[a] > squares[b]; });
  std::vector<float> factor(static_cast<size_t>(inputs) * inputs);
  for (int row = 0; row < inputs; ++row) {
    const float* const from = values + static_cast<int64_t>(order[row]) * inputs;
    float* const to = factor.data() + static_cast<int64_t>(row) * inputs;
    for (int column = 0; column < inputs; ++column) to[column] = from[order[column]];
    to[row] += damping;
  }
  factor_of_inverse(factor, inputs);
  // What a column's error costs is its square over that of the diagonal. The root of it: a grid that serves a few
  // columns alone leaves the others no room for what they have to make good.
  std::vector<float> importance(inputs);
  for (int row = 0; row < inputs; ++row) {
    importance[order[row]] = 1.0F / factor[static_cast<int64_t>(row) * inputs + row];
  }
  return {std::move(order), std::move(importance), std::move(factor)};
}

struct Rows {
  std::vector<float> scales, biases;  ///< [outputs, groups]
  std::vector<uint8_t> codes;         ///< [outputs, inputs]
};

/// Rounds a few rows together, column after column.
void round_rows(std::vector<float>& ordered, int count, int first_row, const Feedback& feedback, int group_size,
                float highest, Rows& rows) {
  const auto inputs = static_cast<int>(feedback.order.size());
  const int groups = inputs / group_size;
  const float* factor = feedback.factor.data();
  for (int k = 0; k < inputs; ++k, factor += inputs) {
    const int column = feedback.order[k];
    for (int r = 0; r < count; ++r) {
      float* const row = ordered.data() + static_cast<int64_t>(r) * inputs;
      const int64_t output = first_row + r;
      const int64_t group = output * groups + column / group_size;
      const Grid grid{rows.scales[group], rows.biases[group]};
      const float code = code_of(row[k], grid, highest);
      rows.codes[output * inputs + column] = static_cast<uint8_t>(code);
      const float error = (row[k] - (grid.scale * code + grid.bias)) / factor[k];
      for (int later = k + 1; later < inputs; ++later) row[later] -= error * factor[later];
    }
  }
}

}  // namespace

AffineLayer quantize_with_feedback(const mx::array& weight, const InputMoments& moments, int bits, int group_size) {
  const int outputs = weight.shape(0), inputs = weight.shape(1), groups = inputs / group_size;
  auto floats = mx::contiguous(mx::astype(weight, mx::float32));
  floats.eval();
  const float* const values = floats.data<float>();
  const auto highest = static_cast<float>((1 << bits) - 1);
  const auto feedback = make_feedback(moments);
  Rows rows{std::vector<float>(static_cast<size_t>(outputs) * groups),
            std::vector<float>(static_cast<size_t>(outputs) * groups),
            std::vector<uint8_t>(static_cast<size_t>(outputs) * inputs)};
  kernels::parallel_ranges(outputs, kRowsAtATime, [&](int first, int last) {
    std::vector<float> ordered(static_cast<size_t>(last - first) * inputs);
    for (int output = first; output < last; ++output) {
      const float* const row = values + static_cast<int64_t>(output) * inputs;
      for (int group = 0; group < groups; ++group) {
        const int from = group * group_size;
        const auto grid = best_grid({row + from, feedback.importance.data() + from, group_size, highest});
        rows.scales[static_cast<int64_t>(output) * groups + group] = grid.scale;
        rows.biases[static_cast<int64_t>(output) * groups + group] = grid.bias;
      }
      float* const own = ordered.data() + static_cast<int64_t>(output - first) * inputs;
      for (int k = 0; k < inputs; ++k) own[k] = row[feedback.order[k]];
    }
    round_rows(ordered, last - first, first, feedback, group_size, highest, rows);
  });
  const auto halves = [&](const std::vector<float>& each) {
    return mx::astype(mx::array(each.begin(), {outputs, groups}, mx::float32), mx::float16);
  };
  AffineLayer layer{packed_words(rows.codes, outputs, inputs, bits), halves(rows.scales), halves(rows.biases), bits,
                    group_size};
  mx::eval({layer.weight, layer.scales, layer.biases});
  return layer;
}

}  // namespace hearth::quantize
