#pragma once

#include <algorithm>

#include "quantized_tile.h"

namespace hearth::kernels {

/// Digit d of lane l is input l * 32 / bits + d of a block. The digits are placed below the top of a float's mantissa,
/// which makes 1 + q / 2^bits without a conversion; the 1 is taken off again through the sums of x per group.
template <class V, int Bits, int Outputs, int Rows>
struct FloatTile : QuantizedTile<V> {
  static constexpr int kDigits = 32 / Bits;
  static constexpr int kBlockInputs = V::kWidth * kDigits;
  using Float = typename V::Float;

  const float* permuted;

  FloatTile(const QuantizedProduct& product, int first_output)
      : QuantizedTile<V>(product.to, first_output), permuted(product.permuted) {}

  template <int Digit>
  void add_digits(const typename V::Int (&words)[Outputs], const float* x, Float (&sums)[Outputs][Rows]) const {
    if constexpr (Digit < kDigits) {
      const auto mask = V::broadcast_word(((1U << Bits) - 1U) << (23 - Bits));
      const auto one = V::broadcast_word(0x3F800000U);
      Float weights[Outputs];
      for (int output = 0; output < Outputs; ++output) {
        weights[output] = V::masked_float(V::template shift<23 - Bits - Digit * Bits>(words[output]), mask, one);
      }
      for (int row = 0; row < Rows; ++row) {
        const auto value = V::load(x + (Digit * Rows + row) * V::kWidth);
        for (int output = 0; output < Outputs; ++output) {
          sums[output][row] = V::fma(weights[output], value, sums[output][row]);
        }
      }
      add_digits<Digit + 1>(words, x, sums);
    }
  }

  void run() const {
    const auto lane_groups = this->lane_groups();
    Float totals[Outputs][Rows];
    for (auto& output : totals) {
      for (auto& total : output) total = V::zero();
    }
    for (int input = 0; input < this->matrix.inputs; input += kBlockInputs) {
      typename V::Int words[Outputs];
      Float sums[Outputs][Rows];
      for (int output = 0; output < Outputs; ++output) {
        words[output] = V::load_words(this->words_of(output) + input / kDigits);
        for (auto& sum : sums[output]) sum = V::zero();
      }
      add_digits<0>(words, permuted + static_cast<int64_t>(input) * Rows, sums);
      for (int output = 0; output < Outputs; ++output) {
        const auto scale = this->lane_scales(output, input, lane_groups);
        for (int row = 0; row < Rows; ++row)
          totals[output][row] = V::fma(sums[output][row], scale, totals[output][row]);
      }
    }
    for (int output = 0; output < Outputs; ++output) {
      correct(output, totals[output]);
      for (int row = 0; row < Rows; ++row) this->finish(output, row, V::sum(totals[output][row]));
    }
  }

  /// Corrects the digits' leading 1 and the quantisation's offsets, both with the sums of x per group.
  void correct(int output, Float (&totals)[Rows]) const {
    const auto steps = V::broadcast(static_cast<float>(1 << Bits));
    Float corrections[Rows];
    for (auto& correction : corrections) correction = V::zero();
    this->add_sums(corrections, [&](int group) {
      const auto scale = this->load_halves(this->matrix.scales, this->first_group(output) + group);
      const auto offset = this->load_halves(this->matrix.biases, this->first_group(output) + group);
      return V::subtract(offset, V::multiply(steps, scale));
    });
    for (int row = 0; row < Rows; ++row) totals[row] = V::fma(totals[row], steps, corrections[row]);
  }
};

template <class V, int Bits, int Rows>
void quantized_outputs(const QuantizedProduct& product) {
  constexpr int kOutputs = 4 * Rows <= V::kQuantizedSums ? 4 : 2;
  int output = product.to.first_output;
  const int last = output + product.to.outputs;
  for (; output + kOutputs <= last; output += kOutputs) {
    FloatTile<V, Bits, kOutputs, Rows>(product, output).run();
  }
  for (; output < last; ++output) FloatTile<V, Bits, 1, Rows>(product, output).run();
}

template <class V, int Bits, int Rows>
void quantized_rows(const QuantizedProduct& product) {
  if constexpr (Rows > 0) {
    if (product.to.rows == Rows) return quantized_outputs<V, Bits, Rows>(product);
    quantized_rows<V, Bits, Rows - 1>(product);
  }
}

template <class V>
void quantized_product(const QuantizedProduct& product) {
  if (product.to.matrix->bits == 4) return quantized_rows<V, 4, V::kQuantizedRows>(product);
  quantized_rows<V, 8, V::kQuantizedRows>(product);
}

}  // namespace hearth::kernels
