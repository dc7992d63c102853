#pragma once

#include <utility>
#include <vector>

#include "model.h"

namespace hearth::whisper {

struct AlignRequest {
  EncodingPointer encoding;                ///< of the window that the text is said in
  std::vector<int> prompt;                 ///< start of transcript, language, task, no timestamps
  std::vector<int> text;                   ///< text tokens without timestamps
  int frames = 0;                          ///< audio positions of 20 ms that carry the window's sound
  std::vector<std::pair<int, int>> heads;  ///< [layer, head] pairs that follow the audio
  int end_of_text = 0;
};

struct Alignment {
  /// Position of 20 ms where the no-timestamps token and then each text token starts: text.size() + 1 values.
  std::vector<int> starts;
  std::vector<float> probabilities;  ///< of each text token
};

/// openai/whisper timing.py find_alignment on the cached cross-attention keys: one decoder pass, no encoder pass.
Alignment align_text(const Model& model, const AlignRequest& request);

}  // namespace hearth::whisper
