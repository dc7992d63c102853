#pragma once

#include <algorithm>
#include <cstdint>

#include "../simd/amx.h"
#include "../split_table.h"
#include "panel_product.h"

namespace hearth::kernels {

constexpr int kTileBytes = 64;  ///< of a row

/// Up to 32 floats.
inline SplitFloats split(const float* from, int count) {
  if (count >= kTileInputs) return {Amx::load(from), Amx::load(from + Amx::kWidth)};
  const int second = std::max(0, count - Amx::kWidth);
  return {Amx::load_first(from, std::min(count, Amx::kWidth)), Amx::load_first(from + Amx::kWidth, second)};
}

/// Tiles of rows of 32 inputs and their halves, [rows / 16][inputs / 32][high, low][16][32]: those of this row begin
/// here.
inline uint16_t* row_tiles(uint16_t* tiles, int row, int blocks) {
  return tiles + static_cast<int64_t>(row / kTileSide) * blocks * 2 * kTileHalves + row % kTileSide * kTileInputs;
}

inline void store_halves(const SplitFloats& halves, uint16_t* to) {
  _mm512_storeu_si512(to, halves.high);
  _mm512_storeu_si512(to + kTileHalves, halves.low);
}

enum class Sums { kAnew, kAddedTo };

/// Two row tiles times two tiles of outputs, [32, 32] sums: high times high, high times low and low times high. Low
/// times low is less than what the split itself leaves out. `panel` is [blocks][high, low][2 tiles].
template <Sums Start>
void multiply_halves(const uint16_t* x, const uint16_t* panel, int blocks, float* sums, int64_t sums_stride) {
  const uint16_t* below = x + static_cast<int64_t>(blocks) * 2 * kTileHalves;
  const int64_t row_bytes = sums_stride * static_cast<int64_t>(sizeof(float));
  float* const low_sums = sums + kTileSide * sums_stride;
  if constexpr (Start == Sums::kAnew) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  } else {
    _tile_loadd(0, sums, row_bytes);
    _tile_loadd(1, sums + kTileSide, row_bytes);
    _tile_loadd(2, low_sums, row_bytes);
    _tile_loadd(3, low_sums + kTileSide, row_bytes);
  }
  for (int block = 0; block < blocks; ++block) {
    _tile_loadd(4, x, kTileBytes);
    _tile_loadd(6, panel, kTileBytes);
    _tile_loadd(7, panel + kTileHalves, kTileBytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_loadd(5, below, kTileBytes);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_loadd(6, panel + 2 * kTileHalves, kTileBytes);
    _tile_dpbf16ps(3, 5, 7);
    _tile_loadd(7, panel + 3 * kTileHalves, kTileBytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(2, 5, 6);
    _tile_loadd(6, panel, kTileBytes);
    _tile_dpbf16ps(1, 4, 7);
    _tile_loadd(4, x + kTileHalves, kTileBytes);
    _tile_dpbf16ps(3, 5, 7);
    _tile_loadd(5, below + kTileHalves, kTileBytes);
    _tile_loadd(7, panel + kTileHalves, kTileBytes);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(3, 5, 7);
    x += 2 * kTileHalves;
    below += 2 * kTileHalves;
    panel += 4 * kTileHalves;
  }
  _tile_stored(0, sums, row_bytes);
  _tile_stored(1, sums + kTileSide, row_bytes);
  _tile_stored(2, low_sums, row_bytes);
  _tile_stored(3, low_sums + kTileSide, row_bytes);
}

template <int Rows, class Product>
void store_rows(const float* sums, const Product& product, int first_row) {
  Amx::Float values[Amx::kPanelVectors][Rows];
  for (int vector = 0; vector < Amx::kPanelVectors; ++vector) {
    for (int row = 0; row < Rows; ++row)
      values[vector][row] = Amx::load(sums + row * kSplitBlock + vector * Amx::kWidth);
  }
  store_block<Amx, Rows>(values, product, first_row);
}

/// Sums [32, 32] of rows from `first` on, those that exist.
template <class Product>
void store_sums(const float* sums, const Product& product, int first) {
  constexpr int kRowsAtATime = 8;
  const int rows = std::min(kSplitBlock, product.rows - first);
  int row = 0;
  for (; row + kRowsAtATime <= rows; row += kRowsAtATime) {
    store_rows<kRowsAtATime>(sums + row * kSplitBlock, product, first + row);
  }
  for (; row < rows; ++row) store_rows<1>(sums + row * kSplitBlock, product, first + row);
}

}  // namespace hearth::kernels
