#pragma once

#include <cstdint>

#include "multiply_tile.h"
#include "quantized_values.h"

namespace hearth::kernels::blocks {

/// Groups of one row of weights, as float32 for value = scale * unit_value + bias.
constexpr int kMostGroups = 256;
template <class Simd>
struct RowScales {
  alignas(64) float scales[kMostGroups + Simd::kWidth];
  alignas(64) float biases[kMostGroups + Simd::kWidth];
};

template <class Simd, int kBits>
void load_row_scales(const QuantizedMatrix& matrix, int64_t row, RowScales<Simd>& out) {
  const int groups = matrix.inputs / matrix.group_size;
  const auto steps = Simd::broadcast(1 << kBits);
  for (int group = 0; group < groups; group += Simd::kWidth) {
    const int64_t at = row * groups + group;
    const int64_t available = static_cast<int64_t>(matrix.outputs) * groups - at;
    const auto scale = Simd::multiply(load_available_halves<Simd>(matrix.scales + at, available), steps);
    const auto bias = load_available_halves<Simd>(matrix.biases + at, available);
    Simd::store(out.scales + group, scale);
    Simd::store(out.biases + group, Simd::subtract(bias, scale));
  }
}

/// Which of the groups that start in a block of inputs each lane's word belongs to.
template <class Simd, int kBits>
typename Simd::Int group_of_lanes(int group_size) {
  uint32_t groups[Simd::kWidth];
  for (int lane = 0; lane < Simd::kWidth; ++lane)
    groups[lane] = static_cast<uint32_t>(lane * (32 / kBits) / group_size);
  return Simd::load_words(groups);
}

/// One row of x: scales are applied to a block's sum and biases to the sums of x over the groups.
template <class Simd, int kBits, int kOutputs>
void multiply_vector(const LaneOrderedRows& x, const QuantizedMatrix& matrix, int64_t first_output, float* out) {
  constexpr int kValues = 32 / kBits;
  const int words_per_row = matrix.inputs / kValues;
  const int groups = matrix.inputs / matrix.group_size;
  const auto group_of_lane = group_of_lanes<Simd, kBits>(matrix.group_size);
  RowScales<Simd> scales[kOutputs];
  const uint32_t* words[kOutputs];
  typename Simd::Float totals[kOutputs];
  unrolled<kOutputs>([&](auto output) {
    load_row_scales<Simd, kBits>(matrix, first_output + output, scales[output]);
    words[output] = matrix.weights + (first_output + output) * words_per_row;
    totals[output] = Simd::zero();
  });
  const float* inputs = x.rows;
  for (int word = 0; word < words_per_row; word += Simd::kWidth) {
    const int group = word * kValues / matrix.group_size;
    typename Simd::Int packed[kOutputs];
    typename Simd::Float sums[kOutputs];
    unrolled<kOutputs>([&](auto output) {
      packed[output] = Simd::load_words(words[output] + word);
      sums[output] = Simd::zero();
    });
    unrolled<kValues>([&](auto index) {
      const auto value = Simd::load(inputs + index * Simd::kWidth);
      unrolled<kOutputs>([&](auto output) {
        sums[output] = Simd::fma(value, unit_values<Simd, kBits, index>(packed[output]), sums[output]);
      });
    });
    unrolled<kOutputs>([&](auto output) {
      const auto scale = Simd::permute(Simd::load(scales[output].scales + group), group_of_lane);
      totals[output] = Simd::fma(scale, sums[output], totals[output]);
    });
    inputs += kValues * Simd::kWidth;
  }
  unrolled<kOutputs>([&](auto output) {
    for (int group = 0; group < groups; group += Simd::kWidth) {
      const auto bias = Simd::keep_first(Simd::load(scales[output].biases + group), groups - group, Simd::zero());
      totals[output] = Simd::fma(bias, Simd::load(x.group_sums + group), totals[output]);
    }
    out[output] = Simd::sum(totals[output]);
  });
}

/// Several rows of x share each dequantised vector of weights.
template <class Simd, int kBits, int kRows, int kOutputs>
void multiply_rows_quantized(const LaneOrderedRows& x, const QuantizedMatrix& matrix, int64_t first_output,
                             float* out) {
  constexpr int kValues = 32 / kBits;
  const int words_per_row = matrix.inputs / kValues;
  const auto group_of_lane = group_of_lanes<Simd, kBits>(matrix.group_size);
  RowScales<Simd> scales[kOutputs];
  const uint32_t* words[kOutputs];
  typename Simd::Float sums[kRows][kOutputs];
  unrolled<kOutputs>([&](auto output) {
    load_row_scales<Simd, kBits>(matrix, first_output + output, scales[output]);
    words[output] = matrix.weights + (first_output + output) * words_per_row;
    unrolled<kRows>([&](auto row) { sums[row][output] = Simd::zero(); });
  });
  const float* inputs = x.rows;
  for (int word = 0; word < words_per_row; word += Simd::kWidth) {
    const int group = word * kValues / matrix.group_size;
    typename Simd::Int packed[kOutputs];
    typename Simd::Float scale[kOutputs];
    typename Simd::Float bias[kOutputs];
    unrolled<kOutputs>([&](auto output) {
      packed[output] = Simd::load_words(words[output] + word);
      scale[output] = Simd::permute(Simd::load(scales[output].scales + group), group_of_lane);
      bias[output] = Simd::permute(Simd::load(scales[output].biases + group), group_of_lane);
    });
    unrolled<kValues>([&](auto index) {
      typename Simd::Float weights[kOutputs];
      unrolled<kOutputs>([&](auto output) {
        weights[output] = Simd::fma(unit_values<Simd, kBits, index>(packed[output]), scale[output], bias[output]);
      });
      unrolled<kRows>([&](auto row) {
        const auto value = Simd::load(inputs + row * static_cast<int64_t>(matrix.inputs) + index * Simd::kWidth);
        unrolled<kOutputs>(
            [&](auto output) { sums[row][output] = Simd::fma(value, weights[output], sums[row][output]); });
      });
    });
    inputs += kValues * Simd::kWidth;
  }
  unrolled<kRows>([&](auto row) {
    unrolled<kOutputs>([&](auto output) { out[row * kPanelWidth<Simd> + output] = Simd::sum(sums[row][output]); });
  });
}

template <class Simd, int kBits, int kRows>
void quantized_tile_of_rows(const LaneOrderedRows& x, const QuantizedMatrix& matrix, int first_output, int columns,
                            float* tile) {
  constexpr int kOutputs = kRows == 1 ? 4 : 2;
  const auto multiply = [&]<int kCount>(int column) {
    if constexpr (kRows == 1) {
      multiply_vector<Simd, kBits, kCount>(x, matrix, first_output + column, tile + column);
    } else {
      multiply_rows_quantized<Simd, kBits, kRows, kCount>(x, matrix, first_output + column, tile + column);
    }
  };
  int column = 0;
  for (; column + kOutputs <= columns; column += kOutputs) multiply.template operator()<kOutputs>(column);
  for (; column < columns; ++column) multiply.template operator()<1>(column);
}

template <class Simd>
void quantized_tile(const LaneOrderedRows& x, const QuantizedMatrix& matrix, int first_output, int columns,
                    float* tile) {
  with_bits(matrix.bits, [&]<int kBits>() {
    if constexpr (32 % kBits == 0) {
      unrolled<Simd::kQuantizedRows>([&](auto index) {
        constexpr int kRows = index + 1;
        if (x.row_count == kRows) {
          quantized_tile_of_rows<Simd, kBits, kRows>(x, matrix, first_output, columns, tile);
        }
      });
    }
  });
}

}  // namespace hearth::kernels::blocks
