#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hearth::audio {

/// Samples from -1 to 1 as 16-bit ones.
inline void append_as_int16(const float* values, size_t count, std::vector<int16_t>& samples) {
  for (size_t i = 0; i < count; ++i) {
    const float scaled = std::clamp(values[i] * 32768.0f, -32768.0f, 32767.0f);
    samples.push_back(static_cast<int16_t>(std::lrint(scaled)));
  }
}

}  // namespace hearth::audio
