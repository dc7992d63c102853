#include "calibration.h"

#include <optional>

#include "../whisper/encoder.h"
#include "../whisper/log_mel_window.h"
#include "../whisper/mlx_attention_state.h"
#include "../whisper/operations.h"
#include "error_feedback.h"
#include "mlx/device.h"
#include "mlx/fast.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::quantize {
namespace {

using whisper::Epilogue;
using whisper::LinearPointer;
using whisper::Operations;
using Windows = std::vector<mx::array>;

constexpr int kBlockRows = 64;
constexpr whisper::Computation kAsInFile{.dense_encoder = false, .rows_read_quantized = whisper::kAllRows};
constexpr auto kManyRows = whisper::ExpectedRows::many;

std::unique_ptr<Operations> operations_here() {
  if (mx::default_device() == mx::Device::gpu) return whisper::make_mlx_operations(mx::float32, kAsInFile);
  return whisper::make_cpu_operations(whisper::Arithmetic::exact);
}

mx::array computed(mx::array x) {
  x = mx::contiguous(x);
  x.eval();
  return x;
}

/// The mean of x x^T.
class Moments {
 public:
  explicit Moments(const Operations& operations) : operations_(operations) {}

  void add(const mx::array& x) {
    const int width = x.shape(-1), rows = static_cast<int>(x.size() / width);
    // Zeros add nothing, and the kernels take whole blocks.
    const int whole = (rows + kBlockRows - 1) / kBlockRows * kBlockRows;
    const auto padded = mx::pad(mx::reshape(x, {rows, width}), {{0, whole - rows}, {0, 0}});
    const auto transposed = computed(mx::transpose(padded));
    const weights::LinearWeights inputs{transposed, {}, {}, {}, width, whole, 0, 0};
    // It has to be there until its products are computed.
    const auto layer = operations_.linear_layer(inputs, kManyRows);
    const auto products = operations_.linear(transposed, *layer, {});
    sum_ = computed(sum_ ? *sum_ + products : products);
    count_ += rows;
  }

  InputMoments mean() const { return {computed(*sum_ / mx::array(static_cast<float>(count_))), count_}; }

 private:
  const Operations& operations_;
  std::optional<mx::array> sum_;
  int64_t count_ = 0;
};

mx::array attend(const mx::array& queries, const mx::array& keys, const mx::array& values, const std::string& mask) {
  const int heads = queries.shape(-1) / whisper::kHeadSize;
  const auto split = [&](const mx::array& x) { return whisper::split_heads(x, heads); };
  return whisper::merge_heads(mx::fast::scaled_dot_product_attention(split(queries), split(keys), split(values),
                                                                     whisper::kAttentionScale, mask));
}

struct Norm {
  mx::array weight, bias;
};

/// One side's blocks. `states` is what each window has come to, [1, positions, state].
class Blocks {
 public:
  Blocks(const QuantizeRequest& request, const Operations& operations, LayerSink& sink, std::string side, int state)
      : request_(request), operations_(operations), sink_(sink), side_(std::move(side)), state_(state) {}

  void self_attention(int block, Windows& states) {
    const auto name = name_of(block) + "attn";
    const auto norm = keep_norm(name + "_ln");
    const auto normed = [&](size_t i) { return apply(norm, states[i]); };
    const auto heard = moments(states, normed);
    const auto query = quantize(square(name + ".query"), heard), key = quantize(square(name + ".key"), heard),
               value = quantize(square(name + ".value"), heard);
    const auto qkv = operations_.linear_layer(weights::merge({query, key, value}), kManyRows);
    const int heads = state_ / whisper::kHeadSize;
    add_attended(name, states, [&](size_t i) {
      const auto product = operations_.linear(normed(i), *qkv, {});
      if (side_ == "encoder") return operations_.encoder_attention(product, heads);
      const auto parts = mx::split(product, 3, -1);
      return attend(parts[0], parts[1], parts[2], "causal");
    });
  }

  void cross_attention(int block, Windows& states, const Windows& features) {
    const auto name = name_of(block) + "cross_attn";
    const auto norm = keep_norm(name + "_ln");
    const auto normed = [&](size_t i) { return apply(norm, states[i]); };
    const auto query = make(quantize(square(name + ".query"), moments(states, normed)));
    const auto heard = moments(states, [&](size_t i) { return features[i]; });
    const auto key = make(quantize(square(name + ".key"), heard));
    const auto value = make(quantize(square(name + ".value"), heard));
    add_attended(name, states, [&](size_t i) {
      return attend(operations_.linear(normed(i), *query, {}), operations_.linear(features[i], *key, {}),
                    operations_.linear(features[i], *value, {}), "");
    });
  }

  void mlp(int block, Windows& states) {
    const auto name = name_of(block);
    const auto norm = keep_norm(name + "mlp_ln");
    const auto normed = [&](size_t i) { return apply(norm, states[i]); };
    const auto mlp1 = make(quantize({name + "mlp1", 4 * state_, state_}, moments(states, normed)));
    const auto inner = [&](size_t i) {
      return operations_.linear(normed(i), *mlp1, {.gelu = true, .residual = {}});
    };
    const auto mlp2 = make(quantize({name + "mlp2", state_, 4 * state_}, moments(states, inner)));
    for (size_t i = 0; i < states.size(); ++i) {
      sink_.check();
      states[i] = computed(operations_.linear(inner(i), *mlp2, {.gelu = false, .residual = states[i]}));
    }
  }

