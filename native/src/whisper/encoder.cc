#include "encoder.h"

#include <cmath>

#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {
mx::array sinusoids(int length, int channels) {
  const int half = channels / 2;
  const float increment = static_cast<float>(std::log(10000.0) / (half - 1));
  std::vector<float> table(static_cast<size_t>(length) * channels);
  for (int position = 0; position < length; ++position) {
    for (int i = 0; i < half; ++i) {
      const float angle = static_cast<float>(position) * std::exp(-increment * static_cast<float>(i));
      table[static_cast<size_t>(position) * channels + i] = std::sin(angle);
      table[static_cast<size_t>(position) * channels + half + i] = std::cos(angle);
    }
  }
  return mx::array(table.begin(), {length, channels}, mx::float32);
}

Encoder::Encoder(const weights::Weights& weights, const ModelDimensions& dimensions, const Operations& operations)
    : operations_(operations),
      heads_(dimensions.audio_heads),
      positional_embedding_(operations.parameter(sinusoids(dimensions.audio_context, dimensions.audio_state))),
      final_norm_weight_(operations.parameter(weights.tensor("encoder.ln_post.weight", {dimensions.audio_state}))),
      final_norm_bias_(operations.parameter(weights.tensor("encoder.ln_post.bias", {dimensions.audio_state}))) {
  const int state = dimensions.audio_state;
  const auto vector = [&](const std::string& name) { return operations.parameter(weights.tensor(name, {state})); };
  const auto layer = [&](const std::string& name, int outputs, int inputs) {
    return operations.linear_layer(weights.linear(name, outputs, inputs), ExpectedRows::many);
  };
  conv1_ = operations.convolution(weights.tensor("encoder.conv1.weight", {state, 3, dimensions.mel_bins}),
                                  weights.tensor("encoder.conv1.bias", {state}));
  conv2_ = operations.convolution(weights.tensor("encoder.conv2.weight", {state, 3, state}),
                                  weights.tensor("encoder.conv2.bias", {state}));
  for (int i = 0; i < dimensions.audio_layers; ++i) {
    const std::string block = "encoder.blocks." + std::to_string(i) + ".";
    blocks_.push_back({vector(block + "attn_ln.weight"), vector(block + "attn_ln.bias"),
                       operations.linear_layer(weights::merge({weights.linear(block + "attn.query", state, state),
                                                               weights.linear(block + "attn.key", state, state),
                                                               weights.linear(block + "attn.value", state, state)}),
                                               ExpectedRows::many),
                       layer(block + "attn.out", state, state), vector(block + "mlp_ln.weight"),
                       vector(block + "mlp_ln.bias"), layer(block + "mlp1", 4 * state, state),
                       layer(block + "mlp2", state, 4 * state)});
  }
}

mx::array Encoder::encode(const mx::array& mel, const Cancellation& cancellation) const {
  const auto& ops = operations_;
  auto x = ops.conv1d(mel, *conv1_, 1, {.gelu = true, .residual = {}});
  x = ops.conv1d(x, *conv2_, 2, {.gelu = true, .residual = first_positions(mel.shape(1) / 2)});
  int layers = 0;
  for (const auto& block : blocks_) {
    cancellation.check();
    auto normed = ops.layer_norm(x, block.attention_norm_weight, block.attention_norm_bias);
    auto attended = ops.encoder_attention(ops.linear(normed, *block.qkv, {}), heads_);
    x = ops.linear(attended, *block.out, {.gelu = false, .residual = x});
    normed = ops.layer_norm(x, block.mlp_norm_weight, block.mlp_norm_bias);
    x = ops.linear(ops.linear(normed, *block.mlp1, {.gelu = true, .residual = {}}), *block.mlp2,
                   {.gelu = false, .residual = x});
    ops.finish_layer(x, ++layers);
  }
  return ops.layer_norm(x, final_norm_weight_, final_norm_bias_);
}

mx::array Encoder::first_positions(int count) const {
  if (count == positional_embedding_.shape(0)) return positional_embedding_;
  return mx::slice(positional_embedding_, {0, 0}, {count, positional_embedding_.shape(1)});
}

}  // namespace hearth::whisper
