#pragma once

#include <algorithm>
#include <cstring>

#include "amx_tiles.h"
#include "int8_product.h"

namespace hearth::kernels {

/// A tile of rows is [inputs / 64][32][64].
inline void quantize_row_for_tiles(const Int8Row& row) {
  for (int first = 0, group = 0; first < row.inputs; first += kInt8Group, ++group) {
    alignas(64) int8_t bytes[kInt8Group] = {};
    const int count = std::min(kInt8Group, row.inputs - first);
    row.scales[group * row.tile + row.row] = quantize<Amx>(row.x + first, count, bytes);
    for (int half = 0; half < kInt8Group / kTileBytes; ++half) {
      int8_t* const to = row.bytes + ((first + half * kTileBytes) * kSplitBlock + row.row * kTileBytes);
      std::memcpy(to, bytes + half * kTileBytes, kTileBytes);
    }
  }
}

/// 32 rows times 32 outputs over one group of inputs, in whole numbers.
inline void multiply_bytes(const int8_t* x, const int8_t* panel, int32_t* sums) {
  constexpr int kPanelRow = 4 * kSplitBlock;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int half = 0; half < kInt8Group / kTileBytes; ++half) {
    _tile_loadd(4, x, kTileBytes);
    _tile_loadd(5, x + kTileSide * kTileBytes, kTileBytes);
    _tile_loadd(6, panel, kPanelRow);
    _tile_loadd(7, panel + kTileBytes, kPanelRow);
    _tile_dpbssd(0, 4, 6);
    _tile_dpbssd(1, 4, 7);
    _tile_dpbssd(2, 5, 6);
    _tile_dpbssd(3, 5, 7);
    x += kSplitBlock * kTileBytes;
    panel += kTileSide * kPanelRow;
  }
  constexpr int kRowBytes = kSplitBlock * sizeof(int32_t);
  _tile_stored(0, sums, kRowBytes);
  _tile_stored(1, sums + kTileSide, kRowBytes);
  _tile_stored(2, sums + kTileSide * kSplitBlock, kRowBytes);
  _tile_stored(3, sums + kTileSide * kSplitBlock + kTileSide, kRowBytes);
}

/// In the order of the other instruction sets, so that every bit is the same.
inline void multiply_rounded(const Int8Product& product) {
  const AmxTiles tiles;
  const int64_t row_bytes = static_cast<int64_t>(product.groups) * kInt8Group;
  for (int first = 0; first < product.rows; first += kSplitBlock) {
    alignas(64) float totals[kSplitBlock * kSplitBlock] = {};
    alignas(64) int32_t sums[kSplitBlock * kSplitBlock];
    for (int group = 0; group < product.groups; ++group) {
      multiply_bytes(product.x + first * row_bytes + group * kSplitBlock * kInt8Group,
                     product.panel + static_cast<int64_t>(group) * kInt8Group * kSplitBlock, sums);
      const float* const scales = product.x_scales + static_cast<int64_t>(first) * product.groups + group * kSplitBlock;
      for (int row = 0, i = 0; row < kSplitBlock; ++row) {
        const auto scale = Amx::broadcast(scales[row]);
        for (int vector = 0; vector < Amx::kPanelVectors; ++vector, i += Amx::kWidth) {
          const auto sum = _mm512_cvtepi32_ps(_mm512_load_si512(sums + i));
          Amx::store(totals + i, Amx::fma(sum, scale, Amx::load(totals + i)));
        }
      }
    }
    for (int i = 0; i < kSplitBlock * kSplitBlock; i += Amx::kWidth) {
      const auto scale = Amx::load(product.weight_scales + i % kSplitBlock);
      Amx::store(totals + i, Amx::multiply(Amx::load(totals + i), scale));
    }
    store_sums(totals, product, first);
  }
}

}  // namespace hearth::kernels
