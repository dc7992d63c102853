#pragma once

#include <napi.h>

#include "../whisper/dimensions.h"
#include "arguments.h"

namespace hearth::addon {

/// `ModelDimensions` of native/model-dimensions.ts.
inline whisper::ModelDimensions read_dimensions(const Napi::Object& object) {
  const auto field = [&](const char* name) { return read_int(object.Get(name)); };
  return {.mel_bins = field("melBins"),
          .audio_context = field("audioContext"),
          .audio_state = field("audioState"),
          .audio_heads = field("audioHeads"),
          .audio_layers = field("audioLayers"),
          .vocabulary_size = field("vocabularySize"),
          .text_context = field("textContext"),
          .text_state = field("textState"),
          .text_heads = field("textHeads"),
          .text_layers = field("textLayers")};
}

}  // namespace hearth::addon
