#include "linear_weights.h"

#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::weights {

mx::array dense_float32(const LinearWeights& layer) {
  if (!layer.quantized()) return mx::astype(layer.weight, mx::float32);
  // float16 scales would round every weight to float16; OpenAI's arithmetic is float32.
  return mx::dequantize(layer.weight, mx::astype(*layer.scales, mx::float32), mx::astype(*layer.biases, mx::float32),
                        layer.group_size, layer.bits);
}

LinearWeights merge(const std::vector<LinearWeights>& layers) {
  const auto& first = layers.front();
  bool same_quantization = true;
  bool has_bias = false;
  for (const auto& layer : layers) {
    same_quantization &= layer.bits == first.bits && layer.group_size == first.group_size;
    has_bias |= layer.bias.has_value();
  }
  LinearWeights merged = first;
  merged.outputs = 0;
  std::vector<mx::array> weights, scales, biases, bias;
  for (const auto& layer : layers) {
    merged.outputs += layer.outputs;
    weights.push_back(same_quantization ? layer.weight : dense_float32(layer));
    if (same_quantization && layer.quantized()) {
      scales.push_back(*layer.scales);
      biases.push_back(*layer.biases);
    }
    if (has_bias) bias.push_back(layer.bias ? *layer.bias : mx::zeros({layer.outputs}, mx::float32));
  }
  merged.weight = mx::concatenate(weights, 0);
  merged.scales.reset();
  merged.biases.reset();
  if (!scales.empty()) {
    merged.scales = mx::concatenate(scales, 0);
    merged.biases = mx::concatenate(biases, 0);
  } else {
    merged.bits = merged.group_size = 0;
  }
  if (has_bias) merged.bias = mx::concatenate(bias, 0);
  return merged;
}

}  // namespace hearth::weights
