#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "byte_source.h"
#include "mpeg_frames.h"
#include "part.h"

namespace hearth::audio {

/// Consecutive frames.
struct MpegRun {
  int64_t start;
  int64_t end;
};

/// Bytes between frames that are not frames.
struct MpegHole {
  size_t before_run;
  int64_t frames_before;
  int64_t bytes;
};

/// Frames that one decoder can read in one go.
struct MpegStream {
  MpegFrame first = {};
  std::optional<MpegDescription> description = std::nullopt;
  int64_t frames = 0;  // without the one that describes
  std::vector<MpegRun> runs = {};
  std::vector<MpegHole> holes = {};
  bool is_cut = false;
};

/// What a decoder should read of a stream: its frames without what is between them, their true number, and frames of
/// silence in place of lost ones.
Part make_mpeg_part(ByteSource& source, const MpegStream& stream);

}  // namespace hearth::audio
