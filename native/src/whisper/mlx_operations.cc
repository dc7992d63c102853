#include <algorithm>

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
  std::optional<mx::array> transposed;  ///< dense [inputs, outputs], or a convolution's weight
  std::optional<LinearWeights> quantized;
  std::optional<mx::array> bias;
};

/// GELU with the error function, as torch.nn.GELU().
mx::array gelu(const mx::array& x) {
  const auto half = mx::array(0.5f, x.dtype());
  const auto root = mx::array(0.70710678f, x.dtype());
  const auto one = mx::array(1.0f, x.dtype());
  return x * half * (one + mx::erf(x * root));
}

mx::array apply(mx::array x, const MlxLinear& layer, const Epilogue& epilogue) {
  if (layer.bias) x = x + *layer.bias;
  if (epilogue.gelu) x = gelu(x);
  return epilogue.residual ? x + *epilogue.residual : x;
}

class MlxOperations : public Operations {
 public:
  explicit MlxOperations(mx::Dtype dtype) : dtype_(dtype) {}

  std::string name() const override { return "mlx"; }
  int encoder_batch() const override { return 8; }

  /// With many rows a 4-bit product is four to five times slower than a dense one on a GPU, so such layers become
  /// dense.
  LinearPointer linear_layer(const LinearWeights& weights, ExpectedRows rows) const override {
    auto layer = std::make_shared<MlxLinear>();
    if (weights.bias) layer->bias = parameter(*weights.bias);
    if (weights.quantized() && rows == ExpectedRows::few) {
      layer->quantized = weights;
      layer->quantized->scales = parameter(*weights.scales);
      layer->quantized->biases = parameter(*weights.biases);
    } else {
      layer->transposed = mx::transpose(parameter(dense_float32(weights)));
    }
    return layer;
  }

  LinearPointer embedding(const LinearWeights& weights) const override {
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
    if (!layer.quantized) return apply(mx::matmul(x, *layer.transposed), layer, epilogue);
    const auto& weights = *layer.quantized;
    return apply(mx::quantized_matmul(x, weights.weight, *weights.scales, *weights.biases, /*transpose=*/true,
                                      weights.group_size, weights.bits),
                 layer, epilogue);
  }

  mx::array layer_norm(const mx::array& x, const mx::array& weight, const mx::array& bias) const override {
    return mx::fast::layer_norm(x, weight, bias, kLayerNormEpsilon);
  }

  mx::array conv1d(const mx::array& x, const Linear& base, int stride, const Epilogue& epilogue) const override {
    const auto& layer = static_cast<const MlxLinear&>(base);
    return apply(mx::conv1d(mx::astype(x, dtype_), *layer.transposed, stride, /*padding=*/1), layer, epilogue);
  }

  mx::array encoder_attention(const mx::array& qkv, int heads) const override {
    const auto parts = mx::split(qkv, 3, -1);
    const auto attended = mx::fast::scaled_dot_product_attention(
        split_heads(parts[0], heads), split_heads(parts[1], heads), split_heads(parts[2], heads), kAttentionScale);
    return merge_heads(attended);
  }

  mx::array embed(const Linear& base, const mx::array& positional_embedding, std::span<const int> tokens,
                  std::span<const int> positions, int rows) const override {
    const auto& layer = static_cast<const MlxLinear&>(base);
    const mx::Shape shape{rows, static_cast<int>(tokens.size()) / rows};
    const auto ids = mx::array(tokens.begin(), shape, mx::int32);
    const auto where = mx::array(positions.begin(), shape, mx::int32);
    const auto places = mx::take(positional_embedding, where, 0);
    if (!layer.quantized) return mx::take(mx::transpose(*layer.transposed), ids, 0) + places;
    const auto& weights = *layer.quantized;
    return mx::dequantize(mx::take(weights.weight, ids, 0), mx::take(*weights.scales, ids, 0),
                          mx::take(*weights.biases, ids, 0), weights.group_size, weights.bits) +
           places;
  }

  CrossEntry cross_entry(const mx::array& kv, int heads) const override {
    const auto parts = mx::split(mx::expand_dims(kv, 0), 2, -1);
    return {mx::contiguous(split_heads(parts[0], heads)), mx::contiguous(split_heads(parts[1], heads))};
  }

  std::unique_ptr<AttentionState> attention_state(const ModelDimensions& dimensions, const CrossCache& cross,
                                                  std::span<const RowPlacement> rows, int columns) const override {
    return make_mlx_attention_state(dimensions, cross, rows, columns, dtype_);
  }

  mx::array parameter(const mx::array& tensor) const override {
    auto result = mx::contiguous(mx::astype(tensor, dtype_));
    result.eval();
    return result;
  }

  void finish_layer(mx::array&) const override {}

 private:
  mx::Dtype dtype_;
};

}  // namespace

std::unique_ptr<Operations> make_mlx_operations(mx::Dtype dtype) { return std::make_unique<MlxOperations>(dtype); }

}  // namespace hearth::whisper
