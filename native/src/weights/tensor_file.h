#pragma once

#include <string>
#include <unordered_map>

#include "mlx/array.h"

namespace hearth::weights {

/// Arrays by name, from a file.
using Tensors = std::unordered_map<std::string, mlx::core::array>;

/// Every tensor of a .safetensors or .npz file. They are read when they are evaluated. Throws MODEL_INVALID.
Tensors read_tensors(const std::string& path);

}  // namespace hearth::weights
