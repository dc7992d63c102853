#pragma once

#include <algorithm>
#include <cstring>

#include "../int8_table.h"
#include "digit_product.h"
#include "panel_product.h"

namespace hearth::kernels {

/// A row below this counts as silent, because the reciprocal of its scale would overflow.
constexpr float kSmallestMagnitude = 1e-30F;

template <class V>
float quantize(const float* x, int count, int8_t* bytes) {
  const auto load = [&](int i) { return count - i >= V::kWidth ? V::load(x + i) : V::load_first(x + i, count - i); };
  auto largest = V::zero();
  for (int i = 0; i < count; i += V::kWidth) {
    const auto value = load(i);
    largest = V::max(largest, V::max(value, V::subtract(V::zero(), value)));
  }
  const float magnitude = V::largest(largest);
  const auto factor = V::broadcast(magnitude > kSmallestMagnitude ? 127.0F / magnitude : 0.0F);
  for (int i = 0; i < count; i += V::kWidth) {
    const auto whole = V::round(V::multiply(load(i), factor));
    if (count - i >= V::kWidth) {
      V::store_bytes(bytes + i, whole);
    } else {
      int8_t last[V::kWidth];
      V::store_bytes(last, whole);
      std::copy_n(last, count - i, bytes + i);
    }
  }
  return magnitude > kSmallestMagnitude ? magnitude / 127.0F : 0.0F;
}

/// A tile is [inputs / 4][row tile][4].
template <class V>
void quantize_row(const Int8Row& row) {
  int8_t* to = row.bytes + 4 * row.row;
  for (int first = 0, group = 0; first < row.inputs; first += kInt8Group, ++group) {
    alignas(64) int8_t bytes[kInt8Group] = {};
    const int count = std::min(kInt8Group, row.inputs - first);
    row.scales[group * row.tile + row.row] = quantize<V>(row.x + first, count, bytes);
    int32_t sum = 0;
    for (const int8_t byte : bytes) sum += byte;
    row.starts[group * row.tile + row.row] = -V::kWeightOffset * sum;
    for (int i = 0; i < kInt8Group; i += 4, to += 4 * row.tile) std::memcpy(to, bytes + i, 4);
  }
}

/// `Rows` rows of x times one panel over one group of inputs, in whole numbers, times each row's scale onto `totals`
/// [Rows, kPanelVectors * kWidth].
template <class V, int Rows>
void add_group(const int8_t* x, const int32_t* starts, const int8_t* panel, const float* scales, float* totals) {
  constexpr int kVectors = V::kPanelVectors;
  typename V::Sums sums[Rows][kVectors];
  for (int row = 0; row < Rows; ++row) {
    for (int vector = 0; vector < kVectors; ++vector) sums[row][vector] = V::broadcast_sum(starts[row]);
  }
  for (int i = 0; i < kInt8Group; i += 4, x += 4 * V::kInt8RowTile, panel += 4 * kVectors * V::kWidth) {
    fetch<4 * kVectors * V::kWidth>(panel + kStepsAhead * 4 * kVectors * V::kWidth);
    typename V::Weights weights[kVectors];
    for (int vector = 0; vector < kVectors; ++vector) weights[vector] = V::load_weights(panel + vector * 4 * V::kWidth);
    for (int row = 0; row < Rows; ++row) {
      const auto values = V::broadcast_bytes(x + 4 * row);
      for (int vector = 0; vector < kVectors; ++vector) {
        sums[row][vector] = V::add_products(sums[row][vector], values, weights[vector]);
      }
    }
  }
  for (int row = 0; row < Rows; ++row) {
    const auto scale = V::broadcast(scales[row]);
    for (int vector = 0; vector < kVectors; ++vector, totals += V::kWidth) {
      V::store(totals, V::fma(V::to_float(sums[row][vector]), scale, V::load(totals)));
    }
  }
}

/// A tile of `Rows` rows times a panel: whole numbers within a group of inputs, floats from group to group.
template <class V, int Rows>
void int8_rows(const Int8Product& product, int first_row) {
  constexpr int kVectors = V::kPanelVectors;
  constexpr int kTile = V::kInt8RowTile;
  const int64_t first_group = static_cast<int64_t>(first_row / kTile) * product.groups * kTile;
  alignas(64) float totals[Rows * kVectors * V::kWidth] = {};
  for (int group = 0; group < product.groups; ++group) {
    const int64_t words = first_group + group * kTile;
    add_group<V, Rows>(product.x + words * kInt8Group, product.starts + words,
                       product.panel + static_cast<int64_t>(group) * kInt8Group * kVectors * V::kWidth,
                       product.x_scales + words, totals);
  }
  typename V::Float sums[kVectors][Rows];
  for (int vector = 0; vector < kVectors; ++vector) {
    const auto scale = V::load(product.weight_scales + vector * V::kWidth);
    for (int row = 0; row < Rows; ++row) {
      sums[vector][row] = V::multiply(V::load(totals + (row * kVectors + vector) * V::kWidth), scale);
    }
  }
  store_block<V, Rows>(sums, product, first_row);
}

/// The rows left over after whole tiles, by the instance for that number of rows.
template <class V, int Rows>
void last_int8_rows(const Int8Product& product, int first_row, int rows) {
  if constexpr (Rows > 0) {
    if (rows == Rows) return int8_rows<V, Rows>(product, first_row);
    last_int8_rows<V, Rows - 1>(product, first_row, rows);
  }
}

template <class V>
void int8_product(const Int8Product& product) {
  int row = 0;
  for (; row + V::kInt8RowTile <= product.rows; row += V::kInt8RowTile) int8_rows<V, V::kInt8RowTile>(product, row);
  last_int8_rows<V, V::kInt8RowTile - 1>(product, row, product.rows - row);
}

/// All serial parts of an 8-bit product for the instruction set of wrapper `V`.
template <class V>
constexpr Int8Table make_int8_table() {
  return {.name = V::kInt8Name,
          .width = V::kWidth,
          .panel_width = V::kPanelVectors * V::kWidth,
          .row_tile = V::kInt8RowTile,
          .weight_offset = V::kWeightOffset,
          .quantize = quantize<V>,
          .quantize_row = quantize_row<V>,
          .product = int8_product<V>,
          .digit_product = digit_product<V>};
}

}  // namespace hearth::kernels
