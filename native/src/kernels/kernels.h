#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "aligned_memory.h"

/// CPU primitives for what MLX does slowly on a CPU. They know raw float buffers only: no MLX, no Node.
/// Every function runs on the process-wide thread pool and picks its instruction set at run time.
namespace hearth::kernels {

/// `amx`, `avx512`, `avx2`, `neon` or `scalar`: the best this CPU has, or what HEARTH_INSTRUCTION_SET asks for.
std::string_view instruction_set();

/// The same for `int8_linear`: `amx`, `avx512-vnni`, `avx2`, `neon-dot` or `scalar`.
std::string_view int8_instruction_set();

/// Whether this CPU multiplies bytes faster than float32 numbers.
bool has_int8_arithmetic();

/// Whether this CPU multiplies halves of numbers so fast that `split_linear` gains by them: Intel's AMX.
bool has_split_arithmetic();

/// Threads of the pool; called once before the first kernel. 0 means one per core.
void set_thread_count(int threads);
int thread_count();

/// While it lives, its thread computes by itself: the pool works for one caller at a time, which is the engine's
/// thread.
class WithoutPool {
 public:
  WithoutPool();
  WithoutPool(const WithoutPool&) = delete;
  WithoutPool& operator=(const WithoutPool&) = delete;
  ~WithoutPool();
};

/// Runs `body(task)` for every task in [0, tasks) on the pool, chunks handed out dynamically. Returns when all are
/// done.
void parallel_for(int tasks, const std::function<void(int)>& body);

/// A dense float32 matrix [outputs, inputs] rearranged into panels for `linear`.
class PackedMatrix {
 public:
  /// `weights` is row-major [outputs, inputs].
  PackedMatrix(const float* weights, int outputs, int inputs);

  int outputs() const { return outputs_; }
  int inputs() const { return inputs_; }
  const float* panels() const { return panels_.get(); }
  size_t bytes() const { return bytes_; }

 private:
  int outputs_ = 0;
  int inputs_ = 0;
  size_t bytes_ = 0;
  std::unique_ptr<float[], FreeAligned> panels_;
};

/// A matrix [outputs, inputs] rounded to bytes, one scale per output, rearranged into panels for `int8_linear`.
class Int8Matrix {
 public:
  /// `weights` is row-major [outputs, inputs].
  Int8Matrix(const float* weights, int outputs, int inputs);

  int outputs() const { return outputs_; }
  int inputs() const { return inputs_; }
  /// One panel after the other.
  const int8_t* panels() const { return panels_.get(); }
  const float* scales() const { return scales_.data(); }

 private:
  int outputs_ = 0;
  int inputs_ = 0;
  std::unique_ptr<int8_t[], FreeAligned> panels_;
  std::vector<float> scales_;  ///< [outputs], filled up to whole panels
};

/// A matrix [outputs, inputs] of numbers that are split into two halves each (bfloat16), whose sum is within 4e-6 of
/// them, rearranged into tiles for `split_linear`. Takes as much memory as a PackedMatrix.
class SplitMatrix {
 public:
  /// `weights` is row-major [outputs, inputs].
  SplitMatrix(const float* weights, int outputs, int inputs);

  int outputs() const { return outputs_; }
  int inputs() const { return inputs_; }
  /// One panel after the other.
  const uint16_t* panels() const { return panels_.get(); }
  int64_t panel_halves() const;
  size_t bytes() const { return bytes_; }

