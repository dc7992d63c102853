#pragma once

#include <optional>
#include <vector>

#include "mlx/array.h"

namespace hearth::weights {

/// A linear layer or embedding [outputs, inputs] as stored in the file.
struct LinearWeights {
  mlx::core::array weight;                 ///< float [outputs, inputs], or uint32 [outputs, inputs * bits / 32]
  std::optional<mlx::core::array> scales;  ///< [outputs, inputs / group_size]; empty for a dense layer
  std::optional<mlx::core::array> biases;  ///< quantisation offsets, as `scales`
  std::optional<mlx::core::array> bias;    ///< [outputs]
  int outputs = 0;
  int inputs = 0;
  int bits = 0;
  int group_size = 0;

  bool quantized() const { return scales.has_value(); }
};

/// float32 [outputs, inputs], computed as scale * q + bias in float32.
mlx::core::array dense_float32(const LinearWeights& layer);

/// Layers with the same inputs as one, with their outputs in sequence; a missing bias counts as zeros.
LinearWeights merge(const std::vector<LinearWeights>& layers);

}  // namespace hearth::weights
