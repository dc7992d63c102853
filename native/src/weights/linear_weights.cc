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

LinearWeights in_eight_bits(const LinearWeights& layer) {
  auto words = mx::contiguous(layer.weight);
  words.eval();
  const int row_words = layer.inputs * layer.bits / 32;
  const uint32_t mask = (1U << layer.bits) - 1U;
  std::vector<uint32_t> wide(static_cast<size_t>(layer.outputs) * layer.inputs / 4);
  for (int output = 0; output < layer.outputs; ++output) {
    const uint32_t* const row = words.data<uint32_t>() + static_cast<int64_t>(output) * row_words;
    uint32_t* const wide_row = wide.data() + static_cast<int64_t>(output) * layer.inputs / 4;
    for (int i = 0; i < layer.inputs; ++i) {
      // The lowest bits come first, and a value can span two words.
      const int bit = i * layer.bits;
      uint64_t pair = row[bit / 32];
      if (bit % 32 + layer.bits > 32) pair |= static_cast<uint64_t>(row[bit / 32 + 1]) << 32;
      wide_row[i / 4] |= (static_cast<uint32_t>(pair >> (bit % 32)) & mask) << (i % 4 * 8);
    }
  }
  LinearWeights result = layer;
  result.weight = mx::array(wide.begin(), {layer.outputs, layer.inputs / 4}, mx::uint32);
  result.bits = 8;
  return result;
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
