#pragma once

#include <functional>
#include <vector>

#include "mlx/array.h"

namespace hearth::whisper {

/// Writes the output from the inputs, which are dense and row-major.
using CpuKernel = std::function<void(const std::vector<mlx::core::array>& inputs, mlx::core::array& output)>;

/// What one of our kernels gives: at once where all inputs are there, else a node of MLX's graph that runs it in MLX's
/// CPU stream. What a kernel throws is thrown here or by `evaluate`. Throws OUT_OF_MEMORY.
mlx::core::array cpu_kernel(const char* name, mlx::core::Shape shape, mlx::core::Dtype dtype,
                            std::vector<mlx::core::array> inputs, CpuKernel kernel);

/// Throws what a kernel threw in MLX's thread since the last call.
void throw_kernel_failure();

/// Computes these arrays, kernels included. Throws OUT_OF_MEMORY.
void evaluate(const std::vector<mlx::core::array>& arrays);

}  // namespace hearth::whisper
