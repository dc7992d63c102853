#pragma once

#include <cstdint>

namespace hearth::kernels::blocks {

/// Values of `kBits` bits that do not straddle 32-bit words: value `index` of every word, as 1 + q / 2^kBits. That is
/// the value moved to the top of a float's mantissa: two instructions where a conversion takes three.
template <class Simd, int kBits, int kIndex>
typename Simd::Float unit_values(typename Simd::Int words) {
  constexpr uint32_t kMask = ((1U << kBits) - 1U) << (23 - kBits);
  const auto shifted = Simd::template shift<23 - kBits - kIndex * kBits>(words);
  return Simd::masked_float(shifted, Simd::broadcast_word(kMask), Simd::broadcast_word(0x3F800000));
}

/// `kWidth` float16 values at `from` of which `available` may be read; the others are zeros.
template <class Simd>
typename Simd::Float load_available_halves(const uint16_t* from, int64_t available) {
  if (available >= Simd::kWidth) return Simd::load_half(from);
  uint16_t rest[Simd::kWidth] = {};
  for (int lane = 0; lane < available; ++lane) rest[lane] = from[lane];
  return Simd::load_half(rest);
}

/// Calls `step` with the bit width as a compile-time constant.
template <class Step>
void with_bits(int bits, const Step& step) {
  if (bits == 2) step.template operator()<2>();
  if (bits == 3) step.template operator()<3>();
  if (bits == 4) step.template operator()<4>();
  if (bits == 5) step.template operator()<5>();
  if (bits == 6) step.template operator()<6>();
  if (bits == 8) step.template operator()<8>();
}

}  // namespace hearth::kernels::blocks
