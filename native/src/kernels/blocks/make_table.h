#pragma once

#include "attention.h"
#include "dequantize_panel.h"
#include "lstm.h"
#include "panel_product.h"
#include "quantized_product.h"
#include "rows.h"

namespace hearth::kernels {

/// All serial parts for the instruction set of wrapper `V`.
template <class V>
constexpr KernelTable make_table() {
  return {.name = V::kName,
          .width = V::kWidth,
          .panel_width = V::kPanelVectors * V::kWidth,
          .row_tile = V::kRowTile,
          .quantized_rows = V::kQuantizedRows,
          .attention_scratch_size = attention_scratch_size<V>(),
          .panel_product = panel_product<V>,
          .quantized_product = quantized_product<V>,
          .dequantize_panel = dequantize_panel<V>,
          .head_attention = head_attention<V>,
          .single_query_attention = single_query_attention<V>,
          .half_attention = half_attention<V>,
          .layer_norm_row = layer_norm_row<V>,
          .half_to_float = half_to_float<V>,
          .float_to_half = float_to_half<V>,
          .log_sum_exp = log_sum_exp<V>,
          .argmax = argmax<V>,
          .power = power<V>,
          .lstm_step = lstm_step<V>};
}

}  // namespace hearth::kernels
