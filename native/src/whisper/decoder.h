#pragma once

#include <span>
#include <vector>

#include "../weights/weights.h"
#include "encoding.h"
#include "operations.h"

namespace hearth::whisper {

/// openai/whisper model.py TextDecoder, with its keys and values kept in an AttentionState.
class Decoder {
 public:
  Decoder(const weights::Weights& weights, const ModelDimensions& dimensions, const Operations& operations);

  /// What each window of features [windows, positions, state] keeps to be heard.
  std::vector<CrossCache> cross_caches(const mlx::core::array& features) const;

  /// Without rows.
  std::unique_ptr<AttentionState> state() const;
  /// Adds rows behind the others, which hear a window each. They read so many `positions` before all rows step on.
  void add_rows(AttentionState& state, std::span<const EncodingPointer> windows, int positions) const;

  struct Step {
    mlx::core::array tokens;         ///< int32 [rows, positions]
    std::span<const int> positions;  ///< of each token in its own row's text, row after row
    int first_row = 0;               ///< in the state
  };
  /// Hidden states [rows, positions, state] after the last layer norm; the state advances. `cross_queries`, when given,
  /// receives each layer's cross-attention queries [rows * positions, state].
  mlx::core::array forward(AttentionState& state, const Step& step,
                           std::vector<mlx::core::array>* cross_queries = nullptr) const;

  /// Hidden states [..., state] to logits [..., vocabulary], in the type that the operations compute in.
  mlx::core::array raw_logits(const mlx::core::array& hidden) const;
  /// The same as float32.
  mlx::core::array logits(const mlx::core::array& hidden) const;

 private:
  struct Block {
    mlx::core::array attention_norm_weight, attention_norm_bias;
    LinearPointer qkv, out;
    mlx::core::array cross_norm_weight, cross_norm_bias;
    LinearPointer cross_query, cross_key_value, cross_out;
    mlx::core::array mlp_norm_weight, mlp_norm_bias;
    LinearPointer mlp1, mlp2;
  };

  CrossCache cross_cache_of(std::span<const EncodingPointer> windows) const;

  const Operations& operations_;
  ModelDimensions dimensions_;
  LinearPointer token_embedding_;
  mlx::core::array positional_embedding_;
  std::vector<Block> blocks_;
  mlx::core::array final_norm_weight_, final_norm_bias_;
};

/// Positions 0 to `count - 1`.
std::vector<int> ascending(int count);

}  // namespace hearth::whisper
