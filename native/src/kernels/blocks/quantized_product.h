#pragma once

#include <algorithm>
#include <cstring>

#include "../kernel_table.h"
#include "functions.h"

namespace hearth::kernels {

/// `kWidth` words of a row hold kWidth * 32 / bits inputs; lane l of digit d is input l * 32 / bits + d. The digits are
/// placed below the top of a float's mantissa, which makes 1 + q / 2^bits without a conversion; the 1 is taken off
/// again through the sums of x per group.
template <class V, int Bits, int Outputs, int Rows>
struct QuantizedTile {
  static constexpr int kDigits = 32 / Bits;
  static constexpr int kBlockInputs = V::kWidth * kDigits;
  using Float = typename V::Float;

  const QuantizedProduct& product;
  const QuantizedMatrix& matrix;
  int first_output;

  int groups() const { return matrix.inputs / matrix.group_size; }

  /// `kWidth` float16 from `offset` on, zeros past the end of the tensor.
  Float load_halves(const uint16_t* tensor, int64_t offset) const {
    const int64_t left = static_cast<int64_t>(matrix.outputs) * groups() - offset;
    if (left >= V::kWidth) return V::load_half(tensor + offset);
    uint16_t last[V::kWidth] = {};
    std::memcpy(last, tensor + offset, left * sizeof(uint16_t));
    return V::load_half(last);
  }

  /// Lane l of the result is the scale of the group that lane l's inputs of block `block` belong to.
  Float lane_scales(int output, int block, typename V::Int group_of_lane) const {
    const int64_t first_group = static_cast<int64_t>(first_output + output) * groups();
    return V::permute(load_halves(matrix.scales, first_group + block * kBlockInputs / matrix.group_size),
                      group_of_lane);
  }

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
    const int words_per_row = matrix.inputs * Bits / 32;
    uint32_t lane_groups[V::kWidth];
    for (int lane = 0; lane < V::kWidth; ++lane) lane_groups[lane] = lane * kDigits / matrix.group_size;
    const auto group_of_lane = V::load_words(lane_groups);

    Float totals[Outputs][Rows];
    for (auto& output : totals) {
      for (auto& total : output) total = V::zero();
    }
    for (int block = 0; block < matrix.inputs / kBlockInputs; ++block) {
      typename V::Int words[Outputs];
      Float sums[Outputs][Rows];
      for (int output = 0; output < Outputs; ++output) {
        const int64_t row = static_cast<int64_t>(first_output + output) * words_per_row;
        words[output] = V::load_words(matrix.weights + row + block * V::kWidth);
        for (auto& sum : sums[output]) sum = V::zero();
      }
      add_digits<0>(words, product.permuted + static_cast<int64_t>(block) * kBlockInputs * Rows, sums);
      for (int output = 0; output < Outputs; ++output) {
        const auto scale = lane_scales(output, block, group_of_lane);
        for (int row = 0; row < Rows; ++row)
          totals[output][row] = V::fma(sums[output][row], scale, totals[output][row]);
      }
    }
    for (int output = 0; output < Outputs; ++output) {
      add_corrections(output, totals[output]);
      for (int row = 0; row < Rows; ++row) finish(output, row, V::sum(totals[output][row]));
    }
  }

  /// Corrects the digits' leading 1 and the quantisation's offsets, both with the sums of x per group.
  void add_corrections(int output, Float (&totals)[Rows]) const {
    const auto steps = V::broadcast(static_cast<float>(1 << Bits));
    const int64_t first_group = static_cast<int64_t>(first_output + output) * groups();
    Float corrections[Rows];
    for (auto& correction : corrections) correction = V::zero();
    for (int group = 0; group < groups(); group += V::kWidth) {
      const auto scale = load_halves(matrix.scales, first_group + group);
      const auto offset = load_halves(matrix.biases, first_group + group);
      const auto factor = V::subtract(offset, V::multiply(steps, scale));
      const float* sums = product.group_sums + group;
      for (int row = 0; row < Rows; ++row) {
        corrections[row] =
            V::fma(factor, V::load(sums + static_cast<int64_t>(row) * product.group_stride), corrections[row]);
      }
    }
    for (int row = 0; row < Rows; ++row) totals[row] = V::fma(totals[row], steps, corrections[row]);
  }

  void finish(int output, int row, float value) const {
    const int column = first_output + output;
    const auto& epilogue = product.epilogue;
    if (epilogue.bias) value += epilogue.bias[column];
    if (epilogue.gelu) value = first_lane(gelu<V>(V::broadcast(value)));
    if (epilogue.residual) value += epilogue.residual[row * epilogue.residual_stride + column];
    product.y[row * product.y_stride + column] = value;
  }

  static float first_lane(Float value) {
    float lanes[V::kWidth];
    V::store(lanes, value);
    return lanes[0];
  }
};

template <class V, int Bits, int Rows>
void quantized_outputs(const QuantizedProduct& product) {
  constexpr int kOutputs = 4 * Rows <= V::kQuantizedSums ? 4 : 2;
  int output = product.first_output;
  const int last = product.first_output + product.outputs;
  for (; output + kOutputs <= last; output += kOutputs) {
    QuantizedTile<V, Bits, kOutputs, Rows>{product, *product.matrix, output}.run();
  }
  for (; output < last; ++output) QuantizedTile<V, Bits, 1, Rows>{product, *product.matrix, output}.run();
}

template <class V, int Bits, int Rows>
void quantized_rows(const QuantizedProduct& product) {
  if constexpr (Rows > 0) {
    if (product.rows == Rows) return quantized_outputs<V, Bits, Rows>(product);
    quantized_rows<V, Bits, Rows - 1>(product);
  }
}

template <class V>
void quantized_product(const QuantizedProduct& product) {
  if (product.matrix->bits == 4) return quantized_rows<V, 4, V::kQuantizedRows>(product);
  quantized_rows<V, 8, V::kQuantizedRows>(product);
}

}  // namespace hearth::kernels
