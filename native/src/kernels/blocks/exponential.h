#pragma once

namespace hearth::kernels::blocks {

constexpr float kLog2E = 1.44269504088896340736F;

/// 2^x for x <= 0 to 8e-8; below -126 the result stays 2^-126, nothing beside a maximum's 1.
template <class Simd>
typename Simd::Float exp2_of_negative(typename Simd::Float x) {
  constexpr float kCoefficients[] = {1.0F,
                                     0.6931471824645996F,
                                     0.24022650718688965F,
                                     0.05550327152013779F,
                                     0.009618056938052177F,
                                     0.0013400427997112274F,
                                     0.00015461444854736328F};
  constexpr int kDegree = 6;
  x = Simd::max(x, Simd::broadcast(-126));
  const auto power = Simd::round(x);
  const auto fraction = Simd::subtract(x, power);
  auto result = Simd::broadcast(kCoefficients[kDegree]);
  for (int degree = kDegree - 1; degree >= 0; --degree) {
    result = Simd::fma(result, fraction, Simd::broadcast(kCoefficients[degree]));
  }
  return Simd::scale_by_power_of_two(result, power);
}

}  // namespace hearth::kernels::blocks
