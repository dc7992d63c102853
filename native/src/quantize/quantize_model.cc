#include "quantize_model.h"

#include "../whisper/check_inputs.h"
#include "affine.h"
#include "calibration.h"
#include "finished_layers.h"
#include "layer_sink.h"
#include "mlx/ops.h"
#include "model_source.h"
#include "weights_writer.h"
#include "whisper_layers.h"

namespace mx = mlx::core;

namespace hearth::quantize {
namespace {

int bits_of(const QuantizeRequest& request, const LayerShape& layer) {
  return layer.in_encoder() ? request.encoder_bits : request.bits;
}

std::vector<PlannedTensor> plan(const QuantizeRequest& request, const ModelSource& source) {
  std::vector<PlannedTensor> tensors;
  for (const auto& [name, shape] : dense_tensors_of(request.dimensions)) tensors.push_back({name, mx::float16, shape});
  for (const auto& layer : layers_of(request.dimensions)) {
    const int words = layer.inputs * bits_of(request, layer) / 32;
    const mx::Shape groups{layer.outputs, layer.inputs / request.group_size};
    tensors.push_back({layer.name + ".weight", mx::uint32, {layer.outputs, words}});
    tensors.push_back({layer.name + ".scales", mx::float16, groups});
    tensors.push_back({layer.name + ".biases", mx::float16, groups});
    if (source.has(layer.name + ".bias")) tensors.push_back({layer.name + ".bias", mx::float16, {layer.outputs}});
  }
  if (!request.alignment_heads.empty()) {
    tensors.push_back({"alignment_heads", mx::int64, {static_cast<int>(request.alignment_heads.size()), 2}});
  }
  return tensors;
}

mx::array as_array(const std::vector<std::pair<int, int>>& heads) {
  std::vector<int64_t> numbers;
  for (const auto& [layer, head] : heads) numbers.insert(numbers.end(), {layer, head});
  return mx::array(numbers.begin(), {static_cast<int>(heads.size()), 2}, mx::int64);
}

void quantize_layers(const QuantizeRequest& request, LayerSink& sink) {
  for (const auto& [name, shape] : dense_tensors_of(request.dimensions)) sink.keep(name, shape);
  for (const auto& layer : layers_of(request.dimensions)) {
    if (sink.take_finished(layer)) continue;
    sink.put(layer, quantize_plainly(sink.take_weight(layer), bits_of(request, layer), request.group_size));
  }
}

}  // namespace

void quantize_model(const QuantizeRequest& request, const OnLayer& on_layer, const Cancellation& cancellation) {
  whisper::check_dimensions(request.dimensions);
  ModelSource source(request.weights_path, request.other_weights_paths);
  FinishedLayers finished(request.finished_path);
  const auto start = finished.empty() ? WeightsWriter::Start::anew : WeightsWriter::Start::where_it_ended;
  WeightsWriter writer(request.output_path, plan(request, source), start);
  LayerSink sink(source, writer, finished, static_cast<int>(layers_of(request.dimensions).size()), on_layer, cancellation);
  if (request.windows.empty()) {
    quantize_layers(request, sink);
  } else {
    quantize_calibrated(request, sink);
  }
  if (!request.alignment_heads.empty()) writer.put("alignment_heads", as_array(request.alignment_heads));
  writer.finish();
}

}  // namespace hearth::quantize
