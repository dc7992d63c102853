#pragma once

#include <cstring>

#include "scalar.h"

namespace hearth::kernels {

/// Products of bytes in plain C++. Members as in simd/avx512_vnni.h.
struct ScalarInt8 : Scalar {
  struct Sums {
    int32_t lanes[kWidth];
  };
  struct Bytes {
    int8_t values[4 * kWidth];
  };
  using Weights = Bytes;
  struct Digits {
    Weights low;
    Weights high;
  };
  static constexpr const char* kInt8Name = "scalar";
  static constexpr int kInt8RowTile = 2;
  static constexpr int kWeightOffset = 0;

  static Sums broadcast_sum(int32_t value) { return {{value, value, value, value}}; }
  static Float to_float(Sums sums) {
    Float result;
    for (int lane = 0; lane < kWidth; ++lane) result.lanes[lane] = static_cast<float>(sums.lanes[lane]);
    return result;
  }
  static Bytes broadcast_bytes(const int8_t* from) {
    Bytes bytes;
    for (int i = 0; i < 4 * kWidth; ++i) bytes.values[i] = from[i % 4];
    return bytes;
  }
  static Bytes load_bytes(const int8_t* from) {
    Bytes bytes;
    std::memcpy(bytes.values, from, sizeof bytes.values);
    return bytes;
  }
  static Digits load_digits(const uint32_t* from) {
    Digits digits;
    for (int i = 0; i < 4 * kWidth; ++i) {
      const uint32_t byte = from[i / 4] >> (8 * (i % 4));
      digits.low.values[i] = static_cast<int8_t>(byte & 15U);
      digits.high.values[i] = static_cast<int8_t>(byte >> 4 & 15U);
    }
    return digits;
  }
  static Weights load_weights(const int8_t* from) { return load_bytes(from); }
  static Sums add_products(Sums sums, Bytes values, const Weights& weights) {
    for (int i = 0; i < 4 * kWidth; ++i) sums.lanes[i / 4] += values.values[i] * weights.values[i];
    return sums;
  }
  static void store_bytes(int8_t* to, Float whole) {
    for (int lane = 0; lane < kWidth; ++lane) to[lane] = static_cast<int8_t>(whole.lanes[lane]);
  }
};

}  // namespace hearth::kernels
