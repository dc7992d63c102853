#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace hearth::kernels {

/// Four float32 lanes in plain C++, for any CPU. Members as in simd/avx512.h.
struct Scalar {
  static constexpr const char* kName = "scalar";
  static constexpr int kWidth = 4;
  static constexpr int kRowTile = 2;
  static constexpr int kPanelVectors = 4;
  static constexpr int kQuantizedRows = 2;
  static constexpr int kQuantizedSums = 4;
  struct Float {
    float lanes[kWidth];
  };
  struct Int {
    uint32_t lanes[kWidth];
  };

  static Float zero() { return {}; }
  static Float broadcast(float value) { return {{value, value, value, value}}; }
  static Float load(const float* from) { return {{from[0], from[1], from[2], from[3]}}; }
  static void store(float* to, Float value) { store_first(to, value, kWidth); }
  static Float load_first(const float* from, int count) {
    Float result{};
    for (int lane = 0; lane < count; ++lane) result.lanes[lane] = from[lane];
    return result;
  }
  static void store_first(float* to, Float value, int count) {
    for (int lane = 0; lane < count; ++lane) to[lane] = value.lanes[lane];
  }
  static Float keep_first(Float value, int count, Float other) {
    for (int lane = 0; lane < kWidth; ++lane) value.lanes[lane] = lane < count ? value.lanes[lane] : other.lanes[lane];
    return value;
  }

  static Float add(Float a, Float b) {
    for (int lane = 0; lane < kWidth; ++lane) a.lanes[lane] += b.lanes[lane];
    return a;
  }
  static Float subtract(Float a, Float b) {
    for (int lane = 0; lane < kWidth; ++lane) a.lanes[lane] -= b.lanes[lane];
    return a;
  }
  static Float multiply(Float a, Float b) {
    for (int lane = 0; lane < kWidth; ++lane) a.lanes[lane] *= b.lanes[lane];
    return a;
  }
  static Float divide(Float a, Float b) {
    for (int lane = 0; lane < kWidth; ++lane) a.lanes[lane] /= b.lanes[lane];
    return a;
  }
  static Float fma(Float a, Float b, Float c) { return add(multiply(a, b), c); }
  static Float max(Float a, Float b) {
    for (int lane = 0; lane < kWidth; ++lane)
      a.lanes[lane] = a.lanes[lane] > b.lanes[lane] ? a.lanes[lane] : b.lanes[lane];
    return a;
  }
  static Float min(Float a, Float b) {
    for (int lane = 0; lane < kWidth; ++lane)
      a.lanes[lane] = a.lanes[lane] < b.lanes[lane] ? a.lanes[lane] : b.lanes[lane];
    return a;
  }
  static Float round(Float a) {
    for (float& lane : a.lanes) lane = std::nearbyint(lane);
    return a;
  }
  static Float scale_by_power_of_two(Float a, Float power) {
    for (int lane = 0; lane < kWidth; ++lane) {
      a.lanes[lane] *= std::bit_cast<float>(static_cast<uint32_t>(static_cast<int>(power.lanes[lane]) + 127) << 23);
    }
    return a;
  }
  static Float exponent(Float a) {
    for (float& lane : a.lanes) lane = static_cast<float>(static_cast<int>(std::bit_cast<uint32_t>(lane) >> 23) - 127);
    return a;
  }
  static Float mantissa(Float a) {
    for (float& lane : a.lanes) lane = std::bit_cast<float>((std::bit_cast<uint32_t>(lane) & 0x7FFFFF) | 0x3F800000);
    return a;
  }
  static float sum(Float a) { return (a.lanes[0] + a.lanes[2]) + (a.lanes[1] + a.lanes[3]); }
  static float largest(Float a) {
    float result = a.lanes[0];
    for (const float lane : a.lanes) result = lane > result ? lane : result;
    return result;
  }

  static Float load_half(const uint16_t* from) {
    Float result;
    for (int lane = 0; lane < kWidth; ++lane) result.lanes[lane] = half_to_float(from[lane]);
    return result;
  }
  static void store_half(uint16_t* to, Float value) {
    for (int lane = 0; lane < kWidth; ++lane) to[lane] = float_to_half(value.lanes[lane]);
  }

  static Int load_words(const uint32_t* from) { return {{from[0], from[1], from[2], from[3]}}; }
  static Int broadcast_word(uint32_t word) { return {{word, word, word, word}}; }
  static Int gather_words(const uint32_t* from, Int offsets) {
    for (uint32_t& lane : offsets.lanes) lane = from[lane];
    return offsets;
  }
  template <int kBits>
  static Int shift(Int a) {
    for (uint32_t& lane : a.lanes) {
      if constexpr (kBits >= 0) {
        lane <<= kBits;
      } else {
        lane >>= -kBits;
      }
    }
    return a;
  }
  static Float masked_float(Int a, Int mask, Int other) {
    Float result;
    for (int lane = 0; lane < kWidth; ++lane) {
      result.lanes[lane] = std::bit_cast<float>((a.lanes[lane] & mask.lanes[lane]) | other.lanes[lane]);
    }
    return result;
  }
  static Float permute(Float a, Int indices) {
    Float result;
    for (int lane = 0; lane < kWidth; ++lane) result.lanes[lane] = a.lanes[indices.lanes[lane]];
    return result;
  }

 private:
  static float half_to_float(uint16_t half) {
    const uint32_t sign = static_cast<uint32_t>(half & 0x8000) << 16;
    const uint32_t magnitude = half & 0x7FFF;
    if (magnitude >= 0x7C00) return std::bit_cast<float>(sign | 0x7F800000 | (magnitude & 0x3FF) << 13);
    // 2^112 rebiases the exponent, subnormal halves included.
    const float scaled = std::bit_cast<float>(magnitude << 13) * 0x1p112F;
    return std::bit_cast<float>(sign | std::bit_cast<uint32_t>(scaled));
  }

  /// Rounds to nearest, ties to even, as F16C does.
  static uint16_t float_to_half(float value) {
    const uint32_t bits = std::bit_cast<uint32_t>(value);
    const auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000);
    const uint32_t magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) return static_cast<uint16_t>(sign | 0x7E00 | (magnitude >> 13 & 0x3FF));
    if (magnitude >= 0x477FF000) return static_cast<uint16_t>(sign | 0x7C00);
    if (magnitude < 0x38800000) {
      // Adding 0.5 leaves the subnormal half's bits, rounded, at the bottom of the mantissa.
      const uint32_t rounded = std::bit_cast<uint32_t>(std::bit_cast<float>(magnitude) + 0.5F);
      return static_cast<uint16_t>(sign | (rounded - 0x3F000000));
    }
    const uint32_t rounded = magnitude + 0xFFF + (magnitude >> 13 & 1);
    return static_cast<uint16_t>(sign | ((rounded - 0x38000000) >> 13));
  }
};

}  // namespace hearth::kernels
