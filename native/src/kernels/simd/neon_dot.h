#pragma once

#include <cstring>

#include "neon.h"

namespace hearth::kernels {

/// AArch64 with dot products, as on every Apple chip. Members as in simd/avx512_vnni.h.
struct NeonDot : Neon {
  using Sums = int32x4_t;
  using Bytes = int8x16_t;
  using Weights = int8x16_t;
  struct Digits {
    Weights low;
    Weights high;
  };
  static constexpr const char* kInt8Name = "neon-dot";
  static constexpr int kInt8RowTile = 5;
  static constexpr int kWeightOffset = 0;

  static Sums broadcast_sum(int32_t value) { return vdupq_n_s32(value); }
  static Float to_float(Sums sums) { return vcvtq_f32_s32(sums); }
  static Bytes broadcast_bytes(const int8_t* from) {
    int32_t word;
    std::memcpy(&word, from, sizeof word);
    return vreinterpretq_s8_s32(vdupq_n_s32(word));
  }
  static Weights load_weights(const int8_t* from) { return vld1q_s8(from); }
  static Bytes load_bytes(const int8_t* from) { return vld1q_s8(from); }
  static Digits load_digits(const uint32_t* from) {
    const uint8x16_t bytes = vreinterpretq_u8_u32(vld1q_u32(from));
    return {vreinterpretq_s8_u8(vandq_u8(bytes, vdupq_n_u8(15))), vreinterpretq_s8_u8(vshrq_n_u8(bytes, 4))};
  }
  static Sums add_products(Sums sums, Bytes values, Weights weights) { return vdotq_s32(sums, weights, values); }
  static void store_bytes(int8_t* to, Float whole) {
    const int16x4_t halves = vqmovn_s32(vcvtnq_s32_f32(whole));
    const int8x8_t bytes = vqmovn_s16(vcombine_s16(halves, halves));
    vst1_lane_s32(reinterpret_cast<int32_t*>(to), vreinterpret_s32_s8(bytes), 0);
  }
};

}  // namespace hearth::kernels
