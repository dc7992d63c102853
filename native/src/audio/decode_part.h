#pragma once

#include "../cancellation.h"
#include "audio.h"
#include "part.h"

namespace hearth::audio {

/// Decodes a part and appends its samples and warnings. Throws Error with AUDIO_EMPTY, AUDIO_CORRUPT,
/// AUDIO_UNSUPPORTED, AUDIO_NEEDS_CONVERSION, AUDIO_TOO_LARGE or CANCELLED.
void decode_part(Part& part, const Cancellation& cancellation, Audio& audio);

}  // namespace hearth::audio
