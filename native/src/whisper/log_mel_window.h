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

/// Frames [start_frame, start_frame + frame_count), normalised over the recording, then zeros as pad_or_trim leaves up
/// to a window's `window_frames`.
Mel log_mel_window(const kernels::LogMel& log_mel, audio::Recording& recording, int64_t start_frame, int frame_count,
                   int window_frames);

}  // namespace hearth::whisper
