#pragma once

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

  /// The largest log-mel value of the whole recording, to which every window is normalised.
  float log_mel_maximum(const kernels::LogMel& log_mel) {
    const auto found = maxima_.find(log_mel.mel_bins());
    if (found != maxima_.end()) return found->second;
    const float maximum = log_mel.maximum(audio_.samples.data(), audio_.samples.size());
    maxima_.emplace(log_mel.mel_bins(), maximum);
    return maximum;
  }

 private:
  Audio audio_;
  std::map<int, float> maxima_;
};

}  // namespace hearth::audio
