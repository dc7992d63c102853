#pragma once

#include <immintrin.h>

#include <cstdint>

namespace hearth::kernels {

/// Sixteen float32 lanes: AVX-512 F, BW, DQ and VL. Every wrapper in this folder has the same members.
struct Avx512 {
  using Float = __m512;
  using Int = __m512i;
  static constexpr const char* kName = "avx512";
  static constexpr int kWidth = 16;
  /// Rows and vectors of a matrix product's register block.
  static constexpr int kRowTile = 14;
  static constexpr int kPanelVectors = 2;
  /// Rows of x that share one read of the quantised weights.
  static constexpr int kQuantizedRows = 6;
  /// Sums of rows times outputs that stay in registers during this.
  static constexpr int kQuantizedSums = 16;

  static Float zero() { return _mm512_setzero_ps(); }
  static Float broadcast(float value) { return _mm512_set1_ps(value); }
  static Float load(const float* from) { return _mm512_loadu_ps(from); }
  static void store(float* to, Float value) { _mm512_storeu_ps(to, value); }
  static Float load_first(const float* from, int count) { return _mm512_maskz_loadu_ps(first(count), from); }
  static void store_first(float* to, Float value, int count) { _mm512_mask_storeu_ps(to, first(count), value); }
  /// The first `count` lanes of `value`, the others from `other`. `count` may be negative or larger than the width.
  static Float keep_first(Float value, int count, Float other) {
    return _mm512_mask_blend_ps(count <= 0 ? 0 : count >= kWidth ? 0xFFFF : first(count), other, value);
  }

  static Float add(Float a, Float b) { return _mm512_add_ps(a, b); }
  static Float subtract(Float a, Float b) { return _mm512_sub_ps(a, b); }
  static Float multiply(Float a, Float b) { return _mm512_mul_ps(a, b); }
  static Float divide(Float a, Float b) { return _mm512_div_ps(a, b); }
  /// a * b + c
  static Float fma(Float a, Float b, Float c) { return _mm512_fmadd_ps(a, b, c); }
  static Float max(Float a, Float b) { return _mm512_max_ps(a, b); }
  static Float min(Float a, Float b) { return _mm512_min_ps(a, b); }
  static Float round(Float a) { return _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
  /// a * 2^power for integral powers of at least -126.
  static Float scale_by_power_of_two(Float a, Float power) { return _mm512_scalef_ps(a, power); }
  /// floor(log2(a)) of positive normal numbers.
  static Float exponent(Float a) { return _mm512_getexp_ps(a); }
  /// a / 2^exponent(a), in [1, 2).
  static Float mantissa(Float a) { return _mm512_getmant_ps(a, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_zero); }
  static float sum(Float a) { return _mm512_reduce_add_ps(a); }
  static float largest(Float a) { return _mm512_reduce_max_ps(a); }

  static Float load_half(const uint16_t* from) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
  }
  static void store_half(uint16_t* to, Float value) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                        _mm512_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }

  static Int load_words(const uint32_t* from) { return _mm512_loadu_si512(from); }
  static Int broadcast_word(uint32_t word) { return _mm512_set1_epi32(static_cast<int>(word)); }
  /// Lane i reads `from[offsets[i]]`.
  static Int gather_words(const uint32_t* from, Int offsets) { return _mm512_i32gather_epi32(offsets, from, 4); }
  /// Shifts left by `kBits`, or right if negative.
  template <int kBits>
  static Int shift(Int a) {
    if constexpr (kBits >= 0) {
      return _mm512_slli_epi32(a, kBits);
    } else {
      return _mm512_srli_epi32(a, -kBits);
    }
  }
  /// The float whose bits are (a & mask) | other.
  static Float masked_float(Int a, Int mask, Int other) {
    return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(a, mask, other, 0xEA));
  }
  /// Lane i is lane `indices[i]` of `a`.
  static Float permute(Float a, Int indices) { return _mm512_permutexvar_ps(indices, a); }

 private:
  static __mmask16 first(int count) { return static_cast<__mmask16>((1U << count) - 1U); }
};

}  // namespace hearth::kernels
