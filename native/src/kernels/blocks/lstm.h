#pragma once

#include "functions.h"

namespace hearth::kernels {

/// 1 / (1 + e^-x)
template <class V>
typename V::Float sigmoid(typename V::Float x) {
  // From here on it is 0 to a float; a larger exponent would be infinite.
  const auto power = exponential<V>(V::min(V::subtract(V::zero(), x), V::broadcast(80.0F)));
  return V::divide(V::broadcast(1.0F), V::add(V::broadcast(1.0F), power));
}

/// By the sigmoid: within 1.2e-7, which near 0 is not relative to the result.
template <class V>
typename V::Float hyperbolic_tangent(typename V::Float x) {
  return V::fma(V::broadcast(2.0F), sigmoid<V>(V::add(x, x)), V::broadcast(-1.0F));
}

/// `size` is a multiple of 16, the widest vector.
template <class V>
void lstm_step(const float* gates, int size, float* cell, float* hidden) {
  for (int i = 0; i < size; i += V::kWidth) {
    const auto input = sigmoid<V>(V::load(gates + i));
    const auto forget = sigmoid<V>(V::load(gates + size + i));
    const auto candidate = hyperbolic_tangent<V>(V::load(gates + 2 * size + i));
    const auto output = sigmoid<V>(V::load(gates + 3 * size + i));
    const auto next = V::fma(forget, V::load(cell + i), V::multiply(input, candidate));
    V::store(cell + i, next);
    V::store(hidden + i, V::multiply(output, hyperbolic_tangent<V>(next)));
  }
}

}  // namespace hearth::kernels
