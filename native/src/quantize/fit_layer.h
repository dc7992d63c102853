#pragma once

#include "affine.h"
#include "layer_inputs.h"

namespace hearth::quantize {

struct FittedLayer {
  AffineLayer affine;
  mlx::core::array bias_change;  ///< float32 [outputs]
};

/// Quantises a layer so that for the inputs that speech gives it in the quantised model, its outputs are nearest to
/// those of the float model. `weight` is float16 [outputs, inputs].
FittedLayer fit_layer(const mlx::core::array& weight, const LayerInputs& inputs, int bits, int group_size);

}  // namespace hearth::quantize
