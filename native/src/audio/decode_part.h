#pragma once

#include <cstdint>

#include "audio.h"
#include "part.h"

namespace hearth::audio {

/// Where a part lies in its file, for progress.
struct PartPlace {
  /// The whole file's length over the length of what ends with this part.
  double file_over_read;
};

/// Decodes a part and appends its samples and warnings. Throws Error with AUDIO_EMPTY, AUDIO_CORRUPT,
/// AUDIO_UNSUPPORTED, AUDIO_NEEDS_CONVERSION, AUDIO_TOO_LARGE or CANCELLED.
void decode_part(const DecodeRequest& request, Part& part, const PartPlace& place, Audio& audio);

}  // namespace hearth::audio