 private:
  int outputs_ = 0;
  int inputs_ = 0;
  size_t bytes_ = 0;
  std::unique_ptr<uint16_t[], FreeAligned> panels_;
};

/// MLX's affine quantisation, read where it lies: weight = scale * q + bias per group of `group_size` inputs.
struct QuantizedMatrix {
  const uint32_t* weights;  ///< [outputs, inputs * bits / 32]
  const uint16_t* scales;   ///< float16 [outputs, inputs / group_size]
  const uint16_t* biases;   ///< float16 [outputs, inputs / group_size]
  int outputs;
  int inputs;
  int group_size;  ///< 32, 64 or 128
  int bits;        ///< 2, 3, 4, 5, 6 or 8
};

/// y = activation(x W^T + bias) + residual, in this order. `residual` may be `y` itself.
struct Epilogue {
  const float* bias = nullptr;      ///< [outputs]
  bool gelu = false;                ///< exact GELU (erf), as torch.nn.GELU()
  const float* residual = nullptr;  ///< [rows, outputs], row stride `residual_stride`
  int64_t residual_stride = 0;
};

/// x [rows, inputs] with row stride `x_stride`, y [rows, outputs] with row stride `y_stride`.
void linear(const float* x, int64_t x_stride, int rows, const PackedMatrix& matrix, const Epilogue& epilogue, float* y,
            int64_t y_stride);

/// The same where `has_split_arithmetic`: x is split as the matrix is, and the sums of three of the four products of
/// halves are within 1e-5 of float32's. For many rows. A row's result depends neither on the rows beside it nor on the
/// number of threads.
void split_linear(const float* x, int64_t x_stride, int rows, const SplitMatrix& matrix, const Epilogue& epilogue,
                  float* y, int64_t y_stride);

/// The same in 8 bits: each row of x is rounded to bytes, one scale for 128 of them. A row's result depends neither on
/// the rows beside it nor on the number of threads.
void int8_linear(const float* x, int64_t x_stride, int rows, const Int8Matrix& matrix, const Epilogue& epilogue,
                 float* y, int64_t y_stride);

/// The same on quantised weights with float32 arithmetic; best for few rows (a decoder step, a prompt, a batch).
void quantized_linear(const float* x, int64_t x_stride, int rows, const QuantizedMatrix& matrix,
                      const Epilogue& epilogue, float* y, int64_t y_stride);

/// Whether `int8_quantized_linear` takes a matrix: one of 4 bits whose inputs and groups fit this CPU's vectors.
bool takes_int8_rows(const QuantizedMatrix& matrix);

/// The same in 8 bits: each row of x is rounded to bytes, one scale for 128 of them, and multiplied with the weights'
/// digits. A row's result depends neither on the rows beside it nor on the number of threads.
void int8_quantized_linear(const float* x, int64_t x_stride, int rows, const QuantizedMatrix& matrix,
                           const Epilogue& epilogue, float* y, int64_t y_stride);

/// Rows [first_row, first_row + row_count) as float32 [row_count, inputs].
void dequantize(const QuantizedMatrix& matrix, int first_row, int row_count, float* out);

void float16_to_float32(const uint16_t* in, size_t count, float* out);
void float32_to_float16(const float* in, size_t count, uint16_t* out);

/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias per row of `columns`; x and y dense.
void layer_norm(const float* x, int rows, int columns, const float* weight, const float* bias, float epsilon, float* y);

/// Kernel width 3, padding 1: x dense [frames, channels] to y dense [frames / stride, outputs].
/// `matrix` has inputs = 3 * channels, ordered [tap][channel] as MLX stores [outputs, 3, channels].
void conv1d(const float* x, int frames, int channels, int stride, const PackedMatrix& matrix, const Epilogue& epilogue,
            float* y);
void split_conv1d(const float* x, int frames, int channels, int stride, const SplitMatrix& matrix,
                  const Epilogue& epilogue, float* y);
void int8_conv1d(const float* x, int frames, int channels, int stride, const Int8Matrix& matrix,
                 const Epilogue& epilogue, float* y);

/// A tensor [batch, positions, heads, 64] by its strides, in floats; the last dimension is dense.
struct HeadView {
  const float* data;
  int64_t batch_stride;
  int64_t position_stride;
  int64_t head_stride;
};

struct AttentionShape {
  int batch;
  int queries;
  int keys;
  int heads;
  /// When true, query i of `queries` sees keys [0, keys - queries + i].
  bool causal;
  float scale;
};

/// softmax(scale q k^T) v with 64-wide heads, never holding the whole score matrix.
/// `out` is dense [batch, queries, heads * 64]. Fast for 1500 x 1500 as for one query.
void attention(const AttentionShape& shape, const HeadView& queries, const HeadView& keys, const HeadView& values,
               float* out);

/// What one row attends to: keys and values dense [count, heads * 64].
struct RowMemory {
  const float* keys;
  const float* values;
  int count;
};

/// The same for one query of each row, with keys and values of its own: queries [rows, heads * 64] with row stride
/// `query_stride`, out dense.
void row_attention(const float* queries, int64_t query_stride, std::span<const RowMemory> rows, int heads, float scale,
                   float* out);

/// Real and then imaginary parts [2 * bins] to squared magnitudes [bins].
void power(const float* spectrum, int bins, float* out);

/// One step of a long short-term memory of `size` cells, a multiple of 16: `gates` [4 * size] before their activations,
/// in PyTorch's order (input, forget, candidate, output).
void lstm_step(const float* gates, int size, float* cell, float* hidden);

/// Cross-attention keys and values of one window and layer, kept in float16 panels.
/// How many uint16 a packed window takes.
size_t cross_cache_size(int heads, int frames);
/// `keys` and `values` dense [frames, heads * 64] with row stride `stride`.
void pack_cross_cache(const float* keys, const float* values, int64_t stride, int heads, int frames, uint16_t* packed);

/// A packed window, and how many frames it has.
struct PackedWindow {
  const uint16_t* packed;
  int frames;
};

/// `queries` and `out` dense [rows, queries_per_row, heads * 64]; each row attends to a window of its own.
void cross_attention(const float* queries, int queries_per_row, std::span<const PackedWindow> rows, int heads,
                     float scale, float* out);

/// Keys of one head as they were before packing (rounded to float16), dense [frames, 64].
void unpack_cross_keys(const uint16_t* packed, int heads, int frames, int head, float* keys);

/// log(sum(exp(values))); minus infinity when every value is. On the calling thread: a vocabulary is too short to
/// share.
float log_sum_exp(const float* values, size_t count);

/// Index of the largest value, the first of equals.
size_t argmax(const float* values, size_t count);

/// Whisper's log-mel (openai/whisper audio.py log_mel_spectrogram): periodic Hann of 400, hop 160, Slaney filters.
class LogMel {
 public:
  static constexpr int kWindowSamples = 400;
  static constexpr int kHopSamples = 160;

  /// 80 or 128.
  explicit LogMel(int mel_bins);
  ~LogMel();
  int mel_bins() const;

  /// log10(max(power, 1e-10)) of frames [first_frame, first_frame + frame_count) as dense [frame_count, mel_bins].
  /// Samples before 0 are reflected, samples after the end are zeros. 16-bit samples count as sample / 32768.
  void frames(const int16_t* samples, size_t sample_count, int64_t first_frame, int frame_count, float* out) const;

  /// Frames that can have sound in them; every later one is silent, at the floor of 1e-10.
  static int64_t frames_of(size_t sample_count);
  /// The largest value of these frames, -10 at least.
  float maximum(const int16_t* samples, size_t sample_count, int64_t first_frame, int64_t frame_count) const;

 private:
  struct Tables;
  std::unique_ptr<Tables> tables_;
};

/// (max(x, maximum - 8) + 4) / 4 in place.
void normalize_log_mel(float* values, size_t count, float maximum);

}  // namespace hearth::kernels
