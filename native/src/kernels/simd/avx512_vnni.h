#pragma once

#include <cstring>

#include "avx512.h"

namespace hearth::kernels {

/// AVX-512 with VNNI, which multiplies four unsigned bytes by four signed ones and adds them to a lane. Weights are
/// stored 128 higher. Every wrapper for integers in this folder has the same members.
struct Avx512Vnni : Avx512 {
  /// Not __m512i: GCC 12 would store an array of those in every step.
  using Sums [[gnu::vector_size(64)]] = int32_t;
  using Bytes = __m512i;
  using Weights = __m512i;
  /// Digits of 4 bits as bytes: those in the lower halves of packed bytes, and those in the upper ones.
  struct Digits {
    Weights low;
    Weights high;
  };
  static constexpr const char* kInt8Name = "avx512-vnni";
  static constexpr int kInt8RowTile = 14;
  static constexpr int kWeightOffset = 128;

  static Sums broadcast_sum(int32_t value) { return reinterpret_cast<Sums>(_mm512_set1_epi32(value)); }
  static Float to_float(Sums sums) { return _mm512_cvtepi32_ps(reinterpret_cast<__m512i>(sums)); }
  /// The same four bytes in every lane.
  static Bytes broadcast_bytes(const int8_t* from) {
    int32_t word;
    std::memcpy(&word, from, sizeof word);
    return _mm512_set1_epi32(word);
  }
  static Weights load_weights(const int8_t* from) { return _mm512_loadu_si512(from); }
  static Bytes load_bytes(const int8_t* from) { return _mm512_loadu_si512(from); }
  /// Of kWidth words.
  static Digits load_digits(const uint32_t* from) {
    const __m512i words = _mm512_loadu_si512(from), mask = _mm512_set1_epi8(15);
    return {_mm512_and_si512(words, mask), _mm512_and_si512(_mm512_srli_epi32(words, 4), mask)};
  }
  /// sums + the four products of each lane.
  static Sums add_products(Sums sums, Bytes values, Weights weights) {
    return reinterpret_cast<Sums>(_mm512_dpbusd_epi32(reinterpret_cast<__m512i>(sums), weights, values));
  }
  /// kWidth integers from -127 to 127.
  static void store_bytes(int8_t* to, Float whole) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(whole)));
  }
};

}  // namespace hearth::kernels
