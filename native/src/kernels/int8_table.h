#pragma once

#include <cstdint>

#include "kernel_table.h"

namespace hearth::kernels {

/// Inputs in a row of x that share a scale, so that an outlier only affects its neighbours.
constexpr int kInt8Group = 128;

/// Rounds `count` floats to bytes of -127 to 127 times one scale.
struct Int8Row {
  const float* x;
  int inputs;
  int8_t* bytes;    ///< the row's tile
  float* scales;    ///< the tile's, [groups][row tile]
  int32_t* starts;  ///< the tile's, [groups][row tile]: what takes the weights' offset off again
  int tile;         ///< rows of a tile
  int row;          ///< in the tile
};

/// One panel of an 8-bit product: tiles of rows from `quantize_row` times a panel of an Int8Matrix.
struct Int8Product {
  const int8_t* x;        ///< tiles as `quantize_row` fills them, kInt8Group * groups bytes for each row of a tile
  const float* x_scales;  ///< tiles [groups][row tile]
  const int32_t* starts;  ///< tiles [groups][row tile]
  int rows;
  int groups;
  const int8_t* panel;         ///< [inputs / 4][panel width][4]
  const float* weight_scales;  ///< [panel width]
  int outputs;                 ///< of the panel's columns, those that exist
  Epilogue epilogue;           ///< already moved to the panel's first column and the first row
  float* y;
  int64_t y_stride;
};

/// Rows that share one read of a matrix's digits.
constexpr int kDigitRows = 4;

/// Rows of x in 8 bits against quantised rows of 4 bits.
struct DigitProduct {
  const int8_t* x;        ///< [rows, inputs], for each block of 8 * width inputs the even ones and then the odd ones
  const float* x_scales;  ///< [rows, x_groups], one for kInt8Group inputs
  int x_groups;
  QuantizedOutputs to;  ///< of at most `kDigitRows` rows
};

/// The serial parts of `int8_linear` and `int8_quantized_linear`, compiled once per instruction set.
struct Int8Table {
  const char* name;
  int width;  ///< float32 lanes
  int panel_width;
  int row_tile;
  int weight_offset;  ///< added to a panel's bytes: the hardware multiplies unsigned by signed ones

  /// Writes bytes of -127 to 127 that give x when multiplied by `scale`; returns the scale.
  float (*quantize)(const float* x, int count, int8_t* bytes);
  void (*quantize_row)(const Int8Row&);
  void (*product)(const Int8Product&);
  void (*digit_product)(const DigitProduct&);
};

/// The table for this process's instruction set.
const Int8Table& int8_table();

#if defined(__x86_64__)
extern const Int8Table kAmxInt8Table;
extern const Int8Table kAvx512VnniTable;
extern const Int8Table kAvx2Int8Table;
#elif defined(__aarch64__)
extern const Int8Table kNeonDotTable;
#endif
extern const Int8Table kScalarInt8Table;

}  // namespace hearth::kernels
