#pragma once

#include <cstdint>

#include "avx512_vnni.h"

namespace hearth::kernels {

/// AVX-512 beside AMX. Its templates are apart from those for CPUs without.
struct Amx : Avx512Vnni {};

/// The eight tiles of AMX as 16 rows of 64 bytes, for this thread while it lives.
class AmxTiles {
 public:
  AmxTiles() {
    alignas(64) static constexpr struct {
      uint8_t palette = 1;
      uint8_t start_row = 0;
      uint8_t reserved[14] = {};
      uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
      uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
    } kConfiguration;
    _tile_loadconfig(&kConfiguration);
  }
  AmxTiles(const AmxTiles&) = delete;
  AmxTiles& operator=(const AmxTiles&) = delete;
  ~AmxTiles() { _tile_release(); }
};

/// 32 floats as halves (bfloat16), and what they leave as halves of its own.
struct SplitFloats {
  __m512i high;
  __m512i low;

  SplitFloats(__m512 first, __m512 second) {
    high = (__m512i)_mm512_cvtne2ps_pbh(second, first);
    const auto widened = [](__m256i halves) {
      return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
    };
    low = (__m512i)_mm512_cvtne2ps_pbh(_mm512_sub_ps(second, widened(_mm512_extracti64x4_epi64(high, 1))),
                                       _mm512_sub_ps(first, widened(_mm512_castsi512_si256(high))));
  }
};

}  // namespace hearth::kernels
