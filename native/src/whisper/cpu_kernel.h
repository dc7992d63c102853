#pragma once

#include <functional>
#include <vector>

#include "mlx/array.h"

namespace hearth::whisper {

/// Writes the output from the inputs, which are dense and row-major; runs in MLX's CPU stream.
using CpuKernel = std::function<void(const std::vector<mlx::core::array>& inputs, mlx::core::array& output)>;

/// A node of MLX's graph that runs one of our kernels.
mlx::core::array cpu_kernel(const char* name, mlx::core::Shape shape, mlx::core::Dtype dtype,
                            std::vector<mlx::core::array> inputs, CpuKernel kernel);

}  // namespace hearth::whisper
