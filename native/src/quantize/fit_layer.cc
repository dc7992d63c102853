#include "fit_layer.h"

#include <vector>

#include "../kernels/thread_pool.h"
#include "error_feedback.h"
#include "mlx/ops.h"
#include "mlx/transforms.h"
#include "row_descent.h"
#include "weighted_grid.h"

namespace mx = mlx::core;

namespace hearth::quantize {
namespace {

constexpr int kRowsAtATime = 8;

mx::array in_floats(const mx::array& x) {
  auto floats = mx::contiguous(mx::astype(x, mx::float32));
  floats.eval();
  return floats;
}

}  // namespace

FittedLayer fit_layer(const mx::array& weight, const LayerInputs& layer, int bits, int group_size) {
  const int outputs = weight.shape(0), inputs = weight.shape(1), groups = inputs / group_size;
  const auto floats = in_floats(weight);
  // Asked for once: CUDA moves an array to where the CPU can read it, which several threads may not do at a time.
  const auto* const values = floats.data<float>();
  const auto* const mean = layer.mean.data<float>();
  const auto* const products = layer.errors ? layer.errors->products.data<float>() : nullptr;
  const auto* const mean_error = layer.errors ? layer.errors->mean.data<float>() : nullptr;
  const auto highest = static_cast<float>((1 << bits) - 1);
  const auto feedback = make_feedback(layer);
  const RowDescent descent(feedback, group_size);
  std::vector<float> scales(static_cast<size_t>(outputs) * groups), biases(scales.size()), changes(outputs);
  std::vector<uint8_t> codes(static_cast<size_t>(outputs) * inputs);
  kernels::parallel_ranges(outputs, kRowsAtATime, [&](int first, int last) {
    for (int64_t output = first; output < last; ++output) {
      const float* const own = values + output * inputs;
      std::vector<float> row(own, own + inputs);
      if (products) make_good(feedback, products + output * inputs, row.data());
      const RoundedRow rounded{codes.data() + output * inputs, scales.data() + output * groups,
                               biases.data() + output * groups, group_size, highest};
      for (int group = 0; group < groups; ++group) {
        const int from = group * group_size;
        const auto grid = best_grid({row.data() + from, feedback.importance.data() + from, group_size, highest});
        rounded.scales[group] = grid.scale;
        rounded.biases[group] = grid.bias;
      }
      round_row(feedback, row.data(), rounded);
      descent.improve(row.data(), rounded);
      double change = mean_error ? mean_error[output] : 0.0;
      for (int i = 0; i < inputs; ++i) {
        const int group = i / group_size;
        const float value = rounded.scales[group] * rounded.codes[i] + rounded.biases[group];
        change += static_cast<double>(own[i] - value) * mean[i];
      }
      changes[output] = static_cast<float>(change);
    }
  });
  const auto halves = [&](const std::vector<float>& each) {
    return mx::astype(mx::array(each.begin(), {outputs, groups}, mx::float32), mx::float16);
  };
  AffineLayer affine{packed_words(codes, outputs, inputs, bits), halves(scales), halves(biases), bits, group_size};
  mx::eval({affine.weight, affine.scales, affine.biases});
  return {affine, mx::array(changes.begin(), {outputs}, mx::float32)};
}

}  // namespace hearth::quantize
