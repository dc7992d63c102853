#include "error_feedback.h"

#include <algorithm>
#include <numeric>

#include "inverse_factor.h"
#include "weighted_grid.h"

namespace hearth::quantize {
namespace {

/// Added to the moments' diagonal, as a share of its mean; and more, where inputs are few for the channels that they
/// have: what they say of each is not trusted fully.
constexpr float kDamping = 0.01F;
constexpr float kDampingOfFew = 0.5F;

std::vector<float> damped(const LayerInputs& layer) {
  const int inputs = layer.moments.shape(0);
  const float* const values = layer.moments.data<float>();
  std::vector<float> moments(values, values + static_cast<int64_t>(inputs) * inputs);
  double trace = 0;
  for (int i = 0; i < inputs; ++i) trace += moments[static_cast<int64_t>(i) * inputs + i];
  const float few = static_cast<float>(inputs) / static_cast<float>(layer.count);
  const float damping = std::max((kDamping + kDampingOfFew * few) * static_cast<float>(trace / inputs), 1e-8F);
  for (int i = 0; i < inputs; ++i) moments[static_cast<int64_t>(i) * inputs + i] += damping;
  return moments;
}

}  // namespace

Feedback make_feedback(const LayerInputs& layer) {
  const int inputs = layer.moments.shape(0);
  auto moments = damped(layer);
  const auto square = [&](int i) { return moments[static_cast<int64_t>(i) * inputs + i]; };
  std::vector<int> order(inputs);
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](int a, int b) { return square(a) > square(b); });
  std::vector<float> factor(static_cast<size_t>(inputs) * inputs);
  for (int row = 0; row < inputs; ++row) {
    const float* const from = moments.data() + static_cast<int64_t>(order[row]) * inputs;
    float* const to = factor.data() + static_cast<int64_t>(row) * inputs;
    for (int column = 0; column < inputs; ++column) to[column] = from[order[column]];
  }
  factor_of_inverse(factor, inputs);
  // What a column's error costs is its square over that of the diagonal. The root of it: a grid that serves a few
  // columns alone leaves the others no room for what they have to make good.
  std::vector<float> importance(inputs);
  for (int row = 0; row < inputs; ++row) {
    importance[order[row]] = 1.0F / factor[static_cast<int64_t>(row) * inputs + row];
  }
  return {std::move(order), std::move(factor), std::move(importance), std::move(moments)};
}

void make_good(const Feedback& feedback, const float* products, float* row) {
  const int inputs = feedback.inputs();
  std::vector<float> ordered(inputs), change(inputs);
  for (int k = 0; k < inputs; ++k) ordered[k] = products[feedback.order[k]];
  for (int k = 0; k < inputs; ++k) {
    const float* const factor = feedback.factor.data() + static_cast<int64_t>(k) * inputs;
    const float part = std::inner_product(ordered.begin() + k, ordered.end(), factor + k, 0.0F);
    for (int j = k; j < inputs; ++j) change[j] += part * factor[j];
  }
  for (int k = 0; k < inputs; ++k) row[feedback.order[k]] += change[k];
}

void round_row(const Feedback& feedback, const float* row, const RoundedRow& rounded) {
  const int inputs = feedback.inputs();
  std::vector<float> left(inputs);
  for (int k = 0; k < inputs; ++k) left[k] = row[feedback.order[k]];
  const float* factor = feedback.factor.data();
  for (int k = 0; k < inputs; ++k, factor += inputs) {
    const int column = feedback.order[k], group = column / rounded.group_size;
    const Grid grid{rounded.scales[group], rounded.biases[group]};
    const float code = code_of(left[k], grid, rounded.highest);
    rounded.codes[column] = static_cast<uint8_t>(code);
    const float error = (left[k] - (grid.scale * code + grid.bias)) / factor[k];
    for (int later = k + 1; later < inputs; ++later) left[later] -= error * factor[later];
  }
}

}  // namespace hearth::quantize
