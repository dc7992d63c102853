#pragma once

#include <vector>

#include "audio.h"
#include "part.h"
#include "right_of_way.h"

namespace hearth::audio {

/// Decodes a part and appends its samples and warnings: the mix of its channels to the only one of `voices` if somebody
/// follows it, else a channel to each. A channel that a part lacks is silent there. Throws Error with AUDIO_EMPTY,
/// AUDIO_CORRUPT, AUDIO_UNSUPPORTED, AUDIO_NEEDS_CONVERSION, AUDIO_TOO_LARGE or CANCELLED.
/// `is_only`: the file has no other part.
void decode_part(Part& part, bool is_only, const Followers* followers, const Pace& pace,
                 std::vector<Audio>& voices);

}  // namespace hearth::audio
