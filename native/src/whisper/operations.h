#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../weights/linear_weights.h"
#include "computation.h"
#include "dimensions.h"
#include "mlx/array.h"

namespace hearth::whisper {

/// y = activation(x W^T + bias) + residual, in this order.
struct Epilogue {
  bool gelu = false;
  std::optional<mlx::core::array> residual;
};

/// How many rows a layer usually gets: an encoder's hundreds, or a decoder step's few.
enum class ExpectedRows { many, few };

/// `exact`: as openai/whisper computes. `int8`: the encoder's products, and those with weights of 4 bits, in 8 bits:
/// faster and a little off.
enum class Arithmetic { exact, int8 };

/// A layer's weights, arranged for the operations that made it.
class Linear {
 public:
  virtual ~Linear() = default;
};
using LinearPointer = std::shared_ptr<const Linear>;

/// Cross-attention keys and values of some windows in one decoder layer, arranged for the operations that made them.
using CrossEntry = std::vector<mlx::core::array>;
/// Those of some windows in every decoder layer.
struct CrossCache {
  std::vector<int> positions;  ///< of 20 ms that each window has: as many keys
  std::vector<CrossEntry> layers;
};

/// Rows of a state that a run of the decoder is for, each with as many positions.
struct RunRows {
  int first;
  int count;
  int positions;
};

/// What the rows of a running decode remember between steps: self-attention keys and values, and which window each row
/// hears. Rows come and go.
class AttentionState {
 public:
  virtual ~AttentionState() = default;
  /// Adds rows behind the others, one for each window. They read so many `positions` before all rows step on.
  virtual void add(std::span<const CrossCache> windows, int positions) = 0;
  /// `qkv` [rows * positions, 3 * state], whose keys and values are appended to those that the rows have. Returns
  /// [rows * positions, state].
  virtual mlx::core::array self_attention(int layer, const mlx::core::array& qkv, const RunRows& rows) = 0;
  /// `queries` [rows * positions, state].
  virtual mlx::core::array cross_attention(int layer, const mlx::core::array& queries, const RunRows& rows) = 0;
  /// Attention scores before the softmax of one row's queries [positions, state] in one head: float32 [positions,
  /// positions of its window], for word times.
  virtual mlx::core::array cross_scores(int layer, int head, const mlx::core::array& queries, int row) = 0;
  /// `count` rows from `first_row` have been through every layer with so many positions.
  virtual void advance(int first_row, int count, int positions) = 0;
  /// The rows become copies of these rows: dropped, repeated or reordered. All that was started is computed.
  virtual void select(std::span<const int> rows) = 0;
  /// Each row forgets so many of the positions that it read last. All that was started is computed.
  virtual void forget(std::span<const int> positions) = 0;
};

/// The few functions that encoder and decoder are written in. One set runs our CPU primitives, one MLX's own
/// operations.
class Operations {
 public:
  virtual ~Operations() = default;

  virtual std::string name() const = 0;
  virtual const Computation& computation() const = 0;
  /// Computes so from now on. Operations that were made to try both forms of their layers keep them until `settle`.
  virtual void compute_as(const Computation& computation) = 0;
  /// Drops the forms of layers that are not used.
  virtual void settle() = 0;
  /// Whether the next token is chosen in the graph too, so that one step can start before the last one is read.
  virtual bool chooses_tokens() const = 0;
  /// What one more position takes in a run of the decoder for a few, in runs for one.
  virtual double position_cost() const = 0;
  /// What is really used: `exact` where the hardware would gain nothing.
  virtual Arithmetic arithmetic() const = 0;

  virtual LinearPointer linear_layer(const weights::LinearWeights& weights, ExpectedRows rows) const = 0;
  /// A layer that also gives single rows to `embed`.
  virtual LinearPointer embedding(const weights::LinearWeights& weights) const = 0;
  /// Weight [outputs, 3, channels].
  virtual LinearPointer convolution(const mlx::core::array& weight, const mlx::core::array& bias) const = 0;

  /// x [..., inputs] to [..., outputs].
  virtual mlx::core::array linear(const mlx::core::array& x, const Linear& layer, const Epilogue& epilogue) const = 0;
  virtual mlx::core::array layer_norm(const mlx::core::array& x, const mlx::core::array& weight,
                                      const mlx::core::array& bias) const = 0;
  /// Kernel 3, padding 1: x [windows, frames, channels] to [windows, frames / stride, outputs].
  virtual mlx::core::array conv1d(const mlx::core::array& x, const Linear& layer, int stride,
                                  const Epilogue& epilogue) const = 0;
  /// qkv [windows, frames, 3 * state] to [windows, frames, state]; every frame sees every frame.
  virtual mlx::core::array encoder_attention(const mlx::core::array& qkv, int heads) const = 0;

  /// Token embeddings plus those of their `positions`, row after row: int32 [rows, positions] to [rows * positions,
  /// state].
  virtual mlx::core::array embed(const Linear& embedding, const mlx::core::array& positional_embedding,
                                 const mlx::core::array& tokens, std::span<const int> positions) const = 0;

  /// `kv` [windows, frames, 2 * state], keys before values.
  virtual CrossEntry cross_entry(const mlx::core::array& kv, int heads) const = 0;
  /// Whether each encoded window keeps its own. Otherwise they are computed when rows are to hear it: for a device that
  /// is little work, and otherwise each would be in memory twice, with its window and in one piece with those of other
  /// rows.
  virtual bool keeps_cross_entries() const = 0;
  /// Without rows.
  virtual std::unique_ptr<AttentionState> attention_state(const ModelDimensions& dimensions) const = 0;
  /// Bytes of what an encoded full window keeps to be heard.
  virtual size_t cross_bytes(const ModelDimensions& dimensions) const = 0;
  /// Bytes that a row of an attention state takes at most.
  virtual size_t row_bytes(const ModelDimensions& dimensions) const = 0;

  /// A tensor of the file in the type and place these operations compute with.
  virtual mlx::core::array parameter(const mlx::core::array& tensor) const = 0;
  /// Computes what a long graph has come to after so many of its layers, where that costs little: what layers need
  /// between them is not in memory for all of them at once, and the rest can be cancelled.
  virtual void finish_layer(mlx::core::array& x, int layers) const = 0;
};

/// CPU primitives of native/src/kernels, float32 arithmetic but for what `arithmetic` allows.
std::unique_ptr<Operations> make_cpu_operations(Arithmetic arithmetic);
/// MLX's own operations on its default device, computing in `dtype`. `tries_both`: quantised layers are also made dense,
/// whatever the computation is, so that it may change.
std::unique_ptr<Operations> make_mlx_operations(mlx::core::Dtype dtype, const Computation& computation,
                                                bool tries_both = false);

}  // namespace hearth::whisper
