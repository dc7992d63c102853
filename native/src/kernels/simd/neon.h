#pragma once

#include <arm_neon.h>

#include <cstdint>

namespace hearth::kernels {

/// Four float32 lanes: AArch64 Advanced SIMD. Members as in simd/avx512.h.
struct Neon {
  using Float = float32x4_t;
  using Int = uint32x4_t;
  static constexpr const char* kName = "neon";
  static constexpr int kWidth = 4;
  static constexpr int kRowTile = 5;
  static constexpr int kPanelVectors = 4;
  static constexpr int kQuantizedRows = 8;
  static constexpr int kQuantizedSums = 16;

  static Float zero() { return vdupq_n_f32(0); }
  static Float broadcast(float value) { return vdupq_n_f32(value); }
  static Float load(const float* from) { return vld1q_f32(from); }
  static void store(float* to, Float value) { vst1q_f32(to, value); }
  static Float load_first(const float* from, int count) {
    float lanes[kWidth] = {};
    for (int lane = 0; lane < count; ++lane) lanes[lane] = from[lane];
    return load(lanes);
  }
  static void store_first(float* to, Float value, int count) {
    float lanes[kWidth];
    store(lanes, value);
    for (int lane = 0; lane < count; ++lane) to[lane] = lanes[lane];
  }
  static Float keep_first(Float value, int count, Float other) {
    constexpr int32_t kLanes[kWidth] = {0, 1, 2, 3};
    return vbslq_f32(vcgtq_s32(vdupq_n_s32(count), vld1q_s32(kLanes)), value, other);
  }

  static Float add(Float a, Float b) { return vaddq_f32(a, b); }
  static Float subtract(Float a, Float b) { return vsubq_f32(a, b); }
  static Float multiply(Float a, Float b) { return vmulq_f32(a, b); }
  static Float divide(Float a, Float b) { return vdivq_f32(a, b); }
  static Float fma(Float a, Float b, Float c) { return vfmaq_f32(c, a, b); }
  static Float max(Float a, Float b) { return vmaxq_f32(a, b); }
  static Float min(Float a, Float b) { return vminq_f32(a, b); }
  static Float round(Float a) { return vrndnq_f32(a); }
  static Float scale_by_power_of_two(Float a, Float power) {
    return vmulq_f32(a, vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(vcvtq_s32_f32(power), vdupq_n_s32(127)), 23)));
  }
  static Float exponent(Float a) {
    const int32x4_t biased = vreinterpretq_s32_u32(vshrq_n_u32(vreinterpretq_u32_f32(a), 23));
    return vcvtq_f32_s32(vsubq_s32(biased, vdupq_n_s32(127)));
  }
  static Float mantissa(Float a) {
    return masked_float(vreinterpretq_u32_f32(a), vdupq_n_u32(0x7FFFFF), vdupq_n_u32(0x3F800000));
  }
  static float sum(Float a) { return vaddvq_f32(a); }
  static float largest(Float a) { return vmaxvq_f32(a); }

  static Float load_half(const uint16_t* from) { return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(from))); }
  static void store_half(uint16_t* to, Float value) { vst1_u16(to, vreinterpret_u16_f16(vcvt_f16_f32(value))); }

  static Int load_words(const uint32_t* from) { return vld1q_u32(from); }
  static Int broadcast_word(uint32_t word) { return vdupq_n_u32(word); }
  static Int gather_words(const uint32_t* from, Int offsets) {
    const uint32_t lanes[kWidth] = {from[vgetq_lane_u32(offsets, 0)], from[vgetq_lane_u32(offsets, 1)],
                                    from[vgetq_lane_u32(offsets, 2)], from[vgetq_lane_u32(offsets, 3)]};
    return vld1q_u32(lanes);
  }
  template <int kBits>
  static Int shift(Int a) {
    if constexpr (kBits >= 0) {
      return vshlq_n_u32(a, kBits);
    } else {
      return vshrq_n_u32(a, -kBits);
    }
  }
  static Float masked_float(Int a, Int mask, Int other) {
    return vreinterpretq_f32_u32(vorrq_u32(vandq_u32(a, mask), other));
  }
  static Float permute(Float a, Int indices) {
    float from[kWidth];
    store(from, a);
    const float lanes[kWidth] = {from[vgetq_lane_u32(indices, 0)], from[vgetq_lane_u32(indices, 1)],
                                 from[vgetq_lane_u32(indices, 2)], from[vgetq_lane_u32(indices, 3)]};
    return load(lanes);
  }
};

}  // namespace hearth::kernels
