#pragma once

#include <cstdint>
#include <vector>

#include "layer_inputs.h"

namespace hearth::quantize {

/// How the rounding error of one weight is made good by the weights of its row that are not rounded yet (GPTQ, Frantar
/// et al. 2022).
struct Feedback {
  std::vector<int> order;         ///< of the columns: those with the largest inputs are rounded first
  std::vector<float> factor;      ///< upper triangle U in `order`, row-major: Uᵀ U is the inverse of the moments
  std::vector<float> importance;  ///< of each column's rounding errors, in the layer's own order
  std::vector<float> moments;     ///< damped, in the layer's own order

  int inputs() const { return static_cast<int>(order.size()); }
};

Feedback make_feedback(const LayerInputs& inputs);

/// Adds to a row what makes its output's error good where that follows the inputs. `products` [inputs]: the row of the
/// errors' products with the inputs.
void make_good(const Feedback& feedback, const float* products, float* row);

/// A row on its way into the file: [inputs] codes, and of each group a scale and a bias.
struct RoundedRow {
  uint8_t* codes;
  float* scales;
  float* biases;
  int group_size;
  float highest;
};

/// Rounds a row, column after column, on the grids that it has.
void round_row(const Feedback& feedback, const float* row, const RoundedRow& rounded);

}  // namespace hearth::quantize
