#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "byte_source.h"
#include "mpeg_frames.h"
#include "part.h"

namespace hearth::audio {

/// Frames that lie one behind the other.
struct MpegRun {
  int64_t start;
  int64_t end;
};

/// Bytes between frames that are none.
struct MpegHole {
  size_t before_run;
  int64_t frames_before;
  int64_t bytes;
};

/// Frames that one decoder can take in a row.
struct MpegStream {
  MpegFrame first = {};
  std::optional<MpegDescription> description = std::nullopt;
  int64_t frames = 0;  // without the one that describes
  std::vector<MpegRun> runs = {};
  std::vector<MpegHole> holes = {};
  bool is_cut = false;
};

/// What a decoder shall read of a stream: its frames without what lies between them, a true count of them, and frames
/// of silence in place of those that were lost.
Part make_mpeg_part(ByteSource& source, const MpegStream& stream);

}  // namespace hearth::audio
