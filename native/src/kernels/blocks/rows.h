#pragma once

#include <cmath>
#include <limits>

#include "../kernel_table.h"
#include "attention.h"

namespace hearth::kernels {

template <class V>
void layer_norm_row(const float* x, int columns, const float* weight, const float* bias, float epsilon, float* y) {
  auto sum = V::zero();
  int i = 0;
  for (; i + V::kWidth <= columns; i += V::kWidth) sum = V::add(sum, V::load(x + i));
  float total = V::sum(sum);
  for (int rest = i; rest < columns; ++rest) total += x[rest];
  const float mean = total / static_cast<float>(columns);

  auto squares = V::zero();
  for (i = 0; i + V::kWidth <= columns; i += V::kWidth) {
    const auto distance = V::subtract(V::load(x + i), V::broadcast(mean));
    squares = V::fma(distance, distance, squares);
  }
  float variance = V::sum(squares);
  for (int rest = i; rest < columns; ++rest) variance += (x[rest] - mean) * (x[rest] - mean);
  const float factor = 1.0F / std::sqrt(variance / static_cast<float>(columns) + epsilon);

  for (i = 0; i + V::kWidth <= columns; i += V::kWidth) {
    const auto normal = V::multiply(V::subtract(V::load(x + i), V::broadcast(mean)), V::broadcast(factor));
    V::store(y + i, V::fma(normal, V::load(weight + i), V::load(bias + i)));
  }
  for (; i < columns; ++i) y[i] = (x[i] - mean) * factor * weight[i] + bias[i];
}

template <class V>
void half_to_float(const uint16_t* in, size_t count, float* out) {
  size_t i = 0;
  for (; i + V::kWidth <= count; i += V::kWidth) V::store(out + i, V::load_half(in + i));
  if (i == count) return;
  uint16_t last[V::kWidth] = {};
  std::copy_n(in + i, count - i, last);
  V::store_first(out + i, V::load_half(last), static_cast<int>(count - i));
}

template <class V>
void float_to_half(const float* in, size_t count, uint16_t* out) {
  size_t i = 0;
  for (; i + V::kWidth <= count; i += V::kWidth) V::store_half(out + i, V::load(in + i));
  if (i == count) return;
  uint16_t last[V::kWidth];
  V::store_half(last, V::load_first(in + i, static_cast<int>(count - i)));
  std::copy_n(last, count - i, out + i);
}

template <class V>
float log_sum_exp(const float* values, size_t count) {
  const float largest = largest_of<V>(values, static_cast<int>(count));
  if (!std::isfinite(largest)) return largest;
  // Partial sums per block keep float32 sums of fifty thousand terms exact to a few units.
  constexpr size_t kBlock = 1024;
  double total = 0;
  for (size_t first = 0; first < count; first += kBlock) {
    const size_t last = std::min(first + kBlock, count);
    auto sum = V::zero();
    for (size_t i = first; i < last; i += V::kWidth) {
      const int lanes = static_cast<int>(std::min<size_t>(V::kWidth, last - i));
      const auto value = lanes == V::kWidth ? V::load(values + i) : V::load_first(values + i, lanes);
      const auto term = exponential<V>(V::subtract(value, V::broadcast(largest)));
      sum = V::add(sum, V::keep_first(term, lanes, V::zero()));
    }
    total += V::sum(sum);
  }
  return static_cast<float>(largest + std::log(total));
}

template <class V>
size_t argmax(const float* values, size_t count) {
  const float largest = largest_of<V>(values, static_cast<int>(count));
  size_t index = 0;
  while (index + 1 < count && values[index] != largest) ++index;
  return index;
}

template <class V>
void power(const float* spectrum, int bins, float* out) {
  int i = 0;
  for (; i + V::kWidth <= bins; i += V::kWidth) {
    const auto real = V::load(spectrum + i);
    const auto imaginary = V::load(spectrum + bins + i);
    V::store(out + i, V::fma(real, real, V::multiply(imaginary, imaginary)));
  }
  for (; i < bins; ++i) out[i] = spectrum[i] * spectrum[i] + spectrum[bins + i] * spectrum[bins + i];
}

}  // namespace hearth::kernels
