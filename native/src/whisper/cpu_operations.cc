#include <cstring>
#include <numeric>

#include "../kernels/kernels.h"
#include "cpu_attention_state.h"
#include "cpu_kernel.h"
#include "mlx/ops.h"
#include "mlx/transforms.h"
#include "operations.h"

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

using Inputs = const std::vector<mx::array>&;

/// One of `packed` (dense), `split` (the same for many rows, where the CPU gains by it), `int8` (in 8 bits) and
/// `quantized` (read where the file's tensors lie).
class CpuLinear : public Linear {
 public:
  std::optional<kernels::PackedMatrix> packed;
  std::optional<kernels::SplitMatrix> split;
  std::optional<kernels::Int8Matrix> int8;
  std::optional<kernels::QuantizedMatrix> quantized;
  bool rounds_rows = false;             ///< of x, for `quantized`
  std::vector<mx::array> tensors;       ///< what `quantized` points into
  std::optional<mx::array> dense_rows;  ///< float16 or float32 rows of an embedding that is not quantised
  std::optional<mx::array> bias;
  int outputs = 0;

  const float* bias_data() const { return bias ? bias->data<float>() : nullptr; }

  void read_row(int row, int width, float* out) const {
    if (quantized) return kernels::dequantize(*quantized, row, 1, out);
    const int64_t offset = static_cast<int64_t>(row) * width;
    if (dense_rows->dtype() == mx::float16) {
      kernels::float16_to_float32(dense_rows->data<uint16_t>() + offset, width, out);
    } else {
      std::copy_n(dense_rows->data<float>() + offset, width, out);
    }
  }

  /// Takes dense weights [outputs, inputs] for this arithmetic, which is that of many rows.
  void pack(const float* weights, int inputs, ExpectedRows rows, Arithmetic arithmetic) {
    if (rows == ExpectedRows::many && arithmetic == Arithmetic::int8) {
      int8.emplace(weights, outputs, inputs);
    } else if (rows == ExpectedRows::many && kernels::has_split_arithmetic()) {
      split.emplace(weights, outputs, inputs);
    } else {
      packed.emplace(weights, outputs, inputs);
    }
  }
};

mx::array as_float32(const mx::array& tensor) {
  auto result = mx::contiguous(mx::astype(tensor, mx::float32));
  result.eval();
  return result;
}

/// The kernels take scales and biases as float16.
bool is_in_halves(const weights::LinearWeights& weights) {
  return weights.quantized() && weights.scales->dtype() == mx::float16 && weights.biases->dtype() == mx::float16;
}

/// The kernels read 4 and 8 bits where they lie.
weights::LinearWeights readable_in_place(const weights::LinearWeights& weights) {
  return weights.bits == 4 || weights.bits == 8 ? weights : weights::in_eight_bits(weights);
}

int row_count(const mx::array& x) { return static_cast<int>(x.size() / x.shape(-1)); }

mx::Shape with_last(mx::Shape shape, int last) {
  shape.back() = last;
  return shape;
}

std::vector<mx::array> inputs_of(const mx::array& x, const Epilogue& epilogue) {
  std::vector<mx::array> inputs{x};
  if (epilogue.residual) inputs.push_back(*epilogue.residual);
  return inputs;
}

kernels::Epilogue kernel_epilogue(const CpuLinear& layer, bool gelu, const std::vector<mx::array>& inputs) {
  return {.bias = layer.bias_data(),
          .gelu = gelu,
          .residual = inputs.size() > 1 ? inputs[1].data<float>() : nullptr,
          .residual_stride = layer.outputs};
}

std::shared_ptr<CpuLinear> make_layer(const weights::LinearWeights& weights, ExpectedRows rows, Arithmetic arithmetic) {
  auto layer = std::make_shared<CpuLinear>();
  layer->outputs = weights.outputs;
  if (weights.bias) layer->bias = as_float32(*weights.bias);
  if (rows == ExpectedRows::few && is_in_halves(weights)) {
    const auto readable = readable_in_place(weights);
    layer->tensors = {mx::contiguous(readable.weight), mx::contiguous(*readable.scales),
                      mx::contiguous(*readable.biases)};
    mx::eval(layer->tensors);
    layer->quantized = kernels::QuantizedMatrix{.weights = layer->tensors[0].data<uint32_t>(),
                                                .scales = layer->tensors[1].data<uint16_t>(),
                                                .biases = layer->tensors[2].data<uint16_t>(),
                                                .outputs = weights.outputs,
                                                .inputs = weights.inputs,
                                                .group_size = readable.group_size,
                                                .bits = readable.bits};
    layer->rounds_rows = arithmetic == Arithmetic::int8 && kernels::takes_int8_rows(*layer->quantized);
  } else {
    const auto dense = as_float32(weights::dense_float32(weights));
    layer->pack(dense.data<float>(), weights.inputs, rows, arithmetic);
  }
  return layer;
}

