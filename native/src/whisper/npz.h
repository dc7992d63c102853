#pragma once

#include <string>
#include <unordered_map>

#include "mlx/array.h"

namespace hearth::whisper {

/// Reads an uncompressed NumPy archive, as mlx-whisper's converter wrote it before November 2024.
/// Throws MODEL_INVALID for anything else.
std::unordered_map<std::string, mlx::core::array> load_npz(const std::string& path);

}  // namespace hearth::whisper
