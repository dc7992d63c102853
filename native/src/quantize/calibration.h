#pragma once

#include "layer_sink.h"
#include "quantize_model.h"

namespace hearth::quantize {

/// Quantises layer after layer while speech goes through the model: each layer for what the quantised ones before it
/// make of the request's windows. In memory are one layer and what each window has come to.
void quantize_calibrated(const QuantizeRequest& request, LayerSink& sink);

}  // namespace hearth::quantize
