#pragma once

namespace hearth::whisper {

/// openai/whisper model.py ModelDimensions.
struct ModelDimensions {
  int mel_bins = 0;
  int audio_context = 0;
  int audio_state = 0;
  int audio_heads = 0;
  int audio_layers = 0;
  int vocabulary_size = 0;
  int text_context = 0;
  int text_state = 0;
  int text_heads = 0;
  int text_layers = 0;
};

constexpr int kHeadSize = 64;              ///< the same in every Whisper model
constexpr int kFramesPerWindow = 3000;     ///< 30 s of log-mel frames
constexpr float kAttentionScale = 0.125f;  ///< 1 / sqrt(kHeadSize); OpenAI scales queries and keys by its root each
constexpr float kLayerNormEpsilon = 1e-5f;

}  // namespace hearth::whisper
