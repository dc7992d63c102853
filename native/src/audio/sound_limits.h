#pragma once

#include <string>

#include "../errors.h"

namespace hearth::audio {

/// Throws AUDIO_UNSUPPORTED for a rate or a number of channels that no recording has.
inline void check_sound_limits(int sample_rate, int channels, const std::string& container) {
  constexpr int kMinSampleRate = 1000;
  constexpr int kMaxSampleRate = 768000;
  constexpr int kMaxChannels = 64;
  if (sample_rate < kMinSampleRate || sample_rate > kMaxSampleRate) {
    throw Error("AUDIO_UNSUPPORTED", "Expected a sample rate of " + std::to_string(kMinSampleRate) + " to " +
                                         std::to_string(kMaxSampleRate) + " Hz in " + container + ", got " +
                                         std::to_string(sample_rate) + " Hz.");
  }
  if (channels < 1 || channels > kMaxChannels) {
    throw Error("AUDIO_UNSUPPORTED", "Expected 1 to " + std::to_string(kMaxChannels) + " channels in " + container +
                                         ", got " + std::to_string(channels) + ".");
  }
}

}  // namespace hearth::audio
