#pragma once

#include <immintrin.h>

#include <cstdint>

namespace hearth::kernels {

/// Eight float32 lanes: AVX2, FMA and F16C. Members as in simd/avx512.h.
struct Avx2 {
  using Float = __m256;
  using Int = __m256i;
  static constexpr const char* kName = "avx2";
  static constexpr int kWidth = 8;
  static constexpr int kRowTile = 6;
  static constexpr int kPanelVectors = 2;
  static constexpr int kQuantizedRows = 4;
  static constexpr int kQuantizedSums = 8;

  static Float zero() { return _mm256_setzero_ps(); }
  static Float broadcast(float value) { return _mm256_set1_ps(value); }
  static Float load(const float* from) { return _mm256_loadu_ps(from); }
  static void store(float* to, Float value) { _mm256_storeu_ps(to, value); }
  static Float load_first(const float* from, int count) { return _mm256_maskload_ps(from, first(count)); }
  static void store_first(float* to, Float value, int count) { _mm256_maskstore_ps(to, first(count), value); }
  static Float keep_first(Float value, int count, Float other) {
    return _mm256_blendv_ps(other, value, _mm256_castsi256_ps(first(count)));
  }

  static Float add(Float a, Float b) { return _mm256_add_ps(a, b); }
  static Float subtract(Float a, Float b) { return _mm256_sub_ps(a, b); }
  static Float multiply(Float a, Float b) { return _mm256_mul_ps(a, b); }
  static Float divide(Float a, Float b) { return _mm256_div_ps(a, b); }
  static Float fma(Float a, Float b, Float c) { return _mm256_fmadd_ps(a, b, c); }
  static Float max(Float a, Float b) { return _mm256_max_ps(a, b); }
  static Float min(Float a, Float b) { return _mm256_min_ps(a, b); }
  static Float round(Float a) { return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
  static Float scale_by_power_of_two(Float a, Float power) {
    const Int exponent = _mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(power), _mm256_set1_epi32(127)), 23);
    return _mm256_mul_ps(a, _mm256_castsi256_ps(exponent));
  }
  static Float exponent(Float a) {
    const Int biased = _mm256_srli_epi32(_mm256_castps_si256(a), 23);
    return _mm256_cvtepi32_ps(_mm256_sub_epi32(biased, _mm256_set1_epi32(127)));
  }
  static Float mantissa(Float a) {
    return masked_float(_mm256_castps_si256(a), _mm256_set1_epi32(0x7FFFFF), _mm256_set1_epi32(0x3F800000));
  }
  static float sum(Float a) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
  }
  static float largest(Float a) {
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps(a, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
  }

  static Float load_half(const uint16_t* from) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  static void store_half(uint16_t* to, Float value) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm256_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }

  static Int load_words(const uint32_t* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }
  static Int broadcast_word(uint32_t word) { return _mm256_set1_epi32(static_cast<int>(word)); }
  static Int gather_words(const uint32_t* from, Int offsets) {
    return _mm256_i32gather_epi32(reinterpret_cast<const int*>(from), offsets, 4);
  }
  template <int kBits>
  static Int shift(Int a) {
    if constexpr (kBits >= 0) {
      return _mm256_slli_epi32(a, kBits);
    } else {
      return _mm256_srli_epi32(a, -kBits);
    }
  }
  static Float masked_float(Int a, Int mask, Int other) {
    return _mm256_castsi256_ps(_mm256_or_si256(_mm256_and_si256(a, mask), other));
  }
  static Float permute(Float a, Int indices) { return _mm256_permutevar8x32_ps(a, indices); }

 private:
  static Int first(int count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
};

}  // namespace hearth::kernels
