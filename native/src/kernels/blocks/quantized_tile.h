#pragma once

#include <bit>
#include <cstring>

#include "../kernel_table.h"
#include "functions.h"

namespace hearth::kernels {

/// Quantised rows from `first_output` on. `kWidth` words of a row hold kWidth * 32 / bits inputs, a block;
/// lane l has the inputs from l * 32 / bits on, all of one group.
template <class V>
struct QuantizedTile {
  using Float = typename V::Float;

  const QuantizedOutputs& to;
  const QuantizedMatrix& matrix;
  int first_output;
  int groups;            ///< of a row
  int64_t whole_halves;  ///< the offset up to which a vector of halves is within the tensor

  QuantizedTile(const QuantizedOutputs& to, int first_output)
      : to(to),
        matrix(*to.matrix),
        first_output(first_output),
        groups(matrix.inputs / matrix.group_size),
        whole_halves(static_cast<int64_t>(matrix.outputs) * groups - V::kWidth) {}

  int64_t first_group(int output) const { return static_cast<int64_t>(first_output + output) * groups; }

  const uint32_t* words_of(int output) const {
    return matrix.weights + static_cast<int64_t>(first_output + output) * matrix.inputs * matrix.bits / 32;
  }

  /// Where the groups of a block's lanes are: so many after the group of the block's first input.
  struct LaneGroups {
    typename V::Int after_first;
    int log2_group_size;
  };

  LaneGroups lane_groups() const {
    uint32_t lanes[V::kWidth];
    for (int lane = 0; lane < V::kWidth; ++lane) lanes[lane] = lane * (32 / matrix.bits) / matrix.group_size;
    return {V::load_words(lanes), std::countr_zero(static_cast<unsigned>(matrix.group_size))};
  }

  /// Lane l of the result is the scale of the group that lane l's inputs of the block at `input` belong to.
  Float lane_scales(int output, int input, const LaneGroups& lanes) const {
    const int64_t first = first_group(output) + (input >> lanes.log2_group_size);
    return V::permute(load_halves(matrix.scales, first), lanes.after_first);
  }

  /// `kWidth` float16 from `offset` on, zeros past the end of the tensor.
  Float load_halves(const uint16_t* tensor, int64_t offset) const {
    if (offset <= whole_halves) return V::load_half(tensor + offset);
    uint16_t last[V::kWidth] = {};
    std::memcpy(last, tensor + offset, (whole_halves + V::kWidth - offset) * sizeof(uint16_t));
    return V::load_half(last);
  }

  /// Adds `factors(group)`, of as many groups as there are lanes, times the sums of x for these groups.
  template <int Rows, class Factors>
  void add_sums(Float (&totals)[Rows], const Factors& factors) const {
    for (int group = 0; group < groups; group += V::kWidth) {
      const Float own = factors(group);
      for (int row = 0; row < Rows; ++row) {
        const float* const sums = to.group_sums + static_cast<int64_t>(row) * to.group_stride;
        totals[row] = V::fma(own, V::load(sums + group), totals[row]);
      }
    }
  }

  void finish(int output, int row, float value) const {
    const int column = first_output + output;
    const auto& epilogue = to.epilogue;
    if (epilogue.bias) value += epilogue.bias[column];
    if (epilogue.gelu) value = first_lane(gelu<V>(V::broadcast(value)));
    if (epilogue.residual) value += epilogue.residual[row * epilogue.residual_stride + column];
    to.y[row * to.y_stride + column] = value;
  }

 private:
  static float first_lane(Float value) {
    float lanes[V::kWidth];
    V::store(lanes, value);
    return lanes[0];
  }
};

}  // namespace hearth::kernels
