#pragma once

#include <string>

#include "tensor_file.h"

namespace hearth::weights {

/// Reads an uncompressed NumPy archive, as mlx-whisper's converter wrote it before November 2024.
/// Throws MODEL_INVALID for anything else.
Tensors read_npz(const std::string& path);

}  // namespace hearth::weights
