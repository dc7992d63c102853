#pragma once

#include <cstring>

#include "avx2.h"

namespace hearth::kernels {

/// Products of bytes in AVX2. Its only byte multiplication adds two products in 16 bits, and 255 * 127 twice would
/// overflow. The magnitudes of weights times x with the weights' signs stay below 2 * 127 * 127. Members as in
/// simd/avx512_vnni.h.
struct Avx2Int8 : Avx2 {
  using Sums [[gnu::vector_size(32)]] = int32_t;
  using Bytes = __m256i;
  struct Weights {
    __m256i bytes;
    __m256i magnitudes;
  };
  struct Digits {
    Weights low;
    Weights high;
  };
  static constexpr const char* kInt8Name = "avx2";
  static constexpr int kInt8RowTile = 4;
  static constexpr int kWeightOffset = 0;

  static Sums broadcast_sum(int32_t value) { return reinterpret_cast<Sums>(_mm256_set1_epi32(value)); }
  static Float to_float(Sums sums) { return _mm256_cvtepi32_ps(reinterpret_cast<__m256i>(sums)); }
  static Bytes broadcast_bytes(const int8_t* from) {
    int32_t word;
    std::memcpy(&word, from, sizeof word);
    return _mm256_set1_epi32(word);
  }
  static Weights load_weights(const int8_t* from) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    return {bytes, _mm256_abs_epi8(bytes)};
  }
  static Bytes load_bytes(const int8_t* from) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)); }
  static Digits load_digits(const uint32_t* from) {
    const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)), mask = _mm256_set1_epi8(15);
    const __m256i low = _mm256_and_si256(words, mask), high = _mm256_and_si256(_mm256_srli_epi32(words, 4), mask);
    return {{low, low}, {high, high}};
  }
  static Sums add_products(Sums sums, Bytes values, const Weights& weights) {
    const __m256i pairs = _mm256_maddubs_epi16(weights.magnitudes, _mm256_sign_epi8(values, weights.bytes));
    return sums + reinterpret_cast<Sums>(_mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
  }
  static void store_bytes(int8_t* to, Float whole) {
    const __m256i words = _mm256_cvtps_epi32(whole);
    const __m128i halves = _mm_packs_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packs_epi16(halves, halves));
  }
};

}  // namespace hearth::kernels
