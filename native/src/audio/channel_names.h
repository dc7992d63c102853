#pragma once

#include <string>
#include <vector>

#include "sound_file.h"

namespace hearth::audio {

/// What each channel of a recording is called: as the container says, as its format fixes it, or `Left` and `Right` of
/// two. Else `Channel 1`, `Channel 2`, …
std::vector<std::string> channel_names(const SoundFile& file, Layout layout);

}  // namespace hearth::audio
