#include "calibration.h"

#include "../whisper/encoder.h"
#include "../whisper/log_mel_window.h"
#include "../whisper/operations.h"
#include "calibrated_blocks.h"
#include "fit_layer.h"
#include "mlx/device.h"
#include "mlx/ops.h"

namespace mx = mlx::core;

namespace hearth::quantize {
namespace {

using whisper::Operations;

constexpr whisper::Computation kAsInFile{.dense_encoder = false, .rows_read_quantized = whisper::kAllRows};

std::unique_ptr<Operations> operations_here() {
  if (mx::default_device() == mx::Device::gpu) return whisper::make_mlx_operations(mx::float32, kAsInFile);
  return whisper::make_cpu_operations(whisper::Arithmetic::exact);
}

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
    const auto mel = whisper::log_mel_window(log_mel, *recording, start, count, whisper::kFramesPerWindow,
                                                 whisper::Loudest::kOfWindow);
    const auto x = operations.conv1d(mx::expand_dims(mel.frames, 0), *conv1, 1, {.gelu = true, .residual = {}});
    const auto y = computed(operations.conv1d(x, *conv2, 2, {.gelu = true, .residual = positions}));
    states.push_back({y, y});
  }
  return states;
}

Windows encode(const QuantizeRequest& request, const Operations& operations, LayerSink& sink) {
  auto states = convolve(request, operations, sink);
  CalibratedBlocks blocks(request, operations, sink, "encoder", request.dimensions.audio_state);
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
    const auto x = computed(mx::astype(mx::take(rows, tokens, 0), mx::float32) + places);
    states.push_back({x, x});
  }
  CalibratedBlocks blocks(request, operations, sink, "decoder", state);
  for (int block = 0; block < dimensions.text_layers; ++block) {
    blocks.self_attention(block, states);
    blocks.cross_attention(block, states, features);
    blocks.mlp(block, states);
  }
  const auto norm = blocks.keep_norm("decoder.ln");
  if (sink.take_finished(embedding)) return;
  LayerInputsSum sum(operations);
  for (const auto& each : states) sum.add(blocks.apply(norm, each).own, {});
  // It has no bias that could take a mean, and its rows are also what the decoder begins with: they stay themselves.
  sink.put(embedding, fit_layer(rows, sum.with_means(), request.bits, request.group_size).affine);
}

}  // namespace

void quantize_calibrated(const QuantizeRequest& request, LayerSink& sink) {
  const auto operations = operations_here();
  decode(request, *operations, sink, encode(request, *operations, sink));
}

}  // namespace hearth::quantize
