#include "calibrated_blocks.h"

#include "../whisper/mlx_attention_state.h"
#include "fit_layer.h"
#include "mlx/fast.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::quantize {
namespace {

constexpr auto kManyRows = whisper::ExpectedRows::many;

mx::array attend(const mx::array& queries, const mx::array& keys, const mx::array& values, const std::string& mask) {
  const int heads = queries.shape(-1) / whisper::kHeadSize;
  const auto split = [&](const mx::array& x) { return whisper::split_heads(x, heads); };
  return computed(whisper::merge_heads(mx::fast::scaled_dot_product_attention(
      split(queries), split(keys), split(values), whisper::kAttentionScale, mask)));
}

weights::LinearWeights dense(const mx::array& weight, const mx::array& bias) {
  return {weight, {}, {}, bias, weight.shape(0), weight.shape(1), 0, 0};
}

/// Rows from `first` on.
mx::array rows(const mx::array& x, int first, int count) {
  auto end = x.shape();
  end[0] = first + count;
  mx::Shape start(end.size(), 0);
  start[0] = first;
  return computed(mx::slice(x, start, end));
}

}  // namespace

void CalibratedBlocks::self_attention(int block, Windows& states) {
  const auto name = name_of(block) + "attn";
  const auto norm = keep_norm(name + "_ln");
  Windows normed;
  for (const auto& state : states) normed.push_back(apply(norm, state));
  const auto qkv = quantize({square(name + ".query"), square(name + ".key"), square(name + ".value")}, normed);
  const int heads = state_ / whisper::kHeadSize;
  const auto attended = [&](const mx::array& product) {
    if (side_ == "encoder") return computed(operations_.encoder_attention(product, heads));
    const auto parts = mx::split(product, 3, -1);
    return attend(parts[0], parts[1], parts[2], "causal");
  };
  for (auto& each : normed) {
    sink_.check();
    const auto products = linear(each, qkv);
    each = {attended(products.exact), attended(products.own)};
  }
  quantize_and_add(square(name + ".out"), normed, states);
}

void CalibratedBlocks::cross_attention(int block, Windows& states, const Windows& features) {
  const auto name = name_of(block) + "cross_attn";
  const auto norm = keep_norm(name + "_ln");
  Windows normed;
  for (const auto& state : states) normed.push_back(apply(norm, state));
  const auto query = quantize({square(name + ".query")}, normed);
  const auto kv = quantize({square(name + ".key"), square(name + ".value")}, features);
  const auto attended = [](const mx::array& queries, const mx::array& product) {
    const auto parts = mx::split(product, 2, -1);
    return attend(queries, parts[0], parts[1], "");
  };
  for (size_t i = 0; i < states.size(); ++i) {
    sink_.check();
    const auto queries = linear(normed[i], query), products = linear(features[i], kv);
    normed[i] = {attended(queries.exact, products.exact), attended(queries.own, products.own)};
  }
  quantize_and_add(square(name + ".out"), normed, states);
}

void CalibratedBlocks::mlp(int block, Windows& states) {
  const auto name = name_of(block);
  const auto norm = keep_norm(name + "mlp_ln");
  Windows inner;
  for (const auto& state : states) inner.push_back(apply(norm, state));
  const auto mlp1 = quantize({{name + "mlp1", 4 * state_, state_}}, inner);
  for (auto& each : inner) each = linear(each, mlp1, /*gelu=*/true);
  quantize_and_add({name + "mlp2", state_, 4 * state_}, inner, states);
}

Norm CalibratedBlocks::keep_norm(const std::string& name) {
  return {operations_.parameter(sink_.keep(name + ".weight", {state_})),
          operations_.parameter(sink_.keep(name + ".bias", {state_}))};
}

Twin CalibratedBlocks::apply(const Norm& norm, const Twin& x) const {
  return {computed(operations_.layer_norm(x.exact, norm.weight, norm.bias)),
          computed(operations_.layer_norm(x.own, norm.weight, norm.bias))};
}

