#pragma once

#include "../block_functions.h"
#include "attend.h"
#include "attend_one.h"
#include "cross_attend.h"
#include "dequantize.h"
#include "finish_tile.h"
#include "half_conversion.h"
#include "layer_norm_row.h"
#include "multiply_tile.h"
#include "quantized_tile.h"
#include "reductions.h"

namespace hearth::kernels::blocks {

// Everything in this folder is a template over the vector wrapper, so that no function compiled for one instruction
// set can be linked into another; for the same reason nothing here uses inline functions of the standard library.
template <class Simd>
constexpr BlockFunctions all_blocks() {
  return {
      .name = Simd::kName,
      .width = Simd::kWidth,
      .row_tile = Simd::kRowTile,
      .panel_width = kPanelWidth<Simd>,
      .quantized_rows = Simd::kQuantizedRows,
      .multiply_tile = multiply_tile<Simd>,
      .finish_tile = finish_tile<Simd>,
      .dequantize_row = dequantize_row<Simd>,
      .dequantize_panel = dequantize_panel<Simd>,
      .quantized_tile = quantized_tile<Simd>,
      .attend = attend<Simd>,
      .attend_one = attend_one<Simd>,
      .pack_cross_head = pack_cross_head<Simd>,
      .unpack_cross_keys = unpack_cross_keys<Simd>,
      .cross_attend = cross_attend<Simd>,
      .layer_norm_row = layer_norm_row<Simd>,
      .float16_to_float32 = float16_to_float32<Simd>,
      .float32_to_float16 = float32_to_float16<Simd>,
      .largest = largest<Simd>,
      .sum_exponentials = sum_exponentials<Simd>,
      .log10_row = log10_row<Simd>,
  };
}

}  // namespace hearth::kernels::blocks
