#pragma once

#include <vector>

#include "../cancellation.h"
#include "../weights/weights.h"
#include "operations.h"

namespace hearth::whisper {

/// openai/whisper model.py sinusoids, [length, channels], in the same float32 steps.
mlx::core::array sinusoids(int length, int channels);

/// openai/whisper model.py AudioEncoder.
class Encoder {
 public:
  Encoder(const weights::Weights& weights, const ModelDimensions& dimensions, const Operations& operations);

  /// mel [windows, frames, mel bins] to [windows, frames / 2, state]: 3000 frames, or fewer, which take the first
  /// positions.
  mlx::core::array encode(const mlx::core::array& mel, const Cancellation& cancellation) const;

 private:
  struct Block {
    mlx::core::array attention_norm_weight, attention_norm_bias;
    LinearPointer qkv, out;
    mlx::core::array mlp_norm_weight, mlp_norm_bias;
    LinearPointer mlp1, mlp2;
  };

  mlx::core::array first_positions(int count) const;

  const Operations& operations_;
  int heads_;
  LinearPointer conv1_, conv2_;
  mlx::core::array positional_embedding_;
  std::vector<Block> blocks_;
  mlx::core::array final_norm_weight_, final_norm_bias_;
};

}  // namespace hearth::whisper
