#pragma once

#include "scalar.h"

namespace hearth::kernels {

/// Products of bytes in plain C++. Members as in simd/avx512_vnni.h.
struct ScalarInt8 : Scalar {
  struct Sums {
    int32_t lanes[kWidth];
  };
  struct Bytes {
    int8_t values[4];
  };
  struct Weights {
    int8_t values[4 * kWidth];
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
  static Bytes broadcast_bytes(const int8_t* from) { return {{from[0], from[1], from[2], from[3]}}; }
  static Weights load_weights(const int8_t* from) {
    Weights weights;
    for (int i = 0; i < 4 * kWidth; ++i) weights.values[i] = from[i];
    return weights;
  }
  static Sums add_products(Sums sums, Bytes values, const Weights& weights) {
    for (int i = 0; i < 4 * kWidth; ++i) sums.lanes[i / 4] += values.values[i % 4] * weights.values[i];
    return sums;
  }
  static void store_bytes(int8_t* to, Float whole) {
    for (int lane = 0; lane < kWidth; ++lane) to[lane] = static_cast<int8_t>(whole.lanes[lane]);
  }
};

}  // namespace hearth::kernels
