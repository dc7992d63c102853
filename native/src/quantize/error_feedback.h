#pragma once

#include "affine.h"

namespace hearth::quantize {

/// What a layer's inputs were: float32 [inputs, inputs], the mean of x xᵀ, and of how many x.
struct InputMoments {
  mlx::core::array mean;
  int64_t count;
};

/// Quantises a layer so that its outputs change least for the inputs that speech gives it. Each group's scale and bias
/// are searched where the weighted error is least. Then each weight's rounding error is made good by the weights of its
/// row that are not rounded yet (GPTQ, Frantar et al. 2022), which the inputs' second moments say how to do.
/// `weight` is float16 [outputs, inputs].
AffineLayer quantize_with_feedback(const mlx::core::array& weight, const InputMoments& moments, int bits,
                                   int group_size);

}  // namespace hearth::quantize
