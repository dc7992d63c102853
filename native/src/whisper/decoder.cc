#include "decoder.h"

#include <algorithm>
#include <numeric>

#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::whisper {

Decoder::Decoder(const weights::Weights& weights, const ModelDimensions& dimensions, const Operations& operations)
    : operations_(operations),
      dimensions_(dimensions),
      token_embedding_(operations.embedding(
          weights.linear("decoder.token_embedding", dimensions.vocabulary_size, dimensions.text_state))),
      positional_embedding_(operations.parameter(
          weights.tensor("decoder.positional_embedding", {dimensions.text_context, dimensions.text_state}))),
      final_norm_weight_(operations.parameter(weights.tensor("decoder.ln.weight", {dimensions.text_state}))),
      final_norm_bias_(operations.parameter(weights.tensor("decoder.ln.bias", {dimensions.text_state}))) {
  const int state = dimensions.text_state;
  const auto vector = [&](const std::string& name) { return operations.parameter(weights.tensor(name, {state})); };
  const auto square = [&](const std::string& name) { return weights.linear(name, state, state); };
  const auto few = [&](const weights::LinearWeights& layer) {
    return operations.linear_layer(layer, ExpectedRows::few);
  };
  for (int i = 0; i < dimensions.text_layers; ++i) {
    const std::string block = "decoder.blocks." + std::to_string(i) + ".";
    const auto query = square(block + "attn.query"), key = square(block + "attn.key"),
               value = square(block + "attn.value");
    const auto cross_key = square(block + "cross_attn.key"), cross_value = square(block + "cross_attn.value");
    blocks_.push_back(
        {vector(block + "attn_ln.weight"), vector(block + "attn_ln.bias"), few(weights::merge({query, key, value})),
         few(square(block + "attn.out")), vector(block + "cross_attn_ln.weight"), vector(block + "cross_attn_ln.bias"),
         few(square(block + "cross_attn.query")),
         operations.linear_layer(weights::merge({cross_key, cross_value}), ExpectedRows::many),
         few(square(block + "cross_attn.out")), vector(block + "mlp_ln.weight"), vector(block + "mlp_ln.bias"),
         few(weights.linear(block + "mlp1", 4 * state, state)), few(weights.linear(block + "mlp2", state, 4 * state))});
  }
}

std::vector<CrossCache> Decoder::cross_caches(const mx::array& features) const {
  std::vector<CrossCache> caches(features.shape(0), {.positions = {features.shape(1)}, .layers = {}});
  if (!operations_.keeps_cross_entries()) return caches;
  for (const auto& block : blocks_) {
    const auto windows = mx::split(operations_.linear(features, *block.cross_key_value, {}), features.shape(0), 0);
    for (size_t i = 0; i < windows.size(); ++i) {
      auto& layers = caches[i].layers;
      layers.push_back(operations_.cross_entry(windows[i], dimensions_.text_heads));
      // One layer's unpacked keys and values at a time are enough memory.
      operations_.finish_layer(layers.back().front(), static_cast<int>(layers.size()));
    }
  }
  return caches;
}

/// Windows that are shorter than others are filled up with silence, which nobody hears.
CrossCache Decoder::cross_cache_of(std::span<const EncodingPointer> windows) const {
  CrossCache cache;
  for (const auto& each : windows) cache.positions.push_back(each->features.shape(1));
  const int longest = std::ranges::max(cache.positions);
  std::vector<mx::array> features;
  for (const auto& each : windows) {
    const auto& own = each->features;
    const int missing = longest - own.shape(1);
    const auto silence = mx::zeros({1, missing, own.shape(2)}, own.dtype());
    features.push_back(missing > 0 ? mx::concatenate({own, silence}, 1) : own);
  }
  const auto all = features.size() == 1 ? features.front() : mx::concatenate(features, 0);
  for (const auto& block : blocks_) {
    const auto key_value = operations_.linear(all, *block.cross_key_value, {});
    cache.layers.push_back(operations_.cross_entry(key_value, dimensions_.text_heads));
  }
  return cache;
}

void Decoder::add_rows(AttentionState& state, std::span<const EncodingPointer> windows, int positions) const {
  std::vector<CrossCache> caches;
  if (operations_.keeps_cross_entries()) {
    for (const auto& each : windows) caches.push_back(each->cross);
  } else {
    caches.push_back(cross_cache_of(windows));
  }
  state.add(caches, positions);
}

std::unique_ptr<AttentionState> Decoder::state() const { return operations_.attention_state(dimensions_); }

mx::array Decoder::forward(AttentionState& state, const Step& step, std::vector<mx::array>* cross_queries) const {
  const auto& ops = operations_;
  const RunRows rows{step.first_row, step.tokens.shape(0), step.tokens.shape(1)};
  // All positions one below the other: MLX's products would otherwise make that of them, and undo it, each time.
  auto x = ops.embed(*token_embedding_, positional_embedding_, step.tokens, step.positions);
  for (size_t i = 0; i < blocks_.size(); ++i) {
    const auto& block = blocks_[i];
    const int layer = static_cast<int>(i);
    auto normed = ops.layer_norm(x, block.attention_norm_weight, block.attention_norm_bias);
    auto attended = state.self_attention(layer, ops.linear(normed, *block.qkv, {}), rows);
    x = ops.linear(attended, *block.out, {.gelu = false, .residual = x});
    normed = ops.layer_norm(x, block.cross_norm_weight, block.cross_norm_bias);
    const auto queries = ops.linear(normed, *block.cross_query, {});
    if (cross_queries) cross_queries->push_back(queries);
    attended = state.cross_attention(layer, queries, rows);
    x = ops.linear(attended, *block.cross_out, {.gelu = false, .residual = x});
    normed = ops.layer_norm(x, block.mlp_norm_weight, block.mlp_norm_bias);
    x = ops.linear(ops.linear(normed, *block.mlp1, {.gelu = true, .residual = {}}), *block.mlp2,
                   {.gelu = false, .residual = x});
  }
  state.advance(rows.first, rows.count, rows.positions);
  const auto hidden = ops.layer_norm(x, final_norm_weight_, final_norm_bias_);
  return mx::reshape(hidden, {rows.count, rows.positions, hidden.shape(-1)});
}

mx::array Decoder::raw_logits(const mx::array& hidden) const {
  return operations_.linear(hidden, *token_embedding_, {});
}

mx::array Decoder::logits(const mx::array& hidden) const { return mx::astype(raw_logits(hidden), mx::float32); }

std::vector<int> ascending(int count) {
  std::vector<int> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

}  // namespace hearth::whisper
