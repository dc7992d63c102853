#pragma once

namespace hearth::kernels::blocks {

/// x / 2 * (1 + erf(x / sqrt 2)) to 1.4e-7 |x|, as exact as float32 erf itself gives.
template <class Simd>
typename Simd::Float gelu(typename Simd::Float x) {
  // erf(z / sqrt 2) / z as a polynomial in 2 z^2 / 5.3^2 - 1, interpolated at Chebyshev nodes; float32 has erf = 1
  // above.
  constexpr float kLimit = 5.3F;
  constexpr float kCoefficients[] = {0.2667851150035858F,    -0.13303710520267487F,   0.09852880984544754F,
                                     -0.07917488366365433F,  0.06414978206157684F,    -0.050623614341020584F,
                                     0.03791666775941849F,   -0.0262674018740654F,    0.0174435842782259F,
                                     -0.011889910325407982F, 0.006621659733355045F,   -0.0020246573258191347F,
                                     0.0011793371522799134F, -0.0015850798226892948F, 0.0006569248507730663F};
  constexpr int kDegree = 14;
  const auto z = Simd::max(Simd::min(x, Simd::broadcast(kLimit)), Simd::broadcast(-kLimit));
  const auto t = Simd::fma(Simd::multiply(z, z), Simd::broadcast(2 / (kLimit * kLimit)), Simd::broadcast(-1));
  auto quotient = Simd::broadcast(kCoefficients[kDegree]);
  for (int power = kDegree - 1; power >= 0; --power) {
    quotient = Simd::fma(quotient, t, Simd::broadcast(kCoefficients[power]));
  }
  const auto one = Simd::broadcast(1);
  const auto erf = Simd::max(Simd::min(Simd::multiply(quotient, z), one), Simd::broadcast(-1));
  const auto half = Simd::multiply(x, Simd::broadcast(0.5F));
  return Simd::fma(half, erf, half);
}

}  // namespace hearth::kernels::blocks
