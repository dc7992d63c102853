#include "kernel_table.h"
#include "thread_pool.h"

namespace hearth::kernels {
namespace {

constexpr int kRowsPerRun = 32;

}  // namespace

void layer_norm(const float* x, int rows, int columns, const float* weight, const float* bias, float epsilon,
                float* y) {
  parallel_ranges(rows, kRowsPerRun, [&](int first, int last) {
    for (int row = first; row < last; ++row) {
      const int64_t offset = static_cast<int64_t>(row) * columns;
      kernel_table().layer_norm_row(x + offset, columns, weight, bias, epsilon, y + offset);
    }
  });
}

void float16_to_float32(const uint16_t* in, size_t count, float* out) { kernel_table().half_to_float(in, count, out); }

void float32_to_float16(const float* in, size_t count, uint16_t* out) { kernel_table().float_to_half(in, count, out); }

void power(const float* spectrum, int bins, float* out) { kernel_table().power(spectrum, bins, out); }

void lstm_step(const float* gates, int size, float* cell, float* hidden) {
  kernel_table().lstm_step(gates, size, cell, hidden);
}

float log_sum_exp(const float* values, size_t count) { return kernel_table().log_sum_exp(values, count); }

size_t argmax(const float* values, size_t count) { return kernel_table().argmax(values, count); }

}  // namespace hearth::kernels
