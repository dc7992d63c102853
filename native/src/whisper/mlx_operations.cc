#include <algorithm>
#include <span>

#include "compiled.h"
#include "mlx/fast.h"
#include "mlx/ops.h"
#include "mlx/transforms.h"
#include "mlx_attention_state.h"
#include "operations.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

class MlxLinear : public Linear {
 public:
  bool reads_quantized(int rows, const Computation& computation) const {
    if (!quantized || !transposed) return quantized.has_value();
    return expected == ExpectedRows::few ? rows <= computation.rows_read_quantized : !computation.dense_encoder;
  }

  ExpectedRows expected = ExpectedRows::many;
  std::optional<mx::array> transposed;  ///< dense [inputs, outputs], or a convolution's weight
  std::optional<weights::LinearWeights> quantized;
  std::optional<mx::array> bias;
};

/// Of an encoder of several windows. On an H200, large-v3-turbo's shapes, four windows: 24.6 ms and 0.8 GB beside the
/// weights; 23.2 ms and 6.2 GB for all 32 layers at once.
constexpr int kLayersAtATime = 4;

/// GELU with the error function, as torch.nn.GELU().
mx::array gelu(const mx::array& x) {
  const auto half = mx::array(0.5f, x.dtype());
  const auto root = mx::array(0.70710678f, x.dtype());
  const auto one = mx::array(1.0f, x.dtype());
  return x * half * (one + mx::erf(x * root));
}

/// What follows a product, as one kernel each where MLX compiles. Their shapes do not matter to the compiled code.
struct FusedEpilogues {
  using Arrays = const std::vector<mx::array>&;
  ArrayFunction bias_gelu =
      compiled([](Arrays in) -> std::vector<mx::array> { return {gelu(in[0] + in[1])}; }, /*any_shape=*/true);
  ArrayFunction bias_residual =
      compiled([](Arrays in) -> std::vector<mx::array> { return {in[0] + in[1] + in[2]}; }, /*any_shape=*/true);
  ArrayFunction bias_gelu_residual =
      compiled([](Arrays in) -> std::vector<mx::array> { return {gelu(in[0] + in[1]) + in[2]}; }, /*any_shape=*/true);
};

/// Embeddings of positions, [positions, state]. A slice is no work for the device, and the host need not hand numbers
/// over: those of one row, and those of steps in which all rows are at the same position.
mx::array places_of(const mx::array& embedding, std::span<const int> positions) {
  const int count = static_cast<int>(positions.size()), first = positions.front(), state = embedding.shape(1);
  const auto from_first = [&](int places) { return mx::slice(embedding, {first, 0}, {first + places, state}); };
  if (std::ranges::all_of(positions, [&](int position) { return position == first; })) return from_first(1);
  int next = first;
  if (std::ranges::all_of(positions, [&](int position) { return position == next++; })) return from_first(count);
  return mx::take(embedding, mx::array(positions.begin(), {count}, mx::int32), 0);
}

class MlxOperations : public Operations {
 public:
  MlxOperations(mx::Dtype dtype, const Computation& computation, bool tries_both)
      : dtype_(dtype), computation_(computation), tries_both_(tries_both) {}

  std::string name() const override { return "mlx"; }
  const Computation& computation() const override { return computation_; }
  void compute_as(const Computation& computation) override { computation_ = computation; }

  void settle() override {
    for (const auto& layer : layers_) {
      if (!keeps_dense(layer->expected)) layer->transposed.reset();
      if (!keeps_quantized(layer->expected)) layer->quantized.reset();
    }
    layers_.clear();
    tries_both_ = false;
  }

  bool chooses_tokens() const override { return true; }
  double position_cost() const override { return 0.03; }
  Arithmetic arithmetic() const override { return Arithmetic::exact; }

  LinearPointer linear_layer(const weights::LinearWeights& weights, ExpectedRows rows) const override {
    auto layer = std::make_shared<MlxLinear>();
    layer->expected = rows;
    if (weights.bias) layer->bias = parameter(*weights.bias);
    if (weights.quantized() && (tries_both_ || keeps_quantized(rows))) {
      layer->quantized = weights;
      layer->quantized->weight = mx::contiguous(weights.weight);
      layer->quantized->weight.eval();
      layer->quantized->scales = parameter(*weights.scales);
      layer->quantized->biases = parameter(*weights.biases);
    }
    if (!weights.quantized() || tries_both_ || keeps_dense(rows)) {
      layer->transposed = mx::transpose(parameter(weights::dense_float32(weights)));
    }
    if (weights.quantized() && tries_both_) layers_.push_back(layer);
    return layer;
  }

  LinearPointer embedding(const weights::LinearWeights& weights) const override {
    return linear_layer(weights, ExpectedRows::few);
  }

  LinearPointer convolution(const mx::array& weight, const mx::array& bias) const override {
    auto layer = std::make_shared<MlxLinear>();
    layer->transposed = parameter(weight);
    layer->bias = parameter(bias);
    return layer;
  }

