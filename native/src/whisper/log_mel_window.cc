#include "log_mel_window.h"

#include <algorithm>
#include <vector>

namespace mx = mlx::core;

namespace hearth::whisper {
namespace {

constexpr int64_t kHopSamples = 160, kHalfWindowSamples = 200;
/// Of the 30 s that a window is normalised to: those of a recording that ends with them.
int64_t loudest_frames() { return kernels::LogMel::frames_of(static_cast<size_t>(30) * audio::kSampleRate); }

}  // namespace

float loudest_around(const kernels::LogMel& log_mel, const audio::SoundSoFar::Known& known, int64_t start_frame,
                     int frames) {
  const int64_t all = kernels::LogMel::frames_of(known.samples.size());
  const int64_t last_start = std::max<int64_t>(0, all - loudest_frames());
  const int64_t first = known.are_all ? std::min(start_frame, last_start) : start_frame;
  const int64_t end = std::min(first + loudest_frames(), all);
  const auto maximum = [&](int64_t from, int64_t to) {
    return log_mel.maximum(known.samples.data(), known.samples.size(), from, std::max<int64_t>(0, to - from));
  };
  return std::max(maximum(first, start_frame), maximum(start_frame + frames, end));
}

int64_t samples_for_window(int64_t start_frame) {
  return (start_frame + loudest_frames()) * kHopSamples + kHalfWindowSamples;
}

Mel log_mel_window(const kernels::LogMel& log_mel, audio::Recording& recording, int64_t start_frame, int frame_count,
                   int window_frames, Loudest loudest) {
  const int frames = std::clamp(frame_count, 0, window_frames);
  const size_t bins = log_mel.mel_bins();
  std::vector<float> values(frames * bins);
  recording.sound().read([&](const audio::SoundSoFar::Known& known) {
    log_mel.frames(known.samples.data(), known.samples.size(), start_frame, frames, values.data());
    const float own = values.empty() ? -10 : *std::max_element(values.begin(), values.end());
    const float maximum = loudest == Loudest::kOfRecording
                              ? recording.log_mel_maximum(log_mel)
                              : std::max(own, loudest_around(log_mel, known, start_frame, frames));
    kernels::normalize_log_mel(values.data(), values.size(), maximum);
  });
  values.resize(window_frames * bins, 0.0F);
  auto array = mx::array(values.begin(), {window_frames, log_mel.mel_bins()}, mx::float32);
  array.eval();
  return {array, frames};
}

}  // namespace hearth::whisper
