#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "../kernels/kernels.h"
#include "audio.h"

namespace hearth::audio {

/// A recording and what is computed once per recording. Used by the engine thread only, but for reading samples.
class Recording {
 public:
  explicit Recording(Audio audio) : audio_(std::move(audio)) {}

  const Audio& audio() const { return audio_; }

  /// Looks at another 30 s for `log_mel_maximum`; whether that was all.
  bool prepare_log_mel(const kernels::LogMel& log_mel) {
    constexpr int64_t kFramesAtATime = 3072;
    auto& [frames, maximum] = maxima_[log_mel.mel_bins()];
    const int64_t total = kernels::LogMel::frames_of(audio_.samples.size());
    const int64_t count = std::min(kFramesAtATime, total - frames);
    if (count <= 0) return true;
    maximum = std::max(maximum, log_mel.maximum(audio_.samples.data(), audio_.samples.size(), frames, count));
    frames += count;
    return frames >= total;
  }

  /// The largest log-mel value of the whole recording, to which every window is normalised.
  float log_mel_maximum(const kernels::LogMel& log_mel) {
    while (!prepare_log_mel(log_mel)) continue;
    return maxima_.at(log_mel.mel_bins()).maximum;
  }

 private:
  struct Maximum {
    int64_t frames = 0;  ///< that were looked at
    float maximum = -10;
  };

  Audio audio_;
  std::map<int, Maximum> maxima_;  ///< by mel bins
};

}  // namespace hearth::audio
