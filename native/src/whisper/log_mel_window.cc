#include "log_mel_window.h"

#include <algorithm>
#include <vector>

namespace mx = mlx::core;

namespace hearth::whisper {

Mel log_mel_window(const kernels::LogMel& log_mel, audio::Recording& recording, int64_t start_frame, int frame_count,
                   int window_frames) {
  const auto& samples = recording.audio().samples;
  const int frames = std::clamp(frame_count, 0, window_frames);
  const float maximum = recording.log_mel_maximum(log_mel);
  std::vector<float> values(static_cast<size_t>(window_frames) * log_mel.mel_bins(), 0.0f);
  log_mel.frames(samples.data(), samples.size(), start_frame, frames, values.data());
  kernels::normalize_log_mel(values.data(), static_cast<size_t>(frames) * log_mel.mel_bins(), maximum);
  auto array = mx::array(values.begin(), {window_frames, log_mel.mel_bins()}, mx::float32);
  array.eval();
  return {array, frames};
}

}  // namespace hearth::whisper
