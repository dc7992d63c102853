#pragma once

#include <optional>
#include <string>

#include "../weights/tensor_file.h"

namespace hearth::whisper {

/// True for Hugging Face's own files (`model.encoder.layers.…`), false for mlx-whisper's and the `-asr-` conversions'.
bool has_hugging_face_names(const weights::Tensors& tensors);

/// A Hugging Face parameter under mlx-whisper's name (mlx-examples whisper/convert.py), or nothing for one that Whisper
/// does not need: the tied output projection and the encoder's stored sinusoids.
std::optional<std::string> mlx_name(const std::string& hugging_face_name);

}  // namespace hearth::whisper
