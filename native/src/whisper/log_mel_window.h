#pragma once

#include "../audio/recording.h"
#include "../kernels/kernels.h"
#include "mlx/array.h"

namespace hearth::whisper {

/// One log-mel window [frames, mel bins] on the device.
struct Mel {
  mlx::core::array frames;
  int content_frames;
};

/// Whose loudest value a window is normalised to: that of the whole recording, as openai/whisper does it, or of the 30 s
/// that begin with the window. At the end of a recording these are its last 30 s, so that a short one is normalised as a
/// whole either way.
enum class Loudest { kOfRecording, kOfWindow };

/// Samples of a recording that have to be known for a window, unless it ends before.
int64_t samples_for_window(int64_t start_frame);

/// The largest value in the 30 s that a window is normalised to, but for its own first `frames`.
float loudest_around(const kernels::LogMel& log_mel, const audio::SoundSoFar::Known& known, int64_t start_frame,
                     int frames);

/// Frames [start_frame, start_frame + frame_count), normalised, then zeros as pad_or_trim leaves up to a window's
/// `window_frames`.
Mel log_mel_window(const kernels::LogMel& log_mel, audio::Recording& recording, int64_t start_frame, int frame_count,
                   int window_frames, Loudest loudest);

}  // namespace hearth::whisper
