#pragma once

#include <memory>

#include "operations.h"

namespace hearth::whisper {

/// [windows, frames, heads * 64] to [windows, heads, frames, 64] and back.
mlx::core::array split_heads(const mlx::core::array& x, int heads);
mlx::core::array merge_heads(const mlx::core::array& x);

/// Keys and values as MLX arrays, appended by slice updates and read as growing slices. All rows append at the same
/// column: a row that joins begins so many columns before it as its prompt is long.
std::unique_ptr<AttentionState> make_mlx_attention_state(const ModelDimensions& dimensions, mlx::core::Dtype dtype);

}  // namespace hearth::whisper
