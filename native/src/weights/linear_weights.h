#pragma once

#include <array>
#include <optional>
#include <vector>

#include "mlx/array.h"

namespace hearth::weights {

/// What MLX's affine quantisation knows (mlx.core.quantize).
inline constexpr std::array kQuantizedBits = {2, 3, 4, 5, 6, 8};
inline constexpr std::array kGroupSizes = {32, 64, 128};

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

/// A quantised layer with the same values in 8 bits.
LinearWeights in_eight_bits(const LinearWeights& layer);

/// Layers with the same inputs as one, with their outputs in sequence; a missing bias counts as zeros.
LinearWeights merge(const std::vector<LinearWeights>& layers);

}  // namespace hearth::weights
