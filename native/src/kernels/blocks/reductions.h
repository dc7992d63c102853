#pragma once

#include <cstddef>

#include "exponential.h"

namespace hearth::kernels::blocks {

/// Calls `step(vector)` over all values; lanes past the end hold `filler`.
template <class Simd, class Step>
void for_each_vector(const float* values, size_t count, float filler, const Step& step) {
  size_t done = 0;
  for (; done + Simd::kWidth <= count; done += Simd::kWidth) step(Simd::load(values + done));
  const int left = static_cast<int>(count - done);
  if (left > 0) step(Simd::keep_first(Simd::load_first(values + done, left), left, Simd::broadcast(filler)));
}

template <class Simd>
float largest(const float* values, size_t count) {
  auto result = Simd::broadcast(-__builtin_inff());
  for_each_vector<Simd>(values, count, -__builtin_inff(), [&](auto vector) { result = Simd::max(result, vector); });
  return Simd::largest(result);
}

template <class Simd>
float sum_exponentials(const float* values, size_t count, float maximum) {
  auto result = Simd::zero();
  const auto factor = Simd::broadcast(kLog2E);
  const auto offset = Simd::broadcast(maximum);
  for_each_vector<Simd>(values, count, -__builtin_inff(), [&](auto vector) {
    result = Simd::add(result, exp2_of_negative<Simd>(Simd::multiply(Simd::subtract(vector, offset), factor)));
  });
  return Simd::sum(result);
}

template <class Simd>
typename Simd::Float log10_of_positive(typename Simd::Float x) {
  // log2 of the mantissa as a polynomial around 1.5, to 1e-7.
  constexpr float kCoefficients[] = {0.5849624872207642F,    0.9617967009544373F,   -0.32059767842292786F,
                                     0.14248766005039215F,   -0.07128261029720306F, 0.03802027180790901F,
                                     -0.020688410848379135F, 0.0118065495043993F,   -0.00886956974864006F,
                                     0.0052834986709058285F};
  constexpr int kDegree = 9;
  constexpr float kLog10Of2 = 0.30102999566398119521F;
  const auto t = Simd::subtract(Simd::mantissa(x), Simd::broadcast(1.5F));
  auto result = Simd::broadcast(kCoefficients[kDegree]);
  for (int power = kDegree - 1; power >= 0; --power) {
    result = Simd::fma(result, t, Simd::broadcast(kCoefficients[power]));
  }
  return Simd::multiply(Simd::add(result, Simd::exponent(x)), Simd::broadcast(kLog10Of2));
}

template <class Simd>
void log10_row(float* values, int count) {
  const auto floor = Simd::broadcast(1e-10F);
  int done = 0;
  for (; done + Simd::kWidth <= count; done += Simd::kWidth) {
    Simd::store(values + done, log10_of_positive<Simd>(Simd::max(Simd::load(values + done), floor)));
  }
  const int left = count - done;
  if (left == 0) return;
  const auto rest = Simd::max(Simd::load_first(values + done, left), floor);
  Simd::store_first(values + done, log10_of_positive<Simd>(rest), left);
}

}  // namespace hearth::kernels::blocks
