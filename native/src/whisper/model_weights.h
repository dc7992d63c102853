#pragma once

#include <string>
#include <utility>
#include <vector>

#include "../weights/weights.h"

namespace hearth::whisper {

/// The tensors of a model's files, under mlx-whisper's names whatever their layout is. Throws MODEL_INVALID.
weights::Weights read_model_weights(const std::string& path, const std::vector<std::string>& other_paths,
                                    int group_size);

/// `[layer, head]` pairs that follow the audio; empty when the file holds none.
std::vector<std::pair<int, int>> alignment_heads(const weights::Weights& weights);

}  // namespace hearth::whisper
