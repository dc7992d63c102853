#pragma once

#include <string>
#include <vector>

#include "../whisper/dimensions.h"
#include "mlx/array.h"

namespace hearth::quantize {

/// A linear layer or the token embedding: what is quantised.
struct LayerShape {
  std::string name;  ///< without `.weight`
  int outputs;
  int inputs;

  bool in_encoder() const { return name.starts_with("encoder."); }
};

/// What stays as it is: convolutions, norms and positions.
struct DenseShape {
  std::string name;
  mlx::core::Shape shape;
};

/// mlx-whisper's names and shapes of a Whisper model, without the biases of layers.
std::vector<LayerShape> layers_of(const whisper::ModelDimensions& dimensions);
std::vector<DenseShape> dense_tensors_of(const whisper::ModelDimensions& dimensions);

}  // namespace hearth::quantize
