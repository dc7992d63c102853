#pragma once

namespace hearth::kernels {

/// e^x for x <= 0 or moderate: 2^(x / ln 2) by a polynomial of degree 6, relative error 2e-9 before rounding.
template <class V>
typename V::Float exponential(typename V::Float x) {
  // Below this the result is 0 to a float; the scaling needs a normal exponent.
  const auto clamped = V::max(V::multiply(x, V::broadcast(1.44269504F)), V::broadcast(-126.0F));
  const auto whole = V::round(clamped);
  const auto part = V::subtract(clamped, whole);
  auto result = V::broadcast(1.534583667e-4F);
  result = V::fma(result, part, V::broadcast(1.339991150e-3F));
  result = V::fma(result, part, V::broadcast(9.618488646e-3F));
  result = V::fma(result, part, V::broadcast(5.550328827e-2F));
  result = V::fma(result, part, V::broadcast(2.402264690e-1F));
  result = V::fma(result, part, V::broadcast(6.931472057e-1F));
  result = V::fma(result, part, V::broadcast(1.0F));
  return V::scale_by_power_of_two(result, whole);
}

/// erf by a rational function fitted to [-4, 4], relative error 7e-8; beyond it is 1 to a float.
template <class V>
typename V::Float error_function(typename V::Float x) {
  const auto z = V::max(V::min(x, V::broadcast(4.0F)), V::broadcast(-4.0F));
  const auto square = V::multiply(z, z);
  auto above = V::broadcast(1.911207725e-8F);
  above = V::fma(above, square, V::broadcast(-1.942330300e-6F));
  above = V::fma(above, square, V::broadcast(1.472773292e-4F));
  above = V::fma(above, square, V::broadcast(3.990098834e-3F));
  above = V::fma(above, square, V::broadcast(5.152331293e-2F));
  above = V::fma(above, square, V::broadcast(2.071135342e-1F));
  above = V::fma(above, square, V::broadcast(1.128379107F));
  auto below = V::broadcast(1.021005446e-3F);
  below = V::fma(below, square, V::broadcast(1.495707594e-2F));
  below = V::fma(below, square, V::broadcast(1.179658920e-1F));
  below = V::fma(below, square, V::broadcast(5.168808699e-1F));
  below = V::fma(below, square, V::broadcast(1.0F));
  return V::divide(V::multiply(z, above), below);
}

/// x * (1 + erf(x / sqrt(2))) / 2
template <class V>
typename V::Float gelu(typename V::Float x) {
  const auto half = V::multiply(x, V::broadcast(0.5F));
  return V::fma(half, error_function<V>(V::multiply(x, V::broadcast(0.707106781F))), half);
}

}  // namespace hearth::kernels