Twin CalibratedBlocks::linear(const Twin& x, const Layer& layer, bool gelu) const {
  return {computed(operations_.linear(x.exact, *layer.exact, {.gelu = gelu, .residual = {}})),
          computed(operations_.linear(x.own, *layer.own, {.gelu = gelu, .residual = {}}))};
}

CalibratedBlocks::Layer CalibratedBlocks::quantize(const std::vector<LayerShape>& shapes, const Windows& inputs) {
  return fit(shapes, inputs, nullptr);
}

void CalibratedBlocks::quantize_and_add(const LayerShape& shape, const Windows& inputs, Windows& states) {
  const auto layer = fit({shape}, inputs, &states);
  for (size_t i = 0; i < states.size(); ++i) {
    sink_.check();
    states[i] = {
        computed(operations_.linear(inputs[i].exact, *layer.exact, {.gelu = false, .residual = states[i].exact})),
        computed(operations_.linear(inputs[i].own, *layer.own, {.gelu = false, .residual = states[i].own}))};
  }
}

CalibratedBlocks::Layer CalibratedBlocks::fit(const std::vector<LayerShape>& shapes, const Windows& inputs,
                                              const Windows* residuals) {
  std::vector<mx::array> weights, biases;
  for (const auto& shape : shapes) {
    weights.push_back(sink_.take_weight(shape));
    biases.push_back(sink_.take_bias(shape));
  }
  const auto weight = computed(mx::concatenate(weights, 0)), bias = computed(mx::concatenate(biases, 0));
  const auto exact = operations_.linear_layer(dense(weight, bias), kManyRows);
  const auto unbiased = operations_.linear_layer(dense(weight, mx::zeros_like(bias)), kManyRows);
  std::optional<LayerInputs> heard;
  const auto listen = [&] {
    LayerInputsSum sum(operations_);
    for (size_t i = 0; i < inputs.size(); ++i) {
      sink_.check();
      auto error = operations_.linear(computed(inputs[i].exact - inputs[i].own), *unbiased, {});
      if (residuals) error = error + ((*residuals)[i].exact - (*residuals)[i].own);
      sum.add(inputs[i].own, computed(error));
    }
    return sum.without_means();
  };
  std::vector<weights::LinearWeights> own;
  for (size_t i = 0; i < shapes.size(); ++i) {
    const auto& shape = shapes[i];
    const int bits = shape.in_encoder() ? request_.encoder_bits : request_.bits;
    const auto add = [&](const WrittenLayer& layer) {
      own.push_back({layer.weight, layer.scales, layer.biases, layer.bias.value_or(biases[i]), shape.outputs,
                     shape.inputs, bits, request_.group_size});
    };
    if (const auto finished = sink_.take_finished(shape)) {
      add(*finished);
      continue;
    }
    if (!heard) heard = listen();
    // Layers with the same inputs have as many outputs.
    const int first = static_cast<int>(i) * shape.outputs;
    const LayerErrors errors{rows(heard->errors->products, first, shape.outputs),
                             rows(heard->errors->mean, first, shape.outputs)};
    const LayerInputs inputs_of_layer{heard->moments, heard->mean, errors, heard->count};
    const auto [affine, change] = fit_layer(weights[i], inputs_of_layer, bits, request_.group_size);
    // A key's bias changes nothing: every key gets the same.
    const auto fitted = computed(mx::astype(mx::astype(biases[i], mx::float32) + change, mx::float16));
    sink_.put(shape, affine, fitted);
    add({affine.weight, affine.scales, affine.biases, sink_.has_bias(shape) ? std::optional(fitted) : std::nullopt});
  }
  return {exact, operations_.linear_layer(own.size() == 1 ? own[0] : weights::merge(own), kManyRows)};
}

}  // namespace hearth::quantize
