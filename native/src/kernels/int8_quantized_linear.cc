#include <algorithm>

#include "aligned_floats.h"
#include "int8_table.h"
#include "quantized_runs.h"

namespace hearth::kernels {
namespace {

/// A run of outputs takes a few microseconds: short enough to share, long enough to be worth waking a thread.
constexpr int kRunWeights = 128 * 1024;
constexpr int kFewestOutputs = 16;

int block_inputs() { return 8 * int8_table().width; }

/// x in 8 bits.
struct DigitRows {
  int group_stride;  ///< a multiple of the lanes
  int x_groups;
  float* group_sums;  ///< [rows, group_stride]
  float* scales;      ///< [rows, x_groups]
  int8_t* bytes;      ///< [rows, inputs], as a DigitProduct has them
};

DigitRows take_digit_rows(Scratch& scratch, int rows, const QuantizedMatrix& matrix) {
  const int group_stride = group_stride_of(matrix, int8_table().width);
  const int x_groups = (matrix.inputs + kInt8Group - 1) / kInt8Group;
  const size_t sums = static_cast<size_t>(rows) * group_stride;
  const size_t scales = static_cast<size_t>(rows) * x_groups;
  float* const floats = scratch.get(sums + scales + static_cast<size_t>(rows) * matrix.inputs / sizeof(float));
  std::fill_n(floats, sums, 0.0F);
  return {group_stride, x_groups, floats, floats + sums, reinterpret_cast<int8_t*>(floats + sums + scales)};
}

/// Rounds one row. The sums are those of the rounded numbers, so that what rounding takes off a group's digits is not
/// left in its offset.
void round_row(const float* x, int row, const QuantizedMatrix& matrix, const DigitRows& rows) {
  const int block = block_inputs();
  int8_t* const to = rows.bytes + static_cast<int64_t>(row) * matrix.inputs;
  float* const sums = rows.group_sums + static_cast<int64_t>(row) * rows.group_stride;
  for (int first = 0; first < matrix.inputs; first += kInt8Group) {
    int8_t bytes[kInt8Group];
    const int count = std::min(kInt8Group, matrix.inputs - first);
    const float scale = int8_table().quantize(x + first, count, bytes);
    rows.scales[row * rows.x_groups + first / kInt8Group] = scale;
    for (int start = 0; start < count; start += block) {
      int8_t* const even = to + first + start;
      for (int pair = 0; pair < block / 2; ++pair) {
        even[pair] = bytes[start + 2 * pair];
        even[block / 2 + pair] = bytes[start + 2 * pair + 1];
      }
    }
    const int own = std::min(matrix.group_size, count);
    for (int i = 0; i < count; i += own) {
      int sum = 0;
      for (int k = i; k < i + own; ++k) sum += bytes[k];
      sums[(first + i) / matrix.group_size] += scale * static_cast<float>(sum);
    }
  }
}

}  // namespace

bool takes_int8_rows(const QuantizedMatrix& matrix) {
  const int block = block_inputs();
  const bool groups_fit = block % matrix.group_size == 0 || matrix.group_size % block == 0;
  return matrix.bits == 4 && groups_fit && matrix.inputs % block == 0;
}

void int8_quantized_linear(const float* x, int64_t x_stride, int rows, const QuantizedMatrix& matrix,
                           const Epilogue& epilogue, float* y, int64_t y_stride) {
  const auto& table = int8_table();
  thread_local Scratch scratch;
  const DigitRows all = take_digit_rows(scratch, rows, matrix);
  for (int row = 0; row < rows; ++row) round_row(x + row * x_stride, row, matrix, all);
  const QuantizedOutputs outputs{.group_sums = all.group_sums,
                                 .group_stride = all.group_stride,
                                 .rows = rows,
                                 .matrix = &matrix,
                                 .first_output = 0,
                                 .outputs = matrix.outputs,
                                 .epilogue = epilogue,
                                 .y = y,
                                 .y_stride = y_stride};
  const int grain = std::max(kFewestOutputs, kRunWeights / matrix.inputs);
  for_each_quantized_run(outputs, kDigitRows, grain, [&](int row, const QuantizedOutputs& part) {
    table.digit_product({.x = all.bytes + static_cast<int64_t>(row) * matrix.inputs,
                         .x_scales = all.scales + static_cast<int64_t>(row) * all.x_groups,
                         .x_groups = all.x_groups,
                         .to = part});
  });
}

}  // namespace hearth::kernels
