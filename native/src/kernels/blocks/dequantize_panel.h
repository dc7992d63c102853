#pragma once

#include <algorithm>
#include <utility>

#include "../kernel_table.h"

namespace hearth::kernels {

/// Digits are made floats as in quantized_product.h; the 1 is taken off at once.
template <class V, int Bits>
void dequantize_columns(const QuantizedMatrix& matrix, int first_output, int outputs, float* panel) {
  constexpr int kDigits = 32 / Bits;
  constexpr int kPanelWidth = V::kPanelVectors * V::kWidth;
  const int groups = matrix.inputs / matrix.group_size;
  const int words_per_row = matrix.inputs / kDigits;
  const int words_per_group = matrix.group_size / kDigits;
  const uint32_t* words = matrix.weights + static_cast<int64_t>(first_output) * words_per_row;
  const auto mask = V::broadcast_word(((1U << Bits) - 1U) << (23 - Bits));
  const auto one_word = V::broadcast_word(0x3F800000U);
  const auto one = V::broadcast(1);
  const auto steps = V::broadcast(static_cast<float>(1 << Bits));
  for (int first = 0; first < outputs; first += V::kWidth) {
    // A lane without a row of its own reads the last one.
    uint32_t rows[V::kWidth], starts[V::kWidth];
    for (int lane = 0; lane < V::kWidth; ++lane) {
      rows[lane] = static_cast<uint32_t>(std::min(first + lane, outputs - 1));
      starts[lane] = rows[lane] * static_cast<uint32_t>(words_per_row);
    }
    const auto offsets = V::load_words(starts);
    float* to = panel + first;
    for (int group = 0; group < groups; ++group) {
      uint16_t scales[V::kWidth], biases[V::kWidth];
      for (int lane = 0; lane < V::kWidth; ++lane) {
        const int64_t place = static_cast<int64_t>(first_output + rows[lane]) * groups + group;
        scales[lane] = matrix.scales[place];
        biases[lane] = matrix.biases[place];
      }
      const auto scale = V::multiply(V::load_half(scales), steps);
      const auto bias = V::load_half(biases);
      for (int word = group * words_per_group; word < (group + 1) * words_per_group; ++word) {
        const auto digits = V::gather_words(words + word, offsets);
        const auto store = [&](auto shifted) {
          const auto digit = V::subtract(V::masked_float(shifted, mask, one_word), one);
          V::store(to, V::add(V::multiply(digit, scale), bias));
          to += kPanelWidth;
        };
        [&]<int... Digit>(std::integer_sequence<int, Digit...>) {
          (store(V::template shift<23 - Bits - Digit * Bits>(digits)), ...);
        }(std::make_integer_sequence<int, kDigits>());
      }
    }
  }
}

/// As `dequantize` gives them.
template <class V>
void dequantize_panel(const QuantizedMatrix& matrix, int first_output, int outputs, float* panel) {
  if (matrix.bits == 4) return dequantize_columns<V, 4>(matrix, first_output, outputs, panel);
  dequantize_columns<V, 8>(matrix, first_output, outputs, panel);
}

}  // namespace hearth::kernels