class CpuOperations : public Operations {
 public:
  explicit CpuOperations(Arithmetic arithmetic)
      : arithmetic_(kernels::has_int8_arithmetic() ? arithmetic : Arithmetic::exact) {}

  std::string name() const override { return "cpu"; }
  const Computation& computation() const override { return computation_; }
  void compute_as(const Computation&) override {}
  void settle() override {}
  bool chooses_tokens() const override { return false; }
  double position_cost() const override { return 0.3; }
  Arithmetic arithmetic() const override { return arithmetic_; }

  LinearPointer linear_layer(const weights::LinearWeights& weights, ExpectedRows rows) const override {
    return make_layer(weights, rows, arithmetic_);
  }

  LinearPointer embedding(const weights::LinearWeights& weights) const override {
    auto layer = make_layer(weights, ExpectedRows::few, arithmetic_);
    if (!layer->quantized) {
      const bool half = weights.weight.dtype() == mx::float16 && !weights.quantized();
      layer->dense_rows = half ? mx::contiguous(weights.weight) : as_float32(weights::dense_float32(weights));
      layer->dense_rows->eval();
    }
    return layer;
  }
  LinearPointer convolution(const mx::array& weight, const mx::array& bias) const override {
    auto layer = std::make_shared<CpuLinear>();
    const auto dense = as_float32(weight);
    layer->outputs = weight.shape(0);
    layer->pack(dense.data<float>(), weight.shape(1) * weight.shape(2), ExpectedRows::many, arithmetic_);
    layer->bias = as_float32(bias);
    return layer;
  }

  mx::array linear(const mx::array& x, const Linear& base, const Epilogue& epilogue) const override {
    const auto& layer = static_cast<const CpuLinear&>(base);
    return cpu_kernel("HearthLinear", with_last(x.shape(), layer.outputs), mx::float32, inputs_of(x, epilogue),
                      [&layer, gelu = epilogue.gelu](Inputs inputs, mx::array& output) {
                        const auto& x = inputs[0];
                        const auto finish = kernel_epilogue(layer, gelu, inputs);
                        if (layer.int8) {
                          kernels::int8_linear(x.data<float>(), x.shape(-1), row_count(x), *layer.int8, finish,
                                               output.data<float>(), layer.outputs);
                        } else if (layer.split) {
                          kernels::split_linear(x.data<float>(), x.shape(-1), row_count(x), *layer.split, finish,
                                                output.data<float>(), layer.outputs);
                        } else if (layer.quantized) {
                          const auto multiply =
                              layer.rounds_rows ? kernels::int8_quantized_linear : kernels::quantized_linear;
                          multiply(x.data<float>(), x.shape(-1), row_count(x), *layer.quantized, finish,
                                   output.data<float>(), layer.outputs);
                        } else {
                          kernels::linear(x.data<float>(), x.shape(-1), row_count(x), *layer.packed, finish,
                                          output.data<float>(), layer.outputs);
                        }
                      });
  }

  mx::array layer_norm(const mx::array& x, const mx::array& weight, const mx::array& bias) const override {
    return cpu_kernel("HearthLayerNorm", x.shape(), mx::float32, {x, weight, bias},
                      [](Inputs inputs, mx::array& output) {
                        kernels::layer_norm(inputs[0].data<float>(), row_count(inputs[0]), inputs[0].shape(-1),
                                            inputs[1].data<float>(), inputs[2].data<float>(), kLayerNormEpsilon,
                                            output.data<float>());
                      });
  }

