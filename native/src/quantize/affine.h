#pragma once

#include <cstdint>
#include <vector>

#include "mlx/array.h"

namespace hearth::quantize {

/// A layer in MLX's affine quantisation: `weight = scale * code + bias` for each group of a row.
struct AffineLayer {
  mlx::core::array weight;  ///< uint32 [outputs, inputs * bits / 32]
  mlx::core::array scales;  ///< float16 [outputs, inputs / group_size]
  mlx::core::array biases;  ///< as `scales`
  int bits;
  int group_size;
};

/// As mlx.core.quantize does: each group from its smallest to its largest weight. `weight` is float16
/// [outputs, inputs].
AffineLayer quantize_plainly(const mlx::core::array& weight, int bits, int group_size);

/// Codes, one in a byte, as the words of MLX's format.
mlx::core::array packed_words(const std::vector<uint8_t>& codes, int outputs, int inputs, int bits);

}  // namespace hearth::quantize
