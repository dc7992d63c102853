#pragma once

#include <algorithm>

#include "../kernel_table.h"
#include "functions.h"

namespace hearth::kernels {

/// The register block: `Rows` rows of x times one panel, with sums kept in registers.
template <class V, int Rows>
struct Accumulators {
  static constexpr int kVectors = V::kPanelVectors;
  typename V::Float sums[Rows][kVectors];

  /// `x(row, k)` is at x[row * row_stride + k * input_stride].
  void multiply(const float* x, int64_t row_stride, int64_t input_stride, const float* panel, int64_t panel_stride,
                int inputs) {
    for (int row = 0; row < Rows; ++row) {
      for (int vector = 0; vector < kVectors; ++vector) sums[row][vector] = V::zero();
    }
    for (int k = 0; k < inputs; ++k, panel += panel_stride, x += input_stride) {
      typename V::Float weights[kVectors];
      for (int vector = 0; vector < kVectors; ++vector) weights[vector] = V::load(panel + vector * V::kWidth);
      for (int row = 0; row < Rows; ++row) {
        const auto value = V::broadcast(x[row * row_stride]);
        for (int vector = 0; vector < kVectors; ++vector) {
          sums[row][vector] = V::fma(value, weights[vector], sums[row][vector]);
        }
      }
    }
  }
};

/// `Product` says where a finished value goes and what is applied to it on the way, like PanelProduct.
template <class V, class Product>
void store_finished(typename V::Float value, const Product& product, int row, int column) {
  const int count = std::min(product.outputs - column, V::kWidth);
  if (count <= 0) return;
  const bool whole = count == V::kWidth;
  const auto load = [&](const float* from) { return whole ? V::load(from) : V::load_first(from, count); };
  const auto& epilogue = product.epilogue;
  if (epilogue.bias) value = V::add(value, load(epilogue.bias + column));
  if (epilogue.gelu) value = gelu<V>(value);
  if (epilogue.residual) value = V::add(value, load(epilogue.residual + row * epilogue.residual_stride + column));
  float* to = product.y + row * product.y_stride + column;
  if (whole) {
    V::store(to, value);
  } else {
    V::store_first(to, value, count);
  }
}

template <class V, int Rows>
void panel_rows(const PanelProduct& product, int first_row) {
  Accumulators<V, Rows> block;
  if (product.x_stride == 0) {
    block.multiply(product.x + static_cast<int64_t>(first_row) * product.inputs, 1, V::kRowTile, product.panel,
                   product.panel_stride, product.inputs);
  } else {
    block.multiply(product.x + first_row * product.x_stride, product.x_stride, 1, product.panel, product.panel_stride,
                   product.inputs);
  }
  for (int row = 0; row < Rows; ++row) {
    for (int vector = 0; vector < V::kPanelVectors; ++vector) {
      store_finished<V>(block.sums[row][vector], product, first_row + row, vector * V::kWidth);
    }
  }
}

/// The rows left over after whole tiles, by the instance for that number of rows.
template <class V, int Rows>
void last_rows(const PanelProduct& product, int first_row, int rows) {
  if constexpr (Rows > 0) {
    if (rows == Rows) return panel_rows<V, Rows>(product, first_row);
    last_rows<V, Rows - 1>(product, first_row, rows);
  }
}

template <class V>
void panel_product(const PanelProduct& product) {
  int row = 0;
  for (; row + V::kRowTile <= product.rows; row += V::kRowTile) panel_rows<V, V::kRowTile>(product, row);
  last_rows<V, V::kRowTile - 1>(product, row, product.rows - row);
}

}  // namespace hearth::kernels
