#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "../kernels/kernels.h"
#include "audio.h"
#include "log_mel_maximum.h"

namespace hearth::audio {

/// What was heard of a recording while it was decoded.
struct Heard {
  /// Of speech, one for each 32 ms; nothing where nobody listened for it.
  std::optional<std::vector<float>> speech_probabilities;
  std::map<int, LogMelMaximum> maxima;  ///< by mel bins
};

/// A recording and what is computed once per recording. Used by the engine thread only, but for reading samples and what
/// was heard before.
class Recording {
 public:
  explicit Recording(Audio audio, Heard heard = {}) : audio_(std::move(audio)), heard_(std::move(heard)) {}

  const Audio& audio() const { return audio_; }
  const std::optional<std::vector<float>>& speech_probabilities() const { return heard_.speech_probabilities; }

  /// Looks at another 30 s for `log_mel_maximum`; whether that was all.
  bool prepare_log_mel(const kernels::LogMel& log_mel) {
    auto& maximum = heard_.maxima[log_mel.mel_bins()];
    maximum.look(log_mel, audio_.samples, true);
    return maximum.frames >= kernels::LogMel::frames_of(audio_.samples.size());
  }

  /// The largest log-mel value of the whole recording, to which every window is normalised.
  float log_mel_maximum(const kernels::LogMel& log_mel) {
    while (!prepare_log_mel(log_mel)) continue;
    return heard_.maxima.at(log_mel.mel_bins()).value;
  }

 private:
  Audio audio_;
  Heard heard_;
};

}  // namespace hearth::audio
