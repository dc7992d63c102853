#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "../kernels/kernels.h"

namespace hearth::audio {

/// The largest log-mel value of a recording, to which every window is normalised. It is found piece by piece, and the
/// pieces do not change it.
struct LogMelMaximum {
  int64_t frames = 0;  ///< that were looked at
  float value = -10;

  /// Looks at up to 30 s more of the samples so far; false when it has seen what it can.
  bool look(const kernels::LogMel& log_mel, std::span<const int16_t> samples, bool are_all) {
    constexpr int64_t kFramesAtATime = 512;
    constexpr int64_t kMostFrames = 6 * kFramesAtATime;
    constexpr int64_t kHopSamples = 160, kHalfWindowSamples = 200;
    const auto count = static_cast<int64_t>(samples.size());
    const int64_t known = count < kHalfWindowSamples ? 0 : (count - kHalfWindowSamples) / kHopSamples + 1;
    const int64_t end =
        are_all ? kernels::LogMel::frames_of(samples.size()) : known / kFramesAtATime * kFramesAtATime;
    const int64_t more = std::min(kMostFrames, end - frames);
    if (more <= 0) return false;
    value = std::max(value, log_mel.maximum(samples.data(), samples.size(), frames, more));
    frames += more;
    return true;
  }
};

}  // namespace hearth::audio