  Norm keep_norm(const std::string& name) {
    return {operations_.parameter(sink_.keep(name + ".weight", {state_})),
            operations_.parameter(sink_.keep(name + ".bias", {state_}))};
  }

  mx::array apply(const Norm& norm, const mx::array& x) const {
    return computed(operations_.layer_norm(x, norm.weight, norm.bias));
  }

 private:
  std::string name_of(int block) const { return side_ + ".blocks." + std::to_string(block) + "."; }
  LayerShape square(const std::string& name) const { return {name, state_, state_}; }
  LinearPointer make(const weights::LinearWeights& weights) const {
    return operations_.linear_layer(weights, kManyRows);
  }

  /// Quantises what comes behind the attention, and adds that to the states.
  template <typename AttendedIn>
  void add_attended(const std::string& name, Windows& states, const AttendedIn& attended_in) {
    Windows attended;
    for (size_t i = 0; i < states.size(); ++i) {
      sink_.check();
      attended.push_back(computed(attended_in(i)));
    }
    const auto out = make(quantize(square(name + ".out"), moments(states, [&](size_t i) { return attended[i]; })));
    for (size_t i = 0; i < states.size(); ++i) {
      states[i] = computed(operations_.linear(attended[i], *out, {.gelu = false, .residual = states[i]}));
    }
  }

  template <typename InputOf>
  InputMoments moments(const Windows& states, const InputOf& input_of) const {
    Moments moments(operations_);
    for (size_t i = 0; i < states.size(); ++i) {
      sink_.check();
      moments.add(input_of(i));
    }
    return moments.mean();
  }

  weights::LinearWeights quantize(const LayerShape& layer, const InputMoments& moments) {
    const int bits = layer.in_encoder() ? request_.encoder_bits : request_.bits;
    const auto affine = quantize_with_feedback(sink_.take_weight(layer), moments, bits, request_.group_size);
    const auto bias = sink_.put(layer, affine);
    return {affine.weight, affine.scales, affine.biases, bias, layer.outputs, layer.inputs, bits, request_.group_size};
  }

  const QuantizeRequest& request_;
  const Operations& operations_;
  LayerSink& sink_;
  std::string side_;
  int state_;
};

Windows convolve(const QuantizeRequest& request, const Operations& operations, LayerSink& sink) {
  const int state = request.dimensions.audio_state, bins = request.dimensions.mel_bins;
  const auto convolution = [&](const std::string& name, int channels) {
    const auto weight = sink.keep(name + ".weight", {state, 3, channels});
    return operations.convolution(weight, sink.keep(name + ".bias", {state}));
  };
  const auto conv1 = convolution("encoder.conv1", bins), conv2 = convolution("encoder.conv2", state);
  const auto positions = operations.parameter(whisper::sinusoids(request.dimensions.audio_context, state));
  const kernels::LogMel log_mel(bins);
  Windows states;
  for (const auto& [recording, start, count, tokens] : request.windows) {
    sink.check();
    const auto mel = whisper::log_mel_window(log_mel, *recording, start, count, whisper::kFramesPerWindow);
    const auto x = operations.conv1d(mx::expand_dims(mel.frames, 0), *conv1, 1, {.gelu = true, .residual = {}});
    states.push_back(computed(operations.conv1d(x, *conv2, 2, {.gelu = true, .residual = positions})));
  }
  return states;
}

Windows encode(const QuantizeRequest& request, const Operations& operations, LayerSink& sink) {
  auto states = convolve(request, operations, sink);
  Blocks blocks(request, operations, sink, "encoder", request.dimensions.audio_state);
  for (int block = 0; block < request.dimensions.audio_layers; ++block) {
    blocks.self_attention(block, states);
    blocks.mlp(block, states);
  }
  const auto norm = blocks.keep_norm("encoder.ln_post");
  for (auto& state : states) state = blocks.apply(norm, state);
  return states;
}

void decode(const QuantizeRequest& request, const Operations& operations, LayerSink& sink, const Windows& features) {
  const auto& dimensions = request.dimensions;
  const int state = dimensions.text_state;
  const LayerShape embedding{"decoder.token_embedding", dimensions.vocabulary_size, state};
  const auto rows = sink.take_weight(embedding);
  const auto positions =
      mx::astype(sink.keep("decoder.positional_embedding", {dimensions.text_context, state}), mx::float32);
  Windows states;
  for (const auto& window : request.windows) {
    const auto count = static_cast<int>(window.tokens.size());
    const auto tokens = mx::array(window.tokens.begin(), {1, count}, mx::int32);
    const auto places = mx::slice(positions, {0, 0}, {count, state});
    states.push_back(computed(mx::astype(mx::take(rows, tokens, 0), mx::float32) + places));
  }
  Blocks blocks(request, operations, sink, "decoder", state);
  for (int block = 0; block < dimensions.text_layers; ++block) {
    blocks.self_attention(block, states);
    blocks.cross_attention(block, states, features);
    blocks.mlp(block, states);
  }
  const auto norm = blocks.keep_norm("decoder.ln");
  Moments moments(operations);
  for (const auto& each : states) moments.add(blocks.apply(norm, each));
  sink.put(embedding, quantize_with_feedback(rows, moments.mean(), request.bits, request.group_size));
}

}  // namespace

void quantize_calibrated(const QuantizeRequest& request, LayerSink& sink) {
  const auto operations = operations_here();
  decode(request, *operations, sink, encode(request, *operations, sink));
}

}  // namespace hearth::quantize
