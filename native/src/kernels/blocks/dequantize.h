#pragma once

#include <cstdint>

#include "multiply_tile.h"
#include "quantized_values.h"

namespace hearth::kernels::blocks {

template <class Simd>
float one_half_to_float(uint16_t half) {
  uint16_t lanes[Simd::kWidth] = {half};
  float values[Simd::kWidth];
  Simd::store(values, Simd::load_half(lanes));
  return values[0];
}

/// One row, its values `out_stride` apart. MLX packs values little-endian from the low bits, so eight of them are
/// `kBits` bytes whatever the width.
template <class Simd, int kBits>
void dequantize_row_of_bits(const QuantizedMatrix& matrix, int64_t row, int out_stride, float* out) {
  constexpr int kValues = 8;
  const int groups = matrix.inputs / matrix.group_size;
  const auto* bytes = reinterpret_cast<const unsigned char*>(matrix.weights + row * (matrix.inputs / 32 * kBits));
  for (int group = 0; group < groups; ++group) {
    const float scale = one_half_to_float<Simd>(matrix.scales[row * groups + group]);
    const float bias = one_half_to_float<Simd>(matrix.biases[row * groups + group]);
    for (int value = 0; value < matrix.group_size; value += kValues) {
      uint64_t packed = 0;
      __builtin_memcpy(&packed, bytes, kBits);
      bytes += kBits;
      for (int index = 0; index < kValues; ++index) {
        const auto quantized = static_cast<int>(packed >> (index * kBits) & ((1U << kBits) - 1U));
        *out = scale * static_cast<float>(quantized) + bias;
        out += out_stride;
      }
    }
  }
}

template <class Simd>
void dequantize_row(const QuantizedMatrix& matrix, int row, float* out) {
  with_bits(matrix.bits, [&]<int kBits>() { dequantize_row_of_bits<Simd, kBits>(matrix, row, 1, out); });
}

/// Lanes are outputs: a word is gathered from every row, so that no transposition is needed.
template <class Simd, int kBits>
void dequantize_panel_of_bits(const QuantizedMatrix& matrix, int first_output, float* panel) {
  constexpr int kValues = 32 / kBits;
  const int words_per_row = matrix.inputs / kValues;
  const int words_per_group = matrix.group_size / kValues;
  const int groups = matrix.inputs / matrix.group_size;
  for (int vector = 0; vector < Simd::kPanelVectors; ++vector) {
    int64_t outputs[Simd::kWidth];
    uint32_t offsets[Simd::kWidth];
    for (int lane = 0; lane < Simd::kWidth; ++lane) {
      const int output = first_output + vector * Simd::kWidth + lane;
      outputs[lane] = output < matrix.outputs ? output : matrix.outputs - 1;
      offsets[lane] = static_cast<uint32_t>((outputs[lane] - outputs[0]) * words_per_row);
    }
    const uint32_t* words = matrix.weights + outputs[0] * words_per_row;
    float* to = panel + vector * Simd::kWidth;
    for (int group = 0; group < groups; ++group) {
      uint16_t scale_halves[Simd::kWidth];
      uint16_t bias_halves[Simd::kWidth];
      for (int lane = 0; lane < Simd::kWidth; ++lane) {
        scale_halves[lane] = matrix.scales[outputs[lane] * groups + group];
        bias_halves[lane] = matrix.biases[outputs[lane] * groups + group];
      }
      const auto scale = Simd::multiply(Simd::load_half(scale_halves), Simd::broadcast(1 << kBits));
      const auto bias = Simd::subtract(Simd::load_half(bias_halves), scale);
      for (int word = 0; word < words_per_group; ++word) {
        const auto packed = Simd::gather_words(words++, Simd::load_words(offsets));
        unrolled<kValues>([&](auto index) {
          Simd::store(to, Simd::fma(unit_values<Simd, kBits, index>(packed), scale, bias));
          to += kPanelWidth<Simd>;
        });
      }
    }
  }
}

template <class Simd>
void dequantize_panel(const QuantizedMatrix& matrix, int first_output, float* panel) {
  with_bits(matrix.bits, [&]<int kBits>() {
    if constexpr (32 % kBits == 0) {
      dequantize_panel_of_bits<Simd, kBits>(matrix, first_output, panel);
    } else {
      for (int column = 0; column < kPanelWidth<Simd>; ++column) {
        const int output = first_output + column < matrix.outputs ? first_output + column : matrix.outputs - 1;
        dequantize_row_of_bits<Simd, kBits>(matrix, output, kPanelWidth<Simd>, panel + column);
      }
    }
  });
}

}  // namespace hearth::kernels::blocks
