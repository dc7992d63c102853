#pragma once

#include <cstdint>
#include <vector>

#include "audio.h"

namespace hearth::audio {

Level measure_level(const std::vector<int16_t>& samples);

}  // namespace hearth::audio
