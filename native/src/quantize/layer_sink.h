#pragma once

#include "affine.h"
#include "mlx/ops.h"
#include "model_source.h"
#include "quantize_model.h"
#include "weights_writer.h"
#include "whisper_layers.h"

namespace hearth::quantize {

/// Hands out a model's tensors one at a time and writes what becomes of them.
class LayerSink {
 public:
  LayerSink(ModelSource& source, WeightsWriter& writer, int layers, const OnLayer& on_layer,
            const Cancellation& cancellation)
      : source_(source), writer_(writer), layers_(layers), on_layer_(on_layer), cancellation_(cancellation) {}

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

  /// Writes a layer with its bias, and returns that: float16 [outputs], zeros if the layer has none.
  mlx::core::array put(const LayerShape& layer, const AffineLayer& affine) {
    writer_.put(layer.name + ".weight", affine.weight);
    writer_.put(layer.name + ".scales", affine.scales);
    writer_.put(layer.name + ".biases", affine.biases);
    const auto name = layer.name + ".bias";
    const bool has_bias = source_.has(name);
    auto bias = has_bias ? keep(name, {layer.outputs}) : mlx::core::zeros({layer.outputs}, mlx::core::float16);
    on_layer_(++done_, layers_);
    check();
    return bias;
  }

 private:
  ModelSource& source_;
  WeightsWriter& writer_;
  int layers_;
  const OnLayer& on_layer_;
  const Cancellation& cancellation_;
  int done_ = 0;
};

}  // namespace hearth::quantize
