#pragma once

#include <algorithm>

#include "../kernel_table.h"
#include "functions.h"

namespace hearth::kernels {

/// A line of the cache.
constexpr int kLineBytes = 64;
/// How many steps before its use a panel is fetched into the first-level cache: some 200 cycles.
constexpr int kStepsAhead = 16;

/// May look past the end of what is read.
template <int kBytes>
void fetch(const void* from) {
  for (int offset = 0; offset < kBytes; offset += kLineBytes) {
    __builtin_prefetch(static_cast<const char*>(from) + offset);
  }
}

/// The register block: `Rows` rows of x times one panel, with sums kept in registers.
template <class V, int Rows>
struct Accumulators {
  static constexpr int kVectors = V::kPanelVectors;
  typename V::Float sums[kVectors][Rows];

  /// `x(row, k)` is at x[row * row_stride + k * input_stride].
  void multiply(const float* x, int64_t row_stride, int64_t input_stride, const float* panel, int64_t panel_stride,
                int inputs) {
    for (int row = 0; row < Rows; ++row) {
      for (int vector = 0; vector < kVectors; ++vector) sums[vector][row] = V::zero();
    }
    for (int k = 0; k < inputs; ++k, panel += panel_stride, x += input_stride) {
      fetch<kVectors * V::kWidth * sizeof(float)>(panel + kStepsAhead * panel_stride);
      fetch<1>(x + kStepsAhead * input_stride);
      typename V::Float weights[kVectors];
      for (int vector = 0; vector < kVectors; ++vector) weights[vector] = V::load(panel + vector * V::kWidth);
      for (int row = 0; row < Rows; ++row) {
        const auto value = V::broadcast(x[row * row_stride]);
        for (int vector = 0; vector < kVectors; ++vector) {
          sums[vector][row] = V::fma(value, weights[vector], sums[vector][row]);
        }
      }
    }
  }
};

/// A vector that reaches past the outputs. `Product` says where a finished value goes and what is applied to it on the
/// way, like PanelProduct. The vector is not passed by value: from where such a function returns, GCC 12 leaves the upper
/// halves of registers as they are, and SSE instructions, which MLX and libm are made of, take many times as long then.
template <class V, class Product>
void store_part(const typename V::Float& sum, const Product& product, int row, int column) {
  const int count = product.outputs - column;
  if (count <= 0) return;
  auto value = sum;
  const auto& epilogue = product.epilogue;
  if (epilogue.bias) value = V::add(value, V::load_first(epilogue.bias + column, count));
  if (epilogue.gelu) value = gelu<V>(value);
  if (epilogue.residual) {
    value = V::add(value, V::load_first(epilogue.residual + row * epilogue.residual_stride + column, count));
  }
  V::store_first(product.y + row * product.y_stride + column, value, count);
}

/// The same for whole vectors of a block's rows, one below the other.
template <class V, int Rows, class Product>
void store_column(typename V::Float (&values)[Rows], const Product& product, int first_row, int column) {
  const auto& epilogue = product.epilogue;
  if (epilogue.bias) {
    const auto bias = V::load(epilogue.bias + column);
    for (auto& value : values) value = V::add(value, bias);
  }
  if (epilogue.gelu) {
    for (auto& value : values) value = gelu<V>(value);
  }
  if (epilogue.residual) {
    const float* residual = epilogue.residual + first_row * epilogue.residual_stride + column;
    for (auto& value : values) {
      value = V::add(value, V::load(residual));
      residual += epilogue.residual_stride;
    }
  }
  float* to = product.y + first_row * product.y_stride + column;
  for (const auto& value : values) {
    V::store(to, value);
    to += product.y_stride;
  }
}

/// A block of sums [vectors of the panel][rows].
template <class V, int Rows, class Product>
void store_block(typename V::Float (&sums)[V::kPanelVectors][Rows], const Product& product, int first_row) {
  for (int vector = 0; vector < V::kPanelVectors; ++vector) {
    const int column = vector * V::kWidth;
    if (column + V::kWidth <= product.outputs) {
      store_column<V, Rows>(sums[vector], product, first_row, column);
    } else {
      for (int row = 0; row < Rows; ++row) store_part<V>(sums[vector][row], product, first_row + row, column);
    }
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
  store_block<V, Rows>(block.sums, product, first_row);
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
