#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels.h"

namespace hearth::kernels {

/// One panel of a matrix product: x [rows, inputs] times a panel [inputs, panel width].
struct PanelProduct {
  const float* x;
  int64_t x_stride;  ///< floats from one row to the next; 0 when `x` lies in tiles as `pack_rows` leaves them
  int rows;
  int inputs;
  const float* panel;
  int64_t panel_stride;  ///< floats from one input to the next
  int outputs;           ///< of the panel's columns, those that exist
  Epilogue epilogue;     ///< already moved to the panel's first column and the first row
  float* y;
  int64_t y_stride;
};

/// What a product of rows with quantised rows [first_output, first_output + outputs) has, whatever x is.
struct QuantizedOutputs {
  const float* group_sums;  ///< [rows, group_stride] of x, zeros after the last group
  int group_stride;         ///< a multiple of `width`
  int rows;
  const QuantizedMatrix* matrix;
  int first_output;
  int outputs;
  Epilogue epilogue;  ///< of the whole matrix
  float* y;
  int64_t y_stride;
};

/// Rows of x against quantised rows.
struct QuantizedProduct {
  const float* permuted;  ///< x in the order of the packed digits, [inputs / width][rows][width]
  QuantizedOutputs to;    ///< of at most `quantized_rows` rows
};

/// Attention of some queries of one head over keys in panels.
struct HeadAttention {
  const float* queries;
  int64_t query_stride;
  int query_count;
  int first_query;          ///< position of the first query among all
  const float* key_panels;  ///< [keys / panel width][64][panel width], filled up with zeros
  const float* values;      ///< [keys, 64]
  int keys;
  int visible_keys;  ///< that the query at position 0 sees; query i sees i more when causal
  bool causal;
  float scale;
  float* scratch;  ///< attention_scratch_size floats
  float* out;
  int64_t out_stride;
};

/// The serial parts of every kernel, compiled once per instruction set.
struct KernelTable {
  const char* name;
  int width;        ///< float32 lanes
  int panel_width;  ///< columns of a panel
  int row_tile;     ///< rows that a panel product works on at a time
  int quantized_rows;
  int attention_scratch_size;

  void (*panel_product)(const PanelProduct&);
  /// 4 or 8 bits, inputs a multiple of 32 / bits * width and of the group size.
  void (*quantized_product)(const QuantizedProduct&);
  /// Rows of 4 or 8 bits as the columns of a panel [inputs, panel width]; missing columns hold anything.
  void (*dequantize_panel)(const QuantizedMatrix&, int first_output, int outputs, float* panel);
  void (*head_attention)(const HeadAttention&);
  /// One query over unpacked keys and values.
  void (*single_query_attention)(const float* query, const float* keys, int64_t key_stride, const float* values,
                                 int64_t value_stride, int key_count, float scale, float* scores, float* out);
  /// One query over float16 key panels and values.
  void (*half_attention)(const float* query, const uint16_t* key_panels, const uint16_t* values, int keys, float scale,
                         float* scores, float* out);
  void (*layer_norm_row)(const float* x, int columns, const float* weight, const float* bias, float epsilon, float* y);
  void (*half_to_float)(const uint16_t* in, size_t count, float* out);
  void (*float_to_half)(const float* in, size_t count, uint16_t* out);
  float (*log_sum_exp)(const float* values, size_t count);
  size_t (*argmax)(const float* values, size_t count);
  /// Alternating halves of real and imaginary parts [2 * bins] to squared magnitudes [bins].
  void (*power)(const float* spectrum, int bins, float* out);
  /// As `kernels::lstm_step`.
  void (*lstm_step)(const float* gates, int size, float* cell, float* hidden);
};

/// The table for this process's instruction set.
const KernelTable& kernel_table();

#if defined(__x86_64__)
/// That of AVX-512, on a CPU whose AMX split_table.h makes use of.
extern const KernelTable kAmxTable;
extern const KernelTable kAvx512Table;
extern const KernelTable kAvx2Table;
#elif defined(__aarch64__)
extern const KernelTable kNeonTable;
#endif
extern const KernelTable kScalarTable;

}  // namespace hearth::kernels
