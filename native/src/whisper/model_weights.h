#pragma once

#include <string>
#include <utility>
#include <vector>

#include "../weights/weights.h"

namespace hearth::whisper {

/// The tensors of a model's files by name, read when they are evaluated; names and layout as `read_model_weights` has
/// them. Throws MODEL_INVALID.
weights::Tensors model_tensors(const std::string& path, const std::vector<std::string>& other_paths);

/// The tensors of a model's files in memory, under mlx-whisper's names whatever their layout is. Throws MODEL_INVALID.
weights::Weights read_model_weights(const std::string& path, const std::vector<std::string>& other_paths);

/// `[layer, head]` pairs that follow the audio; empty when the file holds none.
std::vector<std::pair<int, int>> alignment_heads(const weights::Weights& weights);

}  // namespace hearth::whisper
