#pragma once

#include <vector>

#include "audio.h"
#include "listening.h"
#include "part.h"
#include "right_of_way.h"

namespace hearth::audio {

/// Decodes a part and appends its samples and warnings: to the only one of `voices` if mixed, else a channel to each. A
/// channel that a part lacks is silent there. Those who listen hear of the mix. Throws Error with AUDIO_EMPTY, AUDIO_CORRUPT,
/// AUDIO_UNSUPPORTED, AUDIO_NEEDS_CONVERSION, AUDIO_TOO_LARGE or CANCELLED.
void decode_part(Part& part, Channels channels, const Pace& pace, Listening& listening,
                 std::vector<Audio>& voices);

}  // namespace hearth::audio
