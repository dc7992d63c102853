#pragma once

#include <vector>

namespace hearth::quantize {

/// Replaces a positive definite row-major `size` x `size` matrix A by the upper triangle U with U^T U = A^-1.
void factor_of_inverse(std::vector<float>& matrix, int size);

}  // namespace hearth::quantize
