#pragma once

namespace hearth::whisper {

/// Settings that MLX reads from the environment, where the user has not set them. Before MLX's first use.
void set_mlx_defaults();

}  // namespace hearth::whisper
