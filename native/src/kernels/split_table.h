#pragma once

#include <cstdint>

#include "kernels.h"

namespace hearth::kernels {

/// Rows and columns of a tile, and how many inputs it holds. One of halves has 1 KB.
constexpr int kTileSide = 16;
constexpr int kTileInputs = 32;
constexpr int kTileHalves = kTileSide * kTileInputs;
/// Rows and outputs that a product works on at a time: two tiles each.
constexpr int kSplitBlock = 2 * kTileSide;

/// Rows in halves times one panel of a SplitMatrix.
struct SplitProduct {
  const uint16_t* x;  ///< tiles [rows / 16][inputs / 32][halves high, low][16][32], rows filled up to whole blocks
  int rows;
  int blocks;             ///< of inputs
  const uint16_t* panel;  ///< [inputs / 32][halves high, low][2 tiles][16 pairs of inputs][16 outputs][2]
  int outputs;            ///< of the panel's columns, those that exist
  Epilogue epilogue;      ///< already moved to the panel's first column and the first row
  float* y;
  int64_t y_stride;
};

/// Attention of some queries of one head over all its keys.
struct SplitAttention {
  const float* queries;
  int64_t query_stride;
  int query_count;
  const uint16_t* key_panels;    ///< 32 keys each, as `split_panel` makes them of 64 inputs
  const uint16_t* value_panels;  ///< as `split_values` makes them
  int keys;
  float scale;
  float* out;
  int64_t out_stride;
};

/// The serial parts of `split_linear` and of attention in halves.
struct SplitTable {
  /// Rows of weights, at most a panel of them, as a panel of halves; what is missing is zeros.
  void (*split_panel)(const float* rows, int64_t stride, int outputs, int inputs, uint16_t* panel);
  /// Rows of x as tiles of halves; what is missing is zeros.
  void (*split_rows)(const float* x, int64_t stride, int rows, int inputs, uint16_t* tiles);
  void (*product)(const SplitProduct&);
  /// Values [keys, 64] of one head as panels of halves, in as many as 64 floats for each key of whole blocks take.
  void (*split_values)(const float* values, int64_t stride, int keys, uint16_t* panels);
  void (*head_attention)(const SplitAttention&);
};

/// For this process's instruction set; null where there is none.
const SplitTable* split_table();

#if defined(__x86_64__)
extern const SplitTable kAmxSplitTable;
#endif

}  // namespace hearth::kernels