  mx::array linear(const mx::array& x, const Linear& base, const Epilogue& epilogue) const override {
    const auto& layer = static_cast<const MlxLinear&>(base);
    const auto rows = static_cast<int>(x.size() / x.shape(-1));
    if (!layer.reads_quantized(rows, computation_)) {
      const bool bias_only = layer.bias && !epilogue.gelu && !epilogue.residual;
      if (bias_only && rows > 1) return mx::addmm(*layer.bias, x, *layer.transposed);
      return finish(mx::matmul(x, *layer.transposed), layer, epilogue);
    }
    const auto& weights = *layer.quantized;
    return finish(mx::quantized_matmul(x, weights.weight, *weights.scales, *weights.biases, /*transpose=*/true,
                                       weights.group_size, weights.bits),
                  layer, epilogue);
  }

  mx::array layer_norm(const mx::array& x, const mx::array& weight, const mx::array& bias) const override {
    return mx::fast::layer_norm(x, weight, bias, kLayerNormEpsilon);
  }

  mx::array conv1d(const mx::array& x, const Linear& base, int stride, const Epilogue& epilogue) const override {
    const auto& layer = static_cast<const MlxLinear&>(base);
    return finish(mx::conv1d(mx::astype(x, dtype_), *layer.transposed, stride, /*padding=*/1), layer, epilogue);
  }

  mx::array encoder_attention(const mx::array& qkv, int heads) const override {
    const auto parts = mx::split(split_heads(qkv, 3 * heads), 3, 1);
    return merge_heads(mx::fast::scaled_dot_product_attention(parts[0], parts[1], parts[2], kAttentionScale));
  }

  mx::array embed(const Linear& base, const mx::array& positional_embedding, const mx::array& tokens,
                  std::span<const int> positions) const override {
    const auto& layer = static_cast<const MlxLinear&>(base);
    const auto places = places_of(positional_embedding, positions);
    const auto all = mx::flatten(tokens);
    if (layer.transposed) return mx::take(mx::transpose(*layer.transposed), all, 0) + places;
    const auto& weights = *layer.quantized;
    return mx::dequantize(mx::take(weights.weight, all, 0), mx::take(*weights.scales, all, 0),
                          mx::take(*weights.biases, all, 0), weights.group_size, weights.bits) +
           places;
  }

  bool keeps_cross_entries() const override { return false; }

  CrossEntry cross_entry(const mx::array& kv, int heads) const override {
    const auto parts = mx::split(kv, 2, -1);
    CrossEntry entry{mx::contiguous(split_heads(parts[0], heads)), mx::contiguous(split_heads(parts[1], heads))};
    // What several windows have before it is arranged is much: not in memory for all layers at once.
    if (kv.shape(0) > 1) mx::eval(entry);
    return entry;
  }

  std::unique_ptr<AttentionState> attention_state(const ModelDimensions& dimensions) const override {
    return make_mlx_attention_state(dimensions, dtype_);
  }

  size_t cross_bytes(const ModelDimensions& dimensions) const override {
    return mx::size_of(dtype_) * dimensions.audio_state * dimensions.audio_context;
  }

  size_t row_bytes(const ModelDimensions& dimensions) const override {
    const int positions = dimensions.audio_context + dimensions.text_context;
    return 2 * mx::size_of(dtype_) * dimensions.text_layers * dimensions.text_state * positions;
  }

  mx::array parameter(const mx::array& tensor) const override {
    auto result = mx::contiguous(mx::astype(tensor, dtype_));
    result.eval();
    return result;
  }

  /// MLX's host runs ahead of the device: without this, what every layer needs between its operations would be in memory
  /// at once. For one window that is not much, and waiting costs a fifth of its time.
  void finish_layer(mx::array& x, int layers) const override {
    if (x.shape(0) > 1 && layers % kLayersAtATime == 0) mx::eval(x);
  }

 private:
  bool keeps_dense(ExpectedRows rows) const {
    return rows == ExpectedRows::few ? computation_.rows_read_quantized < kAllRows : computation_.dense_encoder;
  }

  bool keeps_quantized(ExpectedRows rows) const {
    return rows == ExpectedRows::few ? computation_.rows_read_quantized > 0 : !computation_.dense_encoder;
  }

  mx::array finish(const mx::array& x, const MlxLinear& layer, const Epilogue& epilogue) const {
    if (!layer.bias) {
      const auto activated = epilogue.gelu ? gelu(x) : x;
      return epilogue.residual ? activated + *epilogue.residual : activated;
    }
    if (epilogue.gelu && epilogue.residual) return fused_.bias_gelu_residual({x, *layer.bias, *epilogue.residual})[0];
    if (epilogue.gelu) return fused_.bias_gelu({x, *layer.bias})[0];
    return epilogue.residual ? fused_.bias_residual({x, *layer.bias, *epilogue.residual})[0] : x + *layer.bias;
  }

  mx::Dtype dtype_;
  Computation computation_;
  bool tries_both_;
  mutable std::vector<std::shared_ptr<MlxLinear>> layers_;  ///< that have a form to drop
  FusedEpilogues fused_;
};

}  // namespace

std::unique_ptr<Operations> make_mlx_operations(mx::Dtype dtype, const Computation& computation, bool tries_both) {
  return std::make_unique<MlxOperations>(dtype, computation, tries_both);
}

}  // namespace hearth::whisper
