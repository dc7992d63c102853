#include "layer_inputs.h"

#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::quantize {
namespace {

constexpr int kBlockRows = 64;

/// [..., width] as [width, rows]. Zeros add nothing, and the kernels take whole blocks of rows.
mx::array transposed(const mx::array& x) {
  const int width = x.shape(-1), rows = static_cast<int>(x.size() / width);
  const int whole = (rows + kBlockRows - 1) / kBlockRows * kBlockRows;
  const auto padded = mx::pad(mx::reshape(x, {rows, width}), {{0, whole - rows}, {0, 0}});
  return computed(mx::transpose(padded));
}

void add_to(std::optional<mx::array>& sum, const mx::array& x) { sum = computed(sum ? *sum + x : x); }

}  // namespace

mx::array computed(mx::array x) {
  x = mx::contiguous(x);
  x.eval();
  return x;
}

void LayerInputsSum::add(const mx::array& x, const std::optional<mx::array>& error) {
  const auto inputs = transposed(x);
  const weights::LinearWeights weights{inputs, {}, {}, {}, inputs.shape(0), inputs.shape(1), 0, 0};
  // It has to be there until its products are computed.
  const auto layer = operations_.linear_layer(weights, whisper::ExpectedRows::many);
  add_to(moments_, operations_.linear(inputs, *layer, {}));
  add_to(inputs_, mx::sum(inputs, 1));
  count_ += static_cast<int64_t>(x.size() / x.shape(-1));
  if (!error) return;
  const auto errors = transposed(*error);
  add_to(products_, operations_.linear(errors, *layer, {}));
  add_to(errors_, mx::sum(errors, 1));
}

LayerInputs LayerInputsSum::with_means() const {
  const auto share = mx::array(1.0F / static_cast<float>(count_));
  return {computed(*moments_ * share), computed(mx::zeros_like(*inputs_)), {}, count_};
}

LayerInputs LayerInputsSum::without_means() const {
  const auto share = mx::array(1.0F / static_cast<float>(count_));
  const auto mean = computed(*inputs_ * share), mean_error = computed(*errors_ * share);
  const auto products = computed(*products_ * share - mx::outer(mean_error, mean));
  return {computed(*moments_ * share - mx::outer(mean, mean)), mean, LayerErrors{products, mean_error}, count_};
}

}  // namespace hearth::quantize
