#pragma once

#include <functional>
#include <vector>

#include "mlx/array.h"

namespace hearth::whisper {

/// Writes the output from the inputs, which are dense and row-major; runs in MLX's CPU stream.
using CpuKernel = std::function<void(const std::vector<mlx::core::array>& inputs, mlx::core::array& output)>;

/// A node of MLX's graph that runs one of our kernels. What a kernel throws is thrown by `evaluate`.
mlx::core::array cpu_kernel(const char* name, mlx::core::Shape shape, mlx::core::Dtype dtype,
                            std::vector<mlx::core::array> inputs, CpuKernel kernel);

/// Throws what a kernel threw in MLX's thread since the last call.
void throw_kernel_failure();

/// Computes these arrays, kernels included. Throws OUT_OF_MEMORY.
void evaluate(const std::vector<mlx::core::array>& arrays);

}  // namespace hearth::whisper
