#pragma once

#include <memory>
#include <span>

#include "operations.h"

namespace hearth::whisper {

/// [rows, positions, heads * 64] to [rows, heads, positions, 64] and back.
mlx::core::array split_heads(const mlx::core::array& x, int heads);
mlx::core::array merge_heads(const mlx::core::array& x);

/// Keys and values as MLX arrays, appended by slice updates and read as growing slices.
std::unique_ptr<AttentionState> make_mlx_attention_state(const ModelDimensions& dimensions,
                                                         std::span<const RowPlacement> rows, int columns,
                                                         mlx::core::Dtype dtype);

}  // namespace hearth::whisper
