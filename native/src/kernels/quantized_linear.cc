#include <algorithm>
#include <vector>

#include "aligned_floats.h"
#include "kernel_table.h"
#include "pack_panel.h"
#include "quantized_runs.h"
#include "thread_pool.h"

namespace hearth::kernels {
namespace {

/// Above this it is faster to dequantise a panel once and multiply densely: with AVX2 the two meet at 12 rows.
constexpr int kMostSharedRows = 12;

/// The value at `index` of a packed row, lowest bits first, spanning words if the bits do not divide 32.
float quantized_value(const uint32_t* row, int bits, int index) {
  const int64_t bit = static_cast<int64_t>(index) * bits;
  uint64_t words = row[bit / 32];
  if (bit % 32 + bits > 32) words |= static_cast<uint64_t>(row[bit / 32 + 1]) << 32;
  return static_cast<float>(words >> (bit % 32) & ((1U << bits) - 1U));
}

void dequantize_row(const QuantizedMatrix& matrix, int row, float* out) {
  const int groups = matrix.inputs / matrix.group_size;
  std::vector<float> scales(groups), offsets(groups);
  kernel_table().half_to_float(matrix.scales + static_cast<int64_t>(row) * groups, groups, scales.data());
  kernel_table().half_to_float(matrix.biases + static_cast<int64_t>(row) * groups, groups, offsets.data());
  const uint32_t* words = matrix.weights + static_cast<int64_t>(row) * matrix.inputs * matrix.bits / 32;
  for (int i = 0; i < matrix.inputs; ++i) {
    const int group = i / matrix.group_size;
    out[i] = scales[group] * quantized_value(words, matrix.bits, i) + offsets[group];
  }
}

/// Whether the digits of the packed words can be used in place.
bool reads_in_place(const QuantizedMatrix& matrix, int width) {
  if (matrix.bits != 4 && matrix.bits != 8) return false;
  const int digits = 32 / matrix.bits;
  const int block = width * digits;
  const bool groups_fit =
      matrix.group_size % digits == 0 && (block % matrix.group_size == 0 || matrix.group_size % block == 0);
  return groups_fit && matrix.inputs % block == 0;
}

/// x in the order of the packed digits: for each block, every lane's digit 0 of every row, then digit 1, …
void permute_rows(const float* x, int64_t x_stride, int rows, int inputs, int width, int digits, float* out) {
  for (int block = 0; block < inputs; block += width * digits) {
    for (int digit = 0; digit < digits; ++digit) {
      for (int row = 0; row < rows; ++row) {
        const float* own = x + row * x_stride + block + digit;
        for (int lane = 0; lane < width; ++lane) *out++ = own[lane * digits];
      }
    }
  }
}

void sum_groups(const float* x, const QuantizedMatrix& matrix, float* sums) {
  for (int i = 0; i < matrix.inputs; ++i) sums[i / matrix.group_size] += x[i];
}

void multiply_in_place(const float* x, int64_t x_stride, int rows, const QuantizedMatrix& matrix,
                       const Epilogue& epilogue, float* y, int64_t y_stride) {
  const auto& table = kernel_table();
  const int group_stride = group_stride_of(matrix, table.width);
  thread_local Scratch permuted_scratch, sums_scratch;
  float* const permuted = permuted_scratch.get(static_cast<size_t>(rows) * matrix.inputs);
  float* const sums = sums_scratch.get(static_cast<size_t>(rows) * group_stride);
  std::fill_n(sums, static_cast<size_t>(rows) * group_stride, 0.0F);
  for (int row = 0; row < rows; row += table.quantized_rows) {
    permute_rows(x + row * x_stride, x_stride, std::min(table.quantized_rows, rows - row), matrix.inputs, table.width,
                 32 / matrix.bits, permuted + static_cast<int64_t>(row) * matrix.inputs);
  }
  for (int row = 0; row < rows; ++row) {
    sum_groups(x + row * x_stride, matrix, sums + static_cast<int64_t>(row) * group_stride);
  }
  // Runs of about 20 µs: short enough to share, long enough to be worth waking a thread.
  const int grain = std::max(16, 65536 / matrix.inputs);
  const QuantizedOutputs all{.group_sums = sums,
                             .group_stride = group_stride,
                             .rows = rows,
                             .matrix = &matrix,
                             .first_output = 0,
                             .outputs = matrix.outputs,
                             .epilogue = epilogue,
                             .y = y,
                             .y_stride = y_stride};
  for_each_quantized_run(all, table.quantized_rows, grain, [&](int row, const QuantizedOutputs& part) {
    table.quantized_product({.permuted = permuted + static_cast<int64_t>(row) * matrix.inputs, .to = part});
  });
}

/// One panel after the other: dequantised into a thread's own cache, then multiplied with every row.
void multiply_dequantized(const float* x, int64_t x_stride, int rows, const QuantizedMatrix& matrix,
                          const Epilogue& epilogue, float* y, int64_t y_stride) {
  const auto& table = kernel_table();
  const int width = table.panel_width;
  parallel_for((matrix.outputs + width - 1) / width, [&](int panel) {
    thread_local Scratch scratch;
    const int column = panel * width;
    const int outputs = std::min(width, matrix.outputs - column);
    float* const packed = scratch.get(2 * static_cast<size_t>(width) * matrix.inputs);
    if (matrix.bits == 4 || matrix.bits == 8) {
      table.dequantize_panel(matrix, column, outputs, packed);
    } else {
      float* const dense = packed + static_cast<size_t>(width) * matrix.inputs;
      dequantize(matrix, column, outputs, dense);
      pack_panel(dense, matrix.inputs, outputs, matrix.inputs, width, packed);
    }
    Epilogue own = epilogue;
    if (own.bias) own.bias += column;
    if (own.residual) own.residual += column;
    table.panel_product({.x = x,
                         .x_stride = x_stride,
                         .rows = rows,
                         .inputs = matrix.inputs,
                         .panel = packed,
                         .panel_stride = width,
                         .outputs = outputs,
                         .epilogue = own,
                         .y = y + column,
                         .y_stride = y_stride});
  });
}

}  // namespace

void dequantize(const QuantizedMatrix& matrix, int first_row, int row_count, float* out) {
  for (int row = 0; row < row_count; ++row) {
    dequantize_row(matrix, first_row + row, out + static_cast<int64_t>(row) * matrix.inputs);
  }
}

void quantized_linear(const float* x, int64_t x_stride, int rows, const QuantizedMatrix& matrix,
                      const Epilogue& epilogue, float* y, int64_t y_stride) {
  const bool in_place = rows <= kMostSharedRows && reads_in_place(matrix, kernel_table().width);
  const auto multiply = in_place ? multiply_in_place : multiply_dequantized;
  multiply(x, x_stride, rows, matrix, epilogue, y, y_stride);
}

}  // namespace hearth::kernels
