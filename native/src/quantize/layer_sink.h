#pragma once

#include <optional>
#include <set>

#include "affine.h"
#include "finished_layers.h"
#include "mlx/ops.h"
#include "model_source.h"
#include "quantize_model.h"
#include "weights_writer.h"
#include "whisper_layers.h"

namespace hearth::quantize {

/// A layer as the file has it.
struct WrittenLayer {
  mlx::core::array weight, scales, biases;
  std::optional<mlx::core::array> bias;
};

/// Hands out a model's tensors one at a time and writes what becomes of them.
class LayerSink {
 public:
  LayerSink(ModelSource& source, WeightsWriter& writer, FinishedLayers& finished, int layers,
            const OnLayer& on_layer, const Cancellation& cancellation)
      : source_(source), writer_(writer), finished_(finished), layers_(layers), on_layer_(on_layer), cancellation_(cancellation) {}

  void check() const { cancellation_.check(); }

  /// Writes a tensor as it is; returns it in float16.
  mlx::core::array keep(const std::string& name, const mlx::core::Shape& shape) {
    check();
    auto tensor = source_.take(name, shape);
    writer_.put(name, tensor);
    return tensor;
  }

  /// float16 [outputs, inputs], once.
  mlx::core::array take_weight(const LayerShape& layer) {
    return source_.take(layer.name + ".weight", {layer.outputs, layer.inputs});
  }

  bool has_bias(const LayerShape& layer) const {
    return source_.has(layer.name + ".bias") || biases_.contains(layer.name);
  }
  /// float16 [outputs], once; zeros if the layer has none.
  mlx::core::array take_bias(const LayerShape& layer) {
    if (!source_.has(layer.name + ".bias")) return mlx::core::zeros({layer.outputs}, mlx::core::float16);
    biases_.insert(layer.name);
    return source_.take(layer.name + ".bias", {layer.outputs});
  }

  /// A layer that an earlier run has made; it counts as done.
  std::optional<WrittenLayer> take_finished(const LayerShape& layer) {
    if (!finished_.contains(layer.name)) return {};
    WrittenLayer written{writer_.take_written(layer.name + ".weight"),
                         writer_.take_written(layer.name + ".scales"),
                         writer_.take_written(layer.name + ".biases"),
                         {}};
    if (has_bias(layer)) written.bias = writer_.take_written(layer.name + ".bias");
    on_layer_(++done_, layers_);
    check();
    return written;
  }

  /// Writes a layer, with its bias if it has one.
  void put(const LayerShape& layer, const AffineLayer& affine, const mlx::core::array& bias) {
    writer_.put(layer.name + ".weight", affine.weight);
    writer_.put(layer.name + ".scales", affine.scales);
    writer_.put(layer.name + ".biases", affine.biases);
    if (has_bias(layer)) writer_.put(layer.name + ".bias", bias);
    if (finished_.is_kept()) {
      writer_.save();
      finished_.add(layer.name);
    }
    on_layer_(++done_, layers_);
    check();
  }
  void put(const LayerShape& layer, const AffineLayer& affine) { put(layer, affine, take_bias(layer)); }

 private:
  ModelSource& source_;
  WeightsWriter& writer_;
  FinishedLayers& finished_;
  int layers_;
  const OnLayer& on_layer_;
  const Cancellation& cancellation_;
  int done_ = 0;
  std::set<std::string> biases_;
};

}  // namespace hearth::quantize
