#pragma once

#include "gelu.h"
#include "multiply_tile.h"

namespace hearth::kernels::blocks {

template <class Simd>
void finish_tile(const float* tile, int row_count, int columns, const Epilogue& epilogue, float* y, int64_t y_stride) {
  for (int row = 0; row < row_count; ++row) {
    const float* from = tile + row * kPanelWidth<Simd>;
    const float* residual = epilogue.residual == nullptr ? nullptr : epilogue.residual + row * epilogue.residual_stride;
    float* to = y + row * y_stride;
    for (int column = 0; column < columns; column += Simd::kWidth) {
      const int left = columns - column;
      const bool whole = left >= Simd::kWidth;
      const auto load = [&](const float* at) { return whole ? Simd::load(at) : Simd::load_first(at, left); };
      auto value = Simd::load(from + column);
      if (epilogue.bias != nullptr) value = Simd::add(value, load(epilogue.bias + column));
      if (epilogue.gelu) value = gelu<Simd>(value);
      if (residual != nullptr) value = Simd::add(value, load(residual + column));
      if (whole) {
        Simd::store(to + column, value);
      } else {
        Simd::store_first(to + column, value, left);
      }
    }
  }
}

}  // namespace hearth::kernels::blocks