  mx::array conv1d(const mx::array& x, const Linear& base, int stride, const Epilogue& epilogue) const override {
    const auto& layer = static_cast<const CpuLinear&>(base);
    const mx::Shape shape{x.shape(0), x.shape(1) / stride, layer.outputs};
    return cpu_kernel("HearthConv1d", shape, mx::float32, inputs_of(x, epilogue),
                      [&layer, stride, gelu = epilogue.gelu](Inputs inputs, mx::array& output) {
                        const auto& x = inputs[0];
                        auto finish = kernel_epilogue(layer, gelu, inputs);
                        const int64_t in_step = static_cast<int64_t>(x.shape(1)) * x.shape(2);
                        const int64_t out_step = static_cast<int64_t>(output.shape(1)) * output.shape(2);
                        for (int window = 0; window < x.shape(0); ++window) {
                          const float* from = x.data<float>() + window * in_step;
                          float* const to = output.data<float>() + window * out_step;
                          if (layer.int8) {
                            kernels::int8_conv1d(from, x.shape(1), x.shape(2), stride, *layer.int8, finish, to);
                          } else if (layer.split) {
                            kernels::split_conv1d(from, x.shape(1), x.shape(2), stride, *layer.split, finish, to);
                          } else {
                            kernels::conv1d(from, x.shape(1), x.shape(2), stride, *layer.packed, finish, to);
                          }
                        }
                      });
  }

  mx::array encoder_attention(const mx::array& qkv, int heads) const override {
    const int state = heads * kHeadSize;
    return cpu_kernel("HearthAttention", with_last(qkv.shape(), state), mx::float32, {qkv},
                      [heads, state](Inputs inputs, mx::array& output) {
                        const auto& qkv = inputs[0];
                        const float* data = qkv.data<float>();
                        const int frames = qkv.shape(1);
                        const int64_t row = 3 * state;
                        const kernels::HeadView q{data, frames * row, row, kHeadSize};
                        const kernels::HeadView k{data + state, frames * row, row, kHeadSize};
                        const kernels::HeadView v{data + 2 * state, frames * row, row, kHeadSize};
                        kernels::attention({.batch = qkv.shape(0),
                                            .queries = frames,
                                            .keys = frames,
                                            .heads = heads,
                                            .causal = false,
                                            .scale = kAttentionScale},
                                           q, k, v, output.data<float>());
                      });
  }

  mx::array embed(const Linear& base, const mx::array& positional_embedding, const mx::array& tokens,
                  std::span<const int> positions) const override {
    const auto& layer = static_cast<const CpuLinear&>(base);
    const int state = positional_embedding.shape(1);
    std::vector<float> values(tokens.size() * state);
    for (size_t i = 0; i < tokens.size(); ++i) {
      float* out = values.data() + i * state;
      layer.read_row(tokens.data<int>()[i], state, out);
      const float* place = positional_embedding.data<float>() + static_cast<int64_t>(positions[i]) * state;
      for (int column = 0; column < state; ++column) out[column] += place[column];
    }
    return mx::array(values.begin(), {static_cast<int>(tokens.size()), state}, mx::float32);
  }

  bool keeps_cross_entries() const override { return true; }

  /// One window's.
  CrossEntry cross_entry(const mx::array& kv, int heads) const override {
    const int frames = kv.shape(1);
    const auto halves = static_cast<int>(kernels::cross_cache_size(heads, frames));
    return {
        cpu_kernel("HearthPackCross", {halves}, mx::uint16, {kv}, [heads, frames](Inputs inputs, mx::array& output) {
          const float* keys = inputs[0].data<float>();
          const int64_t row = inputs[0].shape(2);
          kernels::pack_cross_cache(keys, keys + row / 2, row, heads, frames, output.data<uint16_t>());
        })};
  }

  std::unique_ptr<AttentionState> attention_state(const ModelDimensions& dimensions) const override {
    return make_cpu_attention_state(dimensions);
  }

  size_t cross_bytes(const ModelDimensions& dimensions) const override {
    return dimensions.text_layers * sizeof(uint16_t) *
           kernels::cross_cache_size(dimensions.text_heads, dimensions.audio_context);
  }

  size_t row_bytes(const ModelDimensions& dimensions) const override {
    return 2 * sizeof(float) * dimensions.text_layers * dimensions.text_state * dimensions.text_context;
  }

  mx::array parameter(const mx::array& tensor) const override { return as_float32(tensor); }

  void finish_layer(mx::array& x, int) const override { evaluate({x}); }

 private:
  /// One window keeps all processors busy.
  static constexpr Computation computation_{.dense_encoder = true, .rows_read_quantized = kAllRows, .encoder_batch = 1};
  Arithmetic arithmetic_;
};

}  // namespace

std::unique_ptr<Operations> make_cpu_operations(Arithmetic arithmetic) {
  return std::make_unique<CpuOperations>(arithmetic);
}

}  // namespace hearth::whisper
